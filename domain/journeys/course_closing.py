"""What a closure does to the tee sheets and the carts, and what its end undoes: no more than the closure itself did.

A closure covers the starts from now on up to an instant. It is one closure from the closing to the reopening, also when
it reaches further, or less far, in between: whoever knows from when to when it reached before deals with the difference
alone. Locks are taken in one order: the course (by the caller), all tee times concerned by their ids, then the carts.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.clubs.closures import closed_until, live_closure, local_date
from domain.course.status import begin_closure
from domain.tee_sheet.booking.rules import BEFORE_PLAY
from domain.tee_sheet.desk.blocks import lift_block, put_block
from domain.tee_sheet.desk.problems import BlockAlreadyRemoved
from domain.tee_sheet.inventory.slots import LockedTeeTime, lock_tee_times
from domain.tee_sheet.offers.holds import end_due_holds
from domain.tee_sheet.offers.places import take_turns, withdraw_places
from models.clubs.tables import Course
from models.course.tables import CourseClosure
from models.tee_sheet.desk import Block, BlockKind, BlockSlot
from models.tee_sheet.tables import Booking, Slot, TeeSheet, TeeTime
from models.tee_sheet.values import SlotStatus
from models.tee_sheet.waitlist import WaitlistEntry, WaitlistStatus

AT_ONCE = 500
"""Tee times that are read in one go: a statement can name only so many, and few are needed at a time."""
MOMENT = timedelta(microseconds=1)
SOMEBODY_WAITS = exists().where(WaitlistEntry.sheet_id == TeeSheet.id, WaitlistEntry.status == WaitlistStatus.WAITING)


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which starts lie, from its first instant on up to, but not at, its last."""

    since: datetime
    until: datetime

    def __bool__(self) -> bool:
        """Tell whether any start can lie in it."""
        return self.since < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What the closure of a course is now, and how it differs from before; under the locks of what is concerned."""

    closure: CourseClosure | None
    """The closure that is there, or that has ended by this change."""
    covered: Span
    """The starts that it did not cover before."""
    uncovered: Span
    """The starts that it covers no longer."""
    lifted: tuple[UUID, ...] = ()
    """Its blocks that are to be lifted."""
    has_begun: bool = False
    """Whether the course was not closed before."""
    locked: frozenset[UUID] = frozenset()
    """The tee times that are locked for it; no others may be locked any more."""


async def reach_of(session: AsyncSession, course: Course, *, blocks: bool, now: datetime) -> Reach:
    """Begin, prolong, shorten or end the closure of a locked course by what its row says, and lock what is concerned.

    `blocks` tells that the free places of all that is covered shall be blocked.
    """
    closure, until = await live_closure(session, course.id), closed_until(course, now=now)
    reach = _difference(closure, until, now=now)
    all_covered = Span(now, until) if blocks and until else None
    reach = replace(reach, locked=await _lock_starts(session, course, reach, all_covered=all_covered))
    if until is None:
        if closure is not None:
            closure.ended_at = max(now, closure.began_at)
        return reach
    if closure is None:
        begun = await begin_closure(session, course, until=until, now=now)
        return replace(reach, closure=begun, has_begun=True)
    closure.reaches_until = until
    return reach


def _difference(closure: CourseClosure | None, until: datetime | None, *, now: datetime) -> Reach:
    """Tell which starts come to be covered, and which are set free; the blocks of a closure that shrinks are lifted."""
    nothing = Span(now, now)
    if closure is None:
        return Reach(closure=None, covered=Span(now, until) if until else nothing, uncovered=nothing)
    before, after = max(now, closure.reaches_until), until or now
    shrinks = until is None or until < closure.reaches_until
    return Reach(
        closure=closure,
        covered=Span(before, after),
        uncovered=Span(max(now, after), before),
        lifted=tuple(closure.block_ids) if shrinks else (),
    )


async def _lock_starts(
    session: AsyncSession, course: Course, reach: Reach, *, all_covered: Span | None
) -> frozenset[UUID]:
    """Lock all that is concerned in one go, in the order of ids: places may be coming free on any of the starts.

    Of what is set free, only sheets for which somebody waits matter. Starts are locked in the database, and not read.
    """
    spans = [_within(course, span) for span in (reach.covered, all_covered) if span]
    if reach.uncovered:
        spans.append(_within(course, reach.uncovered) & SOMEBODY_WAITS)
    blocked = select(Slot.tee_time_id).join(BlockSlot, BlockSlot.slot_id == Slot.id)
    if reach.lifted:
        spans.append(TeeTime.id.in_(blocked.where(BlockSlot.block_id.in_(reach.lifted))))
    if not spans:
        return frozenset()
    starts = select(TeeTime.id).join(TeeSheet, TeeTime.sheet_id == TeeSheet.id).where(or_(*spans))
    return frozenset(await session.scalars(starts.order_by(TeeTime.id).with_for_update(of=TeeTime)))


def _within(course: Course, span: Span) -> ColumnElement[bool]:
    """Ask for the tee times of a course in a span, by the dates of its sheets first, which an index knows."""
    first, last = local_date(course, span.since), local_date(course, span.until - MOMENT)
    return (
        (TeeSheet.course_id == course.id)
        & TeeSheet.date.between(first, last)
        & (TeeTime.starts_at >= span.since)
        & (TeeTime.starts_at < span.until)
    )


async def dates_of(session: AsyncSession, course: Course, span: Span) -> tuple[date, ...]:
    """Give the dates of a course's sheets on which a span lies."""
    first, last = local_date(course, span.since), local_date(course, span.until - MOMENT)
    dates = select(TeeSheet.date).where(TeeSheet.course_id == course.id, TeeSheet.date.between(first, last))
    return tuple(await session.scalars(dates.order_by(TeeSheet.date)))


