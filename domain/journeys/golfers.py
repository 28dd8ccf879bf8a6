"""A golfer who goes for good: what is still to come is left, with the places of bookings that have their name."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.journeys.hosting import in_step
from domain.matching import hosting, joining
from domain.matching.erasing import find_to_erase, make_former, plays_in
from domain.notifications.erasing import forget_user
from domain.tee_sheet.booking.access import lock_booking
from models.tee_sheet.tables import Booking

BOOKINGS = select(Booking).where(Booking.id == any_(bindparam("ids", type_=ARRAY(Uuid)))).order_by(Booking.id)
_cancel, _leave = in_step(hosting.cancel_for), in_step(joining.leave_for)


async def erase_golfer(session: AsyncSession, *, viewer: Viewer, golfer_id: UUID | None = None, now: datetime) -> UUID:
    """Erase all that is kept of a golfer, for ever: of the viewer, suspended or not; for admins, of whomever they name.

    Tee times to come that the golfer hosts are cancelled, and left those that they have joined; whoever plays there
    hears of “a former golfer”. What a club keeps of them as a player, bookings among it, is the club's.

    Raises NotAllowed, ProfileMissing, NotFound.
    """
    golfer = await find_to_erase(session, viewer=viewer, golfer_id=golfer_id)
    user_id, ahead = golfer.user_id, await plays_in(session, golfer, now=now)
    ids = [one.booking_id for one in ahead if one.booking_id]
    for booking in list(await session.scalars(BOOKINGS, {"ids": ids})):
        await lock_booking(session, booking)
    await make_former(session, golfer, now=now)
    for tee_time in ahead:
        act = _cancel if tee_time.host_id == golfer.id else _leave
        await act(session, me=golfer, tee_time_id=tee_time.id, now=now)
    await forget_user(session, tenant_id=golfer.tenant_id, user_id=user_id, now=now)
    return golfer.id
