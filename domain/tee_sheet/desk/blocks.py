"""Blocks: places taken out of sale, and put back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_course, refuse_unless_staff
from domain.tee_sheet.booking.rules import BEFORE_PLAY
from domain.tee_sheet.desk.problems import BlockAlreadyRemoved, BlockOfBallot, PlacesBooked
from domain.tee_sheet.inventory.limits import LARGEST_GROUP, MOST_TEE_TIMES_A_DAY
from domain.tee_sheet.inventory.problems import NoTeeSheet
from domain.tee_sheet.inventory.slots import LockedTeeTime, lock_tee_times
from domain.tee_sheet.offers.notices import tell_parties
from domain.tee_sheet.offers.places import free_quietly, take_turns, withdraw_holds
from events.log import record
from events.tee_sheet.desk import BlockAdded, BlockRemoved
from kit.errors import InvalidInput, NotFound
from kit.ids import new_id, public_id
from kit.text import clean_name
from models.notifications import NotificationKind
from models.tee_sheet.desk import Block, BlockKind, BlockSlot
from models.tee_sheet.tables import Booking, Slot, TeeSheet, TeeTime
from models.tee_sheet.values import SlotStatus

LONGEST_REASON = 500


@dataclass(frozen=True, kw_only=True)
class BlockWish:
    """What shall be blocked: the starts from the first to the last, both included, or single places."""

    kind: BlockKind
    reason: str = ""
    first_start: time | None = None
    last_start: time | None = None
    tees: Collection[int] | None = None
    slot_ids: Sequence[UUID] = ()
    keep_bookings: bool = False


async def add_block(
    session: AsyncSession, *, viewer: Viewer, course_id: UUID, day: date, wish: BlockWish, now: datetime
) -> Block:
    """Take places of a tee sheet out of sale, and end the holds that have any of them.

    Tee times that are added later are not covered. Raises NotFound, NotAllowed, InvalidInput, NoTeeSheet, PlacesBooked.
    """
    course = await find_course(session, viewer=viewer, course_id=course_id)
    refuse_unless_staff(viewer, course.club_id)
    if wish.kind is BlockKind.BALLOT:
        raise InvalidInput(
            message="A ballot has a block of its own; give it by announceBallot, or choose another kind.",
            path=("input", "kind"),
        )
    reason = clean_name(wish.reason, path=("input", "reason"), longest=LONGEST_REASON, empty=True)
    sheet = await session.scalar(select(TeeSheet).where(TeeSheet.course_id == course.id, TeeSheet.date == day))
    if sheet is None:
        raise NoTeeSheet(path=("input", "date"))
    locked, covered = await _wanted(session, sheet, wish)
    if not wish.keep_bookings:
        _refuse_booked(covered)
    by = viewer.user_id
    block = await put_block(session, sheet, locked, covered, kind=wish.kind, reason=reason, by=by, now=now)
    await _tell_kept(session, locked, covered, viewer=viewer, now=now)
    return block


async def _wanted(
    session: AsyncSession, sheet: TeeSheet, wish: BlockWish
) -> tuple[Mapping[UUID, LockedTeeTime], list[Slot]]:
    """Lock the tee times that are meant; gives them with the places that shall be covered."""
    if bool(wish.slot_ids) == (wish.first_start is not None and wish.last_start is not None):
        raise InvalidInput(message="Give either firstStart and lastStart, or slotIds.", path=("input",))
    if wish.slot_ids:
        return await _single_places(session, sheet, wish.slot_ids)
    of_range = select(TeeTime.id).where(
        TeeTime.sheet_id == sheet.id, TeeTime.local_time >= wish.first_start, TeeTime.local_time <= wish.last_start
    )
    if wish.tees is not None:
        of_range = of_range.where(TeeTime.tee.in_(set(wish.tees).intersection(range(1, sheet.holes + 1))))
    locked = await lock_tee_times(session, await session.scalars(of_range))
    if not locked:
        raise InvalidInput(
            message="No start of this tee sheet lies in the range; give another one.", path=("input", "firstStart")
        )
    return locked, [slot for tee_time in locked.values() for slot in tee_time.slots]


async def _single_places(
    session: AsyncSession, sheet: TeeSheet, slot_ids: Sequence[UUID]
) -> tuple[Mapping[UUID, LockedTeeTime], list[Slot]]:
    if len(slot_ids) > MOST_TEE_TIMES_A_DAY * LARGEST_GROUP:
        raise InvalidInput(message="A tee sheet has fewer places than that; name each once.", path=("input", "slotIds"))
    places = select(Slot.id, Slot.tee_time_id).join(TeeTime, Slot.tee_time_id == TeeTime.id)
    found = await session.execute(places.where(Slot.id.in_(slot_ids), TeeTime.sheet_id == sheet.id))
    at = {row.id: row.tee_time_id for row in found}
    missing = next((n for n, slot_id in enumerate(slot_ids) if slot_id not in at), None)
    if missing is not None:
        message = "This tee sheet has no such place; choose one of its own."
        raise InvalidInput(message=message, path=("input", "slotIds", str(missing)))
    locked = await lock_tee_times(session, at.values())
    return locked, [slot for tee_time in locked.values() for slot in tee_time.slots if slot.id in at]


def _refuse_booked(covered: Iterable[Slot]) -> None:
    if booked := sorted({slot.booking_id for slot in covered if slot.booking_id}):
        raise PlacesBooked(booking_ids=[public_id("booking", booking_id) for booking_id in booked])


async def _tell_kept(
    session: AsyncSession,
    locked: Mapping[UUID, LockedTeeTime],
    covered: Iterable[Slot],
    *,
    viewer: Viewer,
    now: datetime,
) -> None:
    """Tell the parties of bookings that were kept and are still to be played."""
    kept = {slot.booking_id for slot in covered if slot.booking_id}
    if not kept:
        return
    rows = select(Booking).where(Booking.id.in_(kept), Booking.status.in_(BEFORE_PLAY)).order_by(Booking.id)
    parties = [(row, _covered(row, locked)) for row in await session.scalars(rows)]
    coming = [party for party in parties if party[1].tee_time.starts_at > now]
    await tell_parties(session, NotificationKind.BLOCKED, coming, viewer=viewer, now=now)


def _covered(booking: Booking, locked: Mapping[UUID, LockedTeeTime]) -> LockedTeeTime:
    """Give the start of a booking that a block covers: its own, or that of its turn."""
    turn_id = booking.turn_tee_time_id
    return locked[booking.tee_time_id if booking.tee_time_id in locked or turn_id is None else turn_id]


async def put_block(
    session: AsyncSession,
    sheet: TeeSheet,
    locked: Mapping[UUID, LockedTeeTime],
    covered: Collection[Slot],
    *,
    kind: BlockKind,
    reason: str,
    by: str,
    now: datetime,
) -> Block:
    """Cover places of locked tee times of a sheet: booked ones keep their bookings, holds and offers of others end.

    What such a hold had beside the covered places comes free, and goes to who waits first.
    """
    block = Block(
        id=new_id(),
        tenant_id=sheet.tenant_id,
        club_id=sheet.club_id,
        course_id=sheet.course_id,
        sheet_id=sheet.id,
        kind=kind,
        reason=reason,
        created_by=by,
        created_at=now,
    )
    session.add(block)
    session.add_all(
        BlockSlot(id=new_id(), tenant_id=block.tenant_id, block_id=block.id, slot_id=slot.id) for slot in covered
    )
    record(session, _added(block, sheet, covered), now=now)
    holds: dict[UUID, set[UUID]] = {}
    for slot in covered:
        slot.blocks += 1
        if slot.hold_id:
            holds.setdefault(slot.tee_time_id, set()).add(slot.hold_id)
        if slot.status in {SlotStatus.AVAILABLE, SlotStatus.HELD}:
            free_quietly(session, locked[slot.tee_time_id], [slot], now=now)  # to nobody: a block covers it
    for tee_time_id, ended in sorted(holds.items()):
        await withdraw_holds(session, locked[tee_time_id], ended, now=now)
    await take_turns(session, [locked[tee_time_id] for tee_time_id in sorted(holds)], now=now)
    return block


def _added(block: Block, sheet: TeeSheet, covered: Iterable[Slot]) -> BlockAdded:
    return BlockAdded(
        club_id=public_id("club", sheet.club_id),
        course_id=public_id("course", sheet.course_id),
        date=sheet.date,
        block_id=public_id("block", block.id),
        kind=block.kind,
        reason=block.reason,
        slot_ids=tuple(public_id("slot", slot_id) for slot_id in sorted(slot.id for slot in covered)),
    )


async def find_block(session: AsyncSession, *, viewer: Viewer, block_id: UUID) -> Block:
    """Find a block: for all who may see the club's tee sheets. Raises NotFound."""
    block = await session.get(Block, block_id)
    if block is None or not viewer.may_see_sheets(block.club_id):
        raise NotFound(message="There is no such block, or you may not know of it.")
    return block


