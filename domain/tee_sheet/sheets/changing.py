"""Sheets under their locks, and doing to them what was planned."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, delete, exists, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_course, lock_course, refuse_unless_staff
from domain.tee_sheet.inventory.prices import list_price, price_rows, stored_prices
from domain.tee_sheet.inventory.restrictions import (
    planned_time,
    restriction_rows,
    shop_sale_at,
    stored_restrictions,
)
from domain.tee_sheet.inventory.slots import lock_tee_times
from domain.tee_sheet.offers.places import take_turns
from domain.tee_sheet.offers.waitlist_line import anybody_waits
from domain.tee_sheet.sheets.plans import SheetPlan, StartState
from domain.tee_sheet.sheets.rows import Row, changed, shown_starts, slot_rows, start_rows
from events.log import record
from events.tee_sheet.sheets import RepricedTeeTime, RetoldSlot
from kit.ids import public_id
from models.clubs.tables import Course
from models.tee_sheet.desk import BlockSlot, SheetChange
from models.tee_sheet.tables import Booking, Hold, Slot, TeeSheet, TeeTime
from models.tee_sheet.values import SlotStatus
from models.tee_sheet.waitlist import WaitlistOffer

OF_SHEETS = TeeTime.sheet_id == any_(bindparam("sheets", type_=ARRAY(Uuid)))
LOCK = select(TeeTime.id).where(OF_SHEETS).order_by(TeeTime.id).with_for_update()
STATES = (
    select(
        TeeTime.sheet_id,
        TeeTime.id,
        TeeTime.starts_at,
        TeeTime.local_time,
        TeeTime.tee,
        TeeTime.is_by_hand,
        TeeTime.delayed_minutes,
        func.count(Slot.id).label("places"),
        func.coalesce(func.bool_or(Slot.status == SlotStatus.BOOKED), False).label("booked"),
        func.coalesce(func.bool_or(Slot.status == SlotStatus.HELD), False).label("held"),
        func.coalesce(func.bool_or(Slot.blocks > 0), False).label("blocked"),
        or_(
            exists().where(Booking.tee_time_id == TeeTime.id), exists().where(WaitlistOffer.tee_time_id == TeeTime.id)
        ).label("sold_before"),
        or_(TeeTime.note != "", TeeTime.staff_note != "").label("noted"),
    )
    .outerjoin(Slot, Slot.tee_time_id == TeeTime.id)
    .where(OF_SHEETS)
    .group_by(TeeTime.id)
    .order_by(TeeTime.starts_at, TeeTime.tee)
)
IDS = any_(bindparam("ids", type_=ARRAY(Uuid)))
OF_STARTS = select(Slot.id).where(Slot.tee_time_id == IDS)
SPARE = Slot.number > bindparam("most")
REMOVALS = (
    delete(BlockSlot).where(BlockSlot.slot_id.in_(OF_STARTS)),
    delete(Slot).where(Slot.tee_time_id == IDS),
    delete(Hold).where(Hold.tee_time_id == IDS),
    delete(TeeTime).where(TeeTime.id == IDS),
)
"""A start goes with its places, with what of blocks that were lifted lay on them, and with holds that have ended."""
SHRINKS = (
    delete(BlockSlot).where(BlockSlot.slot_id.in_(OF_STARTS.where(SPARE))),
    delete(Slot).where(Slot.tee_time_id == IDS, SPARE),
)
PLACES = select(Slot.tee_time_id, Slot.id, Slot.number, Slot.status).where(Slot.tee_time_id == IDS)


async def lock_sheets(
    session: AsyncSession, *, viewer: Viewer, course_id: UUID, first: date, last: date
) -> tuple[Course, list[TeeSheet]]:
    """Lock a course, which each sale shares, and read its sheets of some days, by date. Raises NotFound, NotAllowed.

    The sheets are locked too, for those who delay their starts.
    """
    course = await find_course(session, viewer=viewer, course_id=course_id)
    refuse_unless_staff(viewer, course.club_id)
    course = await lock_course(session, course_id=course.id)
    rows = select(TeeSheet).where(TeeSheet.course_id == course.id, TeeSheet.date.between(first, last))
    fresh = rows.order_by(TeeSheet.date).with_for_update(key_share=True).execution_options(populate_existing=True)
    return course, list(await session.scalars(fresh))


async def lock_starts(session: AsyncSession, sheets: Iterable[TeeSheet]) -> dict[UUID, list[StartState]]:
    """Lock all starts of sheets in the order of their ids; gives what each is by then, by sheet, start and tee."""
    found: dict[UUID, list[StartState]] = {sheet.id: [] for sheet in sheets}
    wanted = {"sheets": list(found)}
    await session.execute(LOCK, wanted)
    for sheet_id, *state in await session.execute(STATES, wanted):
        names = ("id", "starts_at", "local_time", "tee", "is_by_hand", "delayed_minutes", "places")
        flags = ("booked", "held", "blocked", "sold_before", "noted")
        found[sheet_id].append(StartState(**dict(zip((*names, *flags), state, strict=True))))
    return found


async def carry_out(
    session: AsyncSession,
    plans: Mapping[TeeSheet, SheetPlan],
    *,
    change: SheetChange,
    by_hand: bool = False,
    now: datetime,
) -> None:
    """Do what was planned for locked sheets, tell of it, and give the waitlist its turn for places that are new."""
    await _remove(session, [state.id for plan in plans.values() for state in plan.removed])
    added = {
        sheet: await _change(session, sheet, plan, change, by_hand=by_hand, now=now) for sheet, plan in plans.items()
    }
    for sheet, ids in added.items():
        if ids and await anybody_waits(session, sheet.id):
            locked = await lock_tee_times(session, ids)
            await take_turns(session, list(locked.values()), now=now)


async def _remove(session: AsyncSession, ids: list[UUID]) -> None:
    if ids:
        for statement in REMOVALS:
            await session.execute(statement, {"ids": ids})


async def _change(
    session: AsyncSession, sheet: TeeSheet, plan: SheetPlan, change: SheetChange, *, by_hand: bool, now: datetime
) -> list[UUID]:
    """Change one sheet; gives the tee times that have places for others than before."""
    staying = sorted([*plan.stay, *(state for state, _ in plan.kept)], key=lambda state: (state.starts_at, state.tee))
    before, sold_by = _offered(sheet, staying), _shop_only(sheet, staying)
    if plan.prices is not None:
        sheet.prices = price_rows(plan.prices)
    if plan.group_sizes is not None:
        sheet.group_sizes = list(plan.group_sizes)
    if plan.restrictions is not None:
        sheet.restrictions = restriction_rows(plan.restrictions)
    after, prices = _offered(sheet, staying), stored_prices(sheet.prices)
    by_shop = _shop_only(sheet, staying)
    retold = await _retold(session, {key: only for key, only in by_shop.items() if only != sold_by[key]})
    tee_times, slots = await _new_places(session, sheet, plan, by_hand=by_hand)
    if plan.differs:
        fact = changed(
            sheet,
            change,
            tee_times=shown_starts(
                tee_times,
                slots,
                prices=prices,
                restrictions=stored_restrictions(sheet.restrictions),
                holes=sheet.holes,
                zone=sheet.time_zone,
            ),
            retold_slots=retold,
            removed_tee_time_ids=tuple(public_id("tee_time", state.id) for state in plan.removed),
            repriced_tee_times=tuple(
                RepricedTeeTime(tee_time_id=public_id("tee_time", state.id), price_cents=now_for)
                for state, was_for, now_for in zip(staying, before, after, strict=True)
                if was_for != now_for
            ),
        )
        record(session, fact, now=now)
    changed_for = [] if plan.restrictions is None else list(by_shop)
    return [*(row["id"] for row in tee_times), *changed_for]


def _offered(sheet: TeeSheet, states: Iterable[StartState]) -> list[int]:
    prices = stored_prices(sheet.prices)
    return [list_price(prices, holes=sheet.holes, at=state.local_time) for state in states]


def _shop_only(sheet: TeeSheet, states: Iterable[StartState]) -> dict[UUID, bool]:
    restrictions = stored_restrictions(sheet.restrictions)
    planned = {state: planned_time(state.starts_at, state.delayed_minutes, zone=sheet.time_zone) for state in states}
    return {state.id: shop_sale_at(restrictions, at=at, tee=state.tee) is not None for state, at in planned.items()}


async def _retold(session: AsyncSession, shop_only: Mapping[UUID, bool]) -> tuple[RetoldSlot, ...]:
    """Show the free places of starts that are sold in another way from now on."""
    return tuple(
        RetoldSlot(
            tee_time_id=public_id("tee_time", row["tee_time_id"]),
            slot_id=public_id("slot", row["id"]),
            status=row["status"],
            shop_only=shop_only[row["tee_time_id"]],
        )
        for row in await _places(session, list(shop_only))
        if row["status"] is SlotStatus.AVAILABLE
    )


async def _new_places(
    session: AsyncSession, sheet: TeeSheet, plan: SheetPlan, *, by_hand: bool
) -> tuple[list[Row], list[Row]]:
    """Add the new starts, and give those that stay as many places as they shall have; gives both with all places."""
    most, tenant_id = max(sheet.group_sizes), sheet.tenant_id
    new = start_rows(plan.added, sheet_id=sheet.id, tenant_id=tenant_id, by_hand=by_hand)
    slots = slot_rows([row["id"] for row in new], last=most, tenant_id=tenant_id)
    for state in plan.resized:
        slots += slot_rows([state.id], first=state.places + 1, last=most, tenant_id=tenant_id)
    if new:
        await session.execute(insert(TeeTime), new)
    if slots:
        await session.execute(insert(Slot), slots)
    if any(state.places > most for state in plan.resized):
        for statement in SHRINKS:
            await session.execute(statement, {"ids": [state.id for state in plan.resized], "most": most})
    names = ("id", "starts_at", "local_time", "tee", "delayed_minutes")
    resized = [{name: getattr(state, name) for name in names} for state in plan.resized]
    return [*new, *resized], await _places(session, [row["id"] for row in (*new, *resized)])


async def _places(session: AsyncSession, tee_time_ids: list[UUID]) -> list[Row]:
    found = await session.execute(PLACES, {"ids": tee_time_ids}) if tee_time_ids else ()
    names = ("tee_time_id", "id", "number", "status")
    return [dict(zip(names, row, strict=True)) for row in found]
