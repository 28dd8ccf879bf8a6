"""Pictures that people send: for what they post at an occasion, or of themselves as golfers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TenantOwned, belongs_to

UNUSED = text("NOT is_used")


class Picture(TenantOwned):
    """A picture that may be sent, or was: the storage has it by its id. It is removed when its time has come.

    It outlives the household or the golfer that it is of, until the storage has it no more, and so names them by their
    ids, without a foreign key.
    """

    __tablename__ = "pictures"

    occasion_id: Mapped[UUID | None]
    household_id: Mapped[UUID | None]
    golfer_id: Mapped[UUID | None]
    sent_by: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str | None] = mapped_column(String(64))
    width: Mapped[int | None]
    height: Mapped[int | None]
    uploaded_at: Mapped[datetime | None]
    is_used: Mapped[bool] = mapped_column(default=False)
    remove_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """It is an occasion's or a golfer's. What was uploaded has its size; what is never shown has its end."""
        return (
            belongs_to("occasions", "occasion_id", cascade=True),
            CheckConstraint("num_nonnulls(occasion_id, golfer_id) = 1", name="of"),
            CheckConstraint("num_nulls(digest, width, height, uploaded_at) IN (0, 4)", name="uploaded"),
            CheckConstraint("is_used OR remove_at IS NOT NULL", name="removed"),
            CheckConstraint("NOT is_used OR uploaded_at IS NOT NULL", name="used"),
            Index("ix_pictures_due", "remove_at", postgresql_where=text("remove_at IS NOT NULL")),
            Index(None, "household_id", postgresql_where=UNUSED),
            Index(None, "golfer_id", postgresql_where=UNUSED),
        )
