"""Moving a booking to another tee time: the old places come free and the new ones are taken, or nothing happens."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import price_class_of, share_course
from domain.tee_sheet.booking.access import find_booking, lock_row
from domain.tee_sheet.booking.block_sales import places_for_sale
from domain.tee_sheet.booking.facts import sold, updated
from domain.tee_sheet.booking.limits import Booker, check_limits, take_turns, wanted_start
from domain.tee_sheet.booking.notice import check_notice
from domain.tee_sheet.booking.reading import players_of, users_of
from domain.tee_sheet.booking.rules import check_changeable, refuse_unless_booker
from domain.tee_sheet.booking.turns import lock_for_round, room_at, take
from domain.tee_sheet.inventory.prices import price_at, price_of, stored_prices
from domain.tee_sheet.inventory.sale import check_force, check_on_sale
from domain.tee_sheet.inventory.slots import LockedTeeTime
from domain.tee_sheet.offers.held_back import check_free
from domain.tee_sheet.offers.holds import end_due_holds
from domain.tee_sheet.offers.notices import tell_party
from domain.tee_sheet.offers.places import release_places
from domain.tee_sheet.offers.restrictions import Wanted, check_restrictions
from domain.tee_sheet.offers.rules import check_group_size
from domain.tee_sheet.offers.starts import check_start, find_open_start
from domain.tee_sheet.offers.waitlist_ends import end_satisfied
from events.log import record
from events.tee_sheet.booking import BookingUpdated
from kit.errors import InvalidInput
from kit.ids import public_id
from models.clubs.tables import Club
from models.notifications import NotificationKind
from models.tee_sheet.desk import BookingChange
from models.tee_sheet.tables import Booking, BookingPlayer, Slot
from models.tee_sheet.values import BookingStatus, Price, PriceClass, SlotStatus

TARGET = ("input", "teeTimeId")


async def move_booking(
    session: AsyncSession,
    *,
    viewer: Viewer,
    booking_id: UUID,
    tee_time_id: UUID,
    block_id: UUID | None = None,
    even_if_closed: bool = False,
    now: datetime,
) -> Booking:
    """Move a booking to another tee time, also of another day or course of its club; by staff also into a block.

    On another sheet, or at a start with another price, its players pay what is asked there; what was paid stays. By
    the booker until the club's notice period and within their booking window, by staff until tee-off, and also to a
    closed course.
    Raises NotFound, NotAllowed, InvalidInput, StartInThePast, BookingWindowClosed, SheetOffline, CourseClosed,
    BookingNotChangeable, ChangeTooLate, GroupSizeNotAllowed, NotOnSale, StartRestricted, BookingLimitReached,
    SlotsUnavailable, TurnTaken.
    """
    booking = await find_booking(session, viewer=viewer, booking_id=booking_id)
    by_staff = refuse_unless_booker(viewer, booking)
    check_force(viewer, booking.club_id, even_if_closed=even_if_closed)
    start = await find_open_start(session, viewer=viewer, tee_time_id=tee_time_id)
    sheet, club = start.sheet, start.club
    if sheet.club_id != booking.club_id:
        raise InvalidInput(message="Choose a tee time of the same club.", path=TARGET)
    check_start(viewer, start, now=now)
    await lock_row(session, booking)
    players = (await players_of(session, [booking.id]))[booking.id]  # behind its lock they stay who they are
    named = [player.player_id for player in players]
    await take_turns(session, viewer=viewer, club=club, own=start.own, others=named)
    course = await share_course(session, course_id=sheet.course_id)
    had = (booking.tee_time_id, booking.turn_tee_time_id)
    at = (start.tee_time, sheet)
    locked, turn = await lock_for_round(session, course=course, start=at, holes=booking.holes, also=had)
    source, target = locked[booking.tee_time_id], locked[tee_time_id]
    if source is target:
        raise InvalidInput(message="The booking is on this tee time already; choose another.", path=TARGET)
    check_changeable(booking, source, by_staff=by_staff, now=now)
    if not by_staff:
        await check_notice(session, booking, source, club, now=now)
    check_on_sale(target, course, even_if_closed=even_if_closed, now=now)
    await end_due_holds(session, target, for_staff=len(players) if by_staff and not block_id else 0, now=now)
    wanted = Wanted(
        classes={club.goes_by(one) for one in (price_class_of(start.own), *(player.price_class for player in players))},
        players=len(players),
        holes=booking.holes,
    )
    check_restrictions(viewer, target, wanted, now=now, path=TARGET)
    await check_limits(
        session,
        viewer=viewer,
        club=club,
        booker=Booker(user_id=booking.booked_by, own=start.own),
        start=wanted_start(course, target, holes=booking.holes),
        party=players,
        apart_from=booking.id,
        now=now,
    )
    free = await places_for_sale(session, target, viewer=viewer, block_id=block_id)
    if not by_staff:
        check_group_size(len(players), allowed=target.sheet.group_sizes, path=TARGET)
    slots = await check_free(session, target, len(players), among=free, path=TARGET)
    before = locked[booking.turn_tee_time_id] if booking.turn_tee_time_id else None
    room = None if turn is before else await room_at(session, turn, len(players), by_staff=by_staff, now=now)
    given_up = before.sold_to(booking.id) if before and turn is not before else []
    booking.turn_tee_time_id = turn.tee_time.id if turn else None
    reprice(booking, players, source, target, club=club)
    start_over(booking, players, source, target)
    await _go(session, booking, players, slots, source, target, club=club, now=now)
    if before and given_up:
        await release_places(session, before, given_up, given_up=True, now=now)
    take(session, booking, room, club, now=now)
    await end_satisfied(session, booking, players, target, now=now)
    await tell_party(session, NotificationKind.BOOKING_MOVED, booking, target, viewer=viewer, now=now)
    return booking


def reprice(
    booking: Booking, players: Sequence[BookingPlayer], source: LockedTeeTime, target: LockedTeeTime, *, club: Club
) -> None:
    """Ask the prices of the other start; on the same sheet nothing changes where both have the same.

    Raises InvalidInput, NotOnSale.
    """
    if target.sheet.currency != booking.currency:
        message = "Prices are in another currency there; book anew there, and cancel this booking."
        raise InvalidInput(message=message, path=TARGET)
    prices, old, new = stored_prices(target.sheet.prices), source.tee_time.local_time, target.tee_time.local_time
    for player in players:
        known = (club.goes_by(player.price_class), booking.holes)
        if source.sheet.id != target.sheet.id or _price(prices, known, old) != _price(prices, known, new):
            player.price_cents = price_of(prices, goes_by=known[0], holes=known[1], at=new).cents
    booking.price_cents = sum(player.price_cents for player in players)


def _price(prices: Sequence[Price], known: tuple[Sequence[PriceClass], int], at: time) -> Price | None:
    return price_at(prices, goes_by=known[0], holes=known[1], at=at)


def start_over(
    booking: Booking, players: Sequence[BookingPlayer], source: LockedTeeTime, target: LockedTeeTime
) -> None:
    """Expect everybody anew who goes to another day: a check-in, or its lack, was one day's."""
    if source.sheet.date == target.sheet.date:
        return
    for player in players:
        player.checked_in_at = player.no_show_at = None
    booking.status = BookingStatus.CONFIRMED


