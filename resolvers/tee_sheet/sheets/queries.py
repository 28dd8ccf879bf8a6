"""Queries of tee sheets and templates."""

from datetime import date
from typing import Annotated

import strawberry

from domain.clubs.access import find_course, refuse_unless_at_sheets
from domain.tee_sheet.sheets import reading, templates
from domain.tee_sheet.sheets.season_rules import template_on
from domain.tee_sheet.sheets.seasons import seasons_of
from kit.ids import parse_id
from resolvers.polling import stays_until_clubs_move
from schema.context import Info
from schema.describe import argument, field, list_field
from schema.tee_sheet.sheets.types import SheetSeason, SheetTemplate, TeeSheet


@strawberry.type
class SheetQueries:
    """Queries of tee sheets and templates."""

    @field
    async def tee_sheet(
        self,
        info: Info,
        course_id: Annotated[strawberry.ID, argument("Id of the course.")],
        date: Annotated[date, argument("The day on the course's calendar.")],
    ) -> TeeSheet | None:
        """The tee sheet of a course on a day; none when it has not been generated."""
        wanted = parse_id("course", course_id, path=("courseId",))
        async with info.context.read() as session:
            row = await reading.read_sheet(session, viewer=info.context.viewer, course_id=wanted, day=date)
        club_id = row.club_id if row else await info.context.whereabouts.club_of_course(info.context, wanted)
        stays_until_clubs_move(info, club_id)
        return TeeSheet.of(row) if row else None

    @field
    async def sheet_template(
        self,
        info: Info,
        course_id: Annotated[strawberry.ID, argument("Id of the course.")],
        date: Annotated[
            date | None, argument("The day that is meant; all days that are in no season if left out.")
        ] = None,
    ) -> SheetTemplate | None:
        """How the tee sheets of a course are made, or that of one day; none when it has not been said."""
        wanted = parse_id("course", course_id, path=("courseId",))
        async with info.context.read() as session:
            course = await find_course(session, viewer=info.context.viewer, course_id=wanted)
            refuse_unless_at_sheets(info.context.viewer, course.club_id)
            if date is None:
                row = await templates.template_for(session, course.id)
            else:
                row = template_on(await templates.templates_for(session, course.id), date)
        stays_until_clubs_move(info, course.club_id)
        return SheetTemplate.of(row) if row else None

    @list_field(entries=12)
    async def sheet_seasons(
        self, info: Info, course_id: Annotated[strawberry.ID, argument("Id of the course.")]
    ) -> list[SheetSeason]:
        """The seasons of a course, by their first date."""
        wanted = parse_id("course", course_id, path=("courseId",))
        async with info.context.read() as session:
            course = await find_course(session, viewer=info.context.viewer, course_id=wanted)
            refuse_unless_at_sheets(info.context.viewer, course.club_id)
            rows = await seasons_of(session, course.id)
        stays_until_clubs_move(info, course.club_id)
        return [SheetSeason.of(row) for row in rows]
