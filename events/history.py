"""What is kept for good of the facts of a change: the history of each thing that they are about, and who did it."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime
from functools import cache
from uuid import UUID

from events.base import Event
from kit.ids import new_id, split_id
from models.history import HistoryEntry

PASSING = frozenset(
    {
        *("club_id", "booking_id", "block_id", "name_privacy", "booked_by", "user_ids", "positions"),
        *("created_at", "cancelled_at", "last_completed_at", "minutes_behind", "gap_minutes", "level"),
        *("previous_tee_time_id", "previous_course_id", "previous_date", "previous_starts_at"),
        "previous_holes_completed",
        "drawn",
    }
)
"""Fields of facts that say nothing beyond what an entry, or the one before it, says anyway, or what is soon out of
date, or stands with the thing itself."""


def entries_of(facts: Iterable[Event], *, by: str | None, tenant_id: UUID, now: datetime) -> Iterator[HistoryEntry]:
    """Make the entries that facts leave behind. `by` is the user who did it; none where it came by itself."""
    for fact in facts:
        if (subject := fact.kept_for) is not None:
            yield HistoryEntry(
                id=new_id(),
                tenant_id=tenant_id,
                subject_id=split_id(subject)[1],
                what=fact.type,
                made_by=by,
                made_at=now,
                shown={name: getattr(fact, name) for name in _kept_fields(type(fact))},  # type: ignore[arg-type]
            )


@cache
def _kept_fields(kind: type[Event]) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind) if f.name not in PASSING)
