"""Caddies for bookings: what joins the tee sheet and the caddies."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.caddies import assignments, undoing
from domain.caddies.problems import BookingNotOpen
from domain.caddies.reading import AssignedCaddie, assigned_to_booking
from domain.caddies.rules import day_at
from domain.caddies.turns import find_turn
from domain.clubs.access import refuse_unless_staff
from domain.tee_sheet.booking.access import find_booking, lock_booking
from models.caddies.tables import CaddieTurn
from models.caddies.values import AssignmentKind, TurnAct
from models.clubs.tables import Club
from models.tee_sheet.tables import Booking, TeeSheet, TeeTime
from models.tee_sheet.values import BookingStatus

OVER = frozenset({BookingStatus.CANCELLED, BookingStatus.COMPLETED, BookingStatus.NO_SHOW})


async def assign_turn(
    session: AsyncSession,
    *,
    viewer: Viewer,
    booking_id: UUID,
    assigned_as: AssignmentKind,
    turn_id: UUID | None = None,
    caddie_id: UUID | None = None,
    list_number: int | None = None,
    reason: str | None = None,
    now: datetime,
) -> CaddieTurn:
    """Assign a turn to a booking that is still to be played or under way.

    The booking is locked, so that nobody cancels it meanwhile. Raises what `assignments.assign_turn` does,
    and BookingNotOpen.
    """
    booking = await find_booking(session, viewer=viewer, booking_id=booking_id)
    refuse_unless_staff(viewer, booking.club_id)
    locked = await lock_booking(session, booking)
    club = await session.get_one(Club, booking.club_id)
    if booking.status in OVER or locked.sheet.date < day_at(now, club.time_zone):
        raise BookingNotOpen(path=("input", "bookingId"))
    return await assignments.assign_turn(
        session,
        viewer=viewer,
        club=club,
        booking_id=booking.id,
        day=locked.sheet.date,
        assigned_as=assigned_as,
        turn_id=turn_id,
        caddie_id=caddie_id,
        list_number=list_number,
        reason=reason,
        now=now,
    )


async def undo_turn(session: AsyncSession, *, viewer: Viewer, turn_id: UUID, act: TurnAct, now: datetime) -> CaddieTurn:
    """Take back that a turn was started, ended or skipped, while its caddie stands where that left them.

    Its booking is locked first, as by all who assign: a caddie does not wait again for one that is over.
    Raises NotAllowed, and what `undoing.undo_turn` does.
    """
    turn = await find_turn(session, viewer=viewer, turn_id=turn_id)
    refuse_unless_staff(viewer, turn.club_id)
    booking_id, open_on = turn.booking_id, None
    if booking_id is not None:
        booking = await find_booking(session, viewer=viewer, booking_id=booking_id)
        locked = await lock_booking(session, booking)
        open_on = None if booking.status in OVER else locked.sheet.date
    return await undoing.undo_turn(
        session, viewer=viewer, turn_id=turn_id, act=act, booking_id=booking_id, open_on=open_on, now=now
    )


async def release_caddies(session: AsyncSession, *, booking: Booking, now: datetime) -> None:
    """Release the caddies who wait for a locked booking."""
    await assignments.withdraw_assignments(session, booking_id=booking.id, now=now)


async def release_caddies_of_other_days(session: AsyncSession, *, booking: Booking, now: datetime) -> None:
    """Release the caddies who wait for a locked booking on a day on which it is no longer."""
    day = await _day_of(session, booking)
    await assignments.withdraw_assignments(session, booking_id=booking.id, kept_on=day, now=now)


async def restore_caddies(session: AsyncSession, *, booking: Booking, now: datetime) -> None:
    """Let the caddies wait for a locked booking again who were released when it was over, as far as they can."""
    if booking.status not in OVER:
        day = await _day_of(session, booking)
        await assignments.restore_assignments(session, booking_id=booking.id, day=day, now=now)


async def _day_of(session: AsyncSession, booking: Booking) -> date:
    at = select(TeeSheet.date).join(TeeTime, TeeTime.sheet_id == TeeSheet.id).where(TeeTime.id == booking.tee_time_id)
    return (await session.scalars(at)).one()


async def caddies_of_booking(
    session: AsyncSession, *, viewer: Viewer, booking_id: UUID
) -> tuple[UUID, list[AssignedCaddie]]:
    """Read a booking's club and its caddies, for everybody who may see the booking. Raises NotFound."""
    booking = await find_booking(session, viewer=viewer, booking_id=booking_id)
    return booking.club_id, await assigned_to_booking(session, booking.id)