async def _go(
    session: AsyncSession,
    booking: Booking,
    players: list[BookingPlayer],
    slots: list[Slot],
    source: LockedTeeTime,
    target: LockedTeeTime,
    *,
    club: Club,
    now: datetime,
) -> None:
    left = [slot for slot in source.sold_to(booking.id) if slot not in slots]
    booking.tee_time_id, booking.course_id = target.tee_time.id, target.sheet.course_id
    for slot, player in zip(slots, players, strict=True):
        slot.status, slot.hold_id, slot.booking_id = SlotStatus.BOOKED, None, booking.id
        player.slot_id = slot.id
    await session.flush()
    users = await users_of(session, [player.player_id for player in players])
    record(session, moved(booking, players, source, target, club, users=users), now=now)
    await release_places(session, source, left, given_up=True, now=now)
    for slot, player in zip(slots, players, strict=True):
        record(session, sold(target, slot, booking, player, club, users=users), now=now)


def moved(
    booking: Booking,
    players: Sequence[BookingPlayer],
    source: LockedTeeTime,
    target: LockedTeeTime,
    club: Club,
    *,
    users: Mapping[UUID | None, str | None],
) -> BookingUpdated:
    """State that a booking has gone from one start to another."""
    changes = [BookingChange.TEE_TIME]
    if source.tee_time.starts_at != target.tee_time.starts_at:
        changes.append(BookingChange.STARTS_AT)
    return replace(
        updated(booking, players, target, club, changes, users=users),
        previous_tee_time_id=public_id("tee_time", source.tee_time.id),
        previous_course_id=public_id("course", source.sheet.course_id),
        previous_date=source.sheet.date,
        previous_starts_at=source.tee_time.starts_at,
    )
