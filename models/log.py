"""The event log: streams with their positions, and the events themselves."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Identity, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Stream(Base):
    """An ordered series of events. Its row lock, held until commit, is what makes positions gapless."""

    __tablename__ = "streams"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    tenant_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    epoch: Mapped[str] = mapped_column(String(12), server_default=text("substr(md5(gen_random_uuid()::text), 1, 12)"))
    position: Mapped[int] = mapped_column(BigInteger, default=0)

    __table_args__ = (UniqueConstraint("tenant_id", "id"),)


class LoggedEvent(Base):
    """An event at its place in its stream."""

    __tablename__ = "events"

    stream_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[UUID]
    tenant_id: Mapped[UUID]
    type: Mapped[str] = mapped_column(String(64))
    rooms: Mapped[list[str]] = mapped_column(ARRAY(String(160)))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    occurred_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "stream_id"], ["streams.tenant_id", "streams.id"]),
        Index(None, "occurred_at"),
        Index(None, "tenant_id"),
    )
