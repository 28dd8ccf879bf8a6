"""Which template makes the sheet of a day."""

from collections.abc import Iterable
from datetime import date

from models.tee_sheet.tables import SheetTemplate

WEEK = 7


def holds_on(row: SheetTemplate, day: date) -> bool:
    """Tell whether a template may make the sheet of a day. What a season does not say, it does not ask."""
    return (
        (row.first_date is None or row.first_date <= day)
        and (row.last_date is None or day <= row.last_date)
        and (row.weekdays is None or day.isoweekday() in row.weekdays)
    )


def template_on(rows: Iterable[SheetTemplate], day: date) -> SheetTemplate | None:
    """Give the template that makes the sheet of a day: the most particular one of those that hold on it.

    One of this day alone goes before all others. Among seasons the higher priority goes first, then the shorter range
    of dates, then fewer weekdays, then the one that was made later. That of all days comes last.
    """
    return max((row for row in rows if holds_on(row, day)), key=_rank, default=None)


def _rank(row: SheetTemplate) -> tuple[bool, bool, int, int, int, str]:
    one_day = row.first_date is not None and row.first_date == row.last_date
    span = (row.last_date or date.max) - (row.first_date or date.min)
    weekdays = WEEK if row.weekdays is None else len(row.weekdays)
    return row.name is not None, one_day, row.priority, -span.days, -weekdays, str(row.id)
