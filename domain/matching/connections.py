"""Who is connected with whom: made when both have asked, and ended by either."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.matching.access import ASKING, CONNECTED, KnownGolfer, asked_by, find_me, known_golfers, lock_with
from domain.matching.feed_facts import tell_outdated
from domain.matching.golfers import tell_changed
from domain.matching.problems import ConnectionExists
from domain.matching.shown import tell
from events.matching.golfers import ConnectionAsked, GolferFact, GolfersConnected, GolfersDisconnected
from kit.errors import InvalidInput
from kit.ids import new_id
from models.matching.golfers import Golfer, GolferConnection
from models.matching.values import ConnectionStatus

ONE, OTHER = bindparam("one", type_=Uuid), bindparam("other", type_=Uuid)
BETWEEN = or_(
    and_(GolferConnection.golfer_id == ONE, GolferConnection.other_id == OTHER),
    and_(GolferConnection.golfer_id == OTHER, GolferConnection.other_id == ONE),
)
OF_BOTH = select(GolferConnection).where(BETWEEN)
REMOVE = delete(GolferConnection).where(BETWEEN).execution_options(synchronize_session=False)
SEEN_BY_OTHER = {ConnectionStatus.ASKED: ConnectionStatus.ASKING}


async def connect_golfers(session: AsyncSession, *, viewer: Viewer, golfer_id: UUID, now: datetime) -> KnownGolfer:
    """Ask another golfer to be connected; once both have asked, they are.

    Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound, InvalidInput, ConnectionExists.
    """
    me, other = await lock_with(session, viewer=viewer, golfer_id=golfer_id)
    refuse_oneself(other)
    if other.connection in {ConnectionStatus.ASKED, ConnectionStatus.CONNECTED}:
        raise ConnectionExists(connection=other.connection)
    is_made = other.connection is ConnectionStatus.ASKING
    if is_made:
        for row in await session.scalars(OF_BOTH, {"one": me.id, "other": other.golfer.id}):
            row.made_at = now
    asked = GolferConnection(
        id=new_id(),
        tenant_id=me.tenant_id,
        golfer_id=me.id,
        other_id=other.golfer.id,
        made_at=now if is_made else None,
        created_at=now,
    )
    session.add(asked)
    status = ConnectionStatus.CONNECTED if is_made else ConnectionStatus.ASKED
    tell_both(session, GolfersConnected if is_made else ConnectionAsked, me, other.golfer, status, now=now)
    if is_made:
        _tell_of_circle(session, me, other.golfer, now=now)
    return KnownGolfer(other.golfer, me.id, status)


async def disconnect_golfers(session: AsyncSession, *, viewer: Viewer, golfer_id: UUID, now: datetime) -> KnownGolfer:
    """End a connection, take a question back, or decline one. The other hears that there is none, and may ask again.

    Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound, InvalidInput.
    """
    me, other = await lock_with(session, viewer=viewer, golfer_id=golfer_id)
    refuse_oneself(other)
    if other.connection is ConnectionStatus.NONE:
        message = "You are not connected, and neither has asked; choose another golfer."
        raise InvalidInput(message=message, path=("input", "golferId"))
    await end_connection(session, me, other, now=now)
    return KnownGolfer(other.golfer, me.id, ConnectionStatus.NONE)


async def end_connection(session: AsyncSession, me: Golfer, other: KnownGolfer, *, now: datetime) -> None:
    """Remove what there is of a connection between two locked golfers, and tell both, in the same words for each."""
    if other.connection is ConnectionStatus.NONE:
        return
    await session.execute(REMOVE, {"one": me.id, "other": other.golfer.id})
    tell_both(session, GolfersDisconnected, me, other.golfer, ConnectionStatus.NONE, now=now)
    if other.connection is ConnectionStatus.CONNECTED:
        _tell_of_circle(session, me, other.golfer, now=now)


def _tell_of_circle(session: AsyncSession, me: Golfer, other: Golfer, *, now: datetime) -> None:
    """Tell that two are connected, or no more: so are, by way of them, those whom they know, which counts in scores."""
    tell_changed(session, me, other, now=now)
    tell_outdated(session, me.tenant_id, me, other, with_connected=True, now=now)


def refuse_oneself(other: KnownGolfer) -> None:
    """Raise InvalidInput for one's own id."""
    if other.is_me:
        raise InvalidInput(message="This is you; choose another golfer.", path=("input", "golferId"))


def tell_both(
    session: AsyncSession, kind: type[GolferFact], me: Golfer, other: Golfer, status: ConnectionStatus, *, now: datetime
) -> None:
    """Tell each of two golfers how they stand to the other."""
    tell(session, kind, me, other, status, now=now)
    tell(session, kind, other, me, SEEN_BY_OTHER.get(status, status), now=now)


async def list_connections(
    session: AsyncSession, *, viewer: Viewer, are_made: bool, after: UUID | None, limit: int
) -> list[KnownGolfer]:
    """List the golfers with whom the viewer is connected, or those who ask the viewer, by their ids.

    Raises NotAllowed, ProfileMissing, GolferSuspended.
    """
    me = await find_me(session, viewer=viewer)
    rows = CONNECTED if are_made else ASKING
    if after is not None:
        rows = rows.where(Golfer.id > after)
    found = await session.execute(rows.order_by(Golfer.id).limit(limit), asked_by(me))
    return known_golfers(me, found.all())
