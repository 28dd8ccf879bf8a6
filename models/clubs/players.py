"""Who may book for whom: players who have both agreed to it; and files of players."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TenantOwned, belongs_to


class Buddy(TenantOwned):
    """Two players, one of whom has asked the other; once the other has agreed, each may book for the other."""

    __tablename__ = "buddies"

    club_id: Mapped[UUID]
    lower_id: Mapped[UUID]
    upper_id: Mapped[UUID]
    asked_by_id: Mapped[UUID]
    asked_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Two players are one pair, whoever has asked: they stand in the order of their ids."""
        return (
            belongs_to("clubs", "club_id"),
            belongs_to("players", "lower_id"),
            belongs_to("players", "upper_id"),
            UniqueConstraint("lower_id", "upper_id"),
            CheckConstraint("lower_id < upper_id", name="order"),
            CheckConstraint("asked_by_id IN (lower_id, upper_id)", name="asked_by"),
            Index(None, "upper_id"),
        )

    def other_than(self, player_id: UUID) -> UUID:
        """Give the other one of the two."""
        return self.upper_id if player_id == self.lower_id else self.lower_id


class PlayerImport(TenantOwned):
    """A file of players that was taken in."""

    __tablename__ = "player_imports"

    club_id: Mapped[UUID]
    added: Mapped[int]
    updated: Mapped[int]
    skipped: Mapped[int]
    imported_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """They are a club's."""
        return (belongs_to("clubs", "club_id"), Index(None, "club_id"))
