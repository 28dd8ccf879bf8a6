"""Commands that try Fairway out: a simulated day, replayed weather."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.command import console, fail
from kit.clock import utc_now
from kit.logs import configure_logs
from kit.signals import run_until_told

DATE = ["%Y-%m-%d"]

commands = typer.Typer()


@commands.command(epilog="Example: fairway simulate --speed 600 --port 3001")
def simulate(
    speed: Annotated[
        float | None,
        typer.Option(
            help="How many times as fast as life, 1 and more; as fast as it goes if left out.", min=1, max=1_000_000
        ),
    ] = None,
    tee_times: Annotated[
        int,
        typer.Option(
            help="Starts of the day, every ten minutes from 7:00; the pro shop has eight more behind them.",
            min=18,
            max=90,
        ),
    ] = 70,
    day: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="The day; today if left out.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another number gives another day.")] = 1,
    port: Annotated[
        int, typer.Option(help="Port of the simulated server; any free one if left out.", min=0, max=65535)
    ] = 0,
) -> None:
    """Let a whole day pass at an invented club, as live traffic through the API of a server of its own.

    It has a database of its own as well, which is gone afterwards. Fails if a subscriber misses an event.
    """
    from api.serving import listening
    from cli.simulate import run

    simulated = run.checked_day((day or utc_now()).date())
    console.print("Starting a server with a database of its own …")
    with run.simulated_settings(ws_port=port) as settings, listening(settings) as listener:
        configure_logs(settings)
        going = run.simulate(
            settings,
            listener,
            day=simulated,
            tee_times=tee_times,
            speed=speed,
            seed=seed,
            say=lambda text: console.print(text, soft_wrap=True),
            show=typer.echo,
        )
        report = run_until_told(going)
    typer.echo("\n".join(report.lines()))
    if report.faults:
        fail("The day did not go as planned.")


@commands.command("replay-weather", epilog="Example: fairway replay-weather docs/data/weather-ewr-2013.csv --margin 5")
def replay_weather(
    file: Annotated[
        Path,
        typer.Argument(metavar="CSV", help="Hourly observations; docs/guides/replaying-weather.md has the columns."),
    ],
    station: Annotated[
        list[str] | None, typer.Option(help="A station; may be given several times; all if left out.")
    ] = None,
    first: Annotated[datetime | None, typer.Option("--from", formats=DATE, help="First local date.")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=DATE, help="Last local date.")] = None,
    zone: Annotated[str, typer.Option(help="The time zone of local dates.")] = "America/New_York",
    wind_warning: Annotated[float, typer.Option(help="Sustained wind that warns, km/h.")] = 40,
    wind_severe: Annotated[float, typer.Option(help="Sustained wind that closes, km/h.")] = 60,
    rain_warning: Annotated[float, typer.Option(help="Rain that warns, mm/h; twice as much closes.")] = 5,
    score_warning: Annotated[int, typer.Option(help="Score below which play is conditional.")] = 50,
    score_severe: Annotated[int, typer.Option(help="Score below which the course is closed.")] = 20,
    margin: Annotated[
        int, typer.Option(help="How far the score has to rise above a threshold for recovery.", min=0, max=98)
    ] = 10,
    lightning: Annotated[
        int, typer.Option(help="Invent so many strikes at each station; no recording has any.", min=0, max=10_000)
    ] = 0,
    seed: Annotated[int, typer.Option(help="Another number invents other strikes.")] = 1,
    plot: Annotated[
        datetime | None, typer.Option(formats=DATE, help="Draw the week that begins on this local date.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="The picture: .png, .svg or .pdf; replay.png if left out.")
    ] = None,
) -> None:
    """Let recorded weather pass through the rules of course status, and tell what would have happened.

    Every figure is given twice: as in service, and without hysteresis.
    """
    from cli.replay.command import Wanted
    from cli.replay.command import replay_weather as replay
    from models.course.values import Thresholds

    wanted = Wanted(
        file=file,
        stations=station or (),
        first_day=first.date() if first else None,
        last_day=last.date() if last else None,
        zone=zone,
        thresholds=Thresholds(
            wind_warning_kmh=wind_warning,
            wind_severe_kmh=wind_severe,
            precipitation_warning_mm=rain_warning,
            playability_warning_threshold=score_warning,
            playability_severe_threshold=score_severe,
        ),
        margin=margin,
        strikes=lightning,
        seed=seed,
        plot=plot.date() if plot else None,
        output=output,
    )
    replay(wanted, Console(highlight=False, emoji=False, soft_wrap=True))
