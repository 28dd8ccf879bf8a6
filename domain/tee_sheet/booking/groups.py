"""Groups of bookings: several starts at one stroke, under one name, with one organiser and one payer. By staff.

Each start has a booking of its own, to which everything can happen that happens to bookings.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import refuse_unless_staff
from domain.tee_sheet.booking.access import find_bookings
from domain.tee_sheet.booking.bookings import cancel_locked
from domain.tee_sheet.booking.desk_locks import LockedBookings, lock_bookings
from domain.tee_sheet.booking.facts import sold, updated
from domain.tee_sheet.booking.parties import NamedPlayer, PlayerWish, party_of
from domain.tee_sheet.booking.problems import BookingNotChangeable
from domain.tee_sheet.booking.rules import BEFORE_PLAY
from domain.tee_sheet.booking.sales import BookingWish, sell
from domain.tee_sheet.booking.turns import SHIFTED, find_turns, places_at, room_at, tell
from domain.tee_sheet.inventory.slots import LockedTeeTime
from domain.tee_sheet.offers.notices import tell_booked, tell_parties
from domain.tee_sheet.offers.rules import check_places
from domain.tee_sheet.offers.waitlist_ends import end_satisfied
from events.log import record
from events.tee_sheet.groups import BookingGroupCreated, BookingGroupEvent, BookingGroupUpdated
from kit.errors import InvalidInput, NotFound, Problem, Unavailable
from kit.ids import new_id, public_id
from kit.text import clean_name
from models.notifications import NotificationKind
from models.tee_sheet.desk import BookingChange
from models.tee_sheet.groups import BookingGroup
from models.tee_sheet.tables import Booking

MOST_STARTS = 20
"""How many starts a group has at the most, those that were cancelled not counted."""
STARTS = ("input", "starts")
BOOKINGS = ("input", "bookingIds")
Turns = Mapping[UUID, UUID | None]
"""The start at which a round turns, by the start that it begins at; of those that come by twice alone."""
OF_GROUPS = select(Booking).where(Booking.group_id == any_(bindparam("ids", type_=ARRAY(Uuid)))).order_by(Booking.id)
LOCK = OF_GROUPS.with_for_update(key_share=True).execution_options(populate_existing=True)


@dataclass(frozen=True, kw_only=True)
class GroupStart:
    """A start that a group wants: so many places, and who plays there."""

    tee_time_id: UUID
    places: int
    players: Sequence[PlayerWish] = ()


async def book_group(
    session: AsyncSession,
    *,
    viewer: Viewer,
    name: str,
    organiser: tuple[str, str],
    starts: Sequence[GroupStart],
    payer: tuple[str, str] | None = None,
    holes: int | None = None,
    even_if_closed: bool = False,
    now: datetime,
) -> BookingGroup:
    """Book several starts of one club as a group, all of them or none. Who organises it pays, unless another does.

    Raises NotFound, NotAllowed, InvalidInput, StartInThePast, SheetOffline, CourseClosed, NotOnSale, SlotsUnavailable,
    TurnTaken, BookingNotChangeable.
    """
    _check_starts(starts, had=0)
    turns = await _turns(session, starts, holes=holes)
    desk = await lock_bookings(session, viewer, [], also=_ids(starts, turns), even_if_closed=even_if_closed, now=now)
    organised, pays = _person(organiser, "organiser"), _person(payer or organiser, "payer" if payer else "organiser")
    group = BookingGroup(
        id=new_id(),
        tenant_id=viewer.tenant_id,
        club_id=desk.club.id,
        name=clean_name(name, path=("input", "name"), longest=200),
        organiser_first_name=organised[0],
        organiser_last_name=organised[1],
        payer_first_name=pays[0],
        payer_last_name=pays[1],
        created_by=viewer.user_id,
        created_at=now,
    )
    session.add(group)
    await session.flush()
    new = [new_id() for _ in starts]
    record(session, _fact(BookingGroupCreated, group, new), now=now)
    await _book(desk, group, dict(zip(new, starts, strict=True)), turns, holes=holes, known=())
    return group


async def update_group(
    session: AsyncSession,
    *,
    viewer: Viewer,
    group_id: UUID,
    name: str | None = None,
    organiser: tuple[str, str] | None = None,
    payer: tuple[str, str] | None = None,
    starts: Sequence[GroupStart] = (),
    holes: int | None = None,
    even_if_closed: bool = False,
    now: datetime,
) -> BookingGroup:
    """Change a group's name, its organiser, who pays for all of it that is still to be played; book more starts for it.

    Raises NotFound, NotAllowed, InvalidInput, StartInThePast, SheetOffline, CourseClosed, NotOnSale, SlotsUnavailable,
    TurnTaken, BookingNotChangeable.
    """
    group, bookings = await _lock(session, viewer, group_id)
    if name is None and organiser is None and payer is None and not starts:
        raise InvalidInput(message="Say what to change: name, organiser, payer, or more starts.", path=("input",))
    _check_starts(starts, had=sum(row.cancelled_at is None for row in bookings), may_be_none=True)
    live = [row.id for row in bookings if row.status in BEFORE_PLAY]
    turns = await _turns(session, starts, holes=holes)
    also, home = _ids(starts, turns), group.club_id
    desk = await lock_bookings(session, viewer, live, also=also, club_id=home, even_if_closed=even_if_closed, now=now)
    if name is not None:
        group.name = clean_name(name, path=("input", "name"), longest=200)
    if organiser is not None:
        group.organiser_first_name, group.organiser_last_name = _person(organiser, "organiser")
    if payer is not None:
        group.payer_first_name, group.payer_last_name = _person(payer, "payer")
    known = [one.player_id for row in live for one in desk.players[row]]
    new = [new_id() for _ in starts]
    record(session, _fact(BookingGroupUpdated, group, [*(row.id for row in bookings), *new]), now=now)
    await _book(desk, group, dict(zip(new, starts, strict=True)), turns, holes=holes, known=known)
    if payer is not None:
        await _let_pay(desk, group, [desk.bookings[key] for key in live])
    return group


async def cancel_group(
    session: AsyncSession,
    *,
    viewer: Viewer,
    group_id: UUID,
    booking_ids: Collection[UUID] = (),
    now: datetime,
) -> list[Booking]:
    """Cancel some bookings of a group, or all of it that is still to be played; gives those that were cancelled.

    Raises NotFound, NotAllowed, InvalidInput, BookingNotChangeable.
    """
    _, bookings = await _lock(session, viewer, group_id)
    of_group = {row.id: row for row in bookings}
    await find_bookings(session, viewer=viewer, booking_ids=booking_ids)
    for number, booking_id in enumerate(booking_ids):
        if booking_id not in of_group:
            raise InvalidInput(
                message="The group has no such booking; choose one of its own.", path=(*BOOKINGS, str(number))
            )
    wanted = [of_group[key] for key in sorted(set(booking_ids))]
    if not booking_ids:
        wanted = [row for row in bookings if row.status in BEFORE_PLAY]
        if not wanted:
            raise BookingNotChangeable(status=bookings[-1].status)
    desk = await lock_bookings(session, viewer, [row.id for row in wanted], now=now)
    for row in wanted:
        start, turn = desk.start_of(row), desk.turn_of(row)
        await cancel_locked(session, row, start, desk.players[row.id], turn=turn, viewer=viewer, now=now)
    return wanted


async def find_group(session: AsyncSession, *, viewer: Viewer, group_id: UUID) -> BookingGroup:
    """Find a group, for the staff of its club. Raises NotFound."""
    group = await session.get(BookingGroup, group_id)
    if group is None or not viewer.is_staff_of(group.club_id):
        raise NotFound(message="There is no such group of bookings, or you may not know of it.")
    return group


async def list_groups(
    session: AsyncSession, *, viewer: Viewer, club_id: UUID, before: UUID | None, limit: int
) -> list[BookingGroup]:
    """List a club's groups, those made last first, behind one of them. Raises NotAllowed."""
    refuse_unless_staff(viewer, club_id)
    rows = select(BookingGroup).where(BookingGroup.club_id == club_id)
    if before is not None:
        rows = rows.where(BookingGroup.id < before)
    return list(await session.scalars(rows.order_by(BookingGroup.id.desc()).limit(limit)))


