"""Reading histories: what happened to a thing, who did it, and what it changed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from kit.text import camel
from models.history import HistoryEntry

ENTRIES = (
    select(HistoryEntry.subject_id, HistoryEntry.what, HistoryEntry.made_by, HistoryEntry.made_at, HistoryEntry.shown)
    .where(HistoryEntry.subject_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(HistoryEntry.id)
)
MAKERS = (
    select(
        HistoryEntry.subject_id,
        func.count(),
        func.array_agg(aggregate_order_by(HistoryEntry.made_by, HistoryEntry.id))[1],
        func.array_agg(aggregate_order_by(HistoryEntry.made_by, HistoryEntry.id.desc()))[1],
        func.array_agg(aggregate_order_by(HistoryEntry.what, HistoryEntry.id))[1],
    )
    .where(HistoryEntry.subject_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .group_by(HistoryEntry.subject_id)
)
BEGAN = "history.began"
"""What the first entry of a thing is that was there before histories were kept: how it was then."""
OF_THE_MOMENT = frozenset(
    {
        *("changed", "into_booking_id", "ledger_entry_id", "ledger_kind", "noted_cents", "noted_reason"),
        "for_position",
    }
)
"""Fields that tell of what happened, and not how the thing is from then on: nothing was there before."""
UNSHOWN = frozenset({"slot_id", "position"})
"""What is left out of the parts of a list: where they stand is in their name, and places tell of themselves."""

Flat = dict[str, str | None]


class FieldChange(NamedTuple):
    """A field that was changed, as the schema calls it; one of a part of a list as in `players.2.lastName`."""

    field: str
    before: str | None
    after: str | None


class Happening(NamedTuple):
    """An entry of a history. Nobody did what came by itself."""

    what: str
    by: str | None
    at: datetime
    changes: tuple[FieldChange, ...]


class Makers(NamedTuple):
    """Who made a thing, as far as that is known, and who changed it last, if anything was done to it since."""

    made_by: str | None
    changed_by: str | None


async def histories_of(session: AsyncSession, subject_ids: Iterable[UUID]) -> dict[UUID, list[Happening]]:
    """Read the histories of things, each in the order in which it happened."""
    known: dict[UUID, Flat] = {subject_id: {} for subject_id in subject_ids}
    found: dict[UUID, list[Happening]] = {subject_id: [] for subject_id in known}
    for subject_id, what, by, at, shown in await session.execute(ENTRIES, {"ids": list(known)}):
        found[subject_id].append(Happening(what, by, at, tuple(changes(known[subject_id], shown))))
    return found


async def makers_of(session: AsyncSession, subject_ids: Iterable[UUID]) -> dict[UUID, Makers | None]:
    """Tell who made things, and who changed them last; none for those of which nothing is known."""
    found: dict[UUID, Makers | None] = dict.fromkeys(subject_ids)
    for subject_id, count, first, last, what in await session.execute(MAKERS, {"ids": list(found)}):
        found[subject_id] = Makers(None if what == BEGAN else first, last if count > 1 else None)
    return found


def changes(known: Flat, shown: Mapping[str, Any]) -> list[FieldChange]:
    """Tell what an entry changes of what was known before it, by the names of the schema; brings that up to date.

    They are in the order of their names. What comes without a value is no change, and a part of a list that is there
    no more has nothing after it.
    """
    after = flattened(shown)
    gone = [name for name in known if name not in after and name.split(".")[0] in map(camel, shown)]
    found = [FieldChange(name, value, None) for name in gone if (value := known.pop(name)) is not None]
    for name, value in after.items():
        before = known.get(name)
        if before != value and (value or name in known):
            found.append(FieldChange(name, before, value))
        known[name] = value
    for name in map(camel, OF_THE_MOMENT):
        known.pop(name, None)
    return sorted(found)


def flattened(shown: Mapping[str, Any]) -> Flat:
    """Write the fields of an entry as texts, those of the parts of a list by their positions in it."""
    flat: Flat = {}
    for name, value in shown.items():
        if isinstance(value, list) and all(isinstance(part, dict) for part in value):
            for part in value:
                inner = {key: one for key, one in part.items() if key not in UNSHOWN}
                flat |= {f"{camel(name)}.{part['position']}.{key}": one for key, one in flattened(inner).items()}
        else:
            flat[camel(name)] = _text(value)
    return flat


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return None if value is None else str(value)
