"""Which starts a template gives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from zoneinfo import ZoneInfo

from kit.errors import InvalidInput
from models.tee_sheet.values import StartFormat, Template

CROSSOVER_TEES = (1, 10)
CROSSOVER_NEEDS_HOLES = 18
USUAL_TURN: Mapping[int, int] = MappingProxyType({1: 120, 10: 120})
"""Minutes after which the first groups turn, by the tee that they start from, on a course that expects the usual."""
CROSSOVER_REFUSAL = "A crossover start needs a course of 18 holes or more; choose another start format."


@dataclass(frozen=True, slots=True)
class Start:
    """One start of a day: its instant in UTC, the wall-clock time of the course, and the tee."""

    starts_at: datetime
    local_time: time
    tee: int


def interval_of(template: Template) -> int:
    """Give the minutes between two starts: the interval of the largest group that may play.

    Raises InvalidInput when the template has no group size, or no interval for the largest.
    """
    largest = max(template.group_sizes, default=0)
    if largest not in template.intervals:
        raise InvalidInput(message=f"Give an interval for groups of {largest}.", path=("intervals",))
    return template.intervals[largest]


def local_starts(
    template: Template, *, holes_of_course: int, turn: Mapping[int, int] = USUAL_TURN
) -> list[tuple[time, int]]:
    """Give the wall-clock time and the tee of every start of a day, in order of time and tee.

    Both the first and the last start of the template are starts, the last if the interval reaches it. A shotgun has
    one start on every hole at the time of the first start. A crossover leaves out the starts at which groups from the
    other tee turn; `turn` gives the minutes that these take for their first nine holes, by the tee that they start
    from. The template is taken as checked.
    Raises InvalidInput for a crossover start on a course of fewer than 18 holes.
    """
    tees = _tees(template.start_format, holes_of_course=holes_of_course)
    times = [template.first_start] if template.start_format is StartFormat.SHOTGUN else _times(template)
    starts = [(at, tee) for at in times for tee in tees]
    if template.start_format is not StartFormat.CROSSOVER:
        return starts
    first = _minutes(template.first_start)
    return [(at, tee) for at, tee in starts if not _is_taken_by_turning(_minutes(at) - first, tee, turn)]


def _is_taken_by_turning(minute: int, tee: int, turn: Mapping[int, int]) -> bool:
    """Say whether groups that started from the other tee play on from this one, so many minutes after the first start.

    Groups from tee 1 reach tee 10 as soon as the first of them turns, and do not stop coming: tee 10 has starts until
    then alone. Those from tee 10 started within that time, and take tee 1 for as long; after them it is free again.
    """
    front, back = CROSSOVER_TEES
    if tee == back:
        return minute >= turn[front]
    return turn[back] <= minute < turn[back] + turn[front]


def _tees(start_format: StartFormat, *, holes_of_course: int) -> Iterable[int]:
    """Give the tees from which groups start at the same time."""
    if start_format is StartFormat.SHOTGUN:
        return range(1, holes_of_course + 1)
    if start_format is StartFormat.STANDARD:
        return (1,)
    if holes_of_course < CROSSOVER_NEEDS_HOLES:
        raise InvalidInput(message=CROSSOVER_REFUSAL, path=("startFormat",))
    return CROSSOVER_TEES


def _times(template: Template) -> list[time]:
    """Give the wall-clock times of the starts, without those that the starter's gap leaves out."""
    interval = interval_of(template)
    minutes = range(_minutes(template.first_start), _minutes(template.last_start) + 1, interval)
    gap = template.starter_gap_every_minutes
    return [time(*divmod(minute, 60)) for number, minute in enumerate(minutes) if not _is_gap(number, interval, gap)]


def _is_gap(number: int, interval: int, gap_minutes: int | None) -> bool:
    """Say whether the start with this number, from 0, is left out for the starter.

    A run of starts lasts until its first start lies at least `gap_minutes` back; the start that would come then is
    left out, and the next one begins a new run. With an interval of 10 and a gap every 60 minutes, a sheet from 8:00
    has starts from 8:00 to 8:50, none at 9:00, and the next run from 9:10 to 10:00.
    """
    if gap_minutes is None:
        return False
    starts_in_run = -(-gap_minutes // interval)
    return number % (starts_in_run + 1) == starts_in_run


def _minutes(at: time) -> int:
    """Give the minutes that a wall clock has counted since midnight."""
    return at.hour * 60 + at.minute


def starts_on(
    template: Template, *, day: date, zone: ZoneInfo, holes_of_course: int, turn: Mapping[int, int] = USUAL_TURN
) -> list[Start]:
    """Give every start of one local date, in order of time and tee.

    The starts are stepped on the wall clock, so that a change of the clock moves none of them. A start that does not
    exist on this date is skipped; one that exists twice is made once, the first time. `turn` is as in `local_starts`.
    Raises InvalidInput for a crossover start on a course of fewer than 18 holes.
    """
    placed = (
        (instant_of(day, at, zone=zone), at, tee)
        for at, tee in local_starts(template, holes_of_course=holes_of_course, turn=turn)
    )
    return [Start(instant, at, tee) for instant, at, tee in placed if instant is not None]


def instant_of(day: date, local_time: time, *, zone: ZoneInfo) -> datetime | None:
    """Give the instant, in UTC, at which the wall clock shows this time on this date.

    It is the first of two when the clock is set back over it, and None when the clock jumps over it.
    """
    wall = datetime.combine(day, local_time.replace(fold=0))
    instant = wall.replace(tzinfo=zone).astimezone(UTC)
    return instant if instant.astimezone(zone).replace(tzinfo=None) == wall else None
