"""Rules of the making of a tee sheet: what a template may say, which starts it gives, what a place costs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import chain
from types import MappingProxyType
from zoneinfo import ZoneInfo

from domain.tee_sheet.problems import NotOnSale
from kit.errors import InvalidInput
from models.tee_sheet.values import Price, PriceClass, StartFormat, Template

LARGEST_GROUP = 4
LONGEST_INTERVAL_MINUTES = 60
LONGEST_STARTER_GAP_MINUTES = 600
HIGHEST_PRICE_CENTS = 10_000_000
MOST_TEE_TIMES_A_DAY = 300
HOLES_ON_SALE = frozenset({9, 18})
CROSSOVER_TEES = (1, 10)
CROSSOVER_NEEDS_HOLES = 18
USUAL_TURN: Mapping[int, int] = MappingProxyType({1: 120, 10: 120})
"""Minutes after which the first groups turn, by the tee that they start from, on a course that expects the usual."""
CROSSOVER_REFUSAL = "A crossover start needs a course of 18 holes or more; choose another start format."

Fault = tuple[tuple[str, ...], str]
"""Where in a template something is wrong, and the sentence that says what to do."""


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


def price_of(prices: Iterable[Price], *, price_class: PriceClass, holes: int) -> Price:
    """Find what one player of a price class pays for a round of 9 or 18 holes. Raises NotOnSale."""
    for price in prices:
        if (price.price_class, price.holes) == (price_class, holes):
            return price
    raise NotOnSale(price_class=price_class, holes=holes)


def check_template(template: Template, *, holes_of_course: int, path: tuple[str, ...] = ()) -> None:
    """Refuse a template from which no sensible tee sheet can be made.

    `path` is where the template lies in the input. Raises InvalidInput for the first fault, with its place.
    """
    faults = chain(
        _clock_faults(template),
        _group_faults(template),
        _interval_faults(template),
        _gap_faults(template),
        _price_faults(template.prices),
        _start_faults(template, holes_of_course),
    )
    for where, sentence in faults:
        raise InvalidInput(message=sentence, path=(*path, *where))


def _clock_faults(template: Template) -> Iterator[Fault]:
    for name, at in (("firstStart", template.first_start), ("lastStart", template.last_start)):
        if at.tzinfo is not None or at.second or at.microsecond:
            yield (name,), "Give the start as a wall-clock time in whole minutes, without an offset."
    if template.last_start < template.first_start:
        yield ("lastStart",), "Choose a last start that is not before the first."


def _group_faults(template: Template) -> Iterator[Fault]:
    if not template.group_sizes:
        yield ("groupSizes",), "Choose at least one group size from 1 to 4."
    if not all(1 <= size <= LARGEST_GROUP for size in template.group_sizes):
        yield ("groupSizes",), "Choose group sizes from 1 to 4 only."


def _interval_faults(template: Template) -> Iterator[Fault]:
    if not all(1 <= size <= LARGEST_GROUP for size in template.intervals):
        yield ("intervals",), "Give intervals for group sizes from 1 to 4 only."
    if not all(1 <= minutes <= LONGEST_INTERVAL_MINUTES for minutes in template.intervals.values()):
        yield ("intervals",), f"Choose intervals from 1 to {LONGEST_INTERVAL_MINUTES} minutes."
    largest = max(template.group_sizes)
    if largest not in template.intervals:
        yield ("intervals",), f"Give an interval for the largest group, which has {largest} players."


def _gap_faults(template: Template) -> Iterator[Fault]:
    gap, interval = template.starter_gap_every_minutes, interval_of(template)
    if gap is None:
        return
    if not 1 <= gap <= LONGEST_STARTER_GAP_MINUTES:
        yield (
            ("starterGapEveryMinutes",),
            f"Choose a starter's gap every 1 to {LONGEST_STARTER_GAP_MINUTES} minutes, or none.",
        )
    if gap < interval:
        yield (
            ("starterGapEveryMinutes",),
            f"Choose a starter's gap every {interval} minutes, which is the interval, or less often.",
        )


def _price_faults(prices: tuple[Price, ...]) -> Iterator[Fault]:
    if not prices:
        yield ("prices",), "Give at least one price."
    seen = set()
    for number, price in enumerate(prices):
        if price.holes not in HOLES_ON_SALE:
            yield ("prices", str(number), "holes"), "Choose 9 or 18 holes for a price."
        if not 0 <= price.cents <= HIGHEST_PRICE_CENTS:
            yield ("prices", str(number), "amountCents"), f"Choose a price from 0 to {HIGHEST_PRICE_CENTS} cents."
        if (price.price_class, price.holes) in seen:
            yield ("prices", str(number)), f"Give one price only to {price.price_class} for {price.holes} holes."
        seen.add((price.price_class, price.holes))


def _start_faults(template: Template, holes_of_course: int) -> Iterator[Fault]:
    if template.start_format is StartFormat.CROSSOVER and holes_of_course < CROSSOVER_NEEDS_HOLES:
        yield ("startFormat",), CROSSOVER_REFUSAL
    count = len(local_starts(template, holes_of_course=holes_of_course))
    if count > MOST_TEE_TIMES_A_DAY:
        most = f"A day may have {MOST_TEE_TIMES_A_DAY} tee times, and this makes {count}"
        yield ("intervals",), f"{most}; choose longer intervals or fewer hours."
