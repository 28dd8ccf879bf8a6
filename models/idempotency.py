"""The first answer to each idempotency key."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class IdempotencyKey(Base):
    """A key that a user of a tenant has used, for what, and what came of it."""

    __tablename__ = "idempotency_keys"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    operation: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32))
    result_id: Mapped[UUID | None]
    """What was made, as releases noted it that knew of one result only; those of today read it and write `results`."""
    results: Mapped[dict[str, Any] | None]
    """The public ids of what was made, by the payload's field: one, or a list of them."""
    cursor: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime]

    __table_args__ = (Index(None, "created_at"),)
