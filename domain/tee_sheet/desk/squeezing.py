"""Squeezing a tee time in between two others."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.tee_sheet.desk.problems import NotBetweenStarts, StartTaken
from domain.tee_sheet.desk.starts import lock_sheet, sheet_changed
from domain.tee_sheet.inventory.limits import MOST_TEE_TIMES_A_DAY
from domain.tee_sheet.inventory.prices import list_price, stored_prices
from domain.tee_sheet.inventory.reading import tee_times_of
from domain.tee_sheet.inventory.restrictions import planned_time, shop_sale_at, stored_restrictions
from domain.tee_sheet.inventory.slots import LockedTeeTime
from domain.tee_sheet.offers.places import release_places
from domain.tee_sheet.offers.rules import check_not_past
from domain.tee_sheet.sheets.generation import turn_of
from domain.tee_sheet.sheets.starts import instant_of
from domain.tee_sheet.sheets.turning import refuse_turning, starts_of
from events.log import record
from events.tee_sheet.sheets import ChangedSlot, ChangedTeeTime
from kit.errors import InvalidInput
from kit.ids import new_id, public_id
from models.clubs.tables import Course
from models.tee_sheet.desk import SheetChange
from models.tee_sheet.tables import Slot, TeeSheet, TeeTime
from models.tee_sheet.values import SlotStatus


async def squeeze_tee_time(
    session: AsyncSession,
    *,
    viewer: Viewer,
    course_id: UUID,
    day: date,
    local_time: time,
    tee: int,
    even_if_turning: bool = False,
    now: datetime,
) -> TeeTime:
    """Add a tee time, with all its places free, between two others that start from the same tee.

    They are offered to who waits first, as all places that come on sale; within a closure, they are on the sheet alone.

    Raises NotFound, NotAllowed, InvalidInput, NoTeeSheet, StartInThePast, StartTaken, NotBetweenStarts,
    TurnsInTheWay.
    """
    sheet = await lock_sheet(session, viewer=viewer, course_id=course_id, day=day)
    starts_at = _instant(sheet, local_time)
    check_not_past(starts_at, now=now)
    others = await tee_times_of(session, sheet.id)
    _check_gap(others, starts_at, tee)
    new, before = new_id(), starts_of(others)
    if not even_if_turning:
        turn = turn_of(await session.get_one(Course, sheet.course_id))
        after = before | {new: (starts_at, tee)}
        refuse_turning(before, after, put=(new,), turn=turn, path=("input", "localTime"))
    tee_time = TeeTime(
        id=new,
        tenant_id=sheet.tenant_id,
        sheet_id=sheet.id,
        starts_at=starts_at,
        local_time=local_time,
        tee=tee,
        is_by_hand=True,
        delayed_minutes=_delayed(others, starts_at, tee),
    )
    session.add(tee_time)
    slots = [
        Slot(
            id=new_id(),
            tenant_id=sheet.tenant_id,
            tee_time_id=tee_time.id,
            number=number,
            status=SlotStatus.AVAILABLE,
            blocks=0,
        )
        for number in range(1, max(sheet.group_sizes) + 1)
    ]
    session.add_all(slots)
    record(
        session,
        replace(sheet_changed(sheet, SheetChange.SQUEEZED), tee_times=(_added(sheet, tee_time, slots),)),
        now=now,
    )
    await session.flush()
    await release_places(session, LockedTeeTime(tee_time, sheet, slots), (), now=now)
    return tee_time


def _check_gap(tee_times: Sequence[TeeTime], starts_at: datetime, tee: int) -> None:
    starts = {row.starts_at: row for row in tee_times if row.tee == tee}
    if starts_at in starts:
        raise StartTaken(tee_time_id=public_id("tee_time", starts[starts_at].id), path=("input", "localTime"))
    if not starts or not min(starts) < starts_at < max(starts):
        first, last = min(starts, default=None), max(starts, default=None)
        raise NotBetweenStarts(first_starts_at=first, last_starts_at=last, path=("input", "localTime"))
    if len(tee_times) >= MOST_TEE_TIMES_A_DAY:
        raise InvalidInput(
            message=f"A day has at most {MOST_TEE_TIMES_A_DAY} tee times; take one that is there.", path=("input",)
        )


def _delayed(tee_times: Sequence[TeeTime], starts_at: datetime, tee: int) -> int:
    """Say how far a new start may come back with those around it: as far as the less delayed one of its neighbours."""
    line = sorted((row for row in tee_times if row.tee == tee), key=lambda row: row.starts_at)
    behind = next(n for n, row in enumerate(line) if row.starts_at > starts_at)
    return min(row.delayed_minutes for row in line[behind - 1 : behind + 1])


def _instant(sheet: TeeSheet, local_time: time) -> datetime:
    path = ("input", "localTime")
    if local_time.second or local_time.microsecond:
        raise InvalidInput(message="Give the start in whole minutes.", path=path)
    starts_at = instant_of(sheet.date, local_time, zone=ZoneInfo(sheet.time_zone))
    if starts_at is None:
        raise InvalidInput(message="The clock jumps over this time on this day; choose another.", path=path)
    return starts_at


def _added(sheet: TeeSheet, tee_time: TeeTime, slots: Sequence[Slot]) -> ChangedTeeTime:
    at = planned_time(tee_time.starts_at, tee_time.delayed_minutes, zone=sheet.time_zone)
    shop_sale = shop_sale_at(stored_restrictions(sheet.restrictions), at=at, tee=tee_time.tee)
    price_cents = list_price(stored_prices(sheet.prices), holes=sheet.holes, at=tee_time.local_time)
    return ChangedTeeTime(
        tee_time_id=public_id("tee_time", tee_time.id),
        starts_at=tee_time.starts_at,
        local_time=tee_time.local_time,
        tee=tee_time.tee,
        slots=tuple(
            ChangedSlot(
                slot_id=public_id("slot", slot.id),
                slot_number=slot.number,
                status=slot.status,
                price_cents=price_cents,
                shop_only=shop_sale is not None,
            )
            for slot in slots
        ),
        planned_time=at if tee_time.delayed_minutes else None,
    )
