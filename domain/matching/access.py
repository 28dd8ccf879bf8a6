"""Which golfer the viewer is, and of which others they may know. Who is hidden is answered like who does not exist."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, and_, any_, bindparam, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from auth.viewer import CLUB_STAFF, Role, Viewer
from domain.matching.problems import GolferSuspended, ProfileMissing
from kit.errors import NotAllowed, NotFound
from models.clubs.tables import Player
from models.matching.golfers import Golfer, GolferBlock, GolferConnection
from models.matching.hosted import Participation
from models.matching.values import ConnectionStatus, PartStatus, Visibility

ME = bindparam("me", type_=Uuid)
MY_USER = bindparam("my_user", type_=Text)
MINE = select(Golfer).where(Golfer.user_id == bindparam("user_id", type_=Text))
LOCKED = (
    select(Golfer)
    .where(Golfer.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(Golfer.id)
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
_mine, _theirs = aliased(GolferConnection), aliased(GolferConnection)
_my_part, _their_part = aliased(Participation), aliased(Participation)
_my_player, _their_player = aliased(Player), aliased(Player)


def blocked_with(other: Any) -> ColumnElement[bool]:
    """Whether the golfer who asks, and another, have nothing to do with each other, whoever of them wants it so."""
    row = aliased(GolferBlock)
    return exists().where(
        or_(and_(row.golfer_id == ME, row.other_id == other), and_(row.other_id == ME, row.golfer_id == other))
    )


IN_ONE_CLUB = exists().where(
    _my_player.user_id == MY_USER,
    _my_player.is_active,
    _their_player.club_id == _my_player.club_id,
    _their_player.user_id == Golfer.user_id,
    _their_player.is_active,
)
FELLOWS = exists().where(
    _my_part.golfer_id == ME,
    _my_part.status == PartStatus.JOINED,
    _their_part.tee_time_id == _my_part.tee_time_id,
    _their_part.golfer_id == Golfer.id,
    or_(
        _their_part.status == PartStatus.JOINED,
        and_(_their_part.status == PartStatus.REQUESTED, _my_part.slot_number == 0),
    ),
)
"""Whether both take part in a tee time, or the other asks to join one that one hosts."""
IS_OPEN = or_(
    Golfer.visibility == Visibility.PUBLIC,
    _theirs.id.is_not(None),  # who has asked for me, or is connected with me, wants me to know
    and_(Golfer.visibility == Visibility.MEMBERS, IN_ONE_CLUB),
    FELLOWS,
)
WITH_CONNECTION = (
    select(Golfer, _mine.id.is_not(None).label("asked"), _theirs.id.is_not(None).label("asking"))
    .outerjoin(_mine, and_(_mine.golfer_id == ME, _mine.other_id == Golfer.id))
    .outerjoin(_theirs, and_(_theirs.golfer_id == Golfer.id, _theirs.other_id == ME))
)
"""Golfers, with who of the two has asked the other."""
KNOWN = WITH_CONNECTION.where(
    or_(Golfer.id == ME, and_(Golfer.suspended_at.is_(None), ~blocked_with(Golfer.id), IS_OPEN))
)
"""Those of whom one may know."""
KNOWN_BY_ID = KNOWN.where(Golfer.id == bindparam("golfer_id", type_=Uuid))
CONNECTED = KNOWN.where(_mine.made_at.is_not(None))
ASKING = KNOWN.where(_mine.id.is_(None), _theirs.id.is_not(None))


@dataclass(frozen=True)
class KnownGolfer:
    """A golfer as another one knows them."""

    golfer: Golfer
    me: UUID
    connection: ConnectionStatus

    @property
    def is_me(self) -> bool:
        """Whether it is who asks."""
        return self.golfer.id == self.me


def refuse_strangers_to_golf(viewer: Viewer) -> None:
    """Let those through who play, or work at a club. Raises NotAllowed."""
    if not viewer.has(*CLUB_STAFF, Role.PLAYER):
        raise NotAllowed(message="Only players and the clubs' staff may meet other golfers.")


async def find_me(session: AsyncSession, *, viewer: Viewer) -> Golfer:
    """Find the golfer that the viewer is. Raises NotAllowed, ProfileMissing, GolferSuspended."""
    refuse_strangers_to_golf(viewer)
    me = await session.scalar(MINE, {"user_id": viewer.user_id})
    if me is None:
        raise ProfileMissing
    refuse_suspended(me)
    return me


def refuse_suspended(me: Golfer) -> None:
    """Raise GolferSuspended for who may do nothing here."""
    if me.suspended_at is not None:
        raise GolferSuspended


def asked_by(me: Golfer) -> dict[str, Any]:
    """Give what statements need to know of who asks."""
    return {"me": me.id, "my_user": me.user_id}


async def find_golfer(session: AsyncSession, *, viewer: Viewer, golfer_id: UUID) -> KnownGolfer:
    """Find a golfer of whom the viewer may know. Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound."""
    return await known_to(session, await find_me(session, viewer=viewer), golfer_id=golfer_id)


async def known_to(session: AsyncSession, me: Golfer, *, golfer_id: UUID) -> KnownGolfer:
    """Find a golfer of whom another may know. Raises NotFound."""
    row = (await session.execute(KNOWN_BY_ID, {**asked_by(me), "golfer_id": golfer_id})).one_or_none()
    if row is None:
        raise no_such_golfer()
    return known_golfer(me, row)


async def lock_with(session: AsyncSession, *, viewer: Viewer, golfer_id: UUID) -> tuple[Golfer, KnownGolfer]:
    """Lock the viewer's golfer and another, in the order of their ids; what they are to each other stays as it is.

    Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound.
    """
    me = await find_me(session, viewer=viewer)
    locked = list(await session.scalars(LOCKED, {"ids": [me.id, golfer_id]}))
    if golfer_id not in {golfer.id for golfer in locked}:
        raise no_such_golfer()
    refuse_suspended(me)
    return me, await known_to(session, me, golfer_id=golfer_id)


def known_golfer(me: Golfer, row: Any) -> KnownGolfer:
    """Say what a row of KNOWN says."""
    return KnownGolfer(row.Golfer, me.id, status_of(asked=row.asked, asking=row.asking))


def known_golfers(me: Golfer, rows: Sequence[Any]) -> list[KnownGolfer]:
    """Say what rows of KNOWN say."""
    return [known_golfer(me, row) for row in rows]


def status_of(*, asked: bool, asking: bool) -> ConnectionStatus:
    """Tell how two golfers stand to each other, by who of them has asked."""
    if asked and asking:
        return ConnectionStatus.CONNECTED
    if asked:
        return ConnectionStatus.ASKED
    return ConnectionStatus.ASKING if asking else ConnectionStatus.NONE


def no_such_golfer() -> NotFound:
    """Say that there is no such golfer."""
    return NotFound(message="There is no such golfer, or you may not know of them.")
