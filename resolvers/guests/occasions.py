"""Occasions and their parts: what can be asked, done and followed."""

from collections.abc import AsyncGenerator
from typing import Annotated
from uuid import UUID

import strawberry

from domain.guests.access import Standing, find_occasion
from domain.guests.occasions import occasions, parts
from domain.guests.reading import cursor_of_occasion, find_occasions, read_activity
from events.guests.base import guests_room, occasion_room
from kit.errors import NotAllowed
from kit.ids import parse_id, public_id
from resolvers.edge import WHAT, mutation, session_of
from resolvers.polling import stays_until_occasion_moves
from resolvers.streams import AFTER, TYPES, follow, subscription
from schema.connections import USUAL, After, Connection, First, check_first, read_cursor
from schema.context import Info
from schema.describe import argument, field, list_field
from schema.guests.classes import GUESTS, while_planning
from schema.guests.households.record import Activity
from schema.guests.occasions import inputs, payloads
from schema.guests.occasions.types import Occasion, Part
from schema.sight import Audience
from schema.streams import OccasionEventType, OccasionStreamEvent

OccasionId = Annotated[strawberry.ID, argument("Id of the occasion.")]


@strawberry.type
class OccasionQueries:
    """Queries of occasions."""

    @list_field(entries=30)
    async def occasions(
        self, info: Info, club_id: Annotated[strawberry.ID, argument("Id of the club.")]
    ) -> list[Occasion]:
        """A club's occasions, the newest first: all for its staff, and for planners those that name them."""
        wanted, viewer = parse_id("club", club_id, path=("clubId",)), info.context.viewer
        async with info.context.read() as session:
            return [Occasion.to(one) for one in await find_occasions(session, viewer=viewer, club_id=wanted)]

    @field
    async def occasion(self, info: Info, id: Annotated[strawberry.ID, argument("Id of the occasion.")]) -> Occasion:
        """An occasion: for those who plan it, the club's staff, and its guests."""
        wanted = parse_id("occasion", id, path=("id",))
        async with info.context.read() as session:
            access = await find_occasion(session, viewer=info.context.viewer, occasion_id=wanted)
        stays_until_occasion_moves(info, wanted)
        return Occasion.to(access)

    @field
    async def activity(
        self, info: Info, occasion_id: OccasionId, first: First = USUAL, after: After = None
    ) -> Connection[Activity]:
        """Who did what, newest first: for those who plan the occasion."""
        wanted, place = parse_id("occasion", occasion_id, path=("occasionId",)), read_cursor("activity", after, UUID)
        limit = check_first(first) + 1
        async with info.context.read() as session:
            before = place[0] if place else None
            viewer = info.context.viewer
            rows = await read_activity(session, viewer=viewer, occasion_id=wanted, before=before, limit=limit)
        stays_until_occasion_moves(info, wanted)
        return Connection[Activity].page(
            rows, name="activity", first=first, after=after, place=lambda row: (row.id,), show=Activity.of
        )


@strawberry.type
class OccasionMutations:
    """Mutations of occasions and their parts."""

    @mutation
    async def create_occasion(
        self, info: Info, input: Annotated[inputs.CreateOccasionInput, WHAT]
    ) -> payloads.CreateOccasionPayload:
        """Make an occasion, which is a draft at first. For the club's admins and its planners."""
        context = info.context
        row = await occasions.create_occasion(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.CreateOccasionPayload(problems=[], occasion=Occasion.of(row, plans=True))

    @mutation
    async def update_occasion(
        self, info: Info, input: Annotated[inputs.UpdateOccasionInput, WHAT]
    ) -> payloads.UpdateOccasionPayload:
        """Change an occasion, its questions, or who plans it. For those who plan it."""
        context = info.context
        row = await occasions.update_occasion(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.UpdateOccasionPayload(problems=[], occasion=Occasion.of(row, plans=True))

    @mutation
    async def publish_occasion(
        self, info: Info, input: Annotated[inputs.PublishOccasionInput, WHAT]
    ) -> payloads.PublishOccasionPayload:
        """Open an occasion to its guests, for the first time or again. For those who plan it."""
        context = info.context
        row = await occasions.publish_occasion(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.PublishOccasionPayload(problems=[], occasion=Occasion.of(row, plans=True))

    @mutation
    async def close_occasion(
        self, info: Info, input: Annotated[inputs.CloseOccasionInput, WHAT]
    ) -> payloads.CloseOccasionPayload:
        """Close an occasion; `publishOccasion` takes that back. For those who plan it."""
        context = info.context
        row = await occasions.close_occasion(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.CloseOccasionPayload(problems=[], occasion=Occasion.of(row, plans=True))

    @mutation
    async def add_part(self, info: Info, input: Annotated[inputs.AddPartInput, WHAT]) -> payloads.AddPartPayload:
        """Add a part, to which all are invited who are invited to all parts. For those who plan the occasion."""
        context = info.context
        row = await parts.add_part(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.AddPartPayload(problems=[], part=Part.of(row))

    @mutation
    async def update_part(
        self, info: Info, input: Annotated[inputs.UpdatePartInput, WHAT]
    ) -> payloads.UpdatePartPayload:
        """Change a part; places that are added go to who waits. For those who plan the occasion."""
        context = info.context
        row = await parts.update_part(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.UpdatePartPayload(problems=[], part=Part.of(row))

    @mutation
    async def delete_part(
        self, info: Info, input: Annotated[inputs.DeletePartInput, WHAT]
    ) -> payloads.DeletePartPayload:
        """Delete a part for which nobody has answered. For those who plan the occasion."""
        context = info.context
        row = await parts.delete_part(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.DeletePartPayload(problems=[], occasion=Occasion.of(row, plans=True))


@strawberry.type
class OccasionSubscriptions:
    """Subscriptions of occasions."""

    @subscription
    async def occasion_events(
        self,
        info: Info,
        occasion_id: OccasionId,
        types: Annotated[list[OccasionEventType] | None, TYPES] = None,
        after: Annotated[str | None, AFTER] = None,
    ) -> AsyncGenerator[OccasionStreamEvent, None]:
        """What happens to an occasion: everything for those who plan it, and for guests what concerns them."""
        wanted, viewer = parse_id("occasion", occasion_id, path=("occasionId",)), info.context.viewer
        async with info.context.read() as session:
            access = await find_occasion(session, viewer=viewer, occasion_id=wanted)
            known = await cursor_of_occasion(session, wanted)
        if access.standing is Standing.STAFF:
            raise NotAllowed(message="Only those who plan the occasion, and its guests, may follow it.")
        occasion = public_id("occasion", wanted)
        if not access.plans:
            return await follow(
                info,
                stream=occasion_room(occasion),
                room=guests_room(occasion),
                audience=Audience(),
                types=types,
                after=after,
                classes=GUESTS,
                member=public_id("household", viewer.household_id) if viewer.household_id else "",
            )
        is_admin = viewer.is_admin_of(access.occasion.club_id)
        return await follow(
            info,
            stream=occasion_room(occasion),
            room=occasion_room(occasion),
            audience=Audience(planners=True),
            types=types,
            after=after,
            concerns=None if is_admin else while_planning(viewer.user_id, since=known.position),
            since=None if is_admin else known,
        )
