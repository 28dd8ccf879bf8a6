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
    lineage: Mapped[str] = mapped_column(String(120), server_default=text("log_lineage()"))
    """Where the epoch was given. In a restored copy of the database another epoch is read in its place."""
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
    transaction_id: Mapped[int | None] = mapped_column(
        BigInteger, server_default=text("pg_current_xact_id()::text::bigint")
    )
    """The transaction that wrote it, by PostgreSQL's own count: what is new is found by it, however late it commits."""

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "stream_id"], ["streams.tenant_id", "streams.id"]),
        Index(None, "transaction_id"),
        Index(None, "occurred_at"),
        Index(None, "tenant_id"),
    )


class Restoration(Base):
    """A time at which a backup was restored into the same tables: from then on every stream has another epoch."""

    __tablename__ = "restorations"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    restored_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
