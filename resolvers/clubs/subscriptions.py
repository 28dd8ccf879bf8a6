"""The subscription to all that happens at a club."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from domain.clubs.access import refuse_unless_at_sheets
from events.clubs import club_room
from kit.ids import parse_id, public_id
from resolvers.streams import AFTER, TYPES, audience_at, follow, subscription
from schema.context import Info
from schema.describe import argument
from schema.streams import ClubEventType, ClubStreamEvent


@strawberry.type
class ClubSubscriptions:
    """The subscription to all that happens at a club."""

    @subscription
    async def club_events(
        self,
        info: Info,
        club_id: Annotated[strawberry.ID, argument("Id of the club.")],
        types: Annotated[list[ClubEventType] | None, TYPES] = None,
        after: Annotated[str | None, AFTER] = None,
    ) -> AsyncGenerator[ClubStreamEvent, None]:
        """Everything that happens at a club, but for its caddies: `caddieEvents` tells of them."""
        wanted = parse_id("club", club_id, path=("clubId",))
        club = await info.context.whereabouts.club(info.context, wanted)
        refuse_unless_at_sheets(info.context.viewer, club)
        stream = club_room(public_id("club", club))
        return await follow(
            info, stream=stream, room=stream, audience=audience_at(info, club), types=types, after=after
        )
