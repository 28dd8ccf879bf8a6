"""Erasing a golfer: nothing stays that says who it was, and the rooms in which others met them stay whole.

The row stays, as “a former golfer”, for the rounds that others have played. It knows the account by the one-way name of
the account's stream alone: so that whoever comes back is still blocked by those who had blocked them, and suspended if
they were.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Uuid, bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Role, Viewer
from domain.matching.access import MINE, no_such_golfer, refuse_strangers_to_golf
from domain.matching.feed_facts import lock_listed, tell_listed, tell_outdated
from domain.matching.golfers import TURN_TAKEN, apply, former_user, tell_changed, turn_of
from domain.matching.hiding import LIVE, end_all_rooms
from domain.matching.photos import remove_photos
from domain.matching.problems import ProfileMissing
from domain.matching.shown import tell
from domain.rows import rows_by_id
from events.log import record
from events.matching.golfers import GolferErased, GolfersDisconnected
from events.matching.messages import MessageRemoved
from events.notifications import stream_id_of
from kit.ids import public_id
from kit.jobs import defer
from models.matching.golfers import Golfer, GolferBlock, GolferConnection, GolferReport
from models.matching.hosted import HostedTeeTime, Participation
from models.matching.messages import Message
from models.matching.news import NewsWindow, TeeTimeNews
from models.matching.ratings import GolferRating
from models.matching.values import ConnectionStatus, Industry, MessageStatus, PartStatus, Visibility

FORMER = "A former golfer"
"""What somebody is called of whom nothing else is known."""
FORGET = "forget_golfer"
"""Finding what was told of a golfer, as a job of `id`."""
SETTLED = timedelta(seconds=10)
"""After so long, whatever the golfer was doing at that moment is done, too."""
NOTHING: Mapping[str, Any] = MappingProxyType(
    {
        "name": FORMER,
        "headline": "",
        "employer": "",
        "hides_employer": False,
        "industry": Industry.OTHER,
        "city": "",
        "country": "",
        **dict.fromkeys("xyz"),
        "time_zone": "UTC",
        "language": "en",
        "handicap_index": None,
        "is_skill_set": False,
        "skill_level": None,
        "visibility": Visibility.PRIVATE,
        **dict.fromkeys(("hosted_rounds", "ratings", "stars"), 0),
    }
)
"""What a golfer's row says of somebody who was erased."""
GOLFER = bindparam("whom", type_=Uuid)
TO_COME = (LIVE, HostedTeeTime.starts_at > bindparam("now", type_=DateTime(timezone=True)))
PLAYS_IN = (
    select(HostedTeeTime)
    .join(Participation, Participation.tee_time_id == HostedTeeTime.id)
    .where(Participation.golfer_id == GOLFER, Participation.status == PartStatus.JOINED, *TO_COME)
    .order_by(HostedTeeTime.id)
)
LOCKED = select(Golfer).where(Golfer.id == GOLFER).with_for_update(key_share=True)
LOCKED = LOCKED.execution_options(populate_existing=True)
UNCONNECT = (
    delete(GolferConnection)
    .where(or_(GolferConnection.golfer_id == GOLFER, GolferConnection.other_id == GOLFER))
    .returning(GolferConnection.golfer_id, GolferConnection.other_id, GolferConnection.made_at)
)
DELETE_MESSAGES = (
    update(Message)
    .where(Message.golfer_id == GOLFER, Message.status != MessageStatus.DELETED)
    .values(text="", status=MessageStatus.DELETED, updated_at=bindparam("now", type_=DateTime(timezone=True)))
    .returning(Message.tee_time_id, Message.id, Message.number)
)
ABOUT = or_(GolferReport.golfer_id == GOLFER, GolferReport.reported_by == GOLFER)
REMOVE = (
    delete(GolferBlock).where(GolferBlock.golfer_id == GOLFER),
    delete(GolferRating).where(GolferRating.golfer_id == GOLFER),
    delete(NewsWindow).where(NewsWindow.golfer_id == GOLFER),
    delete(TeeTimeNews).where(TeeTimeNews.golfer_id == GOLFER),
    update(GolferReport).where(ABOUT, GolferReport.outcome.is_not(None)).values(reason="", quote="", message_id=None),
    update(Participation).where(Participation.golfer_id == GOLFER).values(named_as=""),
    update(HostedTeeTime).where(HostedTeeTime.host_id == GOLFER).values(notes="", cancel_reason=""),
)
"""What goes, and nobody hears of. Reports that wait for the admins stay until these have answered them."""


