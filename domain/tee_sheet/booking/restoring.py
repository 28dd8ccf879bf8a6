"""Restoring a booking that was cancelled, as long as its places are free."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import refuse_unless_staff, share_course
from domain.tee_sheet.booking.access import find_booking_and_club, lock_row
from domain.tee_sheet.booking.facts import sold, state
from domain.tee_sheet.booking.problems import BookingNotCancelled, RestoreTooLate
from domain.tee_sheet.booking.reading import players_of, users_of
from domain.tee_sheet.booking.turns import lock_for_round, room_at, take
from domain.tee_sheet.inventory.sale import check_on_sale
from domain.tee_sheet.inventory.slots import find_tee_time
from domain.tee_sheet.offers.held_back import check_free
from domain.tee_sheet.offers.holds import end_due_holds
from domain.tee_sheet.offers.notices import tell_party
from domain.tee_sheet.offers.rules import check_day_not_over
from domain.tee_sheet.offers.waitlist_ends import end_satisfied
from events.log import record
from events.tee_sheet.booking import BookingRestored
from kit.errors import InvalidInput
from models.notifications import NotificationKind
from models.tee_sheet.tables import Booking
from models.tee_sheet.values import BookingStatus, SlotStatus

RESTORABLE_FOR = timedelta(hours=24)


async def restore_booking(
    session: AsyncSession, *, viewer: Viewer, booking_id: UUID, even_if_closed: bool = False, now: datetime
) -> Booking:
    """Let a cancelled booking hold again, within a day, on its start and at its price, in places that are free there.

    Its players are expected again. What waits or is offered to somebody is not free.
    Raises NotFound, NotAllowed, InvalidInput, BookingNotCancelled, RestoreTooLate, StartInThePast, SheetOffline,
    CourseClosed, SlotsUnavailable, TurnTaken.
    """
    booking, club = await find_booking_and_club(session, viewer=viewer, booking_id=booking_id)
    refuse_unless_staff(viewer, booking.club_id)
    await lock_row(session, booking)
    course = await share_course(session, course_id=booking.course_id)
    start = await find_tee_time(session, booking.tee_time_id)
    starts, turn = await lock_for_round(session, course=course, start=start, holes=booking.holes)
    locked = starts[booking.tee_time_id]
    check_restorable(booking.status, booking.cancelled_at, now=now)
    zone = ZoneInfo(locked.sheet.time_zone)
    check_day_not_over(locked.tee_time.starts_at, day=locked.sheet.date, zone=zone, now=now)
    check_on_sale(locked, course, even_if_closed=even_if_closed, now=now)
    players = (await players_of(session, [booking.id]))[booking.id]
    await end_due_holds(session, locked, for_staff=len(players), now=now)
    if not players:
        message = "Its players went over to another booking; take them out of that one by splitBooking."
        raise InvalidInput(message=message, path=("input", "bookingId"))
    users = await users_of(session, [player.player_id for player in players])
    slots = await check_free(session, locked, len(players))
    room = await room_at(session, turn, len(players), by_staff=True, now=now)
    booking.turn_tee_time_id = turn.tee_time.id if turn else None
    booking.status, booking.cancelled_at, booking.cancelled_by = BookingStatus.CONFIRMED, None, None
    for slot, player in zip(slots, players, strict=True):
        slot.status, slot.booking_id = SlotStatus.BOOKED, booking.id
        player.slot_id, player.checked_in_at, player.no_show_at = slot.id, None, None
    record(session, state(BookingRestored, booking, players, locked, club, users=users), now=now)
    for slot, player in zip(slots, players, strict=True):
        record(session, sold(locked, slot, booking, player, club, users=users), now=now)
    take(session, booking, room, club, now=now)
    await end_satisfied(session, booking, players, locked, now=now)
    await tell_party(session, NotificationKind.BOOKING_RESTORED, booking, locked, viewer=viewer, now=now)
    return booking


def check_restorable(status: BookingStatus, cancelled_at: datetime | None, *, now: datetime) -> None:
    """Refuse what is not cancelled, or was longer ago than a day; the last moment is in time.

    Raises BookingNotCancelled, RestoreTooLate.
    """
    if status is not BookingStatus.CANCELLED or cancelled_at is None:
        raise BookingNotCancelled(status=status)
    if now > cancelled_at + RESTORABLE_FOR:
        raise RestoreTooLate(deadline=cancelled_at + RESTORABLE_FOR)
