"""The subscription to what a club knows of its players."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from domain.clubs.access import refuse_unless_staff
from events.clubs import club_room
from events.players import players_room
from kit.ids import parse_id, public_id
from resolvers.streams import AFTER, TYPES, audience_at, follow, subscription
from schema.context import Info
from schema.describe import argument
from schema.players.events import PlayerEventType, PlayerStreamEvent


@strawberry.type
class PlayerSubscriptions:
    """The subscription to what a club knows of its players."""

    @subscription
    async def player_events(
        self,
        info: Info,
        club_id: Annotated[strawberry.ID, argument("Id of the club.")],
        types: Annotated[list[PlayerEventType] | None, TYPES] = None,
        after: Annotated[str | None, AFTER] = None,
    ) -> AsyncGenerator[PlayerStreamEvent, None]:
        """What changes about the players whom a club knows. For staff."""
        wanted = parse_id("club", club_id, path=("clubId",))
        club = await info.context.whereabouts.club(info.context, wanted)
        refuse_unless_staff(info.context.viewer, club)
        public = public_id("club", club)
        return await follow(
            info,
            stream=club_room(public),
            room=players_room(public),
            audience=audience_at(info, club),
            types=types,
            after=after,
        )
