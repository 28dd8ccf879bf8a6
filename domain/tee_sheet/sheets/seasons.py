"""Seasons: templates of a course that hold for some dates and weekdays, before that of all days."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_course, refuse_unless_staff
from domain.tee_sheet.sheets.problems import SeasonExists
from domain.tee_sheet.sheets.template_rules import check_template
from domain.tee_sheet.sheets.templates import put, templates_for
from events.log import record
from events.tee_sheet.sheets import SheetSeasonRemoved, SheetSeasonSet
from kit.errors import InvalidInput, NotFound
from kit.ids import new_id, public_id
from kit.text import check_range, clean_name
from models.clubs.tables import Club, Course
from models.tee_sheet.tables import SheetTemplate
from models.tee_sheet.values import Template, Weekday

LONGEST_NAME = 100
MOST_SEASONS = 60
HIGHEST_PRIORITY = 1000
EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True, kw_only=True)
class SeasonWish:
    """When a season's template holds: on dates, both included, and weekdays. What is None is not asked."""

    name: str
    first_date: date | None = None
    last_date: date | None = None
    weekdays: Collection[Weekday] | None = None
    priority: int = 0


async def set_season(
    session: AsyncSession,
    *,
    viewer: Viewer,
    course_id: UUID,
    season: SeasonWish,
    template: Template,
    season_id: UUID | None = None,
    now: datetime,
) -> SheetTemplate:
    """Say how a course's tee sheets are made in a season from now on; those that exist stay as they are.

    A season that is named by its id is changed, another is new. Raises NotFound, NotAllowed, InvalidInput,
    SeasonExists.
    """
    course = await find_course(session, viewer=viewer, course_id=course_id)
    refuse_unless_staff(viewer, course.club_id)
    await session.refresh(course, with_for_update={"key_share": True})  # those who set seasons at once take turns
    name = clean_name(season.name, path=("input", "name"), longest=LONGEST_NAME)
    _check(season)
    club = await session.get_one(Club, course.club_id)
    check_template(template, club=club, holes_of_course=course.holes, path=("input",))
    known = {row.id: row for row in await templates_for(session, course.id) if row.name is not None}
    row = known.get(season_id) if season_id else None
    if season_id and row is None:
        raise InvalidInput(
            message="The course has no such season; choose one of its seasons, or leave the id out for a new one.",
            path=("input", "seasonId"),
        )
    if other := next((one for one in known.values() if one.name == name and one is not row), None):
        raise SeasonExists(season_id=public_id("sheet_season", other.id), path=("input", "name"))
    if row is None:
        if len(known) >= MOST_SEASONS:
            message = f"A course may have {MOST_SEASONS} seasons; take out those that are over by removeSheetSeason."
            raise InvalidInput(message=message, path=("input",))
        row = SheetTemplate(id=new_id(), tenant_id=course.tenant_id, course_id=course.id)
        session.add(row)
    row.name, row.first_date, row.last_date = name, season.first_date, season.last_date
    row.weekdays = None if season.weekdays is None else sorted(_number(day) for day in set(season.weekdays))
    row.priority, row.updated_at = season.priority, now
    put(row, template)
    record(session, _set(course, row), now=now)
    return row


def _check(season: SeasonWish) -> None:
    for name, day in (("firstDate", season.first_date), ("lastDate", season.last_date)):
        if day is not None and not EARLIEST <= day <= LATEST:
            message = f"Choose a date from {EARLIEST} to {LATEST}."
            raise InvalidInput(message=message, path=("input", name))
    if season.first_date and season.last_date and season.last_date < season.first_date:
        raise InvalidInput(message="Choose a last date that is not before the first.", path=("input", "lastDate"))
    if season.weekdays is not None and not season.weekdays:
        raise InvalidInput(message="Choose weekdays, or leave them out for all.", path=("input", "weekdays"))
    if season.first_date is None and season.last_date is None and season.weekdays is None:
        message = "Say when the season is: by dates, weekdays, or both. For all days, set the sheet's template."
        raise InvalidInput(message=message, path=("input", "firstDate"))
    check_range(season.priority, 0, HIGHEST_PRIORITY, path=("input", "priority"))


def _number(day: Weekday) -> int:
    return list(Weekday).index(day) + 1


def weekdays_of(row: SheetTemplate) -> list[Weekday] | None:
    """Give the weekdays of a season, in order; None for all."""
    return None if row.weekdays is None else [list(Weekday)[number - 1] for number in row.weekdays]


def _set(course: Course, row: SheetTemplate) -> SheetSeasonSet:
    return SheetSeasonSet(
        club_id=public_id("club", course.club_id),
        course_id=public_id("course", course.id),
        season_id=public_id("sheet_season", row.id),
        name=row.name or "",
        first_date=row.first_date,
        last_date=row.last_date,
        weekdays=tuple(weekdays_of(row) or Weekday),
        priority=row.priority,
    )


async def remove_season(session: AsyncSession, *, viewer: Viewer, season_id: UUID, now: datetime) -> Course:
    """Take a season away: its days are made by another template from now on; sheets that exist stay as they are.

    Gives its course. Raises NotFound, NotAllowed.
    """
    row = await find_season(session, viewer=viewer, season_id=season_id)
    course = await find_course(session, viewer=viewer, course_id=row.course_id)
    refuse_unless_staff(viewer, course.club_id)
    gone = delete(SheetTemplate).where(SheetTemplate.id == row.id).returning(SheetTemplate.id)
    if await session.scalar(gone) is None:
        raise NotFound(message=UNKNOWN)
    ids = {"club_id": public_id("club", course.club_id), "course_id": public_id("course", course.id)}
    record(session, SheetSeasonRemoved(**ids, season_id=public_id("sheet_season", row.id)), now=now)
    return course


UNKNOWN = "There is no such season, or you may not know of it."


async def find_season(session: AsyncSession, *, viewer: Viewer, season_id: UUID) -> SheetTemplate:
    """Find a season: for all who may see the club's tee sheets. Raises NotFound."""
    row = await session.scalar(
        select(SheetTemplate).where(SheetTemplate.id == season_id, SheetTemplate.name.is_not(None))
    )
    course = await session.get(Course, row.course_id) if row else None
    if row is None or course is None or not viewer.may_see_sheets(course.club_id):
        raise NotFound(message=UNKNOWN)
    return row


async def seasons_of(session: AsyncSession, course_id: UUID) -> list[SheetTemplate]:
    """Read the seasons of a course, by their first date, those without one first, then by name."""
    rows = [row for row in await templates_for(session, course_id) if row.name is not None]
    return sorted(rows, key=lambda row: (row.first_date or date.min, row.name or ""))
