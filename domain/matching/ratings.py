"""After a round: who came to play, and how many stars those who did give each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.matching.access import LOCKED, known_to, no_such_golfer
from domain.matching.facts import hosted_id
from domain.matching.feed_facts import lock_listed, tell_listed
from domain.matching.golfers import tell_changed
from domain.matching.problems import NotAParticipant, NotAttended, RatingGiven, RoundNotOpen
from domain.matching.rooms import Part, Room, lock_room
from domain.matching.shown import rating_of, tell_seen
from events.log import record
from events.matching.golfers import RatingShown
from events.matching.hosted import AttendanceRecorded
from events.notifications import stream_id_of
from kit.errors import InvalidInput
from kit.ids import new_id, public_id
from kit.text import check_range
from models.matching.hosted import HostedTeeTime, Participation
from models.matching.ratings import GolferRating
from models.matching.values import HostedStatus, PartStatus

OPEN_FOR = timedelta(days=14)
"""From the start of a round on, as long as attendance and ratings are taken, and hidden ones stay hidden."""
FEWEST, MOST = 1, 5
ME, OTHER = bindparam("me", type_=Uuid), bindparam("other", type_=Uuid)
TEE_TIME_ID = bindparam("tee_time_id", type_=Uuid)
BETWEEN = select(GolferRating).where(
    GolferRating.tee_time_id == TEE_TIME_ID,
    or_(
        and_(GolferRating.golfer_id == ME, GolferRating.rated_by == OTHER),
        and_(GolferRating.golfer_id == OTHER, GolferRating.rated_by == ME),
    ),
)
BETWEEN = BETWEEN.with_for_update(key_share=True).execution_options(populate_existing=True)
"""Locked before the golfers are, as by what shows them when their time has come."""
OF_GOLFER = select(GolferRating.id).where(
    GolferRating.tee_time_id == TEE_TIME_ID, or_(GolferRating.golfer_id == ME, GolferRating.rated_by == ME)
)
SEEN = select(GolferRating).where(
    GolferRating.tee_time_id == TEE_TIME_ID,
    or_(GolferRating.rated_by == ME, and_(GolferRating.golfer_id == ME, GolferRating.shown_at.is_not(None))),
)
DUE = text("""
    SELECT tenant_id, id FROM golfer_ratings WHERE shown_at IS NULL AND show_at <= :now ORDER BY show_at
