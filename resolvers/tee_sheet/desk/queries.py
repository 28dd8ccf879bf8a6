"""Queries of the desk."""

import datetime as dt
from typing import Annotated

import strawberry

from auth.limits import Rate
from domain.journeys.day_sheets import DaySheetForm, day_sheet
from domain.tee_sheet.desk import rain_checks
from domain.tee_sheet.desk.report import club_report
from domain.tee_sheet.desk.report_files import ReportPart, written
from domain.tee_sheet.desk.report_rules import ReportBy
from kit.ids import parse_id
from resolvers.polling import stays_until_clubs_move
from schema.context import Info
from schema.describe import argument, field
from schema.tee_sheet.desk.report import ClubReport
from schema.tee_sheet.desk.types import RainCheck

CLUB = argument("Id of the club.")
FROM = strawberry.argument(name="from", description="The first day, on the calendars of the courses.")
TO = strawberry.argument(name="to", description="The last day, itself included; at most 400 days in all.")
BY = argument("How the days are divided.")


@strawberry.type
class DeskQueries:
    """Queries of the desk."""

    @field
    async def rain_check(
        self, info: Info, code: Annotated[str, argument("Its code; spaces, hyphens and small letters do not matter.")]
    ) -> RainCheck:
        """A rain check by its code. For staff."""
        info.context.count(Rate.CODES)
        async with info.context.read() as session:
            row = await rain_checks.rain_check_by_code(session, viewer=info.context.viewer, code=code)
        stays_until_clubs_move(info, row.club_id)
        return RainCheck.of(row)

    @field
    async def club_report(
        self,
        info: Info,
        *,
        club_id: Annotated[strawberry.ID, CLUB],
        first: Annotated[dt.date, FROM],
        last: Annotated[dt.date, TO],
        by: Annotated[ReportBy, BY],
    ) -> ClubReport:
        """What was sold, played, paid and cancelled at a club over some days. For staff."""
        club, viewer = parse_id("club", club_id, path=("clubId",)), info.context.viewer
        async with info.context.read() as session:
            found = await club_report(session, viewer=viewer, club_id=club, first=first, last=last, by=by)
        return ClubReport.of(found)

    @field
    async def club_report_csv(
        self,
        info: Info,
        *,
        club_id: Annotated[strawberry.ID, CLUB],
        first: Annotated[dt.date, FROM],
        last: Annotated[dt.date, TO],
        by: Annotated[ReportBy, BY],
        part: Annotated[ReportPart, argument("Which part of it.")],
    ) -> str:
        """A part of a report as a file for spreadsheets; sums are in cents of the currency. For staff."""
        club, viewer = parse_id("club", club_id, path=("clubId",)), info.context.viewer
        async with info.context.read() as session:
            found = await club_report(session, viewer=viewer, club_id=club, first=first, last=last, by=by)
        return written(found, part)

    @field
    async def day_sheet(
        self,
        info: Info,
        *,
        course_id: Annotated[strawberry.ID, argument("Id of the course.")],
        date: Annotated[dt.date, argument("The day on the course's calendar.")],
        form: Annotated[DaySheetForm, argument("What of it is to be printed.")],
    ) -> str:
        """A day of a course as a page of HTML for the printer, in the club's language. For staff."""
        course = parse_id("course", course_id, path=("courseId",))
        async with info.context.read() as session:
            return await day_sheet(session, viewer=info.context.viewer, course_id=course, day=date, form=form)
