"""A tee time under its lock: its slots, and the facts about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, exists, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from domain.clubs.access import SHARE, turn_of
from domain.tee_sheet.inventory.prices import list_price, stored_prices
from domain.tee_sheet.inventory.restrictions import planned_time, shop_sale_at, stored_restrictions
from events.tee_sheet.inventory import SlotEvent
from kit.errors import NotFound
from kit.ids import public_id
from models.clubs.tables import Course
from models.tee_sheet.tables import Slot, TeeSheet, TeeTime
from models.tee_sheet.values import ShopSale, SlotStatus
from models.tee_sheet.waitlist import WaitlistEntry, WaitlistStatus

S = TypeVar("S", bound=SlotEvent)

UNKNOWN = "There is no such tee time, or you may not know of it."
FRESH = {"populate_existing": True}
WANTED = TeeTime.id == any_(bindparam("ids", type_=ARRAY(Uuid)))
FIND = select(TeeTime, TeeSheet).join(TeeSheet, TeeTime.sheet_id == TeeSheet.id)
FIND_OF_SLOT = FIND.join(Slot, Slot.tee_time_id == TeeTime.id).where(Slot.id == bindparam("slot_id"))
FIND = FIND.where(TeeTime.id == bindparam("tee_time_id"))
LOCK = select(TeeTime).where(WANTED).order_by(TeeTime.id).with_for_update().execution_options(**FRESH)
SHARED = SHARE.cte("shared").prefix_with("MATERIALIZED")
SHARE_AND_LOCK = (
    select(aliased(Course, SHARED), TeeTime)
    .join_from(TeeTime, SHARED, true())
    .where(TeeTime.id == bindparam("tee_time_id"))
    .with_for_update(of=TeeTime)
    .execution_options(**FRESH)
)
"""No row of the tee time is locked before the course has given one."""
AWAITED = exists().where(WaitlistEntry.sheet_id == TeeSheet.id, WaitlistEntry.status == WaitlistStatus.WAITING)
BEHIND = (
    select(TeeTime.id, TeeSheet, Slot, AWAITED)
    .join(TeeSheet, TeeTime.sheet_id == TeeSheet.id)
    .outerjoin(Slot, Slot.tee_time_id == TeeTime.id)
    .where(WANTED)
    .order_by(TeeTime.id, Slot.number)
    .execution_options(**FRESH)
)


@dataclass
class LockedStart:
    """A tee time whose row this transaction holds, so that its slots, holds and bookings change by nobody else."""

    tee_time: TeeTime
    sheet: TeeSheet


@dataclass
class LockedTeeTime(LockedStart):
    """The same with its places."""

    slots: list[Slot]
    is_awaited: bool = True
    """Whether anybody waited for places of its sheet when it was locked: so nobody has to be asked who is in line."""

    @property
    def free(self) -> list[Slot]:
        """The places that can be taken, by number."""
        return [slot for slot in self.slots if slot.status is SlotStatus.AVAILABLE]

    @property
    def shop_sale(self) -> ShopSale | None:
        """How players are shown it, where the shop alone sells it."""
        at = planned_time(self.tee_time.starts_at, self.tee_time.delayed_minutes, zone=self.sheet.time_zone)
        return shop_sale_at(stored_restrictions(self.sheet.restrictions or ()), at=at, tee=self.tee_time.tee)

    def held_by(self, hold_id: UUID) -> list[Slot]:
        """The places of a hold."""
        return [slot for slot in self.slots if slot.hold_id == hold_id]

    def sold_to(self, booking_id: UUID) -> list[Slot]:
        """The places of a booking."""
        return [slot for slot in self.slots if slot.booking_id == booking_id]

    def fact(self, kind: type[S], slot: Slot, *, price_cents: int | None = None, **more: Any) -> S:
        """State a fact about a place; its price is the list price unless another was agreed on."""
        offered = list_price(stored_prices(self.sheet.prices), holes=self.sheet.holes, at=self.tee_time.local_time)
        return kind(
            club_id=public_id("club", self.sheet.club_id),
            course_id=public_id("course", self.sheet.course_id),
            date=self.sheet.date,
            tee_time_id=public_id("tee_time", self.tee_time.id),
            slot_id=public_id("slot", slot.id),
            slot_number=slot.number,
            status=slot.status,
            price_cents=offered if price_cents is None else price_cents,
            currency=self.sheet.currency,
            shop_only=self.shop_sale is not None,
            **more,
        )


def free_up(slot: Slot) -> None:
    """Take a place back from who has it: it is available again, or blocked where a block covers it."""
    slot.status = SlotStatus.BLOCKED if slot.blocks else SlotStatus.AVAILABLE
    slot.hold_id, slot.booking_id = None, None


async def find_tee_time(session: AsyncSession, tee_time_id: UUID) -> tuple[TeeTime, TeeSheet]:
    """Find a tee time with its sheet, without a lock. Raises NotFound."""
    row = (await session.execute(FIND, {"tee_time_id": tee_time_id})).one_or_none()
    if row is None:
        raise NotFound(message=UNKNOWN)
    return row[0], row[1]


async def find_start_of_slot(session: AsyncSession, slot_id: UUID) -> tuple[TeeTime, TeeSheet]:
    """Find the tee time that a place is on, with its sheet, without a lock. Raises NotFound."""
    row = (await session.execute(FIND_OF_SLOT, {"slot_id": slot_id})).one_or_none()
    if row is None:
        raise NotFound(message="There is no such place, or you may not know of it.")
    return row[0], row[1]


async def lock_tee_time(session: AsyncSession, tee_time_id: UUID) -> LockedTeeTime:
    """Lock a tee time until the transaction ends. Raises NotFound."""
    return (await lock_tee_times(session, [tee_time_id]))[tee_time_id]


async def lock_tee_times(session: AsyncSession, tee_time_ids: Iterable[UUID]) -> dict[UUID, LockedTeeTime]:
    """Lock several tee times until the transaction ends, in the order of their ids. Raises NotFound for a missing one.

    It takes two statements, however many there are. Sheets and places are read behind the locks: what was changed while
    the tee times were waited for is seen, whatever the session knew before.
    """
    wanted = set(tee_time_ids)
    tee_times = list(await session.scalars(LOCK, {"ids": list(wanted)}))
    if len(tee_times) < len(wanted):
        raise NotFound(message=UNKNOWN)
    return await behind_locks(session, tee_times)


async def lock_on_sale(session: AsyncSession, *, course_id: UUID, tee_time_id: UUID) -> tuple[Course, LockedTeeTime]:
    """Share a course as `share_course` does, and then lock a tee time, by one statement and in this order.

    Raises NotFound.
    """
    keys = turn_of(course_id) | {"tee_time_id": tee_time_id}
    row = (await session.execute(SHARE_AND_LOCK, keys)).one_or_none()
    if row is None:
        raise NotFound(message=UNKNOWN)
    return row[0], (await behind_locks(session, [row[1]]))[tee_time_id]


async def behind_locks(session: AsyncSession, tee_times: Iterable[TeeTime]) -> dict[UUID, LockedTeeTime]:
    """Read sheets and places of tee times that are locked: by a statement that begins when they are, and not before."""
    rows = {row.id: row for row in tee_times}
    locked: dict[UUID, LockedTeeTime] = {}
    found: list[tuple[UUID, TeeSheet, Slot | None, bool]] = [
        (row[0], row[1], row[2], row[3]) for row in await session.execute(BEHIND, {"ids": list(rows)})
    ]
    for tee_time_id, sheet, slot, is_awaited in found:
        tee_time = locked.setdefault(tee_time_id, LockedTeeTime(rows[tee_time_id], sheet, [], is_awaited))
        tee_time.slots += [slot] if slot else []
    return locked
