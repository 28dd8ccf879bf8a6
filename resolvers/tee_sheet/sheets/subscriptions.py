"""The subscription to a tee sheet."""

from collections.abc import AsyncGenerator
from datetime import date
from typing import Annotated

import strawberry

from domain.clubs.access import refuse_unless_at_sheets
from events.clubs import club_room
from events.tee_sheet.base import sheet_room
from kit.ids import parse_id, public_id
from resolvers.streams import AFTER, TYPES, audience_at, follow, subscription
from schema.context import Info
from schema.describe import argument
from schema.streams import TeeSheetEventType, TeeSheetStreamEvent


@strawberry.type
class SheetSubscriptions:
    """The subscription to a tee sheet."""

    @subscription
    async def tee_sheet_events(
        self,
        info: Info,
        course_id: Annotated[strawberry.ID, argument("Id of the course.")],
        date: Annotated[date, argument("The day on the course's calendar.")],
        types: Annotated[list[TeeSheetEventType] | None, TYPES] = None,
        after: Annotated[str | None, AFTER] = None,
    ) -> AsyncGenerator[TeeSheetStreamEvent, None]:
        """Everything that changes the tee sheet of a course on a day."""
        wanted = parse_id("course", course_id, path=("courseId",))
        club = await info.context.whereabouts.club_of_course(info.context, wanted)
        refuse_unless_at_sheets(info.context.viewer, club)
        stream, room = club_room(public_id("club", club)), sheet_room(public_id("course", wanted), date)
        audience = audience_at(info, club)
        return await follow(info, stream=stream, room=room, audience=audience, types=types, after=after)
