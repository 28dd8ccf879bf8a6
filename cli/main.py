"""The command line: `fairway serve`, and what belongs to it.

Each command loads what it needs when it runs: the whole API takes a second to load, and neither help nor a wrong
setting should.
"""

import asyncio
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from auth.viewer import Role
from kit.clock import utc_now
from kit.errors import FairwayError
from kit.garbage import seldom_look_for_garbage
from kit.ids import parse_id
from kit.logs import configure_logs
from kit.settings import Settings, load_settings

app = typer.Typer(
    name="fairway",
    help="The realtime GraphQL API of a golf club.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console(stderr=True, highlight=False)
DATE = ["%Y-%m-%d"]


@app.command(epilog="Example: fairway serve --demo --port 3001")
def serve(
    demo: Annotated[
        bool, typer.Option("--demo", help="Load the demo club; print its links and a token for each role.")
    ] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on; HOST or 127.0.0.1 if left out.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; WS_PORT or 3001 if left out.", min=0, max=65535)] = None,
    workers: Annotated[int, typer.Option(help="Processes that share the work.", min=1, max=64)] = 1,
    jobs: Annotated[bool, typer.Option("--jobs/--no-jobs", help="Work off jobs in this process too.")] = True,
) -> None:
    """Serve the API, and work off jobs, until stopped."""
    given = {"host": host, "ws_port": port}
    settings = _settings(**{name: value for name, value in given.items() if value is not None})

    from api import serving
    from api.setup import prepared

    with serving.listening(settings) as listener, prepared(settings) as ready:
        serving.serve(ready, listener, demo=demo, workers=workers, jobs=jobs, say=console.print, show=typer.echo)


@app.command(epilog="Example: DATABASE_URL=… DATABASE_SYSTEM_URL=… fairway worker")
def worker(
    metrics_port: Annotated[
        int | None, typer.Option(help="Port for Prometheus on HOST; no figures if left out.", min=0, max=65535)
    ] = None,
) -> None:
    """Work off jobs without serving, until stopped. For machines of their own; `serve` does it too."""
    settings = _settings()

    from api import serving
    from api.setup import prepared

    with prepared(settings) as ready:
        serving.work(ready, metrics_port=metrics_port, say=console.print)


@app.command(epilog="Example: DATABASE_OWNER_URL=postgresql://owner:…@db/fairway DATABASE_URL=… fairway migrate")
def migrate(
    check: Annotated[
        bool, typer.Option("--check", help="Fail if models and migrated tables differ afterwards.")
    ] = False,
) -> None:
    """Make the database's roles and bring its tables up to the program."""
    import models
    from api.setup import owned
    from kit.migrations import differences, upgrade

    settings = _settings()
    with owned(settings) as (owner, app_url, system_url):
        console.print("Migrating; waiting for other processes that migrate, if any …")
        revision = asyncio.run(upgrade(owner, app_url=app_url, system_url=system_url))
        console.print(f"The database is at revision {revision}.")
        if check and (found := asyncio.run(differences(owner, models.metadata, models.is_ours))):
            typer.echo("\n".join(map(str, found)))
            _fail("Models and migrations differ. Write a migration.")


@app.command(epilog="Example: fairway demo")
def demo() -> None:
    """Load the demo club into the database, and print a token for each role. Safe to do twice."""
    settings = _settings()

    from api import serving
    from api.setup import prepared
    from demo.examples import demo_tokens, print_demo

    with prepared(settings) as ready:
        console.print("Loading the demo club …")
        asyncio.run(serving.load_demo_club(ready))
        print_demo(demo_tokens(ready), base="", say=typer.echo)


@app.command(epilog="Example: fairway token --role STAFF --user ana --hours 12")
def token(
    role: Annotated[list[Role], typer.Option(help="What the user is; may be given several times.")],
    user: Annotated[str, typer.Option(help="The token's `sub`.")] = "somebody",
    tenant: Annotated[str, typer.Option(help="Id of the tenant; the demo's if left out.")] = "",
    club: Annotated[
        list[str] | None, typer.Option(help="Id of a club; may be given several times; the demo's if left out.")
    ] = None,
    player: Annotated[str, typer.Option(help="Id of the player that the user is.")] = "",
    caddie_list: Annotated[list[int] | None, typer.Option(help="A caddie list; may be given several times.")] = None,
    hours: Annotated[float, typer.Option(help="How long the token holds.", min=0.001, max=24 * 366)] = 24,
) -> None:
    """Print a token, signed with JWT_SECRET or the secret of the data folder."""
    from api.setup import with_secret
    from auth.tokens import issue_token
    from demo.people import MAIN_CLUB_ID, SECOND_CLUB_ID, TENANT_ID

    settings = with_secret(_settings())
    clubs = [parse_id("club", text, path=("club",)) for text in club or ()]
    if not tenant and not clubs and Role.ADMIN not in role:
        clubs = [MAIN_CLUB_ID, SECOND_CLUB_ID]
    typer.echo(
        issue_token(
            settings.jwt_secret,
            user_id=user,
            tenant_id=parse_id("tenant", tenant, path=("tenant",)) if tenant else TENANT_ID,
            club_ids=clubs,
            roles=role,
            player_id=parse_id("player", player, path=("player",)) if player else None,
            caddie_lists=caddie_list or (),
            lifetime=timedelta(hours=hours),
            now=utc_now(),
            issuer=settings.jwt_issuer,
            audience=settings.jwt_audience,
        )
    )


@app.command(epilog="Example: fairway schema --check")
def schema(
    check: Annotated[bool, typer.Option("--check", help="Compare with the file instead of writing it.")] = False,
    file: Annotated[Path, typer.Option(help="The file.")] = Path("schema.graphql"),
) -> None:
    """Write the GraphQL schema to `schema.graphql`."""
    from cli.schema_file import breaking_changes, compare, export

    if not check:
        export(file)
        console.print(f"Wrote {file.name}.")
        return
    if difference := compare(file):
        typer.echo(difference)
        for change in breaking_changes(file):
            typer.echo(f"breaking: {change}")
        _fail(f"{file.name} is not what the code exports. Run `fairway schema`, look at the change, and commit it.")
    console.print(f"{file.name} is what the code exports.")


@app.command(epilog="Example: fairway simulate --speed 600 --port 3001")
def simulate(
    speed: Annotated[
        float | None,
        typer.Option(help="How many times as fast as life, 1 and more; as fast as it goes if left out.", min=1),
    ] = None,
    tee_times: Annotated[
        int, typer.Option(help="Starts of the day, every ten minutes from 7:00.", min=18, max=100)
    ] = 70,
    day: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="The day; today if left out.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another number gives another day.")] = 1,
    port: Annotated[int, typer.Option(help="Port of the simulated server; any free one if left out.", max=65535)] = 0,
) -> None:
    """Let a whole day pass at an invented club, as live traffic through the API of a server of its own.

    It has a database of its own as well, which is gone afterwards. Fails if a subscriber misses an event.
    """
    from api.serving import listening
    from cli.simulate import run

    console.print("Starting a server with a database of its own …")
    with run.simulated_settings(ws_port=port) as settings, listening(settings) as listener:
        configure_logs(settings)
        going = run.simulate(
            settings,
            listener,
            day=(day or utc_now()).date(),
            tee_times=tee_times,
            speed=speed,
            seed=seed,
            say=lambda text: console.print(text, soft_wrap=True),
            show=typer.echo,
        )
        report = asyncio.run(going)
    typer.echo("\n".join(report.lines()))
    if report.faults:
        _fail("The day did not go as planned.")


@app.command("replay-weather", epilog="Example: fairway replay-weather docs/data/weather-ewr-2013.csv --margin 5")
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
    replay(wanted, Console(highlight=False, soft_wrap=True))


def _settings(**overrides: object) -> Settings:
    settings = load_settings(**overrides)
    configure_logs(settings)
    return settings


def _fail(message: str) -> NoReturn:
    console.print(
        f"[red]{message}[/red]" if sys.stderr.isatty() else message, markup=sys.stderr.isatty(), soft_wrap=True
    )
    sys.exit(1)


def _stop(_signal: int, _frame: object) -> NoReturn:
    """End the program as if its work were done, so that what it has started is stopped too."""
    sys.exit(0)


def main() -> None:
    """Run the command line; what is wrong with the setup ends it with one clear sentence."""
    signal.signal(signal.SIGTERM, _stop)
    seldom_look_for_garbage()  # there is none while the program is loaded
    try:
        app()
    except FairwayError as error:
        _fail(error.message)
    except KeyboardInterrupt:
        sys.exit(130)
