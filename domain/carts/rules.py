"""Rules of carts: how long a booking needs one, whether two bookings get in each other's way, how carts are sorted."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from models.clubs.tables import Course
from models.course.values import CartPolicy

TURNAROUND = timedelta(minutes=20)
"""What it takes to bring a cart back from the last green, clean it, and make it ready for the next booking."""
FULL_ROUND = 18
WITHOUT_CARTS = frozenset({CartPolicy.WALKING_ONLY, CartPolicy.NONE})


@dataclass(frozen=True, slots=True)
class Span:
    """The time for which a cart is a booking's: from its start until the cart is ready for the next one, in UTC."""

    begins: datetime
    ends: datetime

    def overlaps(self, other: Self) -> bool:
        """Tell whether one cart can't serve both."""
        return self.begins < other.ends and other.begins < self.ends


def span_of(course: Course, *, starts_at: datetime, holes: int) -> Span:
    """Give the time for which a booking needs a cart, by what a round of its holes usually takes on the course."""
    minutes = course.minutes_for_18_holes if holes == FULL_ROUND else course.minutes_for_9_holes
    return Span(starts_at, starts_at + timedelta(minutes=minutes) + TURNAROUND)


def late(span: Span, *, now: datetime) -> Span:
    """Give the time of a cart that is out: it is not back before this moment, however long it was to take."""
    return Span(span.begins, max(span.ends, now + TURNAROUND))


def outing(span: Span, *, now: datetime) -> Span:
    """Give the time of a cart that is fetched now, before the booking's start or behind it."""
    return late(Span(min(span.begins, now), span.ends), now=now)


def by_number(number: str) -> tuple[tuple[int, int, str], ...]:
    """Give the key by which carts are sorted as people do it: 2, 10, A1."""
    parts = re.findall(r"[0-9]+|[^0-9]+", number.casefold())
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)
