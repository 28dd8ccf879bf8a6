"""Histories of things."""

from datetime import datetime

from domain.history import Happening
from schema.describe import listed, output


@output
class FieldChange:
    """A field that was changed."""

    field: str
    """Its name, as in `status`; that of a player by their position, as in `players.2.lastName`."""
    before: str | None
    """What it was before, written as a text; none where there was nothing, or it is not known."""
    after: str | None
    """What it was from then on, written as a text; none where there was nothing any more."""


@output
class HistoryEntry:
    """Something that happened. Entries are added, and never changed or removed."""

    what: str
    """The event that told of it, by its wire name; `history.began` where what was before is not known."""
    by: str | None
    """The user who did it, by the `sub` of their token; none for what came by itself."""
    at: datetime
    """When it happened, in UTC."""
    changes: list[FieldChange] = listed(entries=4)
    """What it changed."""


def shown_history(history: list[Happening]) -> list[HistoryEntry]:
    """Show a history."""
    return [
        HistoryEntry(
            what=entry.what,
            by=entry.by,
            at=entry.at,
            changes=[FieldChange(field=c.field, before=c.before, after=c.after) for c in entry.changes],
        )
        for entry in history
    ]
