"""Hosted tee times: who may know of one, who takes part, and its lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Result, Uuid, and_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.matching.access import (
    IS_OPEN,
    WITH_CONNECTION,
    KnownGolfer,
    asked_by,
    blocked_with,
    find_me,
    known_golfer,
)
from domain.matching.problems import TeeTimeOver
from events.cursor import Cursor
from events.log import read_cursor
from events.matching.hosted import hosted_room
from kit.errors import NotAllowed, NotFound
from kit.ids import public_id
from models.matching.golfers import Golfer, GolferConnection
from models.matching.hosted import HostedTeeTime, Participation
from models.matching.values import HostedStatus, PartStatus

TEE_TIME_ID = bindparam("tee_time_id", type_=Uuid)
HOST_KNOWS = select(GolferConnection.other_id).where(
    GolferConnection.golfer_id == HostedTeeTime.host_id, GolferConnection.made_at.is_not(None)
)
WITH_HOST_KNOWS = select(HostedTeeTime, func.array(HOST_KNOWS.scalar_subquery(), type_=ARRAY(Uuid)).label("host_knows"))
"""Tee times, and with whom their hosts are connected."""
FIND = WITH_HOST_KNOWS.where(HostedTeeTime.id == TEE_TIME_ID)
LOCK = FIND.with_for_update(key_share=True, of=HostedTeeTime).execution_options(populate_existing=True)
PRESENT = (PartStatus.JOINED, PartStatus.REQUESTED)
IS_KNOWN = or_(
    Golfer.id == bindparam("me", type_=Uuid),
    and_(Golfer.suspended_at.is_(None), ~blocked_with(Golfer.id), or_(IS_OPEN, Participation.slot_number == 0)),
)
ROSTER = (
    WITH_CONNECTION.add_columns(Participation, IS_KNOWN.label("is_known"), blocked_with(Golfer.id).label("is_blocked"))
    .join(Participation, Participation.golfer_id == Golfer.id)
    .where(Participation.tee_time_id == TEE_TIME_ID, Participation.status.in_(PRESENT))
    .order_by(Participation.slot_number.nulls_last(), Participation.id)
    .execution_options(populate_existing=True)
)
"""Who takes part in a tee time, the host first, and who would like to, those who asked first before others."""


class Standing(NamedTuple):
    """How a tee time stands: its host, all parts in it that count, and with whom its host is connected."""

    tee_time: HostedTeeTime
    host: Golfer
    parts: Sequence[Participation]
    host_knows: Sequence[UUID]


@dataclass(frozen=True)
class Part:
    """A golfer's part in a tee time, and whether who asks may know who it is."""

    row: Participation
    known: KnownGolfer
    is_known: bool
    is_blocked: bool


@dataclass(frozen=True)
class Room:
    """A hosted tee time with all who take part in it or have asked to, as one golfer sees it."""

    tee_time: HostedTeeTime
    me: Golfer
    parts: Sequence[Part]
    host_knows: Sequence[UUID]
    """The golfers with whom the host is connected."""

    @property
    def host(self) -> Part:
        """The host's part."""
        return next(part for part in self.parts if part.row.slot_number == 0)

    @property
    def standing(self) -> Standing:
        """How it stands, whoever looks at it."""
        return Standing(self.tee_time, self.host.known.golfer, [part.row for part in self.parts], self.host_knows)

    @property
    def joined(self) -> list[Part]:
        """Those who take part, the host first."""
        return [part for part in self.parts if part.row.status is PartStatus.JOINED]

    @property
    def requests(self) -> list[Part]:
        """Those who have asked to join."""
        return [part for part in self.parts if part.row.status is PartStatus.REQUESTED]

    @property
    def mine(self) -> Part | None:
        """The part of who asks."""
        return self.of(self.me.id)

    @property
    def is_host(self) -> bool:
        """Whether who asks hosts it."""
        return self.tee_time.host_id == self.me.id

    @property
    def takes_part(self) -> bool:
        """Whether who asks takes part."""
        return self.mine is not None and self.mine.row.status is PartStatus.JOINED

    def of(self, golfer_id: UUID) -> Part | None:
        """Find a golfer's part."""
        return next((part for part in self.parts if part.row.golfer_id == golfer_id), None)

    def refuse_over(self, now: datetime) -> None:
        """Let a tee time change that is still to come. Raises TeeTimeOver."""
        is_open = self.tee_time.status in {HostedStatus.OPEN, HostedStatus.FULL}
        if not is_open or self.tee_time.starts_at <= now:
            raise TeeTimeOver(status=self.tee_time.status)

    def refuse_unless_host(self) -> None:
        """Let the host through. Raises NotAllowed."""
        if not self.is_host:
            raise NotAllowed(message="Only the host of the tee time may do this.")


async def find_room(session: AsyncSession, *, viewer: Viewer, tee_time_id: UUID) -> Room:
    """Find a hosted tee time. Who and the host have nothing to do with each other know of it only if both take part.

    Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound.
    """
    me = await find_me(session, viewer=viewer)
    return await _room(session, me, await session.execute(FIND, {"tee_time_id": tee_time_id}))


async def lock_room(session: AsyncSession, *, viewer: Viewer, tee_time_id: UUID) -> Room:
    """Lock a hosted tee time; who takes part is read behind the lock. Raises what `find_room` does."""
    return await lock_room_of(session, await find_me(session, viewer=viewer), tee_time_id=tee_time_id)


async def lock_room_of(session: AsyncSession, me: Golfer, *, tee_time_id: UUID) -> Room:
    """Lock a hosted tee time as a golfer sees it, whoever asks. Raises NotFound."""
    return await _room(session, me, await session.execute(LOCK, {"tee_time_id": tee_time_id}))


async def _room(session: AsyncSession, me: Golfer, found: Result[Any]) -> Room:
    row = found.one_or_none()
    if row is None:
        raise _no_such()
    tee_time: HostedTeeTime = row.HostedTeeTime
    given: dict[str, Any] = {**asked_by(me), "tee_time_id": tee_time.id}
    rows = (await session.execute(ROSTER, given)).all()
    parts = [Part(row.Participation, known_golfer(me, row), row.is_known, row.is_blocked) for row in rows]
    room = Room(tee_time, me, parts, row.host_knows)
    is_hidden = room.host.is_blocked or room.host.known.golfer.suspended_at is not None
    if is_hidden and not room.takes_part:
        raise _no_such()
    return room


async def cursor_of_room(session: AsyncSession, tee_time: HostedTeeTime) -> Cursor:
    """Give the place in a tee time's stream up to which the session's snapshot shows everything."""
    return await read_cursor(session, hosted_room(public_id("hosted_tee_time", tee_time.id)))


def _no_such() -> NotFound:
    return NotFound(message="There is no such hosted tee time, or you may not know of it.")
