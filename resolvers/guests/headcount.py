"""The headcount of an occasion: asked once, or followed as it is."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import strawberry

from domain.guests.headcount.reading import find_counted, read_headcount
from events.guests.base import occasion_room
from kit.ids import parse_id, parse_if_given, public_id
from resolvers.polling import stays_until_occasion_moves
from resolvers.streams import AFTER_STATE, follow_summary, subscription
from schema.context import Context, Info
from schema.describe import argument, field
from schema.guests.classes import while_planning
from schema.guests.headcount.types import Headcount

OccasionId = Annotated[strawberry.ID, argument("Id of the occasion.")]
PartId = Annotated[strawberry.ID | None, argument("The part; the main one if left out.")]


@dataclass(frozen=True)
class Counted:
    """What is counted, and whether it is for those who plan the occasion."""

    occasion_id: UUID
    part_id: UUID | None
    for_planners: bool


async def count_heads(context: Context, of: Counted) -> Headcount:
    """Count as of the context's snapshot. It counts anew when the deadline is over."""
    async with context.read() as session:
        found = await read_headcount(
            session, occasion_id=of.occasion_id, part_id=of.part_id, with_households=of.for_planners
        )
    if context.moment <= found.occasion.rsvp_deadline:
        context.holds_until(found.occasion.rsvp_deadline)
    return Headcount.of(found, now=context.moment)


async def counted(info: Info, occasion_id: str, part_id: str | None) -> Counted:
    """Say what the viewer wants counted, and may. Raises NotFound, NotAllowed, InvalidInput."""
    wanted = parse_id("occasion", occasion_id, path=("occasionId",))
    part = parse_if_given("part", part_id, path=("partId",))
    async with info.context.read() as session:
        access = await find_counted(session, viewer=info.context.viewer, occasion_id=wanted)
    return Counted(occasion_id=wanted, part_id=part, for_planners=access.plans)


@strawberry.type
class HeadcountQueries:
    """Queries of headcounts."""

    @field
    async def headcount(self, info: Info, occasion_id: OccasionId, part_id: PartId = None) -> Headcount:
        """How many come to a part, and in all: for those who plan the occasion, and for the club's staff."""
        of = await counted(info, occasion_id, part_id)
        found = await count_heads(info.context, of)
        stays_until_occasion_moves(info, of.occasion_id)
        return found


@strawberry.type
class HeadcountSubscriptions:
    """Subscriptions of headcounts."""

    @subscription
    async def headcount(
        self,
        info: Info,
        occasion_id: OccasionId,
        part_id: PartId = None,
        after: Annotated[str | None, AFTER_STATE] = None,
    ) -> AsyncGenerator[Headcount, None]:
        """The headcount as it is: at once, then at most once a second, always after the last change."""
        of = await counted(info, occasion_id, part_id)
        viewer = info.context.viewer
        async with info.context.read() as session:  # a part that is not there is refused before it is followed
            found = await read_headcount(session, occasion_id=of.occasion_id, part_id=of.part_id, with_households=False)
        as_planner = of.for_planners and not viewer.is_admin_of(found.occasion.club_id)
        ends = while_planning(viewer.user_id, since=found.cursor.position) if as_planner else None
        since = found.cursor if as_planner else None
        room = occasion_room(public_id("occasion", of.occasion_id))
        return await follow_summary(
            info, stream=room, room=room, of=of, read=count_heads, concerns=ends, since=since, after=after
        )
