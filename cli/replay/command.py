"""`fairway replay-weather`: a recording read, evaluated with and without hysteresis, told and drawn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rich.console import Console
from rich.markup import escape

from cli.replay.figures import figures, observed
from cli.replay.picture import Week, check_drawable, draw
from cli.replay.report import StationReport, show_reading, show_report
from cli.replay.timeline import Evaluation, Rules, evaluate, invented_strikes
from domain.course.thresholds import check_thresholds
from kit.errors import InvalidInput
from models.course.values import Thresholds, Weather
from providers.weather.replay import read_recording

DAYS_OF_A_WEEK = 7
OPTIONS = {
    "windWarningKmh": "--wind-warning",
    "windSevereKmh": "--wind-severe",
    "precipitationWarningMm": "--rain-warning",
    "playabilityWarningThreshold": "--score-warning",
    "playabilitySevereThreshold": "--score-severe",
}
"""By which option a threshold is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be replayed."""

    file: Path
    stations: Sequence[str] = ()
    """All of the file's if none is named."""
    first_day: date | None = None
    last_day: date | None = None
    zone: str
    thresholds: Thresholds
    margin: int
    strikes: int = 0
    """How many strikes are invented for each station."""
    seed: int = 1
    plot: date | None = None
    """The first day of the week that is drawn."""
    output: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A station, evaluated both ways."""

    name: str
    strikes: Sequence[datetime]
    with_hysteresis: Sequence[Evaluation]
    without: Sequence[Evaluation]

    def report(self, zone: ZoneInfo) -> StationReport:
        """Count what happened."""
        return StationReport(
            name=self.name,
            observed=observed(self.with_hysteresis, zone=zone),
            strikes=len(self.strikes),
            with_hysteresis=figures(self.with_hysteresis, zone=zone),
            without=figures(self.without, zone=zone),
        )


def replay_weather(wanted: Wanted, console: Console) -> None:
    """Replay a file and print the report; draw a week of it if one is asked for.

    Raises RecordingUnreadable and InvalidInput, before anything is evaluated.
    """
    zone = _zone(wanted.zone)
    _check(wanted)
    started = perf_counter()
    recording = read_recording(wanted.file)
    show_reading(console, wanted.file, recording, seconds=perf_counter() - started)
    chosen = _chosen(recording.stations, wanted, zone)
    started = perf_counter()
    replayed = [_replay(name, seen, wanted) for name, seen in chosen.items()]
    evaluations = sum(len(one.with_hysteresis) + len(one.without) for one in replayed)
    console.print(f"Evaluated {evaluations:,} times in {perf_counter() - started:.1f} s.")
    rules = Rules(thresholds=wanted.thresholds, margin=wanted.margin)
    show_report(console, [one.report(zone) for one in replayed], rules=rules, zone=zone, seed=wanted.seed)
    if wanted.plot:
        _draw(replayed[0], wanted.plot, wanted, zone)
        console.print(f"Drew the week from {wanted.plot} into {escape(str(_output(wanted)))}.")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput(message=f"{name} is no time zone. Give one such as America/New_York.") from None


def _check(wanted: Wanted) -> None:
    """Refuse what contradicts itself, before a long file is read."""
    try:
        given = [name for name, usual in asdict(Thresholds()).items() if getattr(wanted.thresholds, name) != usual]
        check_thresholds(wanted.thresholds, margin=wanted.margin, given=given)
    except InvalidInput as refused:
        raise InvalidInput(message=f"{OPTIONS[refused.path[-1]]}: {refused.message}") from None
    if wanted.first_day and wanted.last_day and wanted.first_day > wanted.last_day:
        raise InvalidInput(message=f"--from {wanted.first_day} is later than --to {wanted.last_day}.")
    if wanted.output and not wanted.plot:
        raise InvalidInput(message="--output names the file of a picture: give --plot and the first day of a week too.")
    if wanted.plot:
        check_drawable(_output(wanted))


def _output(wanted: Wanted) -> Path:
    return wanted.output or Path("replay.png")


def _chosen(
    stations: Mapping[str, Sequence[Weather]], wanted: Wanted, zone: ZoneInfo
) -> Mapping[str, Sequence[Weather]]:
    """Give the observations that are wanted, by station."""
    if unknown := [name for name in wanted.stations if name not in stations]:
        raise InvalidInput(message=f"There is no station {unknown[0]} in the file. It has {_listed(stations)}.")
    names = wanted.stations or list(stations)
    if wanted.plot and len(names) != 1:
        raise InvalidInput(message=f"A picture shows one station: choose by --station, of {_listed(names)}.")
    chosen = {name: _within(stations[name], wanted, zone) for name in names}
    found = {name: seen for name, seen in chosen.items() if seen}
    if not found:
        raise InvalidInput(message=f"There are no observations {_range(wanted)}. {_covered(stations, names, zone)}")
    if wanted.plot:
        _check_week(next(iter(found.values())), wanted.plot, zone)
    return found


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def _within(seen: Sequence[Weather], wanted: Wanted, zone: ZoneInfo) -> list[Weather]:
    first, last = wanted.first_day or date.min, wanted.last_day or date.max
    return [weather for weather in seen if first <= weather.observed_at.astimezone(zone).date() <= last]


def _range(wanted: Wanted) -> str:
    given = (f"from {wanted.first_day}" if wanted.first_day else "", f"to {wanted.last_day}" if wanted.last_day else "")
    return " ".join(filter(None, given)) or "in the file"


def _covered(stations: Mapping[str, Sequence[Weather]], names: Iterable[str], zone: ZoneInfo) -> str:
    moments = [weather.observed_at for name in names for weather in stations[name]]
    if not moments:
        return "Not one of its rows could be read." if stations else "It holds no rows that could be read."
    first, last = (moment.astimezone(zone).date() for moment in (min(moments), max(moments)))
    return f"It has some from {first} to {last}."


def _check_week(seen: Sequence[Weather], start: date, zone: ZoneInfo) -> None:
    days = {weather.observed_at.astimezone(zone).date() for weather in seen}
    if not any(0 <= (day - start).days < DAYS_OF_A_WEEK for day in days):
        message = f"There are no observations in the week from {start}. There are some from {min(days)} to {max(days)}."
        raise InvalidInput(message=message)


def _replay(name: str, seen: Sequence[Weather], wanted: Wanted) -> Replayed:
    strikes = invented_strikes(seen, count=wanted.strikes, seed=f"{wanted.seed} {name}")
    in_service, plain = (
        evaluate(
            seen,
            rules=Rules(thresholds=wanted.thresholds, margin=wanted.margin, hysteresis=hysteresis),
            strikes=strikes,
        )
        for hysteresis in (True, False)
    )
    return Replayed(name=name, strikes=strikes, with_hysteresis=in_service, without=plain)


def _draw(replayed: Replayed, start: date, wanted: Wanted, zone: ZoneInfo) -> None:
    week = Week(
        station=replayed.name,
        start=start,
        zone=zone,
        thresholds=wanted.thresholds,
        margin=wanted.margin,
        evaluations=replayed.with_hysteresis,
        without=replayed.without,
        strikes=replayed.strikes,
    )
    draw(week, _output(wanted))