""")
RATING = (
    select(GolferRating)
    .where(GolferRating.id == bindparam("rating_id", type_=Uuid))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True)
class Stars:
    """What a golfer and a fellow player gave each other, as far as that golfer may know."""

    golfer_id: UUID
    given: int | None = None
    received: int | None = None


def has_attended(part: Participation) -> bool:
    """Tell whether somebody came to play: as the host said, who came unless they say otherwise."""
    return part.attended if part.attended is not None else part.slot_number == 0


async def record_attendance(
    session: AsyncSession, *, viewer: Viewer, tee_time_id: UUID, golfer_id: UUID, attended: bool, now: datetime
) -> Room:
    """Say whether somebody who takes part came to play, from the start on; by the host, who may say otherwise later.

    Who has rated or was rated came. Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound, NotAParticipant,
    RoundNotOpen, RatingGiven.
    """
    room = await lock_room(session, viewer=viewer, tee_time_id=tee_time_id)
    room.refuse_unless_host()
    part = await _joined(session, room, golfer_id)
    refuse_closed(room.tee_time, now=now)
    given = {"tee_time_id": tee_time_id, "me": golfer_id}
    if not attended and (await session.scalars(OF_GOLFER, given)).first() is not None:
        raise RatingGiven
    if part.row.attended is attended:
        return room
    part.row.attended, part.row.updated_at = attended, now
    told = AttendanceRecorded(
        tee_time_id=hosted_id(room.tee_time),
        golfer_id=public_id("golfer", golfer_id),
        golfer_name=part.known.golfer.name,
        attended=attended,
    )
    record(session, told, now=now)
    return room


def refuse_closed(row: HostedTeeTime, *, now: datetime) -> None:
    """Let a round through that has begun, not long ago, and was not cancelled. Raises RoundNotOpen."""
    closes_at = row.starts_at + OPEN_FOR
    if not row.starts_at <= now <= closes_at or row.status is HostedStatus.CANCELLED:
        raise RoundNotOpen(opens_at=row.starts_at, closes_at=closes_at)


async def _joined(session: AsyncSession, room: Room, golfer_id: UUID) -> Part:
    part = room.of(golfer_id)
    if part is None:
        await known_to(session, room.me, golfer_id=golfer_id)
    if part is None or part.row.status is not PartStatus.JOINED:
        raise NotAParticipant(path=("input", "golferId"))
    return part


async def rate_golfer(
    session: AsyncSession, *, viewer: Viewer, tee_time_id: UUID, golfer_id: UUID, stars: int, now: datetime
) -> Room:
    """Give a fellow player who came to play 1 to 5 stars, once, by one who came, too.

    The two see what the other gave when both have given, or when the fourteen days are over; it counts from then on.
    Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound, InvalidInput, NotAParticipant, RoundNotOpen,
    NotAttended, RatingGiven.
    """
    check_range(stars, FEWEST, MOST, path=("input", "stars"))
    room = await lock_room(session, viewer=viewer, tee_time_id=tee_time_id)
    if not room.takes_part or room.mine is None:
        raise NotAParticipant
    part = await _joined(session, room, golfer_id)
    refuse_closed(room.tee_time, now=now)
    if part.row.golfer_id == room.me.id:
        raise InvalidInput(message="This is you; choose another golfer.", path=("input", "golferId"))
    if part.is_blocked or part.known.golfer.erased_at is not None:
        raise no_such_golfer()
    if not (has_attended(room.mine.row) and has_attended(part.row)):
        raise NotAttended(path=("input", "golferId"))
    row = room.tee_time
    given = {"me": room.me.id, "other": golfer_id, "tee_time_id": row.id}
    found: Sequence[GolferRating] = (await session.scalars(BETWEEN, given)).all()
    if any(one.rated_by == room.me.id for one in found):
        raise RatingGiven
    rating = GolferRating(
        id=new_id(),
        tenant_id=row.tenant_id,
        tee_time_id=row.id,
        golfer_id=golfer_id,
        rated_by=room.me.id,
        stars=stars,
        created_at=now,
        show_at=row.starts_at + OPEN_FOR,
    )
    session.add(rating)
    if found:
        await _show(session, [*(one for one in found if one.shown_at is None), rating], now=now)
    return room


async def _show(session: AsyncSession, ratings: Sequence[GolferRating], *, now: datetime) -> None:
    """Show ratings to those who got them, and let them count."""
    ids = {one for rating in ratings for one in (rating.golfer_id, rating.rated_by)}
    listed = await lock_listed(session, {rating.golfer_id for rating in ratings}, now=now)
    golfers = {one.id: one for one in await session.scalars(LOCKED, {"ids": list(ids)})}
    for rating in ratings:
        golfer, by = golfers[rating.golfer_id], golfers[rating.rated_by]
        rating.shown_at, seen = now, rating_of(golfer)
        golfer.ratings, golfer.stars = golfer.ratings + 1, golfer.stars + rating.stars
        told = RatingShown(
            user_id=stream_id_of(golfer.tenant_id, golfer.user_id),
            tee_time_id=public_id("hosted_tee_time", rating.tee_time_id),
            golfer_id=public_id("golfer", by.id),
            golfer_name=by.name,
            stars=rating.stars,
        )
        record(session, told, now=now)
        tell_changed(session, golfer, now=now)
        if rating_of(golfer) != seen:
            await tell_seen(session, golfer, now=now)
    tell_listed(session, listed, now=now)


async def due_ratings(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """Find the ratings whose time to be shown has come, of all tenants, as tenant and rating."""
    rows = await session.execute(DUE, {"now": now})
    return [(row.tenant_id, row.id) for row in rows]


async def show_rating(session: AsyncSession, *, rating_id: UUID, now: datetime) -> None:
    """Show a rating whose time has come. Done twice, or by several, it is done once."""
    rating = await session.scalar(RATING, {"rating_id": rating_id})
    if rating is not None and rating.shown_at is None and rating.show_at <= now:
        await _show(session, [rating], now=now)


async def stars_of(session: AsyncSession, room: Room) -> list[Stars]:
    """Give what who asks and each fellow player gave each other in a round, in the order of the places."""
    if not room.takes_part:
        return []
    rows = (await session.scalars(SEEN, {"tee_time_id": room.tee_time.id, "me": room.me.id})).all()
    given = {row.golfer_id: row.stars for row in rows if row.rated_by == room.me.id}
    received = {row.rated_by: row.stars for row in rows if row.golfer_id == room.me.id}
    fellows = [part.row.golfer_id for part in room.joined if part.row.golfer_id != room.me.id and not part.is_blocked]
    return [Stars(one, given.get(one), received.get(one)) for one in fellows]
