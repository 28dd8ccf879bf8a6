"""Booking places, and cancelling."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import price_class_of
from domain.tee_sheet.booking.access import find_booking_and_club, pays_for
from domain.tee_sheet.booking.block_sales import BLOCK, places_for_sale
from domain.tee_sheet.booking.ledger import return_redeemed
from domain.tee_sheet.booking.limits import Booker, check_limits, take_turns, wanted_start
from domain.tee_sheet.booking.notice import deadline_of
from domain.tee_sheet.booking.parties import party_of
from domain.tee_sheet.booking.problems import PlayersDoNotMatchHold
from domain.tee_sheet.booking.reading import players_of
from domain.tee_sheet.booking.rules import check_cancellation, check_transition
from domain.tee_sheet.booking.sales import BookingWish, sell
from domain.tee_sheet.booking.turns import lock_for_sale, lock_with_turn, room_at
from domain.tee_sheet.inventory.sale import check_force, check_on_sale
from domain.tee_sheet.inventory.slots import LockedTeeTime
from domain.tee_sheet.offers.held_back import check_free
from domain.tee_sheet.offers.holds import end_due_holds, find_hold, refuse_ended
from domain.tee_sheet.offers.notices import tell_booked, tell_party
from domain.tee_sheet.offers.places import release_places
from domain.tee_sheet.offers.restrictions import Wanted, check_restrictions
from domain.tee_sheet.offers.rules import check_group_size, check_places
from domain.tee_sheet.offers.starts import check_start, find_open_start
from domain.tee_sheet.offers.waitlist_ends import end_satisfied
from events.log import record
from events.tee_sheet.booking import BookingCancelled
from kit.errors import InvalidInput, NotAllowed
from kit.ids import public_id
from models.clubs.tables import Club
from models.notifications import NotificationKind
from models.tee_sheet.tables import Booking, BookingPlayer, Hold
from models.tee_sheet.values import BookingStatus


async def book_slots(
    session: AsyncSession,
    *,
    viewer: Viewer,
    wish: BookingWish,
    hold_id: UUID | None = None,
    tee_time_id: UUID | None = None,
    block_id: UUID | None = None,
    even_if_closed: bool = False,
    now: datetime,
) -> Booking:
    """Sell places, from a hold or directly. Never more than there are, however many ask at once.

    Staff may sell starts of a closed course, and places of a block, which stays; of a hold that a closure has ended,
    the closure is told.
    Raises NotFound, NotAllowed, InvalidInput, HoldExpired, HoldEnded, PlayersDoNotMatchHold, StartInThePast,
    BookingWindowClosed, SheetOffline, CourseClosed, GroupSizeNotAllowed, NotOnSale, StartRestricted,
    BookingLimitReached, SlotsUnavailable, TurnTaken.
    """
    hold, wanted = await _wanted(session, viewer=viewer, hold_id=hold_id, tee_time_id=tee_time_id)
    if hold and block_id:
        raise InvalidInput(message="What is held is in no block; give the id of a tee time beside.", path=BLOCK)
    start = await find_open_start(session, viewer=viewer, tee_time_id=wanted)
    sheet = start.sheet
    check_force(viewer, sheet.club_id, even_if_closed=even_if_closed)
    check_start(viewer, start, now=now)
    named = [player.player_id for player in wish.players]
    await take_turns(session, viewer=viewer, club=start.club, own=start.own, others=named)
    holes = sheet.holes if wish.holes is None else wish.holes
    course, locked, turn = await lock_for_sale(session, start, holes=holes)
    check_on_sale(locked, course, even_if_closed=even_if_closed, now=now)
    if hold:
        await refuse_ended(session, hold, now=now)
    places, by_staff = _places(wish, hold), viewer.is_staff_of(sheet.club_id)
    if hold is None:
        await end_due_holds(session, locked, for_staff=places if by_staff and not block_id else 0, now=now)
    free = await places_for_sale(session, locked, viewer=viewer, block_id=block_id)
    if not by_staff:
        check_group_size(places, allowed=sheet.group_sizes, path=("input", "places"))
    party = await party_of(
        session,
        viewer=viewer,
        club=start.club,
        own=start.own,
        sheet=sheet,
        at=locked.tee_time.local_time,
        wishes=wish.players,
        places=places,
        holes=holes,
    )
    wanted_by = Wanted(
        classes={
            start.club.goes_by(one) for one in (price_class_of(start.own), *(player.price_class for player in party))
        },
        players=places,
        holes=holes,
        is_new=hold is None,
    )
    check_restrictions(viewer, locked, wanted_by, now=now)
    await check_limits(
        session,
        viewer=viewer,
        club=start.club,
        booker=Booker(user_id=viewer.user_id, own=start.own),
        start=wanted_start(course, locked, holes=wish.holes),
        party=party,
        now=now,
    )
    slots = locked.held_by(hold.id) if hold else await check_free(session, locked, places, among=free)
    room = await room_at(session, turn, places, by_staff=by_staff, now=now)
    booking = sell(
        session,
        locked,
        slots,
        viewer=viewer,
        club=start.club,
        wish=wish,
        party=party,
        hold=hold,
        turn=room,
        now=now,
    )
    await end_satisfied(session, booking, party, locked, now=now)
    await tell_booked(session, booking, locked, (player.user_id for player in party), viewer=viewer, now=now)
    return booking


async def _wanted(
    session: AsyncSession, *, viewer: Viewer, hold_id: UUID | None, tee_time_id: UUID | None
) -> tuple[Hold | None, UUID]:
    if hold_id is not None and tee_time_id is None:
        hold = await find_hold(session, viewer=viewer, hold_id=hold_id)
        return hold, hold.tee_time_id
    if tee_time_id is not None and hold_id is None:
        return None, tee_time_id
    raise InvalidInput(message="Give either the id of a hold or the id of a tee time.", path=("input",))


def _places(wish: BookingWish, hold: Hold | None) -> int:
    places = wish.places if wish.places is not None else hold.places if hold else len(wish.players)
    check_places(places, path=("input", "places"))
    if len(wish.players) > places or (hold and places != hold.places):
        if hold:
            raise PlayersDoNotMatchHold(places=hold.places, path=("input", "players"))
        raise InvalidInput(message="Name at most as many players as you book places.", path=("input", "players"))
    return places


async def cancel_booking(session: AsyncSession, *, viewer: Viewer, booking_id: UUID, now: datetime) -> Booking:
    """Cancel a booking and free its places: by staff until tee-off; by others until the club's notice period, in the
    ten minutes after booking, and without notice where a closure covers the start.

    These are who made it, and who plays in it and pays.

    Raises NotFound, NotAllowed, BookingAlreadyCancelled, TransitionRefused, CancellationTooLate.
    """
    booking, club = await find_booking_and_club(session, viewer=viewer, booking_id=booking_id)
    by_staff = viewer.is_staff_of(booking.club_id)
    may = by_staff or booking.booked_by == viewer.user_id
    if not (may or await pays_for(session, viewer=viewer, booking=booking)):
        raise NotAllowed(message="Only who made the booking or pays for it, or the club's staff, may cancel it.")
    await cancel(session, booking, club, viewer=viewer, now=now)
    return booking


async def cancel(session: AsyncSession, booking: Booking, club: Club, *, viewer: Viewer, now: datetime) -> None:
    """Cancel a booking for somebody who may. Raises BookingAlreadyCancelled, TransitionRefused, CancellationTooLate."""
    locked, turn = await lock_with_turn(session, booking)
    check_cancellation(
        status=booking.status,
        cancelled_at=booking.cancelled_at,
        deadline=await deadline_of(session, booking, locked, club, now=now),
        notice_hours=club.cancellation_notice_hours,
        by_staff=viewer.is_staff_of(booking.club_id),
        now=now,
    )
    players = (await players_of(session, [booking.id]))[booking.id]
    await cancel_locked(session, booking, locked, players, turn=turn, viewer=viewer, now=now)


async def cancel_unpaid(session: AsyncSession, *, viewer: Viewer, booking_id: UUID, now: datetime) -> Booking:
    """Cancel a booking whose deposit was not paid in time, and tell its party. Raises NotFound, TransitionRefused."""
    booking, _ = await find_booking_and_club(session, viewer=viewer, booking_id=booking_id)
    locked, turn = await lock_with_turn(session, booking)
    check_transition(booking.status, BookingStatus.CANCELLED)
    players = (await players_of(session, [booking.id]))[booking.id]
    kind = NotificationKind.BOOKING_UNPAID
    await cancel_locked(session, booking, locked, players, turn=turn, viewer=viewer, kind=kind, now=now)
    return booking


async def cancel_locked(
    session: AsyncSession,
    booking: Booking,
    locked: LockedTeeTime,
    players: Sequence[BookingPlayer],
    *,
    turn: LockedTeeTime | None,
    viewer: Viewer,
    kind: NotificationKind = NotificationKind.BOOKING_CANCELLED,
    now: datetime,
) -> None:
    """Cancel a booking that is locked with its start, and that of its turn if it has one, and may be cancelled.

    Its party is told by a notification of that kind.
    """
    await return_redeemed(session, booking, by=viewer.user_id, now=now)
    for player in players:
        player.slot_id = None
    booking.status, booking.cancelled_at, booking.cancelled_by = BookingStatus.CANCELLED, now, viewer.user_id
    slots, booking.turn_tee_time_id = locked.sold_to(booking.id), None
    cancelled = BookingCancelled(
        club_id=public_id("club", booking.club_id),
        course_id=public_id("course", booking.course_id),
        date=locked.sheet.date,
        booking_id=public_id("booking", booking.id),
        tee_time_id=public_id("tee_time", booking.tee_time_id),
        status=booking.status,
        cancelled_at=now,
        price_cents=booking.price_cents,
        paid_cents=booking.paid_cents,
        currency=booking.currency,
    )
    record(session, cancelled, now=now)
    await release_places(session, locked, slots, given_up=True, now=now)
    if turn:
        await release_places(session, turn, turn.sold_to(booking.id), given_up=True, now=now)
    await tell_party(session, kind, booking, locked, viewer=viewer, now=now)
