"""The subscription to a course's status: for everybody its public conditions, for the club's staff all of it."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from auth.viewer import Viewer
from domain.clubs.access import CourseHome
from events.clubs import club_room
from events.course import course_room, desk_room
from kit.ids import parse_id, public_id
from resolvers.streams import AFTER, TYPES, follow, subscription
from schema.context import Info
from schema.describe import argument
from schema.sight import EVERYBODY
from schema.streams import CourseStatusEventType, CourseStatusStreamEvent


def is_at_the_desk(viewer: Viewer | None, home: CourseHome) -> bool:
    """Tell whether somebody works at the course's club. A token of another tenant names no club of this one."""
    return viewer is not None and viewer.tenant_id == home.tenant_id and viewer.is_staff_of(home.club_id)


@strawberry.type
class CourseSubscriptions:
    """Subscriptions to course status."""

    @subscription
    async def course_status_events(
        self,
        info: Info,
        course_id: Annotated[strawberry.ID, argument("Id of the course.")],
        types: Annotated[list[CourseStatusEventType] | None, TYPES] = None,
        after: Annotated[str | None, AFTER] = None,
    ) -> AsyncGenerator[CourseStatusStreamEvent, None]:
        """How a course can be played, live: for everybody, without a token too.

        The club's staff hear of its thresholds and carts as well.
        """
        wanted = parse_id("course", course_id, path=("courseId",))
        home = await info.context.whereabouts.public_course(wanted)
        course = public_id("course", wanted)
        room = desk_room(course) if is_at_the_desk(info.context.maybe_viewer, home) else course_room(course)
        stream = club_room(public_id("club", home.club_id))
        return await follow(info, stream=stream, room=room, audience=EVERYBODY, types=types, after=after)
