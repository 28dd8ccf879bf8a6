"""Templates: how the tee sheets of a course are made."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_course, refuse_unless_staff
from domain.tee_sheet.inventory.prices import price_rows, stored_prices
from domain.tee_sheet.inventory.restrictions import restriction_rows, stored_restrictions
from domain.tee_sheet.sheets.template_rules import check_template
from events.log import record
from events.tee_sheet.sheets import SheetTemplateChanged
from kit.ids import new_id, public_id
from models.clubs.tables import Club
from models.tee_sheet.tables import SheetTemplate
from models.tee_sheet.values import Template


async def set_template(
    session: AsyncSession, *, viewer: Viewer, course_id: UUID, template: Template, now: datetime
) -> SheetTemplate:
    """Say how a course's tee sheets are made from now on; those that exist stay as they are.

    Raises NotFound, NotAllowed, InvalidInput.
    """
    course = await find_course(session, viewer=viewer, course_id=course_id)
    refuse_unless_staff(viewer, course.club_id)
    await session.refresh(course, with_for_update={"key_share": True})  # two who set the first one at once take turns
    club = await session.get_one(Club, course.club_id)
    check_template(template, club=club, holes_of_course=course.holes, path=("input",))
    row = await template_for(session, course.id)
    if row is None:
        row = SheetTemplate(id=new_id(), tenant_id=course.tenant_id, course_id=course.id)
        session.add(row)
    put(row, template)
    row.updated_at = now
    ids = {"club_id": public_id("club", course.club_id), "course_id": public_id("course", course.id)}
    record(session, SheetTemplateChanged(**ids), now=now)
    return row


def put(row: SheetTemplate, template: Template) -> None:
    """Write a template to its row."""
    row.first_start, row.last_start = template.first_start, template.last_start
    row.intervals = {str(size): minutes for size, minutes in template.intervals.items()}
    row.group_sizes = sorted(template.group_sizes)
    row.starter_gap_every_minutes, row.start_format = template.starter_gap_every_minutes, template.start_format
    row.prices = price_rows(template.prices)
    row.restrictions, row.turn_minutes = restriction_rows(template.restrictions), template.turn_minutes


def template_of(row: SheetTemplate) -> Template:
    """Read a template from its row."""
    return Template(
        first_start=row.first_start,
        last_start=row.last_start,
        intervals={int(size): minutes for size, minutes in row.intervals.items()},
        group_sizes=frozenset(row.group_sizes),
        prices=stored_prices(row.prices),
        restrictions=stored_restrictions(row.restrictions),
        turn_minutes=row.turn_minutes,
        starter_gap_every_minutes=row.starter_gap_every_minutes,
        start_format=row.start_format,
    )


async def template_for(session: AsyncSession, course_id: UUID) -> SheetTemplate | None:
    """Read a course's template of all days, if it has one."""
    of_all_days = select(SheetTemplate).where(SheetTemplate.course_id == course_id, SheetTemplate.name.is_(None))
    return await session.scalar(of_all_days)


async def templates_for(session: AsyncSession, course_id: UUID) -> list[SheetTemplate]:
    """Read all templates of a course: that of all days and those of its seasons, in no order."""
    return list(await session.scalars(select(SheetTemplate).where(SheetTemplate.course_id == course_id)))
