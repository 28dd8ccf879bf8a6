"""What the evaluations of a recording come to in numbers."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from cli.replay.timeline import Evaluation
from domain.course.observations import fault_of
from models.course.values import CourseStatus, StatusCause, Weather
from providers.weather.recording import Noted

HOUR = timedelta(hours=1)
"""For how long an observation stands. The last of a recording is taken to hold for so long."""


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which a course had one status."""

    status: CourseStatus
    start: datetime
    end: datetime

    @property
    def hours(self) -> float:
        """How long it was."""
        return (self.end - self.start) / HOUR


@dataclass(slots=True, kw_only=True)
class Figures:
    """What happened at one station by one set of rules."""

    evaluations: int = 0
    changes: Counter[tuple[CourseStatus, CourseStatus]] = field(default_factory=Counter)
    """How often the status changed, by what from and to."""
    causes: Counter[StatusCause] = field(default_factory=Counter)
    """How many changes rest on each cause. A change may rest on several."""
    hours: dict[CourseStatus, float] = field(default_factory=lambda: dict.fromkeys(CourseStatus, 0.0))
    """How long each status held: from its evaluation to the next, over hours without an observation too."""
    longest_closure: Span | None = None
    by_day: Counter[date] = field(default_factory=Counter)
    """How many changes each local date saw; those without any are not in it."""
    lowest_score: int | None = None


@dataclass(slots=True, kw_only=True)
class Observed:
    """What a station's recording holds."""

    zone: ZoneInfo
    first: datetime
    last: datetime
    count: int = 0
    dates: set[date] = field(default_factory=set)
    """On which local dates something was observed."""
    refused: Noted[tuple[datetime, str]] = field(default_factory=Noted)
    """The observations that no decision may rest on, and why."""
    missing: timedelta = timedelta()
    """For how long no usable observation stands."""
    usable: datetime | None = None
    """The moment of the last usable one."""

    def take(self, weather: Weather) -> None:
        """Take in what was observed next."""
        at = weather.observed_at
        self.count, self.last = self.count + 1, at
        self.dates.add(at.astimezone(self.zone).date())
        if fault := fault_of(weather, now=at):
            self.refused.add((at, fault))
            return
        self.missing += max(at - self.usable - HOUR, timedelta()) if self.usable else timedelta()
        self.usable = at


def observed(seen: Iterable[Weather], *, zone: ZoneInfo) -> Observed:
    """Tell what was observed. There has to be an observation; they come sorted by time."""
    walk = iter(seen)
    first = next(walk)
    told = Observed(zone=zone, first=first.observed_at, last=first.observed_at)
    for weather in chain([first], walk):
        told.take(weather)
    return told


def figures(evaluations: Iterable[Evaluation], *, zone: ZoneInfo) -> Figures:
    """Count what happened. Days are local dates in `zone`."""
    told = Figures()
    for span in spans(_counted(evaluations, told, zone)):
        told.hours[span.status] += span.hours
        longest = told.longest_closure
        if span.status is CourseStatus.CLOSED and (longest is None or span.hours > longest.hours):
            told.longest_closure = span
    return told


def _counted(evaluations: Iterable[Evaluation], told: Figures, zone: ZoneInfo) -> Iterator[Evaluation]:
    """Pass evaluations on, and count each."""
    for one in evaluations:
        told.evaluations += 1
        if one.decision.score is not None:
            told.lowest_score = _least(one.decision.score, told.lowest_score)
        if one.is_change:
            told.changes[one.before, one.decision.status] += 1
            told.causes.update(one.decision.causes)
            told.by_day[one.at.astimezone(zone).date()] += 1
        yield one


def _least(score: int, lowest: int | None) -> int:
    return score if lowest is None else min(score, lowest)


def spans(evaluations: Iterable[Evaluation]) -> Iterator[Span]:
    """Give the times between two changes, in order, the last one until an hour after the last evaluation."""
    begun: Evaluation | None = None
    for one in evaluations:
        if begun is not None and one.is_change:
            yield Span(begun.decision.status, begun.at, one.at)
        begun = one if begun is None or one.is_change else begun
        last = one.at
    if begun is not None:
        yield Span(begun.decision.status, begun.at, last + HOUR)
