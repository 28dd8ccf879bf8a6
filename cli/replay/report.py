"""What a replay tells in the terminal."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.replay.figures import HOUR, Figures, Observed, Span
from cli.replay.timeline import Rules
from kit.text import printable
from models.course.values import CourseStatus, StatusCause
from providers.weather.recording import Noted, Recording

T = TypeVar("T")
BUSIEST_DAYS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class StationReport:
    """What came of one station, in service and without hysteresis."""

    name: str
    observed: Observed
    strikes: int
    with_hysteresis: Figures
    without: Figures

    @property
    def both(self) -> tuple[Figures, Figures]:
        """Both sides of the comparison."""
        return self.with_hysteresis, self.without


def show_report(
    console: Console, stations: Iterable[StationReport], *, rules: Rules, zone: ZoneInfo, seed: int
) -> None:
    """Print the rules and what came of each station."""
    console.print(_rules(rules))
    console.print(
        "Without hysteresis: no margin, and a danger ends with the first observation below its bound. A status holds "
        "until the next evaluation, over missing hours too. A change may have several causes."
    )
    for station in stations:
        console.print()
        _show_station(console, station, zone=zone, seed=seed)


def show_reading(console: Console, file: Path, recording: Recording, *, seconds: float) -> None:
    """Print what could be read of the file."""
    counts = ", ".join(f"{name} {count:,}" for name, count in recording.stations.items()) or "none"
    console.print(f"Read {shown(file.name)} in {seconds:.1f} s. Observations by station: {shown(counts)}.")
    _show_some(console, "Rows that can't be read", recording.bad_rows, lambda row: f"line {row.line}: {row.fault}")
    repeated = "Rows whose hour comes again further down, where it counts"
    _show_some(console, repeated, recording.repeated_rows, lambda line: f"line {line}")


def shown(text: object) -> str:
    """Write a text of somebody else's so that a terminal shows it, and does nothing that it might say."""
    return escape(printable(str(text)))


def _show_some(console: Console, what: str, noted: Noted[T], told: Callable[[T], str]) -> None:
    if noted.count:
        console.print(f"{what}: {noted.count}")
    for one in noted.first:
        console.print(f"  {shown(told(one))}")
    if further := noted.count - len(noted.first):
        console.print(f"  and {further} more")


def _rules(rules: Rules) -> str:
    thresholds = rules.thresholds
    return (
        f"Thresholds: wind {thresholds.wind_warning_kmh:g} and {thresholds.wind_severe_kmh:g} km/h, "
        f"rain {thresholds.precipitation_warning_mm:g} mm/h, "
        f"score {thresholds.playability_warning_threshold} and {thresholds.playability_severe_threshold}; "
        f"margin {rules.margin}."
    )


def _show_station(console: Console, station: StationReport, *, zone: ZoneInfo, seed: int) -> None:
    seen = station.observed
    console.print(
        f"[bold]{shown(station.name)}[/bold]: {seen.count:,} observations from {_time(seen.first, zone)} to "
        f"{_time(seen.last, zone)} ({zone.key}). Days: {len(seen.dates)}; hours without one: {seen.missing / HOUR:,.0f}"
    )
    if station.strikes:
        console.print(f"with {station.strikes} SYNTHETIC strikes (seed {seed}): invented, nobody observed them")
    _show_some(console, "Not used", seen.refused, lambda refused: f"{_time(refused[0], zone)}: {refused[1]}")
    console.print(_table(station, zone=zone))


def _table(station: StationReport, *, zone: ZoneInfo) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    table.add_column("in service", justify="right")
    table.add_column("without hysteresis", justify="right")
    for label, *cells in _rows(station, zone):
        table.add_row(label, *cells)
    return table


def _rows(station: StationReport, zone: ZoneInfo) -> Iterator[tuple[str, ...]]:
    both = station.both
    yield "Changes of status", *(f"{one.changes.total():,}" for one in both)
    yield "  a day, on average", *(f"{one.changes.total() / len(station.observed.dates):.2f}" for one in both)
    for pair in _pairs(both):
        yield f"  {_word(pair[0])} → {_word(pair[1])}", *(f"{one.changes[pair]:,}" for one in both)
    yield "Changes by cause", "", ""
    for cause in StatusCause:
        if any(one.causes[cause] for one in both):
            yield f"  {_cause(cause, station)}", *(f"{one.causes[cause]:,}" for one in both)
    for status in CourseStatus:
        yield f"Hours {_word(status)}", *(_hours(one, status) for one in both)
    yield "Longest closure", *(_closure(one.longest_closure, zone) for one in both)
    yield "Lowest score", *("none" if one.lowest_score is None else str(one.lowest_score) for one in both)
    yield "Days with the most changes", *(_busiest(one) for one in both)


def _pairs(both: Sequence[Figures]) -> list[tuple[CourseStatus, CourseStatus]]:
    pairs = ((before, after) for before in CourseStatus for after in CourseStatus)
    return [pair for pair in pairs if any(one.changes[pair] for one in both)]


def _word(status: CourseStatus) -> str:
    return status.value.lower()


def _cause(cause: StatusCause, station: StationReport) -> str:
    return f"{cause} (synthetic)" if cause is StatusCause.LIGHTNING and station.strikes else cause.value


def _hours(figures: Figures, status: CourseStatus) -> str:
    hours, total = figures.hours[status], sum(figures.hours.values())
    return f"{hours:,.0f} ({hours / total:.1%})"


def _closure(span: Span | None, zone: ZoneInfo) -> str:
    if span is None:
        return "none"
    return f"{_time(span.start, zone)}\nto {_time(span.end, zone)}\n{span.hours:.1f} hours"


def _busiest(figures: Figures) -> str:
    days = sorted(figures.by_day.items(), key=lambda item: (-item[1], item[0]))[:BUSIEST_DAYS]
    return "\n".join(f"{day}: {count}" for day, count in days) or "none"


def _time(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
