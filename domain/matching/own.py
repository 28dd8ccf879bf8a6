"""A golfer's own tee times: those that one hosts, has joined, or asks to join, still to come or long ago."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, any_, bindparam, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from auth.viewer import Viewer
from domain.matching.access import ME, WITH_CONNECTION, KnownGolfer, asked_by, blocked_with, find_me, known_golfer
from models.matching.golfers import Golfer
from models.matching.hosted import HostedTeeTime, Participation
from models.matching.messages import Message
from models.matching.values import MessageStatus, PartStatus

HOST = aliased(Golfer)
UNREAD = (
    select(func.count())
    .where(
        Message.tee_time_id == HostedTeeTime.id,
        Message.number > Participation.read_number,
        Message.golfer_id != ME,
        Message.status == MessageStatus.SHOWN,
        Participation.status == PartStatus.JOINED,
        ~blocked_with(Message.golfer_id),
    )
    .correlate(HostedTeeTime, Participation)
    .scalar_subquery()
)
OWN = (
    select(HostedTeeTime, Participation, UNREAD.label("unread"))
    .join(Participation, Participation.tee_time_id == HostedTeeTime.id)
    .join(HOST, HOST.id == HostedTeeTime.host_id)
    .where(
        Participation.golfer_id == ME,
        or_(
            Participation.status == PartStatus.JOINED,
            and_(
                Participation.status == PartStatus.REQUESTED,
                HOST.suspended_at.is_(None),
                ~blocked_with(HostedTeeTime.host_id),
            ),
        ),
    )
)
PLACE = tuple_(HostedTeeTime.starts_at, HostedTeeTime.id)
HOSTS = WITH_CONNECTION.where(Golfer.id == any_(bindparam("hosts", type_=ARRAY(Uuid))))


@dataclass(frozen=True, kw_only=True)
class Own:
    """A tee time in which a golfer has a part, with how many messages of others are unread there."""

    tee_time: HostedTeeTime
    host: KnownGolfer
    part: Participation
    unread: int


async def own_tee_times(
    session: AsyncSession,
    *,
    viewer: Viewer,
    past: bool,
    hosted: bool | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
    now: datetime,
) -> list[Own]:
    """List the tee times that the viewer hosts, has joined or asks to join: those to come by their start, past ones
    from the last one back. `hosted` leaves only those that the viewer hosts, or only the others.

    Raises NotAllowed, ProfileMissing, GolferSuspended.
    """
    me = await find_me(session, viewer=viewer)
    rows = OWN.where(HostedTeeTime.starts_at <= now if past else HostedTeeTime.starts_at > now)
    if hosted is not None:
        rows = rows.where((HostedTeeTime.host_id == me.id) if hosted else (HostedTeeTime.host_id != me.id))
    if after is not None:
        rows = rows.where(after > PLACE if past else after < PLACE)
    start, key = HostedTeeTime.starts_at, HostedTeeTime.id
    order = (start.desc(), key.desc()) if past else (start, key)
    found = (await session.execute(rows.order_by(*order).limit(limit), asked_by(me))).all()
    hosts = await _hosts(session, me, [row.HostedTeeTime.host_id for row in found])
    return [
        Own(tee_time=tee_time, host=hosts[tee_time.host_id], part=part, unread=unread)
        for tee_time, part, unread in found
    ]


async def _hosts(session: AsyncSession, me: Golfer, ids: Sequence[UUID]) -> dict[UUID, KnownGolfer]:
    if not ids:
        return {}
    rows = await session.execute(HOSTS, {**asked_by(me), "hosts": list(set(ids))})
    return {row.Golfer.id: known_golfer(me, row) for row in rows}