async def bookings_of_groups(session: AsyncSession, group_ids: Iterable[UUID]) -> dict[UUID, list[Booking]]:
    """Read the bookings of groups, in the order in which they were made."""
    found: dict[UUID, list[Booking]] = {group_id: [] for group_id in group_ids}
    for row in await session.scalars(OF_GROUPS, {"ids": list(found)}):
        if row.group_id:
            found[row.group_id].append(row)
    return found


async def _turns(session: AsyncSession, starts: Iterable[GroupStart], *, holes: int | None) -> Turns:
    return await find_turns(session, [start.tee_time_id for start in starts], holes=holes)


def _ids(starts: Iterable[GroupStart], turns: Turns) -> list[UUID]:
    """Give the starts to lock: those that are wanted, and those at which their rounds turn."""
    return [*(start.tee_time_id for start in starts), *(turn for turn in turns.values() if turn)]


async def _lock(session: AsyncSession, viewer: Viewer, group_id: UUID) -> tuple[BookingGroup, list[Booking]]:
    """Lock a group, whose starts are added one after the other, and then its bookings, in the order of their ids."""
    group = await find_group(session, viewer=viewer, group_id=group_id)
    await session.refresh(group, with_for_update={"key_share": True})
    return group, list(await session.scalars(LOCK, {"ids": [group.id]}))


