"""Groups that come by again, when their turn is shifted and their start is not."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tee_sheet.booking.rules import BEFORE_PLAY
from domain.tee_sheet.sheets.problems import TurnsInTheWay
from kit.ids import public_id
from models.tee_sheet.tables import Booking
from models.tee_sheet.values import BookingStatus

IDS = any_(bindparam("ids", type_=ARRAY(Uuid)))
TURNING = (
    select(Booking.id)
    .where(Booking.turn_tee_time_id == IDS, ~(Booking.tee_time_id == IDS))
    .where(Booking.status.in_((*BEFORE_PLAY, BookingStatus.ON_COURSE)))
    .order_by(Booking.id)
)


async def refuse_parting(session: AsyncSession, shifted: Collection[UUID], *, path: tuple[str, ...]) -> None:
    """Refuse to shift starts at which bookings turn that keep their own. Raises TurnsInTheWay."""
    found = [public_id("booking", key) for key in await session.scalars(TURNING, {"ids": list(shifted)})]
    if found:
        raise TurnsInTheWay(booking_ids=found, tee_time_ids=[], path=path)