async def remove_block(session: AsyncSession, *, viewer: Viewer, block_id: UUID, now: datetime) -> Block:
    """Lift a block; its places come free where no other block covers them.

    Raises NotFound, NotAllowed, BlockOfBallot, BlockAlreadyRemoved.
    """
    block = await find_block(session, viewer=viewer, block_id=block_id)
    refuse_unless_staff(viewer, block.club_id)
    if block.kind is BlockKind.BALLOT and block.removed_at is None:
        raise BlockOfBallot
    await lift_block(session, block, by=viewer.user_id, now=now)
    return block


async def lift_block(session: AsyncSession, block: Block, *, by: str, now: datetime) -> None:
    """Lift a block. Raises BlockAlreadyRemoved."""
    covered = set((await slots_covered(session, [block.id]))[block.id])
    tee_times = await session.scalars(select(Slot.tee_time_id).where(Slot.id.in_(covered)))
    locked = await lock_tee_times(session, tee_times)
    await session.refresh(block)
    if block.removed_at is not None:
        raise BlockAlreadyRemoved(removed_at=block.removed_at)
    block.removed_at, block.removed_by = now, by
    sheet = next(iter(locked.values())).sheet
    removed = BlockRemoved(
        club_id=public_id("club", block.club_id),
        course_id=public_id("course", block.course_id),
        date=sheet.date,
        block_id=public_id("block", block.id),
    )
    record(session, removed, now=now)
    for tee_time in locked.values():
        places = [slot for slot in tee_time.slots if slot.id in covered]
        for slot in places:
            slot.blocks -= 1
        free = [slot for slot in places if slot.status is SlotStatus.BLOCKED and not slot.blocks]
        free_quietly(session, tee_time, free, now=now)
    await take_turns(session, list(locked.values()), now=now)


async def blocks_of(session: AsyncSession, sheet_id: UUID) -> list[Block]:
    """Read the live blocks of a tee sheet, in the order in which they were added."""
    rows = select(Block).where(Block.sheet_id == sheet_id, Block.removed_at.is_(None)).order_by(Block.id)
    return list(await session.scalars(rows))


async def slots_covered(session: AsyncSession, block_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Read which places blocks cover, in the order of their ids."""
    found: dict[UUID, list[UUID]] = {block_id: [] for block_id in block_ids}
    rows = (
        select(BlockSlot.block_id, BlockSlot.slot_id).where(BlockSlot.block_id.in_(found)).order_by(BlockSlot.slot_id)
    )
    for block_id, slot_id in await session.execute(rows):
        found[block_id].append(slot_id)
    return found
