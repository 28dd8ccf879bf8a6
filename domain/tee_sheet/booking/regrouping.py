"""Splitting and merging bookings, moving players between them, and swapping their starts: by staff, at one stroke.

What these bookings have stays theirs: none of their places is offered to anybody on the way.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.payments.deposits import go_along
from domain.tee_sheet.booking.changes import clean_payer
from domain.tee_sheet.booking.desk_locks import LockedBookings, lock_bookings
from domain.tee_sheet.booking.facts import created, sold, state, updated
from domain.tee_sheet.booking.ledger import carry_over
from domain.tee_sheet.booking.moves import moved, reprice, start_over
from domain.tee_sheet.booking.rules import status_of
from domain.tee_sheet.booking.turns import Turn, take
from domain.tee_sheet.inventory.limits import LARGEST_GROUP
from domain.tee_sheet.inventory.slots import LockedTeeTime
from domain.tee_sheet.offers.notices import tell_party
from domain.tee_sheet.offers.places import release_places
from domain.tee_sheet.offers.turns import comes_by_twice
from events.log import record
from events.tee_sheet.booking import BookingMerged
from kit.errors import InvalidInput
from kit.ids import new_id, public_id
from models.notifications import NotificationKind
from models.tee_sheet.desk import BookingChange
from models.tee_sheet.tables import Booking, BookingPlayer, Slot
from models.tee_sheet.values import BookingStatus, SlotStatus

POSITIONS = ("input", "positions")
OTHER = ("input", "otherBookingId")
MOST_MERGED = 3


def goes_along(paid_cents: int, *, price_cents: int) -> int:
    """Give what of a paid sum goes along with players who leave: what is more than those who stay are to pay."""
    return max(0, paid_cents - price_cents)


async def split_booking(
    session: AsyncSession,
    *,
    viewer: Viewer,
    booking_id: UUID,
    positions: Sequence[int],
    payer: tuple[str, str] | None = None,
    now: datetime,
) -> list[Booking]:
    """Make a booking of its own of some players, on the same start and in the same places; gives the old and the new.

    It is of the same booker. Money that was paid beyond the price of those who stay goes along with them.
    Raises NotFound, NotAllowed, InvalidInput, BookingNotChangeable, RainCheckSpent.
    """
    names = clean_payer(*payer) if payer else None
    desk = await lock_bookings(session, viewer, [booking_id], now=now)
    old = desk.bookings[booking_id]
    leaving = _named(desk.players[old.id], positions)
    if len(leaving) == len(desk.players[old.id]):
        raise InvalidInput(message="Leave at least one player on the booking.", path=POSITIONS)
    first, last = names or _payer(leaving, old)
    new = Booking(
        id=new_id(),
        tenant_id=old.tenant_id,
        club_id=old.club_id,
        course_id=old.course_id,
        tee_time_id=old.tee_time_id,
        turn_tee_time_id=old.turn_tee_time_id,
        status=BookingStatus.CONFIRMED,
        booked_by=old.booked_by,
        payer_first_name=first,
        payer_last_name=last,
        holes=old.holes,
        price_cents=0,
        paid_cents=0,
        currency=old.currency,
        group_id=old.group_id,
        created_at=now,
    )
    session.add(new)
    await session.flush()
    desk.bookings[new.id], desk.players[new.id] = new, []
    changes = await _hand_over(desk, leaving, old, new)
    start = desk.start_of(old)
    for slot in start.slots:
        slot.booking_id = new.id if slot.id in {player.slot_id for player in leaving} else slot.booking_id
    await session.flush()
    record(session, updated(old, desk.players[old.id], start, desk.club, changes, users=desk.users), now=now)
    record(session, created(new, leaving, start.tee_time, start.sheet, desk.club, users=desk.users), now=now)
    _tell_places(desk, new, leaving)
    _hand_turn_over(desk, old, new, len(leaving))
    await tell_party(session, NotificationKind.BOOKING_UPDATED, old, start, viewer=viewer, also=_users(desk), now=now)
    return [old, new]


async def move_players(
    session: AsyncSession,
    *,
    viewer: Viewer,
    booking_id: UUID,
    positions: Sequence[int],
    other_booking_id: UUID,
    even_if_closed: bool = False,
    now: datetime,
) -> list[Booking]:
    """Put players of a booking onto another one, also on another start; gives both, the one that they left first.

    On another start they take places that are free there. A booking that nobody is left on is over.
    Raises NotFound, NotAllowed, InvalidInput, BookingNotChangeable, StartInThePast, SheetOffline, CourseClosed,
    NotOnSale, SlotsUnavailable, RainCheckSpent.
    """
    ids = [booking_id, other_booking_id]
    desk = await lock_bookings(session, viewer, ids, even_if_closed=even_if_closed, now=now)
    if booking_id == other_booking_id:
        raise InvalidInput(message="Choose another booking than the one that they are on.", path=OTHER)
    source, target = desk.bookings[booking_id], desk.bookings[other_booking_id]
    await _join(desk, _named(desk.players[source.id], positions), source, target)
    return [source, target]


async def merge_bookings(
    session: AsyncSession,
    *,
    viewer: Viewer,
    booking_id: UUID,
    other_booking_ids: Sequence[UUID],
    even_if_closed: bool = False,
    now: datetime,
) -> list[Booking]:
    """Put all players of other bookings onto one, which is given first; the others are over.

    Raises NotFound, NotAllowed, InvalidInput, BookingNotChangeable, StartInThePast, SheetOffline, CourseClosed,
    NotOnSale, SlotsUnavailable, RainCheckSpent.
    """
    ids = [booking_id, *other_booking_ids]
    some = list(dict.fromkeys(ids))[: MOST_MERGED + 1]
    desk = await lock_bookings(session, viewer, some, even_if_closed=even_if_closed, now=now)
    if len(some) < 2 or some != ids:
        path = ("input", "otherBookingIds")
        raise InvalidInput(message=f"Name from 1 to {MOST_MERGED} other bookings, each once.", path=path)
    for other_id in other_booking_ids:
        await _join(desk, list(desk.players[other_id]), desk.bookings[other_id], desk.bookings[booking_id])
    return [desk.bookings[key] for key in ids]


async def swap_bookings(
    session: AsyncSession,
    *,
    viewer: Viewer,
    booking_id: UUID,
    other_booking_id: UUID,
    even_if_closed: bool = False,
    now: datetime,
) -> list[Booking]:
    """Let two bookings change their starts. The larger one needs places beside those of the other that are free.

    Raises NotFound, NotAllowed, InvalidInput, BookingNotChangeable, StartInThePast, SheetOffline, CourseClosed,
    NotOnSale, SlotsUnavailable.
    """
    ids = [booking_id, other_booking_id]
    desk = await lock_bookings(session, viewer, ids, even_if_closed=even_if_closed, now=now)
    one, two = desk.bookings[booking_id], desk.bookings[other_booking_id]
    if any(comes_by_twice(desk.start_of(row).sheet, row.holes) for row in (one, two)):
        message = "A round that comes by twice has places at its turn, too; move these bookings one after the other."
        raise InvalidInput(message=message, path=OTHER)
    if one.tee_time_id == two.tee_time_id:
        raise InvalidInput(message="Choose two bookings on two tee times.", path=OTHER)
    starts = {one.id: desk.start_of(two), two.id: desk.start_of(one)}
    sources = {one.id: desk.start_of(one), two.id: desk.start_of(two)}
    had = {row.id: sources[row.id].sold_to(row.id) for row in (one, two)}
    taken = {
        row.id: await desk.take(starts[row.id], len(desk.players[row.id]), own=had[other.id])
        for row, other in ((one, two), (two, one))
    }
    for row in (one, two):
        reprice(row, desk.players[row.id], sources[row.id], starts[row.id], club=desk.club)
        start_over(row, desk.players[row.id], sources[row.id], starts[row.id])
        for player in desk.players[row.id]:
            player.slot_id = None
    await session.flush()  # a place has one player at a time
    for row in (one, two):
        row.tee_time_id, row.course_id = starts[row.id].tee_time.id, starts[row.id].sheet.course_id
        _seat(row, desk.players[row.id], taken[row.id])
    await session.flush()
    for row in (one, two):
        fact = moved(row, desk.players[row.id], sources[row.id], starts[row.id], desk.club, users=desk.users)
        record(session, fact, now=now)
    for row, other in ((one, two), (two, one)):
        left = [slot for slot in had[row.id] if slot not in taken[other.id]]
        await release_places(session, sources[row.id], left, now=now)
        _tell_places(desk, row, desk.players[row.id])
    for row in (one, two):
        await tell_party(session, NotificationKind.BOOKING_MOVED, row, starts[row.id], viewer=viewer, now=now)
    return [one, two]


async def _join(desk: LockedBookings, leaving: list[BookingPlayer], source: Booking, target: Booking) -> None:
    """Put players of one booking onto another, with all that is told of it."""
    _check_fit(desk, leaving, source, target)
    session, now, before, after = desk.session, desk.now, desk.start_of(source), desk.start_of(target)
    if source.turn_tee_time_id != target.turn_tee_time_id:
        message = "These rounds come by at other times again; move one of the bookings to the start of the other first."
        raise InvalidInput(message=message, path=("input",))
    left: list[Slot] = []
    if before is after:
        ids = {player.slot_id for player in leaving}
        slots = [slot for slot in after.slots if slot.id in ids]
    else:
        slots = await desk.take(after, len(leaving))
        ids = {player.slot_id for player in leaving}
        left = [slot for slot in before.slots if slot.id in ids]
        reprice(target, leaving, before, after, club=desk.club)
        start_over(source, leaving, before, after)
        _seat(target, leaving, slots)
    for slot in slots:
        slot.booking_id = target.id
    changes = await _hand_over(desk, leaving, source, target)
    is_over = not desk.players[source.id]
    if is_over:
        source.status, source.cancelled_at, source.cancelled_by = BookingStatus.CANCELLED, now, desk.viewer.user_id
        source.turn_tee_time_id = None
    await session.flush()
    if is_over:
        more = {"into_booking_id": public_id("booking", target.id), "cancelled_at": now}
        record(session, state(BookingMerged, source, [], before, desk.club, users=desk.users, **more), now=now)
    else:
        party = desk.players[source.id]
        record(session, updated(source, party, before, desk.club, changes, users=desk.users), now=now)
    party = desk.players[target.id]
    record(session, updated(target, party, after, desk.club, changes, users=desk.users), now=now)
    if left:
        await release_places(session, before, left, now=now)
    _tell_places(desk, target, leaving)
    _hand_turn_over(desk, source, target, len(leaving))
    kind, also = NotificationKind.BOOKING_UPDATED, [source.booked_by]
    await tell_party(session, kind, target, after, viewer=desk.viewer, also=also, now=now)


def _check_fit(desk: LockedBookings, leaving: Sequence[BookingPlayer], source: Booking, target: Booking) -> None:
    party = [*desk.players[target.id], *leaving]
    if len(party) > LARGEST_GROUP:
        message = f"A booking has at most {LARGEST_GROUP} players; move fewer of them, or leave them on their own."
        raise InvalidInput(message=message, path=("input",))
    if (source.holes, source.currency) != (target.holes, target.currency):
        message = "These bookings are for different rounds; choose those of as many holes, in the same currency."
        raise InvalidInput(message=message, path=("input",))
    known = [player.player_id for player in party if player.player_id]
    if len(set(known)) < len(known):
        raise InvalidInput(message="Somebody is on both bookings; take them off one of them.", path=("input",))


def _named(players: Sequence[BookingPlayer], positions: Sequence[int]) -> list[BookingPlayer]:
    at = {player.position: player for player in players}
    if not positions or len(set(positions)) < len(positions) or any(position not in at for position in positions):
        raise InvalidInput(message="Name players of the booking by their positions, each once.", path=POSITIONS)
    return [at[position] for position in sorted(positions)]


def _payer(players: Sequence[BookingPlayer], old: Booking) -> tuple[str, str]:
    """Let the first of the players pay who has a name, or else who paid until now."""
    named = next((player for player in players if player.first_name or player.last_name), None)
    if named is None:
        return old.payer_first_name, old.payer_last_name
    return named.first_name, named.last_name


async def _hand_over(
    desk: LockedBookings, leaving: Sequence[BookingPlayer], source: Booking, target: Booking
) -> list[BookingChange]:
    """Let players change their booking, with their price and what was paid for them; gives what that changes."""
    staying = [player for player in desk.players[source.id] if player not in leaving]
    taken = {player.position for player in desk.players[target.id]}
    free = [position for position in range(1, LARGEST_GROUP + 1) if position not in taken]
    for player, position in zip(leaving, free, strict=False):
        player.booking_id, player.position = target.id, position
    desk.players[source.id] = staying
    desk.players[target.id] = sorted([*desk.players[target.id], *leaving], key=lambda player: player.position)
    for booking in (source, target):
        party = desk.players[booking.id]
        booking.price_cents = sum(player.price_cents for player in party)
        booking.status = status_of(party)
    paid, taken_back = goes_along(source.paid_cents, price_cents=source.price_cents), False
    if paid:
        by, is_over = desk.viewer.user_id, not staying
        paid, taken_back = await carry_over(desk.session, source, target, paid, is_over=is_over, by=by, now=desk.now)
    if not staying and source.has_deposit:
        await go_along(desk.session, source, target, left_cents=None, now=desk.now)
    changes = [(BookingChange.PLAYERS, True), (BookingChange.PAID, bool(paid)), (BookingChange.RAIN_CHECK, taken_back)]
    return [change for change, is_so in changes if is_so]


def _hand_turn_over(desk: LockedBookings, source: Booking, target: Booking, players: int) -> None:
    """Let players who go over have their places at the turn there, which is the same for both bookings."""
    if turn := desk.turn_of(target):
        slots = turn.sold_to(source.id)[-players:]
        take(desk.session, target, Turn(turn, slots), desk.club, now=desk.now)


def _seat(booking: Booking, players: Sequence[BookingPlayer], slots: Sequence[Slot]) -> None:
    for player, slot in zip(players, slots, strict=True):
        slot.status, slot.hold_id, slot.booking_id = SlotStatus.BOOKED, None, booking.id
        player.slot_id = slot.id


def _tell_places(desk: LockedBookings, booking: Booking, players: Sequence[BookingPlayer]) -> None:
    start: LockedTeeTime = desk.start_of(booking)
    slots = {slot.id: slot for slot in start.slots}
    for player in players:
        if player.slot_id:
            fact = sold(start, slots[player.slot_id], booking, player, desk.club, users=desk.users)
            record(desk.session, fact, now=desk.now)


def _users(desk: LockedBookings) -> list[str]:
    return [user for user in desk.users.values() if user]
