"""Histories: what happened to a thing, who did it, and how it was from then on. They are kept for good."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TenantOwned


class HistoryEntry(TenantOwned):
    """One thing that happened. Entries are added, and never changed or removed; their ids are in their order.

    `what` is the wire name of the fact that told of it, and `shown` holds the fields of that fact.
    """

    __tablename__ = "history_entries"

    subject_id: Mapped[UUID]
    what: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[str | None] = mapped_column(String(200))
    made_at: Mapped[datetime]
    shown: Mapped[dict[str, Any]]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Those of a thing are found by an index."""
        return (Index(None, "subject_id", "id"),)
