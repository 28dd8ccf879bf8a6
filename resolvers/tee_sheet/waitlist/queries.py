"""Queries of the waitlist."""

import datetime as dt
from typing import Annotated

import strawberry

from domain.tee_sheet.sheets import reading
from domain.tee_sheet.waitlist.reading import read_line
from kit.ids import parse_id
from resolvers.polling import stays_until_clubs_move
from schema.context import Info
from schema.describe import argument, field
from schema.tee_sheet.waitlist.types import Waitlist, WaitlistEntry


@strawberry.type
class WaitlistQueries:
    """Queries of the waitlist."""

    @field
    async def waitlist(
        self,
        info: Info,
        course_id: Annotated[strawberry.ID, argument("Id of the course.")],
        date: Annotated[dt.date, argument("The day on the course's calendar.")],
    ) -> Waitlist | None:
        """Who waits for places of a course on a day, in line; none when the day has no tee sheet yet."""
        wanted, viewer = parse_id("course", course_id, path=("courseId",)), info.context.viewer
        async with info.context.read() as session:
            sheet = await reading.read_sheet(session, viewer=viewer, course_id=wanted, day=date)
            line = await read_line(session, viewer=viewer, sheet=sheet) if sheet else []
        club_id = sheet.club_id if sheet else await info.context.whereabouts.club_of_course(info.context, wanted)
        stays_until_clubs_move(info, club_id)
        if sheet is None:
            return None
        entries = [WaitlistEntry.of(view) for view in line]
        return Waitlist(row=sheet, course_id=course_id, date=date, entries=entries)
