"""Making sheets anew from their template, but for what is booked or was changed by hand."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.tee_sheet.inventory.limits import MOST_TEE_TIMES_A_DAY
from domain.tee_sheet.inventory.prices import stored_prices
from domain.tee_sheet.inventory.restrictions import stored_restrictions
from domain.tee_sheet.sheets.changing import carry_out, lock_sheets, lock_starts
from domain.tee_sheet.sheets.generation import check_days, turn_of
from domain.tee_sheet.sheets.plans import SheetPlan, StartState, regenerate
from domain.tee_sheet.sheets.problems import NoTemplate
from domain.tee_sheet.sheets.season_rules import template_on
from domain.tee_sheet.sheets.starts import interval_of, starts_on
from domain.tee_sheet.sheets.templates import template_of, templates_for
from domain.tee_sheet.sheets.updating import PlannedSheet
from kit.errors import InvalidInput
from models.clubs.tables import Course
from models.tee_sheet.desk import SheetChange
from models.tee_sheet.tables import TeeSheet
from models.tee_sheet.values import Template


async def regenerate_sheets(
    session: AsyncSession,
    *,
    viewer: Viewer,
    course_id: UUID,
    first: date,
    last: date,
    even_by_hand: bool = False,
    dry_run: bool = False,
    now: datetime,
) -> list[PlannedSheet]:
    """Make the sheets of some days anew, as their templates have them by now.

    Days without a sheet stay without, and days that no template holds on stay as they are.

    Starts that are booked, held or blocked are left as they are, and so is what was changed by hand: prices and group
    sizes of a day's own, starts that were squeezed in, added, removed or delayed. `even_by_hand` takes back what was
    changed by hand, but for delays, which took bookings along. A dry run tells what would differ, and changes nothing.
    Raises NotFound, NotAllowed, NoTemplate, InvalidInput as `generate` does.
    """
    course, sheets = await lock_sheets(session, viewer=viewer, course_id=course_id, first=first, last=last)
    check_days(first, last, today=now.astimezone(ZoneInfo(course.time_zone)).date())
    rows = await templates_for(session, course.id)
    if not rows:
        raise NoTemplate
    states = await lock_starts(session, sheets)
    plans = {
        sheet: _plan(course, sheet, states[sheet.id], template_of(row), even_by_hand=even_by_hand, now=now)
        for sheet in sheets
        if (row := template_on(rows, sheet.date))
    }
    if not dry_run:
        if even_by_hand:
            for sheet in plans:
                _forget(sheet)
        await carry_out(session, plans, change=SheetChange.REGENERATED, now=now)
    return [PlannedSheet(sheet=sheet, plan=plan) for sheet, plan in plans.items()]


def _plan(
    course: Course,
    sheet: TeeSheet,
    states: list[StartState],
    template: Template,
    *,
    even_by_hand: bool,
    now: datetime,
) -> SheetPlan:
    plan, sizes = SheetPlan(), tuple(sorted(template.group_sizes))
    if stored_prices(sheet.prices) != template.prices:
        plan.keeps_own_prices = sheet.has_own_prices and not even_by_hand
        plan.prices = None if plan.keeps_own_prices else template.prices
    if list(sizes) != sheet.group_sizes:
        plan.keeps_own_group_sizes = sheet.has_own_group_sizes and not even_by_hand
        plan.group_sizes = None if plan.keeps_own_group_sizes else sizes
    if stored_restrictions(sheet.restrictions) != template.restrictions:
        plan.keeps_own_restrictions = sheet.has_own_restrictions and not even_by_hand
        plan.restrictions = None if plan.keeps_own_restrictions else template.restrictions
    has_own = sheet.has_own_prices or sheet.has_own_group_sizes or sheet.has_own_restrictions
    plan.is_marked = even_by_hand and has_own
    zone = ZoneInfo(sheet.time_zone)
    wanted = starts_on(template, day=sheet.date, zone=zone, holes_of_course=course.holes, turn=turn_of(course))
    regenerate(
        plan,
        states,
        wanted,
        places=max(plan.group_sizes or sheet.group_sizes),
        interval=timedelta(minutes=interval_of(template)),
        removed={(time.fromisoformat(row["local_time"]), row["tee"]) for row in sheet.removed_starts},
        even_by_hand=even_by_hand,
        now=now,
    )
    if len(states) - len(plan.removed) + len(plan.added) > MOST_TEE_TIMES_A_DAY:
        most = f"A day has at most {MOST_TEE_TIMES_A_DAY} tee times, and {sheet.date} would have more"
        raise InvalidInput(message=f"{most}; remove some first.", path=("input", "date"))
    return plan


def _forget(sheet: TeeSheet) -> None:
    sheet.has_own_prices = sheet.has_own_group_sizes = sheet.has_own_restrictions = False
    sheet.removed_starts = []
