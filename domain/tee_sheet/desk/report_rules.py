"""How a report divides its days, and how long before a start things are done."""

from collections.abc import Iterator
from datetime import date, timedelta

from kit.enums import DescribedEnum

DECEMBER = 12


class ReportBy(DescribedEnum):
    """How a report divides its days."""

    DAY = "DAY", "Each day by itself."
    WEEK = "WEEK", "Weeks from Monday to Sunday; the first and the last may be shorter."
    MONTH = "MONTH", "Months of the calendar; the first and the last may be shorter."


class Lead(DescribedEnum):
    """How long before the start; upper bounds are exclusive."""

    AFTER_START = "AFTER_START", "At the start, or after it."
    HOURS_2 = "HOURS_2", "Less than 2 hours."
    DAY_1 = "DAY_1", "From 2 hours on, less than 24."
    DAYS_3 = "DAYS_3", "From 24 hours on, less than 3 days of 24 hours."
    DAYS_7 = "DAYS_7", "From 3 days on, less than 7."
    DAYS_14 = "DAYS_14", "From 7 days on, less than 14."
    LONGER = "LONGER", "14 days or more."


def spans_of(first: date, last: date, *, by: ReportBy) -> Iterator[tuple[date, date]]:
    """Divide days, both ends included, into whole days, weeks or months of the calendar, cut at both ends."""
    while first <= last:
        end = min(last, _end_of(first, by))
        yield first, end
        first = end + timedelta(days=1)


def _end_of(day: date, by: ReportBy) -> date:
    if by is ReportBy.DAY:
        return day
    if by is ReportBy.WEEK:
        return day + timedelta(days=7 - day.isoweekday())
    year, month = (day.year + 1, 1) if day.month == DECEMBER else (day.year, day.month + 1)
    return date(year, month, 1) - timedelta(days=1)
