"""Making tee sheets from a template."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_course, refuse_unless_staff
from domain.tee_sheet.sheets.problems import NoTemplate
from domain.tee_sheet.sheets.round_plan import RoundPlan, expected_minutes
from domain.tee_sheet.sheets.rows import changed, shown_starts, slot_rows, start_rows
from domain.tee_sheet.sheets.season_rules import template_on
from domain.tee_sheet.sheets.starts import CROSSOVER_TEES, starts_on
from domain.tee_sheet.sheets.templates import template_of, templates_for
from events.log import record
from kit.errors import InvalidInput
from kit.ids import new_id
from models.clubs.tables import Club, Course
from models.tee_sheet.desk import SheetChange
from models.tee_sheet.tables import SheetTemplate, Slot, TeeSheet, TeeTime

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
    check_days(first, last, today=today)
    return await generate_days(session, course=course, days=days_between(first, last), now=now)


def check_days(first: date, last: date, *, today: date) -> None:
    """Refuse days in the past, too far ahead, or more than 62. Raises InvalidInput."""
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


def days_between(first: date, last: date) -> list[date]:
    """Give all days from the first to the last, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


async def generate_window(session: AsyncSession, *, course_id: UUID, now: datetime) -> list[TeeSheet]:
    """Make a course's tee sheets from today up to the longest booking window of its club."""
    course = await session.get_one(Course, course_id)
    club = await session.get_one(Club, course.club_id)
    today = now.astimezone(ZoneInfo(course.time_zone)).date()
    longest = max(map(club.window_days, club.price_classes))
    days = days_between(today, today + timedelta(days=longest))
    return await generate_days(session, course=course, days=days, now=now)


async def generate_days(
    session: AsyncSession, *, course: Course, days: Iterable[date], now: datetime
) -> list[TeeSheet]:
    """Make the tee sheets that are missing among some days, each by the most particular template; give all of them.

    A day that is in no season stays without a sheet where there is no template of all days. Raises NoTemplate.
    """
    rows, wanted = await templates_for(session, course.id), list(days)
    if not rows:
        raise NoTemplate
    for day in wanted:
        if row := template_on(rows, day):
            await _generate_day(session, course=course, row=row, day=day, now=now)
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


async def _generate_day(session: AsyncSession, *, course: Course, row: SheetTemplate, day: date, now: datetime) -> None:
    template = template_of(row)
    zone = ZoneInfo(course.time_zone)
    starts = starts_on(template, day=day, zone=zone, holes_of_course=course.holes, turn=turn_of(course))
    sheet = TeeSheet(
        id=new_id(),
        tenant_id=course.tenant_id,
        club_id=course.club_id,
        course_id=course.id,
        date=day,
        time_zone=course.time_zone,
        currency=course.currency,
        holes=course.holes,
        group_sizes=row.group_sizes,
        prices=row.prices,
        restrictions=row.restrictions,
        turn_minutes=row.turn_minutes,
        has_own_restrictions=False,
        has_own_prices=False,
        has_own_group_sizes=False,
        removed_starts=[],
        is_online=True,
        created_at=now,
        note="",
        staff_note="",
    )
    values = {column.key: getattr(sheet, column.key) for column in TeeSheet.__table__.columns}
    made = (
        upsert(TeeSheet)
        .values(values)
        .on_conflict_do_nothing(index_elements=["course_id", "date"])
        .returning(TeeSheet.id)
    )
    if not starts or await session.scalar(made) is None:
        return
    tee_times = start_rows(starts, sheet_id=sheet.id, tenant_id=course.tenant_id)
    ids = [tee_time["id"] for tee_time in tee_times]
    slots = slot_rows(ids, last=max(template.group_sizes), tenant_id=course.tenant_id)
    await session.execute(insert(TeeTime), tee_times)
    await session.execute(insert(Slot), slots)
    prices, restrictions = template.prices, template.restrictions
    shown = shown_starts(
        tee_times, slots, prices=prices, restrictions=restrictions, holes=course.holes, zone=sheet.time_zone
    )
    record(session, changed(sheet, SheetChange.GENERATED, tee_times=shown), now=now)
