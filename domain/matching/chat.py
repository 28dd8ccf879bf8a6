"""The room of a hosted tee time: what those who take part write to each other, and how far each has read.

Who leaves reads nothing newer. Golfers who have nothing to do with each other do not read each other in a room that
both are in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Integer, Uuid, and_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Role, Viewer
from domain.matching.access import ME, asked_by, blocked_with, find_me, refuse_suspended
from domain.matching.problems import MessageGone, NotAParticipant, TeeTimeOver, TooManyMessages
from domain.matching.rooms import Room, lock_room
from events.base import Event
from events.log import record
from events.matching.messages import MessageFact, MessageRemoved, MessageSent, MessagesRead
from events.rewriting import rewrite_log
from kit.errors import NotAllowed, NotFound
from kit.ids import new_id, public_id
from kit.text import clean_text
from models.matching.golfers import Golfer, GolferReport
from models.matching.hosted import Participation
from models.matching.messages import Message
from models.matching.values import MessageStatus, PartStatus

LONGEST_MESSAGE = 2_000
MOST_AT_ONCE, AT_ONCE = 20, timedelta(minutes=1)
"""How many messages one golfer writes in which time, in all rooms together."""
ALL = 2**31 - 1
"""The number up to which who takes part may read."""
ID = bindparam("message_id", type_=Uuid)
UPTO, NUMBER = bindparam("upto", type_=Integer), bindparam("number", type_=Integer)
TEE_TIME_ID = bindparam("tee_time_id", type_=Uuid)
WRITER = select(Golfer).where(Golfer.id == ME).with_for_update(key_share=True).execution_options(populate_existing=True)
RECENT = (
    select(Message.created_at)
    .where(Message.golfer_id == ME, Message.created_at > bindparam("since", type_=DateTime(timezone=True)))
    .order_by(Message.created_at.desc())
    .offset(MOST_AT_ONCE - 1)
    .limit(1)
)
REACH = select(func.bool_or(Participation.status == PartStatus.JOINED), func.max(Participation.left_number)).where(
    Participation.tee_time_id == TEE_TIME_ID,
    Participation.golfer_id == ME,
    or_(Participation.status == PartStatus.JOINED, Participation.left_number.is_not(None)),
)
WRITTEN = select(Message, Golfer.name).join(Golfer, Golfer.id == Message.golfer_id)
PAGE = WRITTEN.where(
    Message.tee_time_id == TEE_TIME_ID, Message.number <= UPTO, ~blocked_with(Message.golfer_id)
).order_by(Message.number.desc())
REPORTED = select(GolferReport.id).where(GolferReport.message_id == Message.id).exists()
ONE = WRITTEN.add_columns(blocked_with(Message.golfer_id).label("is_blocked")).where(Message.id == ID)
REPORTED_ONE = WRITTEN.where(Message.id == ID, REPORTED)
LOCKED = (
    select(Message).where(Message.id == ID).with_for_update(key_share=True).execution_options(populate_existing=True)
)
MY_PART = (
    select(Participation, Message)
    .join(Message, Message.tee_time_id == Participation.tee_time_id)
    .where(Message.id == ID, Participation.golfer_id == ME, Participation.status == PartStatus.JOINED)
    .with_for_update(key_share=True, of=Participation)
    .execution_options(populate_existing=True)
)
UNREAD = select(func.count()).where(
    Message.tee_time_id == TEE_TIME_ID,
    Message.number > NUMBER,
    and_(Message.golfer_id != ME, Message.status == MessageStatus.SHOWN, ~blocked_with(Message.golfer_id)),
)


@dataclass(frozen=True)
class Said:
    """A message as one golfer, or an admin, reads it."""

    row: Message
    golfer_name: str
    is_own: bool


async def send_message(session: AsyncSession, *, viewer: Viewer, tee_time_id: UUID, text: str, now: datetime) -> Said:
    """Write to those who take part in a tee time, as one of them: also after the round, until its room is cleared.

    Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound, NotAParticipant, TeeTimeOver, InvalidInput,
    TooManyMessages.
    """
    text = clean_text(text, path=("input", "text"), longest=LONGEST_MESSAGE)
    room = await lock_room(session, viewer=viewer, tee_time_id=tee_time_id)
    if not room.takes_part:
        raise NotAParticipant
    if room.tee_time.archived_at is not None:
        raise TeeTimeOver(status=room.tee_time.status)
    await _refuse_too_many(session, room, now=now)
    row, me = room.tee_time, room.me
    row.last_message += 1
    message = Message(
        id=new_id(),
        tenant_id=me.tenant_id,
        tee_time_id=row.id,
        golfer_id=me.id,
        number=row.last_message,
        text=text,
        status=MessageStatus.SHOWN,
        created_at=now,
        updated_at=now,
    )
    session.add(message)
    blocked = [part.row.golfer_id for part in room.joined if part.is_blocked]
    record(session, MessageSent(**said_of(message, me.name, blocked)), now=now)
    return Said(message, me.name, is_own=True)


def said_of(message: Message, name: str, blocked: Sequence[UUID]) -> dict[str, Any]:
    """Give what facts say of a message that can be read, but not by golfers with whom its writer has nothing to do."""
    return {
        "tee_time_id": public_id("hosted_tee_time", message.tee_time_id),
        "message_id": public_id("message", message.id),
        "number": message.number,
        "golfer_id": public_id("golfer", message.golfer_id),
        "golfer_name": name,
        "text": message.text,
        "hidden_from": tuple(sorted(public_id("golfer", one) for one in blocked)),
    }


async def _refuse_too_many(session: AsyncSession, room: Room, *, now: datetime) -> None:
    """Count what a golfer has written lately, of whom only one message is written at a time. Raises TooManyMessages."""
    given = {"me": room.me.id, "since": now - AT_ONCE}
    refuse_suspended((await session.scalars(WRITER, given)).one())
    first = await session.scalar(RECENT, given)
    if first is not None:
        raise TooManyMessages(retry_at=first + AT_ONCE)


async def delete_message(session: AsyncSession, *, viewer: Viewer, message_id: UUID, now: datetime) -> Said:
    """Delete a message of one's own, for good, whether one still takes part or not.

    Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound, MessageGone.
    """
    await find_me(session, viewer=viewer)
    said = await find_message(session, viewer=viewer, message_id=message_id)
    if not said.is_own:
        raise NotAllowed(message="Only who wrote the message may delete it; report it instead.")
    await lock_message(session, message_id)
    if said.row.status is MessageStatus.DELETED:
        raise MessageGone(status=said.row.status)
    await take_away(session, said.row, MessageStatus.DELETED, now=now)
    return said


async def lock_message(session: AsyncSession, message_id: UUID) -> Message:
    """Lock a message. Raises NotFound."""
    row = await session.scalar(LOCKED, {"message_id": message_id})
    if row is None:
        raise no_such_message()
    return row


async def take_away(session: AsyncSession, row: Message, status: MessageStatus, *, now: datetime) -> None:
    """Let nobody read a locked message any more, nor what was told of it; of one that is deleted nothing is kept.

    It locks the tee time's stream, so it comes last in a change.
    """
    was_shown = row.status is MessageStatus.SHOWN
    row.status, row.updated_at = status, now
    if status is MessageStatus.DELETED:
        row.text = ""
    gone = MessageRemoved(
        tee_time_id=public_id("hosted_tee_time", row.tee_time_id),
        message_id=public_id("message", row.id),
        number=row.number,
        status=status,
    )
    if was_shown or status is MessageStatus.DELETED:
        await rewrite_log(session, gone.stream, [gone.message_id], without_words)
        record(session, gone, now=now)


def without_words(fact: Event) -> Event:
    """Give what is told of a message without what it said."""
    return replace(fact, text="") if isinstance(fact, MessageFact) else fact


async def mark_messages_read(session: AsyncSession, *, viewer: Viewer, message_id: UUID, now: datetime) -> int:
    """Note that one has read up to a message; gives how many are unread still. What was read further on stays read.

    Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound, NotAParticipant.
    """
    me = await find_me(session, viewer=viewer)
    found = (await session.execute(MY_PART, {**asked_by(me), "message_id": message_id})).one_or_none()
    if found is None:
        await find_message(session, viewer=viewer, message_id=message_id)
        raise NotAParticipant
    part, message = found
    number = max(part.read_number, message.number)
    unread = await _count(session, me, part.tee_time_id, number)
    if number > part.read_number:
        part.read_number = number
        tee_time = public_id("hosted_tee_time", part.tee_time_id)
        whose = public_id("golfer", me.id)
        record(session, MessagesRead(tee_time_id=tee_time, golfer_id=whose, number=number, unread=unread), now=now)
    return unread


async def _count(session: AsyncSession, me: Golfer, tee_time_id: UUID, number: int) -> int:
    given = {**asked_by(me), "tee_time_id": tee_time_id, "number": number}
    return await session.scalar(UNREAD, given) or 0


async def count_unread(session: AsyncSession, room: Room) -> int:
    """Count the messages of others that one has not read; none for who takes no part."""
    if room.mine is None or not room.takes_part:
        return 0
    return await _count(session, room.me, room.tee_time.id, room.mine.row.read_number)


async def read_messages(session: AsyncSession, room: Room, *, before: int | None, limit: int) -> list[Said] | None:
    """Read the messages of a room, the newest first: at most `limit` of them, older than a number if it is given.

    None for who has never taken part; for who has left, those that were written until then.
    """
    upto = await _reach(session, room.me, room.tee_time.id)
    if upto is None:
        return None
    last = upto if before is None else min(upto, before - 1)
    given = {**asked_by(room.me), "tee_time_id": room.tee_time.id, "upto": last}
    rows = await session.execute(PAGE.limit(limit), given)
    return [Said(message, name, is_own=message.golfer_id == room.me.id) for message, name in rows]


async def _reach(session: AsyncSession, me: Golfer, tee_time_id: UUID) -> int | None:
    found = (await session.execute(REACH, {**asked_by(me), "tee_time_id": tee_time_id})).one()
    takes_part, left = found
    return ALL if takes_part else left


async def find_message(session: AsyncSession, *, viewer: Viewer, message_id: UUID) -> Said:
    """Find a message that the viewer may read: one's own, or of a room that one was in by then; for admins, a reported.

    Raises NotFound, and for who is no admin NotAllowed, ProfileMissing, GolferSuspended.
    """
    if viewer.has(Role.ADMIN) and (said := await find_reported(session, viewer=viewer, message_id=message_id)):
        return said
    me = await find_me(session, viewer=viewer)
    found = (await session.execute(ONE, {**asked_by(me), "message_id": message_id})).one_or_none()
    if found is None:
        raise no_such_message()
    message, name, is_blocked = found
    is_own = message.golfer_id == me.id
    if not is_own and (is_blocked or message.number > (await _reach(session, me, message.tee_time_id) or 0)):
        raise no_such_message()
    return Said(message, name, is_own=is_own)


async def find_reported(session: AsyncSession, *, viewer: Viewer, message_id: UUID) -> Said | None:
    """Find a message that was reported, for an admin."""
    found = (await session.execute(REPORTED_ONE, {"message_id": message_id})).one_or_none()
    if found is None:
        return None
    message, name = found
    writer = await session.get_one(Golfer, message.golfer_id)
    return Said(message, name, is_own=writer.user_id == viewer.user_id)


def no_such_message() -> NotFound:
    """Say that there is no such message."""
    return NotFound(message="There is no such message, or you may not read it.")
