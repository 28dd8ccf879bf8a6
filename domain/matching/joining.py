"""Joining hosted tee times and leaving them. The tee time's row lock orders it: no place is given twice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.matching.access import known_to
from domain.matching.facts import place_fact, request_fact, tell
from domain.matching.feed_facts import feed_state, tell_feed
from domain.matching.hosting import MOST_PLACES, set_open_places
from domain.matching.problems import (
    AlreadyJoined,
    HostStays,
    JoinNotRequested,
    JoinRequestPending,
    NotAParticipant,
    TeeTimeFull,
)
from domain.matching.rooms import Part, Room, lock_room, lock_room_of
from domain.matching.telling import TELL_PLACE
from events.log import record
from events.matching.hosted import JoinAnswered, JoinRequested, JoinWithdrawn, SlotJoined, SlotLeft
from kit.ids import new_id
from kit.jobs import gather
from models.matching.golfers import Golfer
from models.matching.hosted import Participation
from models.matching.values import PartStatus
from models.notifications import NotificationKind


async def join_tee_time(session: AsyncSession, *, viewer: Viewer, tee_time_id: UUID, now: datetime) -> Room:
    """Take a place at a tee time; where the host decides who joins, ask for one.

    Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound, TeeTimeOver, AlreadyJoined, JoinRequestPending,
    TeeTimeFull.
    """
    room = await lock_room(session, viewer=viewer, tee_time_id=tee_time_id)
    room.refuse_over(now)
    if room.takes_part:
        raise AlreadyJoined
    if room.mine is not None:
        raise JoinRequestPending
    row, me, host = room.tee_time, room.me, room.host.known.golfer
    if not row.open_places:
        raise TeeTimeFull
    part = Participation(
        id=new_id(),
        tenant_id=me.tenant_id,
        tee_time_id=row.id,
        golfer_id=me.id,
        status=PartStatus.REQUESTED if row.needs_approval else PartStatus.JOINED,
        created_at=now,
        updated_at=now,
    )
    session.add(part)
    if row.needs_approval:
        listed = feed_state(room.standing)
        record(session, request_fact(JoinRequested, row, me), now=now)
        tell_feed(session, room.standing, listed, joins=[me.id], now=now)
        await tell(session, NotificationKind.JOIN_REQUESTED, row, [host], about=me, now=now)
    else:
        await _seat(session, room, part, me, now=now)
    return await again(session, viewer, room)


async def _seat(session: AsyncSession, room: Room, part: Participation, golfer: Golfer, *, now: datetime) -> None:
    """Give a golfer the first open place, and tell those who take part already."""
    row, taken, listed = room.tee_time, {one.row.slot_number for one in room.joined}, feed_state(room.standing)
    number = next(number for number in range(1, MOST_PLACES + 1) if number not in taken)
    part.status, part.slot_number, part.updated_at = PartStatus.JOINED, number, now
    part.read_number = row.last_message  # what was written before can be read, and is not news
    set_open_places(row, row.open_places - 1)
    record(session, place_fact(SlotJoined, row, golfer, number), now=now)
    tell_feed(session, room.standing, listed, joins=[golfer.id], now=now)
    others = [one.known.golfer for one in room.joined if one.row.golfer_id not in {golfer.id, room.me.id}]
    await tell(session, NotificationKind.SLOT_JOINED, row, others, about=golfer, now=now)


async def again(session: AsyncSession, viewer: Viewer, room: Room) -> Room:
    """Read a room after it has changed."""
    await session.flush()
    return await lock_room(session, viewer=viewer, tee_time_id=room.tee_time.id)


async def answer_join_request(
    session: AsyncSession, *, viewer: Viewer, tee_time_id: UUID, golfer_id: UUID, accept: bool, now: datetime
) -> Room:
    """Let a golfer join who has asked to, or decline; by the host.

    Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound, TeeTimeOver, JoinNotRequested, TeeTimeFull.
    """
    room, part = await _of_other(session, viewer=viewer, tee_time_id=tee_time_id, golfer_id=golfer_id, now=now)
    if part is None or part.row.status is not PartStatus.REQUESTED:
        raise JoinNotRequested(path=("input", "golferId"))
    golfer, row = part.known.golfer, room.tee_time
    if accept and not row.open_places:
        raise TeeTimeFull
    record(session, request_fact(JoinAnswered, row, golfer, is_accepted=accept), now=now)
    if accept:
        await _seat(session, room, part.row, golfer, now=now)
    else:
        listed = feed_state(room.standing)
        part.row.status, part.row.updated_at = PartStatus.DECLINED, now
        tell_feed(session, room.standing, listed, now=now)
    answer = "accepted" if accept else "declined"
    await tell(session, NotificationKind.JOIN_ANSWERED, row, [golfer], about=room.me, answer=answer, now=now)
    return await again(session, viewer, room)


async def withdraw_join_request(session: AsyncSession, *, viewer: Viewer, tee_time_id: UUID, now: datetime) -> Room:
    """Take back that one has asked to join.

    Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound, JoinNotRequested.
    """
    room = await lock_room(session, viewer=viewer, tee_time_id=tee_time_id)
    if room.mine is None or room.takes_part:
        raise JoinNotRequested
    listed = feed_state(room.standing)
    room.mine.row.status, room.mine.row.updated_at = PartStatus.WITHDRAWN, now
    record(session, request_fact(JoinWithdrawn, room.tee_time, room.me), now=now)
    tell_feed(session, room.standing, listed, now=now)
    return await again(session, viewer, room)


async def leave_tee_time(session: AsyncSession, *, viewer: Viewer, tee_time_id: UUID, now: datetime) -> Room:
    """Give one's place up before the start.

    Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound, TeeTimeOver, NotAParticipant, HostStays.
    """
    room = await lock_room(session, viewer=viewer, tee_time_id=tee_time_id)
    room.refuse_over(now)
    if room.is_host:
        raise HostStays
    if room.mine is None or not room.takes_part:
        raise NotAParticipant
    return await _leave(session, room, room.mine, now=now)


async def leave_for(session: AsyncSession, *, me: Golfer, tee_time_id: UUID, now: datetime) -> Room:
    """Give up the place of a golfer who goes for good, at a tee time that is still to come."""
    room = await lock_room_of(session, me, tee_time_id=tee_time_id)
    return await _leave(session, room, room.mine, now=now) if room.mine else room


async def _leave(session: AsyncSession, room: Room, mine: Part, *, now: datetime) -> Room:
    await _free(session, room, mine, PartStatus.LEFT, now=now)
    others = [one.known.golfer for one in room.joined if one.row.golfer_id != room.me.id]
    await tell(session, NotificationKind.SLOT_LEFT, room.tee_time, others, about=room.me, now=now)
    await session.flush()
    return room


async def remove_participant(
    session: AsyncSession, *, viewer: Viewer, tee_time_id: UUID, golfer_id: UUID, now: datetime
) -> Room:
    """Take a golfer off a tee time before the start; by the host.

    Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound, TeeTimeOver, NotAParticipant, HostStays.
    """
    room, part = await _of_other(session, viewer=viewer, tee_time_id=tee_time_id, golfer_id=golfer_id, now=now)
    if part is None or part.row.status is not PartStatus.JOINED:
        raise NotAParticipant(path=("input", "golferId"))
    if part.row.slot_number == 0:
        raise HostStays(path=("input", "golferId"))
    await _free(session, room, part, PartStatus.REMOVED, now=now)
    golfer = part.known.golfer
    told = [one.known.golfer for one in room.parts if one.row.slot_number != 0 and one.row.status is PartStatus.JOINED]
    await tell(session, NotificationKind.SLOT_LEFT, room.tee_time, [*told, golfer], about=golfer, now=now)
    return await again(session, viewer, room)


async def _of_other(
    session: AsyncSession, *, viewer: Viewer, tee_time_id: UUID, golfer_id: UUID, now: datetime
) -> tuple[Room, Part | None]:
    """Lock a tee time for its host, and find another golfer's part in it."""
    room = await lock_room(session, viewer=viewer, tee_time_id=tee_time_id)
    room.refuse_unless_host()
    room.refuse_over(now)
    part = room.of(golfer_id)
    if part is None:
        await known_to(session, room.me, golfer_id=golfer_id)
    return room, part


async def _free(session: AsyncSession, room: Room, part: Part, status: PartStatus, *, now: datetime) -> None:
    number, listed = part.row.slot_number or 0, feed_state(room.standing)
    part.row.status, part.row.slot_number, part.row.updated_at = status, None, now
    part.row.left_number = room.tee_time.last_message
    set_open_places(room.tee_time, room.tee_time.open_places + 1)
    record(session, place_fact(SlotLeft, room.tee_time, part.known.golfer, number), now=now)
    tell_feed(session, room.standing, listed, now=now)
    gather(session, TELL_PLACE, [str(room.tee_time.id)], each=True, since=now.isoformat())
