"""What a template may say."""

from collections.abc import Iterable, Iterator
from datetime import time
from itertools import chain

from domain.clubs.price_classes import check_known
from domain.tee_sheet.inventory.limits import LARGEST_GROUP, MOST_TEE_TIMES_A_DAY
from domain.tee_sheet.sheets.restriction_rules import check_restrictions
from domain.tee_sheet.sheets.starts import CROSSOVER_NEEDS_HOLES, CROSSOVER_REFUSAL, interval_of, local_starts
from kit.errors import InvalidInput
from kit.text import check_range
from models.clubs.tables import Club
from models.tee_sheet.values import Price, StartFormat, Template

LONGEST_INTERVAL_MINUTES = 60
LONGEST_STARTER_GAP_MINUTES = 600
HIGHEST_PRICE_CENTS = 10_000_000
MOST_PRICES = 60
LONGEST_TURN_MINUTES = 300


HOLES_ON_SALE = frozenset({9, 18})


Fault = tuple[tuple[str, ...], str]
"""Where in a template something is wrong, and the sentence that says what to do."""


def check_template(template: Template, *, club: Club, holes_of_course: int, path: tuple[str, ...] = ()) -> None:
    """Refuse a template from which no sensible tee sheet can be made.

    `path` is where the template lies in the input. Raises InvalidInput for the first fault, with its place.
    """
    faults = chain(
        _clock_faults(template),
        _group_faults(template.group_sizes),
        _interval_faults(template),
        _gap_faults(template),
        _price_faults(template.prices),
        _start_faults(template, holes_of_course),
    )
    _refuse(faults, path)
    check_restrictions(template.restrictions, club=club, path=path)
    check_classes(club, template.prices, path=path)
    if template.turn_minutes is not None:
        check_range(template.turn_minutes, 1, LONGEST_TURN_MINUTES, path=(*path, "turnMinutes"))


def check_prices(prices: tuple[Price, ...], *, club: Club, path: tuple[str, ...] = ()) -> None:
    """Refuse prices that no sheet may have. Raises InvalidInput for the first fault, with its place."""
    _refuse(_price_faults(prices), path)
    check_classes(club, prices, path=path)


def check_classes(club: Club, prices: Iterable[Price], *, path: tuple[str, ...]) -> None:
    """Refuse prices of classes that the club does not have. Raises InvalidInput."""
    for number, price in enumerate(prices):
        check_known(club, [price.price_class], path=(*path, "prices", str(number), "priceClass"))


def check_group_sizes(sizes: frozenset[int], *, path: tuple[str, ...] = ()) -> None:
    """Refuse group sizes that no sheet may have. Raises InvalidInput."""
    _refuse(_group_faults(sizes), path)


def _refuse(faults: Iterable[Fault], path: tuple[str, ...]) -> None:
    for where, sentence in faults:
        raise InvalidInput(message=sentence, path=(*path, *where))


def _clock_faults(template: Template) -> Iterator[Fault]:
    for name, at in (("firstStart", template.first_start), ("lastStart", template.last_start)):
        if at.tzinfo is not None or at.second or at.microsecond:
            yield (name,), "Give the start as a wall-clock time in whole minutes, without an offset."
    if template.last_start < template.first_start:
        yield ("lastStart",), "Choose a last start that is not before the first."


def _group_faults(sizes: frozenset[int]) -> Iterator[Fault]:
    if not sizes:
        yield ("groupSizes",), "Choose at least one group size from 1 to 4."
    if not all(1 <= size <= LARGEST_GROUP for size in sizes):
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
    if len(prices) > MOST_PRICES:
        yield ("prices",), f"Give at most {MOST_PRICES} prices."
    for number, price in enumerate(prices):
        if price.holes not in HOLES_ON_SALE:
            yield ("prices", str(number), "holes"), "Choose 9 or 18 holes for a price."
        if not 0 <= price.cents <= HIGHEST_PRICE_CENTS:
            yield ("prices", str(number), "amountCents"), f"Choose a price from 0 to {HIGHEST_PRICE_CENTS} cents."
        yield from _period_faults(price, ("prices", str(number)))
        if any(_contradict(price, other) for other in prices[:number]):
            what = f"to {price.price_class} for {price.holes} holes"
            yield (
                ("prices", str(number)),
                f"Give one price only {what}, and one for each period, none of which overlap.",
            )


def _period_faults(price: Price, path: tuple[str, ...]) -> Iterator[Fault]:
    for name, at in (("firstStart", price.first_start), ("lastStart", price.last_start)):
        if at is not None and (at.tzinfo is not None or at.second or at.microsecond):
            yield (*path, name), "Give the period by wall-clock times in whole minutes, without an offset."
    if price.first_start and price.last_start and price.last_start < price.first_start:
        yield (*path, "lastStart"), "Choose a period whose last start is not before the first."


def _contradict(one: Price, other: Price) -> bool:
    """Tell whether two prices may hold for one start, and neither is the more particular."""
    alike = (one.price_class, one.holes, one.has_period) == (other.price_class, other.holes, other.has_period)
    return (
        alike
        and (one.first_start or time.min) <= (other.last_start or time.max)
        and ((other.first_start or time.min) <= (one.last_start or time.max))
    )


def _start_faults(template: Template, holes_of_course: int) -> Iterator[Fault]:
    if template.start_format is StartFormat.CROSSOVER and holes_of_course < CROSSOVER_NEEDS_HOLES:
        yield ("startFormat",), CROSSOVER_REFUSAL
    count = len(local_starts(template, holes_of_course=holes_of_course))
    if count > MOST_TEE_TIMES_A_DAY:
        most = f"A day may have {MOST_TEE_TIMES_A_DAY} tee times, and this makes {count}"
        yield ("intervals",), f"{most}; choose longer intervals or fewer hours."
