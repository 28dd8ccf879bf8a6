"""Finding and reading ballots, their entries and their starts."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, bindparam, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_club, find_course, player_of, refuse_unless_at_sheets
from domain.rows import rows_by_id
from domain.tee_sheet.inventory.slots import FRESH
from kit.errors import NotFound
from models.clubs.tables import Player
from models.tee_sheet.ballots import Ballot, BallotEntry, BallotEntryStatus, BallotPlayer
from models.tee_sheet.desk import Block, BlockSlot
from models.tee_sheet.tables import Booking, Slot, TeeTime
from models.tee_sheet.values import BookingStatus, SlotStatus

UNKNOWN = "There is no such ballot, or you may not know of it."
UNKNOWN_ENTRY = "There is no such entry of a ballot, or you may not know of it."
OF_BALLOTS = any_(bindparam("ids", type_=ARRAY(Uuid)))
LOCK = (
    select(Ballot).where(Ballot.id == bindparam("ballot_id")).with_for_update(key_share=True).execution_options(**FRESH)
)
STARTS = (
    select(TeeTime)
    .where(
        TeeTime.id.in_(
            select(Slot.tee_time_id)
            .join(BlockSlot, BlockSlot.slot_id == Slot.id)
            .where(BlockSlot.block_id == bindparam("block_id", type_=Uuid))
        )
    )
    .order_by(TeeTime.starts_at, TeeTime.tee)
)
IS_FREE = or_(
    Slot.status == SlotStatus.AVAILABLE,
    and_(Slot.status == SlotStatus.BLOCKED, Slot.blocks == 1, Block.removed_at.is_(None)),
)
PLACES = (
    select(Ballot.id, func.count(), func.count().filter(IS_FREE))
    .join(Block, Block.id == Ballot.block_id)
    .join(BlockSlot, BlockSlot.block_id == Ballot.block_id)
    .join(Slot, Slot.id == BlockSlot.slot_id)
    .where(Ballot.id == OF_BALLOTS)
    .group_by(Ballot.id)
)
DRAWN = (
    select(BallotEntry)
    .where(BallotEntry.ballot_id == OF_BALLOTS, BallotEntry.rank.is_not(None))
    .order_by(BallotEntry.rank)
)
BOOKED = (
    select(Booking)
    .join(BallotEntry, BallotEntry.booking_id == Booking.id)
    .where(BallotEntry.ballot_id == bindparam("ballot_id", type_=Uuid), Booking.status != BookingStatus.CANCELLED)
    .order_by(BallotEntry.rank)
)
PLAYERS = select(BallotPlayer).where(BallotPlayer.entry_id == OF_BALLOTS).order_by(BallotPlayer.position)


class Places(NamedTuple):
    """The places of a ballot's starts."""

    total: int
    """All of them, those that were sold before included."""
    left: int
    """Those that the draw can give, or has left; once they are released, those that are free."""


async def find_ballot(session: AsyncSession, *, viewer: Viewer, ballot_id: UUID) -> Ballot:
    """Find a ballot: for all who may see the club's tee sheets. Raises NotFound."""
    ballot = await session.get(Ballot, ballot_id)
    if ballot is None or not viewer.may_see_sheets(ballot.club_id):
        raise NotFound(message=UNKNOWN)
    return ballot


async def lock_ballot(session: AsyncSession, ballot_id: UUID) -> Ballot | None:
    """Lock a ballot until the transaction ends, and read it anew: who enters, and who closes or draws, take turns."""
    found: Ballot | None = await session.scalar(LOCK, {"ballot_id": ballot_id})
    return found


