"""Tokens that were revoked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from auth.revocation import TokenOwner
from models.base import Base, enum_column


class Revocation(Base):
    """All tokens of an owner that were issued before a moment. It is kept for as long as such a token may live."""

    __tablename__ = "revocations"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    owner: Mapped[TokenOwner] = mapped_column(enum_column(TokenOwner), primary_key=True)
    subject: Mapped[str] = mapped_column(String(200), primary_key=True)
    revoked_before: Mapped[datetime]
    revoked_by: Mapped[str] = mapped_column(String(200))

    __table_args__ = (Index(None, "revoked_before"),)
