"""Values of the tee sheet that tables, rules and the schema share."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import NewType

from kit.enums import DescribedEnum


class SlotStatus(DescribedEnum):
    """What can be done with one place on a tee time."""

    AVAILABLE = "AVAILABLE", "Free to be held or booked."
    HELD = "HELD", "Reserved for a short time while somebody books."
    BOOKED = "BOOKED", "Taken by a player of a booking."
    BLOCKED = "BLOCKED", "Taken out of sale by a block."


class StartFormat(DescribedEnum):
    """From which tees, and when, the groups of a day start."""

    STANDARD = "STANDARD", "One group after the other starts from tee 1."
    CROSSOVER = "CROSSOVER", "Two groups start at the same time, from tees 1 and 10, until the first groups turn."
    SHOTGUN = "SHOTGUN", "One group on every hole, all at the same time."


PriceClass = NewType("PriceClass", str)
"""For whom a price holds, by its code: a club has classes of its own, beside the three that come with it."""
CODE_OF_CLASS = re.compile("[A-Z][A-Z0-9_]{0,31}")
"""How the code of a price class is written."""


class PriceClassKind(DescribedEnum):
    """What a price class is of. Windows go by it; so does every rule that says nothing of the class itself."""

    MEMBER = "MEMBER", "Members of the club."
    GUEST = "GUEST", "Guests whom a member brings along."
    PUBLIC = "PUBLIC", "Anybody else."


MEMBER, GUEST, PUBLIC = (PriceClass(kind.value) for kind in PriceClassKind)
"""The classes that come with each club, one of each kind. A rule that names one is for all classes of its kind of which
it says nothing else.
"""


@dataclass(frozen=True, slots=True)
class ClubPriceClass:
    """A price class as a club knows it."""

    code: PriceClass
    name: str
    kind: PriceClassKind
    is_retired: bool = False


class Weekday(DescribedEnum):
    """A day of the week."""

    MONDAY = "MONDAY", "Monday."
    TUESDAY = "TUESDAY", "Tuesday."
    WEDNESDAY = "WEDNESDAY", "Wednesday."
    THURSDAY = "THURSDAY", "Thursday."
    FRIDAY = "FRIDAY", "Friday."
    SATURDAY = "SATURDAY", "Saturday."
    SUNDAY = "SUNDAY", "Sunday."


class BookingStatus(DescribedEnum):
    """How far a booking has come."""

    CONFIRMED = "CONFIRMED", "The places are reserved; nobody has checked in yet."
    CHECKED_IN = "CHECKED_IN", "The players have checked in and wait for their start."
    ON_COURSE = "ON_COURSE", "The group has teed off and is playing."
    COMPLETED = "COMPLETED", "The round is over."
    CANCELLED = "CANCELLED", "The booking was cancelled and its places are free again."
    NO_SHOW = "NO_SHOW", "The whole group did not appear."


class HoldStatus(DescribedEnum):
    """What became of a hold."""

    ACTIVE = "ACTIVE", "The places are reserved until the hold expires."
    BOOKED = "BOOKED", "The hold became a booking."
    RELEASED = "RELEASED", "The places were given back, or the club needed them, before the hold expired."
    EXPIRED = "EXPIRED", "The time was over before the places were booked."
    WITHDRAWN = "WITHDRAWN", "The places were taken out of sale before they were booked."


class PaceLevel(DescribedEnum):
    """How far a group is behind the expected pace; lower bounds are inclusive."""

    INFO = "INFO", "From 5 minutes on."
    WARNING = "WARNING", "From 10 minutes on."
    CRITICAL = "CRITICAL", "From 15 minutes on; the starter is told."


@dataclass(frozen=True, slots=True)
class Price:
    """What one player pays, in cents of the course's currency, for a round of 9 or 18 holes.

    A price of a period holds for starts from its first to its last local time, both included, and goes before that of
    the whole day.
    """

    price_class: PriceClass
    holes: int
    cents: int
    first_start: time | None = None
    last_start: time | None = None

    @property
    def has_period(self) -> bool:
        """Whether it holds for a part of the day."""
        return self.first_start is not None or self.last_start is not None

    def covers(self, at: time) -> bool:
        """Tell whether it holds for a start at a local time."""
        return (self.first_start is None or self.first_start <= at) and (
            self.last_start is None or at <= self.last_start
        )


class ShopSale(DescribedEnum):
    """How players are shown a start that the shop alone sells."""

    TAKEN = "TAKEN", "Its free places look taken: they are shown as blocked."
    HIDDEN = "HIDDEN", "The same, and screens of players leave the start out where nobody has booked it."


class RestrictionRule(DescribedEnum):
    """What a restriction asks of who wants a start."""

    PRICE_CLASSES = "PRICE_CLASSES", "Who books and who plays are of some price classes."
    FEWEST_PLAYERS = "FEWEST_PLAYERS", "At least so many play together."
    MOST_PLAYERS = "MOST_PLAYERS", "At most so many play together."
    HOLES = "HOLES", "The round has so many holes."
    SHOP_ONLY = "SHOP_ONLY", "The shop alone sells it."
    OPENS = "OPENS", "It is sold from an hour of the day before on."
    WALKING_ONLY = "WALKING_ONLY", "Its players walk."


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """What is asked of who wants the starts of a part of a day; staff sell them to anybody. What is None is not asked.

    It holds for starts that were planned from the first to the last local time, both included, and goes along with them
    when they are delayed.
    """

    name: str = ""
    """What the club calls it, as in ladies' day."""
    first_start: time | None = None
    last_start: time | None = None
    tees: tuple[int, ...] | None = None
    price_classes: tuple[PriceClass, ...] | None = None
    fewest_players: int | None = None
    most_players: int | None = None
    holes: int | None = None
    walking_only: bool = False
    shop_sale: ShopSale | None = None
    opens_day_before: time | None = None
    """From which time of the course's clock on the day before on it is sold."""

    def covers(self, at: time, tee: int) -> bool:
        """Tell whether it holds for a start that was planned for a local time."""
        return (
            (self.first_start is None or self.first_start <= at)
            and (self.last_start is None or at <= self.last_start)
            and (self.tees is None or tee in self.tees)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What the tee sheets of a course are made from.

    `first_start` and `last_start` are wall-clock times of the course, and both are starts. `intervals` gives the
    minutes between two starts by group size; `same_interval` writes one number for all sizes. The starter's gap is
    given in minutes of starts after which one start is left out; None means no gap. The currency is the course's.
    """

    first_start: time
    last_start: time
    intervals: Mapping[int, int]
    group_sizes: frozenset[int]
    prices: tuple[Price, ...]
    starter_gap_every_minutes: int | None = None
    start_format: StartFormat = StartFormat.STANDARD
    restrictions: tuple[Restriction, ...] = ()
    turn_minutes: int | None = None
    """After how many minutes rounds of two times nine holes come by again; as expected of nine holes if None."""


def same_interval(minutes: int) -> dict[int, int]:
    """Write one interval, in minutes, as the intervals of all group sizes from 1 to 4."""
    return dict.fromkeys(range(1, 5), minutes)