async def find_to_erase(session: AsyncSession, *, viewer: Viewer, golfer_id: UUID | None) -> Golfer:
    """Find whom the viewer may have erased: themselves, also where they are suspended; for admins, anybody.

    Raises NotAllowed, ProfileMissing, NotFound.
    """
    refuse_strangers_to_golf(viewer)
    mine: Golfer | None = await session.scalar(MINE, {"user_id": viewer.user_id})
    if golfer_id is None or (mine is not None and mine.id == golfer_id):
        if mine is None:
            raise ProfileMissing
        return mine
    found = await session.get(Golfer, golfer_id) if viewer.has(Role.ADMIN) else None
    if found is None or found.erased_at is not None:
        raise no_such_golfer()
    return found


async def plays_in(session: AsyncSession, golfer: Golfer, *, now: datetime) -> list[HostedTeeTime]:
    """Read the tee times to come that a golfer hosts or has joined, by their ids.

    What the golfer does with themselves meanwhile is waited for first.
    """
    await session.execute(TURN_TAKEN, {"turn": turn_of(golfer.tenant_id, golfer.user_id)})
    return list(await session.scalars(PLAYS_IN, {"whom": golfer.id, "now": now}))


async def make_former(session: AsyncSession, golfer: Golfer, *, now: datetime) -> None:
    """Leave nothing of a golfer but that there was one. What they have still to play is left by whoever calls this.

    What others were told of them is taken out of the log by a job, some seconds later. Raises NotFound for who was
    erased meanwhile.
    """
    listed = await lock_listed(session, [golfer.id], now=now)
    await session.execute(LOCKED, {"whom": golfer.id})
    if golfer.erased_at is not None:  # by somebody else, who was waited for
        raise no_such_golfer()
    told = GolferErased(
        user_id=stream_id_of(golfer.tenant_id, golfer.user_id), golfer_id=public_id("golfer", golfer.id)
    )
    record(session, told, now=now)
    golfer.is_barred = golfer.suspended_at is not None
    golfer.suspended_at = golfer.erased_at = golfer.updated_at = now
    golfer.user_id = former_user(golfer.tenant_id, golfer.user_id)
    await remove_photos(session, golfer, now=now)
    apply(golfer, NOTHING)
    golfer.search_text = golfer.sort_name = ""
    for statement in REMOVE:
        given = statement.execution_options(synchronize_session=False)
        await session.execute(given, {"whom": golfer.id})
    await session.flush()
    await _end_connections(session, golfer, now=now)
    await _delete_messages(session, golfer, now=now)
    await end_all_rooms(session, golfer, now=now)
    tell_listed(session, listed, now=now)
    about = {"id": str(golfer.id), "stream_id": told.user_id}
    await defer(session, FORGET, at=now + SETTLED, now=now, **about)


async def _end_connections(session: AsyncSession, golfer: Golfer, *, now: datetime) -> None:
    """End the golfer's connections and questions, and tell each of the others in the words that end any."""
    rows = (await session.execute(UNCONNECT, {"whom": golfer.id})).all()
    ids = {one for row in rows for one in (row.golfer_id, row.other_id)} - {golfer.id}
    known = {one for row in rows if row.made_at for one in (row.golfer_id, row.other_id)} - {golfer.id}
    others = await rows_by_id(session, Golfer, ids)
    for key in sorted(others):
        tell(session, GolfersDisconnected, others[key], golfer, ConnectionStatus.NONE, now=now)
    were_connected = [others[key] for key in sorted(known & others.keys())]
    tell_changed(session, golfer, *were_connected, now=now)
    tell_outdated(session, golfer.tenant_id, golfer, *were_connected, with_connected=bool(were_connected), now=now)


async def _delete_messages(session: AsyncSession, golfer: Golfer, *, now: datetime) -> None:
    gone = DELETE_MESSAGES.execution_options(synchronize_session=False)
    for row in (await session.execute(gone, {"whom": golfer.id, "now": now})).all():
        told = MessageRemoved(
            tee_time_id=public_id("hosted_tee_time", row.tee_time_id),
            message_id=public_id("message", row.id),
            number=row.number,
            status=MessageStatus.DELETED,
        )
        record(session, told, now=now)