async def take_out_of_sale(session: AsyncSession, course: Course, reach: Reach, *, now: datetime) -> list[Booking]:
    """End holds and offers on the starts that come to be covered; gives the bookings there, still to be played."""
    span = reach.covered
    if not span:
        return []
    held = _starts(course, span).where(exists().where(Slot.tee_time_id == TeeTime.id, Slot.status == SlotStatus.HELD))
    async for locked in _read(session, held, reach):
        for tee_time in locked:
            await end_due_holds(session, tee_time, now=now)
            await withdraw_places(session, tee_time, tee_time.slots, now=now)
    bookings = select(Booking).where(Booking.tee_time_id.in_(_starts(course, span)), Booking.status.in_(BEFORE_PLAY))
    return list(await session.scalars(bookings.order_by(Booking.id).execution_options(populate_existing=True)))


def _starts(course: Course, span: Span) -> Select[UUID]:
    return select(TeeTime.id).join(TeeSheet, TeeTime.sheet_id == TeeSheet.id).where(_within(course, span))


async def _read(session: AsyncSession, wanted: Select[UUID], reach: Reach) -> AsyncIterator[list[LockedTeeTime]]:
    """Read locked tee times, some at a time and in the order of their ids."""
    await session.flush()
    ids = sorted(reach.locked.intersection(await session.scalars(wanted)))
    for first in range(0, len(ids), AT_ONCE):
        yield list((await lock_tee_times(session, ids[first : first + AT_ONCE])).values())


async def block_free_places(
    session: AsyncSession, course: Course, reach: Reach, *, reason: str, by: str, now: datetime
) -> None:
    """Cover the free places of all that a closure covers by blocks, a sheet's by one, and remember them as its own."""
    closure = reach.closure
    if closure is None or closure.ended_at is not None:
        return
    free = exists().where(Slot.tee_time_id == TeeTime.id, Slot.status == SlotStatus.AVAILABLE)
    async for locked in _read(session, _starts(course, Span(now, closure.reaches_until)).where(free), reach):
        for of_sheet in _by_sheet(locked):
            covered = [slot for tee_time in of_sheet for slot in tee_time.free]
            tee_times = {tee_time.tee_time.id: tee_time for tee_time in of_sheet}
            given: dict[str, Any] = {"kind": BlockKind.WEATHER, "reason": reason, "by": by, "now": now}
            block = await put_block(session, of_sheet[0].sheet, tee_times, covered, **given)
            closure.block_ids = [*closure.block_ids, block.id]


async def put_back_on_sale(session: AsyncSession, course: Course, reach: Reach, *, by: str, now: datetime) -> None:
    """Lift the blocks of a closure that ends or shrinks, and let the waitlist have its turn for what is free again.

    A block that the staff have removed meanwhile is passed over. Who had a booking or a hold has not got it back.
    """
    if reach.lifted and reach.closure is not None:
        live = select(Block).where(Block.id.in_(reach.lifted), Block.removed_at.is_(None)).order_by(Block.id)
        for block in list(await session.scalars(live.execution_options(populate_existing=True))):
            with suppress(BlockAlreadyRemoved):  # in the moment since they were read
                await lift_block(session, block, by=by, now=now)
        reach.closure.block_ids = []
    if not reach.uncovered:
        return
    async for locked in _read(session, _starts(course, reach.uncovered).where(SOMEBODY_WAITS), reach):
        for of_sheet in _by_sheet(locked):
            await take_turns(session, of_sheet, now=now)


def _by_sheet(locked: Iterable[LockedTeeTime]) -> Iterator[Sequence[LockedTeeTime]]:
    """Part tee times by their sheets, in the order of the dates."""
    ordered = sorted(locked, key=lambda tee_time: (tee_time.sheet.date, tee_time.tee_time.id))
    return (list(group) for _, group in groupby(ordered, key=lambda tee_time: tee_time.sheet.id))
