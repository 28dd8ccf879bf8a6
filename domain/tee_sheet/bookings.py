"""Selling places, and taking them back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import player_of, share_course
from domain.tee_sheet.booking_rules import check_cancellation, check_group_size, check_places
from domain.tee_sheet.holds import check_start, end_due_holds, find_hold, find_open_tee_time, refuse_ended
from domain.tee_sheet.notices import tell_party
from domain.tee_sheet.parties import NamedPlayer, PlayerWish, party_of
from domain.tee_sheet.places import release_places
from domain.tee_sheet.problems import PlayersDoNotMatchHold, SlotsUnavailable
from domain.tee_sheet.reservations import end_hold
from domain.tee_sheet.sale import check_force, check_on_sale
from domain.tee_sheet.slots import LockedTeeTime, lock_tee_time
from events.log import record
from events.tee_sheet import BookedPlayer, BookingCancelled, BookingCreated, SlotBooked
from kit.errors import InvalidInput, NotAllowed, NotFound
from kit.ids import new_id, public_id
from kit.text import check_range, clean_name
from models.clubs.tables import Club
from models.notifications import NotificationKind
from models.tee_sheet.tables import Booking, BookingPlayer, Hold, Slot, TeeSheet, TeeTime
from models.tee_sheet.values import BookingStatus, HoldStatus, SlotStatus


@dataclass(frozen=True, kw_only=True)
class BookingWish:
    """What somebody asks for when they book: who plays, how many holes, who pays."""

    players: Sequence[PlayerWish] = ()
    places: int | None = None
    holes: int | None = None
    payer_first_name: str = ""
    payer_last_name: str = ""
    paid_cents: int = 0


async def book_slots(
    session: AsyncSession,
    *,
    viewer: Viewer,
    wish: BookingWish,
    hold_id: UUID | None = None,
    tee_time_id: UUID | None = None,
    even_if_closed: bool = False,
    now: datetime,
) -> Booking:
    """Sell places, from a hold or directly. Never more than there are, however many ask at once.

    Staff may sell starts of a closed course; of a hold that a closure has ended, the closure is told.
    Raises NotFound, NotAllowed, InvalidInput, HoldExpired, HoldEnded, PlayersDoNotMatchHold, StartInThePast,
    BookingWindowClosed, SheetOffline, CourseClosed, GroupSizeNotAllowed, NotOnSale, SlotsUnavailable.
    """
    hold, wanted = await _wanted(session, viewer=viewer, hold_id=hold_id, tee_time_id=tee_time_id)
    tee_time, sheet = await find_open_tee_time(session, viewer=viewer, tee_time_id=wanted)
    check_force(viewer, sheet.club_id, even_if_closed=even_if_closed)
    club = await session.get_one(Club, sheet.club_id)
    own = await player_of(session, viewer=viewer, club_id=club.id)
    check_start(viewer, tee_time, sheet, club=club, player=own, now=now)
    course = await share_course(session, course_id=sheet.course_id)
    locked = await lock_tee_time(session, wanted)
    check_on_sale(locked, course, even_if_closed=even_if_closed, now=now)
    if hold is None:
        await end_due_holds(session, locked, now=now)
    else:
        await refuse_ended(session, hold, now=now)
    places = _places(wish, hold)
    check_group_size(places, allowed=sheet.group_sizes, path=("input", "places"))
    party = await party_of(
        session,
        viewer=viewer,
        own=own,
        sheet=sheet,
        wishes=wish.players,
        places=places,
        holes=sheet.holes if wish.holes is None else wish.holes,
    )
    return await sell(session, locked, viewer=viewer, club=club, wish=wish, party=party, hold=hold, now=now)


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


async def sell(
    session: AsyncSession,
    locked: LockedTeeTime,
    *,
    viewer: Viewer,
    club: Club,
    wish: BookingWish,
    party: list[NamedPlayer],
    hold: Hold | None,
    booking_id: UUID | None = None,
    booked_by: str | None = None,
    now: datetime,
) -> Booking:
    """Make a booking of a party on a locked tee time, from a hold or from what is free.

    Its id is a new one, and who has made it is the viewer, unless others are given.
    Raises InvalidInput, NotAllowed, SlotsUnavailable.
    """
    slots = locked.held_by(hold.id) if hold else locked.free[: len(party)]
    if len(slots) < len(party):
        raise SlotsUnavailable(places_left=len(slots))
    first, last = _payer(wish, party)
    booking = Booking(
        id=booking_id or new_id(),
        tenant_id=viewer.tenant_id,
        club_id=club.id,
        course_id=locked.sheet.course_id,
        tee_time_id=locked.tee_time.id,
        status=BookingStatus.CONFIRMED,
        booked_by=booked_by or viewer.user_id,
        payer_first_name=first,
        payer_last_name=last,
        holes=wish.holes or locked.sheet.holes,
        price_cents=sum(player.price_cents for player in party),
        paid_cents=_paid(wish, viewer, club),
        currency=locked.sheet.currency,
        created_at=now,
    )
    session.add(booking)
    await session.flush()
    if hold:
        end_hold(hold, HoldStatus.BOOKED, now=now)
    players = [seat(booking, slot, player, n) for n, (slot, player) in enumerate(zip(slots, party, strict=True), 1)]
    session.add_all(players)
    users = {player.player_id: player.user_id for player in party}
    record(session, created(booking, players, locked.tee_time, locked.sheet, club, users=users), now=now)
    for slot, player in zip(slots, players, strict=True):
        record(session, sold(locked, slot, booking, player, club, users=users), now=now)
    return booking


def _payer(wish: BookingWish, party: list[NamedPlayer]) -> tuple[str, str]:
    first = clean_name(wish.payer_first_name, path=("input", "payer", "firstName"), empty=True)
    last = clean_name(wish.payer_last_name, path=("input", "payer", "lastName"), empty=True)
    if first or last:
        return first, last
    named = next((player for player in party if player.first_name or player.last_name), None)
    if named is None:
        raise InvalidInput(message="Say who pays: give a payer, or name a player.", path=("input", "payer"))
    return named.first_name, named.last_name


def _paid(wish: BookingWish, viewer: Viewer, club: Club) -> int:
    check_range(wish.paid_cents, 0, 100_000_000, path=("input", "paidCents"))
    if wish.paid_cents and not viewer.is_staff_of(club.id):
        raise NotAllowed(message="Only the club's staff may note what was paid.")
    return wish.paid_cents


def seat(booking: Booking, slot: Slot, player: NamedPlayer, position: int) -> BookingPlayer:
    """Give a place to a player of a booking; position is 1 to 4."""
    slot.status, slot.hold_id, slot.booking_id = SlotStatus.BOOKED, None, booking.id
    return BookingPlayer(
        id=new_id(),
        tenant_id=booking.tenant_id,
        booking_id=booking.id,
        position=position,
        slot_id=slot.id,
        player_id=player.player_id,
        first_name=player.first_name,
        last_name=player.last_name,
        price_class=player.price_class,
        price_cents=player.price_cents,
    )


def created(
    booking: Booking,
    players: Sequence[BookingPlayer],
    tee_time: TeeTime,
    sheet: TeeSheet,
    club: Club,
    *,
    users: Mapping[UUID | None, str | None],
) -> BookingCreated:
    """State that a booking was made. `users` tells which user the club knows as which player."""
    return BookingCreated(
        club_id=public_id("club", sheet.club_id),
        course_id=public_id("course", sheet.course_id),
        date=sheet.date,
        booking_id=public_id("booking", booking.id),
        tee_time_id=public_id("tee_time", tee_time.id),
        status=booking.status,
        starts_at=tee_time.starts_at,
        holes=booking.holes,
        price_cents=booking.price_cents,
        paid_cents=booking.paid_cents,
        currency=booking.currency,
        payer_first_name=booking.payer_first_name,
        payer_last_name=booking.payer_last_name,
        players=tuple(booked_player(player) for player in players),
        name_privacy=club.name_privacy,
        booked_by=booking.booked_by,
        user_ids=tuple(users.get(player.player_id) for player in players),
    )


def booked_player(player: BookingPlayer) -> BookedPlayer:
    """Show a player of a booking as events carry one."""
    return BookedPlayer(
        player_id=public_id("player", player.player_id) if player.player_id else None,
        slot_id=public_id("slot", player.slot_id) if player.slot_id else None,
        position=player.position,
        first_name=player.first_name,
        last_name=player.last_name,
        price_class=player.price_class,
        price_cents=player.price_cents,
        checked_in_at=player.checked_in_at,
        no_show_at=player.no_show_at,
    )


def sold(
    locked: LockedTeeTime,
    slot: Slot,
    booking: Booking,
    player: BookingPlayer,
    club: Club,
    *,
    users: Mapping[UUID | None, str | None],
) -> SlotBooked:
    """State that a place was sold to a player of a booking. `users` tells which user the club knows as which player."""
    return locked.fact(
        SlotBooked,
        slot,
        price_cents=player.price_cents,
        booking_id=public_id("booking", booking.id),
        payer_first_name=booking.payer_first_name,
        payer_last_name=booking.payer_last_name,
        name_privacy=club.name_privacy,
        booked_by=booking.booked_by,
        player=booked_player(player),
        user_id=users.get(player.player_id),
    )


async def find_booking(session: AsyncSession, *, viewer: Viewer, booking_id: UUID) -> Booking:
    """Find a booking: for staff, for who made it, and for its players. Raises NotFound."""
    booking = await session.get(Booking, booking_id)
    if booking is None or not await _may_see(session, viewer, booking):
        raise NotFound(message="There is no such booking, or you may not know of it.")
    return booking


async def _may_see(session: AsyncSession, viewer: Viewer, booking: Booking) -> bool:
    if not viewer.may_see_club(booking.club_id):
        return False
    if viewer.is_staff_of(booking.club_id) or booking.booked_by == viewer.user_id:
        return True
    own = await player_of(session, viewer=viewer, club_id=booking.club_id)
    mine = select(BookingPlayer.id).where(
        BookingPlayer.booking_id == booking.id, BookingPlayer.player_id == (own and own.id)
    )
    return own is not None and await session.scalar(mine) is not None


async def lock_booking(session: AsyncSession, booking: Booking) -> LockedTeeTime:
    """Lock a booking, and then the tee time that it is on; both are read anew.

    Whoever changes a booking begins with this: it may go to another tee time while its own is waited for.
    """
    await lock_row(session, booking)
    return await lock_tee_time(session, booking.tee_time_id)


async def lock_row(session: AsyncSession, booking: Booking) -> None:
    """Lock the row of a booking alone, for those who lock more before its tee time; it is read anew."""
    row = select(Booking).where(Booking.id == booking.id).with_for_update(key_share=True)
    await session.scalars(row.execution_options(populate_existing=True))


async def cancel_booking(session: AsyncSession, *, viewer: Viewer, booking_id: UUID, now: datetime) -> Booking:
    """Cancel a booking and free its places: by the booker until the club's notice period, by staff until tee-off.

    Raises NotFound, NotAllowed, BookingAlreadyCancelled, TransitionRefused, CancellationTooLate.
    """
    booking = await find_booking(session, viewer=viewer, booking_id=booking_id)
    by_staff = viewer.is_staff_of(booking.club_id)
    if not by_staff and booking.booked_by != viewer.user_id:
        raise NotAllowed(message="Only who made the booking, or the club's staff, may cancel it.")
    club = await session.get_one(Club, booking.club_id)
    locked = await lock_booking(session, booking)
    check_cancellation(
        status=booking.status,
        cancelled_at=booking.cancelled_at,
        starts_at=locked.tee_time.starts_at,
        notice_hours=club.cancellation_notice_hours,
        by_staff=by_staff,
        now=now,
    )
    await _cancel(session, booking, locked, viewer=viewer, now=now)
    return booking


async def _cancel(
    session: AsyncSession, booking: Booking, locked: LockedTeeTime, *, viewer: Viewer, now: datetime
) -> None:
    booking.status, booking.cancelled_at, booking.cancelled_by = BookingStatus.CANCELLED, now, viewer.user_id
    await session.execute(update(BookingPlayer).where(BookingPlayer.booking_id == booking.id).values(slot_id=None))
    slots = locked.sold_to(booking.id)
    cancelled = BookingCancelled(
        club_id=public_id("club", booking.club_id),
        course_id=public_id("course", booking.course_id),
        date=locked.sheet.date,
        booking_id=public_id("booking", booking.id),
        tee_time_id=public_id("tee_time", booking.tee_time_id),
        status=booking.status,
        cancelled_at=now,
        price_cents=booking.price_cents,
        currency=booking.currency,
    )
    record(session, cancelled, now=now)
    await release_places(session, locked, slots, now=now)
    await tell_party(session, NotificationKind.BOOKING_CANCELLED, booking, locked, viewer=viewer, now=now)
