"""What the evaluations of a recording come to in numbers."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from cli.replay.timeline import Evaluation
from domain.course.observations import fault_of
from models.course.values import CourseStatus, StatusCause

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What happened at one station by one set of rules."""

    changes: Counter[tuple[CourseStatus, CourseStatus]]
    """How often the status changed, by what from and to."""
    causes: Counter[StatusCause]
    """How many changes rest on each cause. A change may rest on several."""
    hours: Mapping[CourseStatus, float]
    """How long each status held: from its evaluation to the next, over hours without an observation too."""
    longest_closure: Span | None
    by_day: Counter[date]
    """How many changes each local date saw; those without any are not in it."""
    lowest_score: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What a station's recording holds."""

    count: int
    first: datetime
    last: datetime
    days: int
    """On how many local dates something was observed."""
    refused: Sequence[tuple[datetime, str]]
    """The observations that no decision may rest on, and why."""
    hours_missing: float
    """For how long no usable observation stands."""


def observed(evaluations: Sequence[Evaluation], *, zone: ZoneInfo) -> Observed:
    """Tell what was observed. There has to be an observation."""
    seen = [evaluation.weather for evaluation in evaluations if evaluation.is_observation and evaluation.weather]
    faults = [(weather.observed_at, fault_of(weather, now=weather.observed_at)) for weather in seen]
    moments = [moment for moment, fault in faults if fault is None]
    gaps = (later - earlier - HOUR for earlier, later in pairwise(moments))
    return Observed(
        count=len(seen),
        first=seen[0].observed_at,
        last=seen[-1].observed_at,
        days=len({weather.observed_at.astimezone(zone).date() for weather in seen}),
        refused=[(moment, fault) for moment, fault in faults if fault],
        hours_missing=sum((gap for gap in gaps if gap > timedelta()), timedelta()) / HOUR,
    )


def figures(evaluations: Sequence[Evaluation], *, zone: ZoneInfo) -> Figures:
    """Count what happened. Days are local dates in `zone`."""
    changes = [evaluation for evaluation in evaluations if evaluation.is_change]
    periods = list(spans(evaluations))
    closures = [span for span in periods if span.status is CourseStatus.CLOSED]
    scores = [evaluation.decision.score for evaluation in evaluations if evaluation.decision.score is not None]
    return Figures(
        changes=Counter((change.before, change.decision.status) for change in changes),
        causes=Counter(cause for change in changes for cause in change.decision.causes),
        hours={status: sum(span.hours for span in periods if span.status is status) for status in CourseStatus},
        longest_closure=max(closures, key=lambda span: span.hours, default=None),
        by_day=Counter(change.at.astimezone(zone).date() for change in changes),
        lowest_score=min(scores, default=None),
    )


def spans(evaluations: Sequence[Evaluation]) -> Iterator[Span]:
    """Give the times between two changes, in order, the last one until an hour after the last evaluation."""
    starts = [one for number, one in enumerate(evaluations) if number == 0 or one.is_change]
    ends = [one.at for one in starts[1:]] + [one.at + HOUR for one in evaluations[-1:]]
    return (Span(one.decision.status, one.at, end) for one, end in zip(starts, ends, strict=True))