def _check_starts(starts: Sequence[GroupStart], *, had: int, may_be_none: bool = False) -> None:
    if (not starts and not may_be_none) or had + len(starts) > MOST_STARTS:
        message = f"A group has from 1 to {MOST_STARTS} starts; book the others as another one."
        raise InvalidInput(message=message, path=STARTS)
    for number, start in enumerate(starts):
        check_places(start.places, path=(*STARTS, str(number), "places"))
        if len(start.players) > start.places:
            path = (*STARTS, str(number), "players")
            raise InvalidInput(message="Name at most as many players as you book places.", path=path)


def _person(name: tuple[str, str], field: str) -> tuple[str, str]:
    first = clean_name(name[0], path=("input", field, "firstName"), empty=True)
    last = clean_name(name[1], path=("input", field, "lastName"), empty=True)
    if not (first or last):
        raise InvalidInput(message="Say who it is, by a first or a last name.", path=("input", field))
    return first, last


@contextmanager
def _at(number: int) -> Iterator[None]:
    """Let a refusal say which start it is about."""
    try:
        yield
    except Problem as problem:
        rest = problem.path[1:] if problem.path[:1] == ("input",) else problem.path
        problem.path = (*STARTS, str(number), *rest)
        raise


async def _book(
    desk: LockedBookings,
    group: BookingGroup,
    starts: Mapping[UUID, GroupStart],
    turns: Turns,
    *,
    holes: int | None,
    known: Iterable[UUID | None],
) -> None:
    """Book starts, each by the id that its booking shall have, for players of whom nobody is `known` already.

    Raises Unavailable where starts were shifted at this moment.
    """
    if turns and turns != await _turns(desk.session, starts.values(), holes=holes):
        raise Unavailable(message=SHIFTED)
    seen = {player_id for player_id in known if player_id}
    for number, (booking_id, start) in enumerate(starts.items()):
        with _at(number):
            turn = turns.get(start.tee_time_id)
            at = desk.starts[turn] if turn else None
            party = await _book_start(desk, group, start, at, booking_id=booking_id, holes=holes)
            ids = [one.player_id for one in party if one.player_id]
            if seen.intersection(ids):
                raise InvalidInput(message="Name each player of a group once.", path=("input", "players"))
        seen |= set(ids)


async def _book_start(
    desk: LockedBookings,
    group: BookingGroup,
    start: GroupStart,
    turn: LockedTeeTime | None,
    *,
    booking_id: UUID,
    holes: int | None,
) -> list[NamedPlayer]:
    session, viewer, locked, now = desk.session, desk.viewer, desk.starts[start.tee_time_id], desk.now
    slots = await desk.take(locked, start.places)
    room = await room_at(session, turn, len(slots), by_staff=True, now=now)
    party = await party_of(
        session,
        viewer=viewer,
        club=desk.club,
        own=None,
        sheet=locked.sheet,
        at=locked.tee_time.local_time,
        wishes=start.players,
        places=len(slots),
        holes=holes or locked.sheet.holes,
    )
    wish = BookingWish(holes=holes, payer_first_name=group.payer_first_name, payer_last_name=group.payer_last_name)
    booking = sell(
        session,
        locked,
        slots,
        viewer=viewer,
        club=desk.club,
        wish=wish,
        party=party,
        hold=None,
        turn=room,
        booking_id=booking_id,
        group_id=group.id,
        now=now,
    )
    await end_satisfied(session, booking, party, locked, now=now)
    await tell_booked(session, booking, locked, (one.user_id for one in party), viewer=viewer, now=now)
    return party


async def _let_pay(desk: LockedBookings, group: BookingGroup, bookings: Sequence[Booking]) -> None:
    """Let the group's payer pay for bookings, and tell of each, and of its places."""
    session, now = desk.session, desk.now
    for booking in bookings:
        booking.payer_first_name, booking.payer_last_name = group.payer_first_name, group.payer_last_name
        locked, party = desk.start_of(booking), desk.players[booking.id]
        record(session, updated(booking, party, locked, desk.club, [BookingChange.PAYER], users=desk.users), now=now)
        slots = {slot.id: slot for slot in locked.slots}
        for one in party:
            if one.slot_id:
                record(session, sold(locked, slots[one.slot_id], booking, one, desk.club, users=desk.users), now=now)
        tell(session, booking, places_at(desk.turn_of(booking), booking), desk.club, now=now)
    parties = [(booking, desk.start_of(booking)) for booking in bookings]
    await tell_parties(session, NotificationKind.BOOKING_UPDATED, parties, viewer=desk.viewer, now=now)


def _fact(kind: type[BookingGroupEvent], group: BookingGroup, booking_ids: Iterable[UUID]) -> BookingGroupEvent:
    return kind(
        club_id=public_id("club", group.club_id),
        group_id=public_id("booking_group", group.id),
        group_title=group.name,
        organiser_first_name=group.organiser_first_name,
        organiser_last_name=group.organiser_last_name,
        group_payer_first_name=group.payer_first_name,
        group_payer_last_name=group.payer_last_name,
        booking_ids=tuple(public_id("booking", key) for key in booking_ids),
    )
