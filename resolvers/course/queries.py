"""Queries about course status: conditions for everybody, thresholds and history for staff."""

import datetime as dt
from typing import Annotated
from uuid import UUID

import strawberry

from domain.course.audit import status_history
from domain.course.public import public_conditions, read_conditions
from domain.course.thresholds import find_thresholds
from events.clubs import club_room
from events.log import read_cursor
from kit.ids import parse_id, public_id
from resolvers.polling import stays_as_in_public, stays_until_clubs_move
from schema.connections import USUAL, After, First, check_first
from schema.connections import read_cursor as read_place
from schema.context import Info
from schema.course.types import CourseConditions, CourseStatusEntry, CourseStatusHistory, Thresholds
from schema.derive import shown
from schema.describe import argument, field

HISTORY = "course status history"
CourseId = Annotated[strawberry.ID, argument("Id of the course.")]


@strawberry.type
class CourseQueries:
    """Queries about course status."""

    @field
    async def course_conditions(self, info: Info, course_id: CourseId) -> CourseConditions:
        """How a course can be played today: for everybody, without a token too."""
        context = info.context
        wanted = parse_id("course", course_id, path=("courseId",))
        home = await context.whereabouts.public_course(wanted)
        async with context.read_public(home.tenant_id) as session:
            known = (await read_conditions(session, [wanted]))[wanted]
            cursor = await read_cursor(session, club_room(public_id("club", home.club_id)))
        found = public_conditions(known, now=context.moment)
        stays_as_in_public(info, cursor)
        context.holds_until(found.until)
        return CourseConditions.of(found, read_at=cursor)

    @field
    async def course_status_history(
        self,
        info: Info,
        *,
        course_id: CourseId,
        date: Annotated[dt.date | None, argument("A day on the course's calendar; all if left out.")] = None,
        first: First = USUAL,
        after: After = None,
    ) -> CourseStatusHistory:
        """All changes of a course's status, newest first. For staff."""
        wanted = parse_id("course", course_id, path=("courseId",))
        place, limit = read_place(HISTORY, after, UUID), check_first(first) + 1
        async with info.context.read() as session:
            rows = await status_history(
                session,
                viewer=info.context.viewer,
                course_id=wanted,
                day=date,
                before=place[0] if place else None,
                limit=limit,
            )
        stays_until_clubs_move(info, await info.context.whereabouts.club_of_course(info.context, wanted))
        return CourseStatusHistory.page(
            rows, name=HISTORY, first=first, after=after, place=lambda row: (row.id,), show=CourseStatusEntry.of
        )

    @field
    async def course_thresholds(self, info: Info, course_id: CourseId) -> Thresholds:  # type: ignore[valid-type]
        """From which weather on a course is warned of, or closed. For staff."""
        wanted = parse_id("course", course_id, path=("courseId",))
        async with info.context.read() as session:
            found = await find_thresholds(session, viewer=info.context.viewer, course_id=wanted)
        stays_until_clubs_move(info, await info.context.whereabouts.club_of_course(info.context, wanted))
        return shown(found)  # type: ignore[no-any-return]  # it is made at run time
