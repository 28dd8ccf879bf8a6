"""Groups of bookings."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TenantOwned, belongs_to


class BookingGroup(TenantOwned):
    """Bookings over several starts that somebody organises, and one payer pays. Each of them says that it is of it."""

    __tablename__ = "booking_groups"

    club_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(200))
    organiser_first_name: Mapped[str] = mapped_column(String(100))
    organiser_last_name: Mapped[str] = mapped_column(String(100))
    payer_first_name: Mapped[str] = mapped_column(String(100))
    payer_last_name: Mapped[str] = mapped_column(String(100))
    created_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """They are a club's, and those of a club are listed from the latest on."""
        return (belongs_to("clubs", "club_id"), Index(None, "club_id", "id"))
