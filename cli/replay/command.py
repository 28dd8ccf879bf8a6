"""`fairway replay-weather`: a recording read, evaluated with and without hysteresis, told and drawn."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rich.console import Console

from cli.replay.figures import figures, observed
from cli.replay.picture import Week, around_week, check_drawable, draw
from cli.replay.report import StationReport, show_reading, show_report, shown
from cli.replay.timeline import Rules, evaluate, invented_strikes
from domain.course.thresholds import check_thresholds
from kit.errors import InvalidInput
from models.course.values import Thresholds, Weather
from providers.weather.recording import Recording
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
class Chosen:
    """What is wanted of a station's recording; it can be walked again and again."""

    station: str
    recording: Recording
    first_day: date
    last_day: date
    zone: ZoneInfo

    def __iter__(self) -> Iterator[Weather]:
        for weather in self.recording.weather(self.station):
            if self.first_day <= weather.observed_at.astimezone(self.zone).date() <= self.last_day:
                yield weather


def replay_weather(wanted: Wanted, console: Console) -> None:
    """Replay a file and print the report; draw a week of it if one is asked for.

    Raises RecordingUnreadable and InvalidInput, before anything is evaluated.
    """
    zone = _zone(wanted.zone)
    _check(wanted)
    started = perf_counter()
    with read_recording(wanted.file) as recording:
        show_reading(console, wanted.file, recording, seconds=perf_counter() - started)
        _replay(_chosen(recording, wanted, zone), wanted, zone, console)


def _replay(chosen: Sequence[Chosen], wanted: Wanted, zone: ZoneInfo, console: Console) -> None:
    started = perf_counter()
    reports = [_report(seen, wanted) for seen in chosen]
    evaluations = sum(figures.evaluations for report in reports for figures in report.both)
    console.print(f"Evaluated {evaluations:,} times in {perf_counter() - started:.1f} s.")
    rules = Rules(thresholds=wanted.thresholds, margin=wanted.margin)
    show_report(console, reports, rules=rules, zone=zone, seed=wanted.seed)
    if wanted.plot:
        _draw(chosen[0], wanted.plot, wanted)
        console.print(f"Drew the week from {wanted.plot} into {shown(_output(wanted))}.")


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


def _chosen(recording: Recording, wanted: Wanted, zone: ZoneInfo) -> Sequence[Chosen]:
    """Give the observations that are wanted, by station."""
    stations = recording.stations
    if unknown := [name for name in wanted.stations if name not in stations]:
        raise InvalidInput(message=f"There is no station {unknown[0]} in the file. It has {_listed(stations)}.")
    names = list(dict.fromkeys(wanted.stations or stations))
    if wanted.plot and len(names) != 1:
        raise InvalidInput(message=f"A picture shows one station: choose by --station, of {_listed(names)}.")
    days = {"first_day": wanted.first_day or date.min, "last_day": wanted.last_day or date.max}
    chosen = [Chosen(station=name, recording=recording, zone=zone, **days) for name in names]
    found = [seen for seen in chosen if any(True for _ in seen)]
    if not found:
        raise InvalidInput(message=f"There are no observations {_range(wanted)}. {_covered(recording, names, zone)}")
    if wanted.plot:
        _check_week(found[0], wanted.plot, zone)
    return found


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def _range(wanted: Wanted) -> str:
    given = (f"from {wanted.first_day}" if wanted.first_day else "", f"to {wanted.last_day}" if wanted.last_day else "")
    return " ".join(filter(None, given)) or "in the file"


def _covered(recording: Recording, names: Iterable[str], zone: ZoneInfo) -> str:
    moments = [moment for name in names for moment in recording.span(name)]
    if not moments:
        return "It holds no rows that could be read."
    first, last = (moment.astimezone(zone).date() for moment in (min(moments), max(moments)))
    return f"It has some from {first} to {last}."


def _check_week(seen: Iterable[Weather], start: date, zone: ZoneInfo) -> None:
    days = {weather.observed_at.astimezone(zone).date() for weather in seen}
    if not any(0 <= (day - start).days < DAYS_OF_A_WEEK for day in days):
        message = f"There are no observations in the week from {start}. There are some from {min(days)} to {max(days)}."
        raise InvalidInput(message=message)


def _rules(wanted: Wanted) -> tuple[Rules, Rules]:
    """Give the rules of both sides: as in service, and without hysteresis."""
    with_hysteresis = Rules(thresholds=wanted.thresholds, margin=wanted.margin)
    return with_hysteresis, replace(with_hysteresis, hysteresis=False)


def _strikes(seen: Chosen, wanted: Wanted) -> list[datetime]:
    return invented_strikes(seen, count=wanted.strikes, seed=f"{wanted.seed} {seen.station}")


def _report(seen: Chosen, wanted: Wanted) -> StationReport:
    strikes = _strikes(seen, wanted)
    in_service, plain = (
        figures(evaluate(seen, rules=rules, strikes=strikes), zone=seen.zone) for rules in _rules(wanted)
    )
    return StationReport(
        name=seen.station,
        observed=observed(seen, zone=seen.zone),
        strikes=len(strikes),
        with_hysteresis=in_service,
        without=plain,
    )


def _draw(seen: Chosen, start: date, wanted: Wanted) -> None:
    strikes = _strikes(seen, wanted)
    in_service, plain = (
        around_week(evaluate(seen, rules=rules, strikes=strikes), start=start, zone=seen.zone)
        for rules in _rules(wanted)
    )
    week = Week(
        station=seen.station,
        start=start,
        zone=seen.zone,
        thresholds=wanted.thresholds,
        margin=wanted.margin,
        evaluations=in_service,
        without=plain,
        strikes=strikes,
    )
    draw(week, _output(wanted))