async def list_ballots(
    session: AsyncSession,
    *,
    viewer: Viewer,
    club_id: UUID,
    course_id: UUID | None = None,
    day: date | None = None,
    before: UUID | None,
    limit: int,
) -> list[Ballot]:
    """List the ballots of a club, or of a course or a day of it, those announced last first.

    Raises NotFound, NotAllowed.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_at_sheets(viewer, club.id)
    if course_id is not None:
        await find_course(session, viewer=viewer, course_id=course_id)
    rows = select(Ballot).where(Ballot.club_id == club_id)
    rows = rows if course_id is None else rows.where(Ballot.course_id == course_id)
    rows = rows if day is None else rows.where(Ballot.date == day)
    rows = rows if before is None else rows.where(Ballot.id < before)
    return list(await session.scalars(rows.order_by(Ballot.id.desc()).limit(limit)))


async def find_entry(session: AsyncSession, *, viewer: Viewer, entry_id: UUID) -> BallotEntry:
    """Find an entry: for staff, for who has made it, and for those who are in it. Raises NotFound."""
    entry = await session.get(BallotEntry, entry_id)
    if entry is None or not viewer.may_see_sheets(entry.club_id):
        raise NotFound(message=UNKNOWN_ENTRY)
    if viewer.is_staff_of(entry.club_id) or entry.entered_by == viewer.user_id:
        return entry
    own = await player_of(session, viewer=viewer, club_id=entry.club_id)
    if await session.scalar(select(exists().where(BallotPlayer.entry_id == entry.id, _is_own(viewer, own)))):
        return entry
    raise NotFound(message=UNKNOWN_ENTRY)


def _is_own(viewer: Viewer, own: Player | None) -> ColumnElement[bool]:
    """Write the condition under which a player of an entry is the viewer."""
    as_user = BallotPlayer.user_id == viewer.user_id
    return or_(BallotPlayer.player_id == own.id, as_user) if own else as_user


async def list_entries(
    session: AsyncSession, *, viewer: Viewer, ballot: Ballot, after: UUID | None, limit: int
) -> list[BallotEntry]:
    """List the entries of a ballot as they were made: all of them for staff, the viewer's own for others."""
    rows = select(BallotEntry).where(BallotEntry.ballot_id == ballot.id)
    if not viewer.is_staff_of(ballot.club_id):
        own = await player_of(session, viewer=viewer, club_id=ballot.club_id)
        mine = select(BallotPlayer.entry_id).where(BallotPlayer.ballot_id == ballot.id, _is_own(viewer, own))
        rows = rows.where(or_(BallotEntry.entered_by == viewer.user_id, BallotEntry.id.in_(mine)))
    rows = rows if after is None else rows.where(BallotEntry.id > after)
    return list(await session.scalars(rows.order_by(BallotEntry.id).limit(limit)))


async def waiting_entries(session: AsyncSession, ballot: Ballot) -> list[BallotEntry]:
    """Read the entries of a locked ballot that wait for its draw."""
    waiting = (BallotEntry.ballot_id == ballot.id, BallotEntry.status == BallotEntryStatus.ENTERED)
    rows = select(BallotEntry).where(*waiting).order_by(BallotEntry.id).execution_options(**FRESH)
    return list(await session.scalars(rows))


async def players_of_entries(session: AsyncSession, entry_ids: Iterable[UUID]) -> dict[UUID, list[BallotPlayer]]:
    """Read who plays by entries, in their order."""
    found: dict[UUID, list[BallotPlayer]] = {key: [] for key in entry_ids}
    for row in await session.scalars(PLAYERS, {"ids": list(found)}):
        found[row.entry_id].append(row)
    return found


async def drawn_entries(session: AsyncSession, ballot_ids: Iterable[UUID]) -> dict[UUID, list[BallotEntry]]:
    """Read the entries that were in the draws of ballots, by rank."""
    found: dict[UUID, list[BallotEntry]] = {key: [] for key in ballot_ids}
    for row in await session.scalars(DRAWN, {"ids": list(found)}):
        found[row.ballot_id].append(row)
    return found


async def bookings_of_draw(session: AsyncSession, ballot_id: UUID) -> list[Booking]:
    """Read what a ballot's draw booked and is not cancelled, by rank."""
    return list(await session.scalars(BOOKED, {"ballot_id": ballot_id}))


async def places_of(session: AsyncSession, ballot_ids: Iterable[UUID]) -> dict[UUID, Places]:
    """Count the places of the starts that ballots sell."""
    found = dict.fromkeys(ballot_ids, Places(0, 0))
    for key, total, left in await session.execute(PLACES, {"ids": list(found)}):
        found[key] = Places(total, left)
    return found


async def ballots_by_id(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Ballot]:
    """Read ballots by their ids."""
    return await rows_by_id(session, Ballot, ids)


async def starts_of(session: AsyncSession, ballot: Ballot, *, now: datetime | None = None) -> Sequence[TeeTime]:
    """Read the tee times that a ballot sells, by start; those to come alone, if `now` is given."""
    rows = await session.scalars(STARTS, {"block_id": ballot.block_id})
    return [row for row in rows if now is None or row.starts_at > now]
