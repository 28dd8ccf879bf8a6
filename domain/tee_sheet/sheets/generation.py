"""Making tee sheets from a template."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_course, refuse_unless_staff
from domain.tee_sheet.inventory.prices import list_price
from domain.tee_sheet.sheets.problems import NoTemplate
from domain.tee_sheet.sheets.round_plan import RoundPlan, expected_minutes
from domain.tee_sheet.sheets.starts import CROSSOVER_TEES, starts_on
from domain.tee_sheet.sheets.templates import template_for, template_of
from events.log import record
from events.tee_sheet.sheets import ChangedSlot, ChangedTeeTime, TeeSheetChanged
from kit.errors import InvalidInput
from kit.ids import new_id, public_id
from models.clubs.tables import Club, Course
from models.tee_sheet.tables import SheetTemplate, Slot, TeeSheet, TeeTime
from models.tee_sheet.values import PriceClass, SlotStatus, Template

HALF_ROUND = 9
MOST_DAYS = 62
MOST_DAYS_AHEAD = 800


async def generate(
    session: AsyncSession, *, viewer: Viewer, course_id: UUID, first: date, last: date, now: datetime
) -> list[TeeSheet]:
    """Make the tee sheets of a course for some days. Days that have one are left as they are.

    Raises NotFound, NotAllowed, NoTemplate, InvalidInput for days in the past, too far ahead, or more than 62.
    """
    course = await find_course(session, viewer=viewer, course_id=course_id)
    refuse_unless_staff(viewer, course.club_id)
    today = now.astimezone(ZoneInfo(course.time_zone)).date()
    if first < today:
        raise InvalidInput(
            message=f"Choose a day from today on, which is {today} at the course.", path=("input", "date")
        )
    if not 0 <= (last - first).days < MOST_DAYS:
        raise InvalidInput(
            message=f"Choose a last day from the first on, at most {MOST_DAYS} days in all.", path=("input", "until")
        )
    if (last - today).days > MOST_DAYS_AHEAD:
        raise InvalidInput(
            message=f"Choose days that are at most {MOST_DAYS_AHEAD} days ahead.", path=("input", "date")
        )
    return await generate_days(session, course=course, days=_days(first, last), now=now)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


async def generate_window(session: AsyncSession, *, course_id: UUID, now: datetime) -> list[TeeSheet]:
    """Make a course's tee sheets from today up to the longest booking window of its club."""
    course = await session.get_one(Course, course_id)
    club = await session.get_one(Club, course.club_id)
    today = now.astimezone(ZoneInfo(course.time_zone)).date()
    longest = max(club.window_days(price_class) for price_class in PriceClass)
    return await generate_days(session, course=course, days=_days(today, today + timedelta(days=longest)), now=now)


async def generate_days(
    session: AsyncSession, *, course: Course, days: Iterable[date], now: datetime
) -> list[TeeSheet]:
    """Make the tee sheets that are missing among some days; give all of them. Raises NoTemplate."""
    row = await template_for(session, course.id)
    if row is None:
        raise NoTemplate
    template, wanted = template_of(row), list(days)
    for day in wanted:
        await _generate_day(session, course=course, template=template, row=row, day=day, now=now)
    found = await session.scalars(
        select(TeeSheet).where(TeeSheet.course_id == course.id, TeeSheet.date.in_(wanted)).order_by(TeeSheet.date)
    )
    return list(found)


def turn_of(course: Course) -> dict[int, int]:
    """Give the whole minutes that a course expects of the first nine holes of a full round, by the tee of the start."""
    return {tee: int(expected_minutes(_full_round(course, tee), HALF_ROUND)) for tee in CROSSOVER_TEES}


def _full_round(course: Course, tee: int) -> RoundPlan:
    return RoundPlan(
        course_holes=course.holes,
        holes=2 * HALF_ROUND,
        start_hole=tee,
        expected_minutes=course.minutes_for_18_holes,
        time_par=course.time_par,
    )


async def _generate_day(
    session: AsyncSession, *, course: Course, template: Template, row: SheetTemplate, day: date, now: datetime
) -> None:
    zone = ZoneInfo(course.time_zone)
    starts = starts_on(template, day=day, zone=zone, holes_of_course=course.holes, turn=turn_of(course))
    sheet_id = new_id()
    values = {
        "id": sheet_id,
        "tenant_id": course.tenant_id,
        "club_id": course.club_id,
        "course_id": course.id,
        "date": day,
        "time_zone": course.time_zone,
        "currency": course.currency,
        "holes": course.holes,
        "group_sizes": row.group_sizes,
        "prices": row.prices,
        "is_online": True,
        "created_at": now,
    }
    made = (
        upsert(TeeSheet)
        .values(values)
        .on_conflict_do_nothing(index_elements=["course_id", "date"])
        .returning(TeeSheet.id)
    )
    if not starts or await session.scalar(made) is None:
        return
    common = {"tenant_id": course.tenant_id}
    tee_times = [
        {
            "id": new_id(),
            "sheet_id": sheet_id,
            "starts_at": s.starts_at,
            "local_time": s.local_time,
            "tee": s.tee,
            **common,
        }
        for s in starts
    ]
    slots = [
        {"id": new_id(), "tee_time_id": tee_time["id"], "number": number, "status": SlotStatus.AVAILABLE, **common}
        for tee_time in tee_times
        for number in range(1, max(template.group_sizes) + 1)
    ]
    await session.execute(insert(TeeTime), tee_times)
    await session.execute(insert(Slot), slots)
    price_cents = list_price(template.prices, holes=course.holes)
    record(session, _changed(course, day, sheet_id, tee_times, slots, price_cents), now=now)


def _changed(
    course: Course,
    day: date,
    sheet_id: UUID,
    tee_times: list[dict[str, Any]],
    slots: list[dict[str, Any]],
    price_cents: int,
) -> TeeSheetChanged:
    by_tee_time: dict[UUID, list[ChangedSlot]] = {}
    for slot in slots:
        shown = ChangedSlot(
            slot_id=public_id("slot", slot["id"]),
            slot_number=slot["number"],
            status=slot["status"],
            price_cents=price_cents,
        )
        by_tee_time.setdefault(slot["tee_time_id"], []).append(shown)
    return TeeSheetChanged(
        club_id=public_id("club", course.club_id),
        course_id=public_id("course", course.id),
        date=day,
        sheet_id=public_id("tee_sheet", sheet_id),
        currency=course.currency,
        tee_times=tuple(
            ChangedTeeTime(
                tee_time_id=public_id("tee_time", t["id"]),
                starts_at=t["starts_at"],
                local_time=t["local_time"],
                tee=t["tee"],
                slots=tuple(by_tee_time[t["id"]]),
            )
            for t in tee_times
        ),
    )
