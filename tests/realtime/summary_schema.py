"""A subscription to how a club is, on the program's own server, by a schema of few fields."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import strawberry
from graphql import GraphQLSchema

from api.engine import Engine
from api.limits import Limits
from api.process import hold, http_of
from domain.clubs.reading import clubs_by_id, cursor_of_club
from events.clubs import club_room
from kit.database import DatabaseUnavailable
from kit.errors import NotFound
from kit.ids import public_id
from resolvers.streams import follow_summary
from schema.context import Context, Info
from schema.describe import field, viewer_field
from schema.feeds import State
from tests.harness import Server


@strawberry.type
class ClubState:
    """How a club is."""

    cursor: str
    name: str
    after: str

    @field
    async def again(self, info: Info) -> str:
        """The same name, read by a field of its own."""
        club = self.id
        async with info.context.read() as session:
            return (await clubs_by_id(session, [club]))[club].name

    @viewer_field
    async def whose(self, info: Info) -> str:
        """Who asks."""
        return info.context.viewer.user_id

    @field
    async def unmarked(self, info: Info) -> str:
        """Who asks, though it does not say so."""
        return info.context.viewer.user_id

    id: strawberry.Private[UUID]


@dataclass(frozen=True)
class Of:
    """What is asked for."""

    club_id: UUID
    part: int


FAILING: dict[int, Exception] = {7: DatabaseUnavailable(), 8: OSError("a fault"), 9: NotFound()}
"""What becomes of who asks for one of these parts."""


async def read_state(context: Context, of: Of) -> State:
    """Read how a club is."""
    if error := FAILING.get(of.part):
        raise error
    async with context.read() as session:
        club = (await clubs_by_id(session, [of.club_id]))[of.club_id]
        cursor = await cursor_of_club(session, of.club_id)
    return ClubState(cursor=str(cursor), name=club.name, after=f"part {of.part}", id=of.club_id)


def summary_schema(club_id: UUID) -> GraphQLSchema:
    """Make the schema."""

    @strawberry.type
    class Query:
        ok: bool

    @strawberry.type
    class Subscription:
        @strawberry.subscription
        async def club_state(
            self, info: Info, part: int = 1, after: str | None = None
        ) -> AsyncGenerator[ClubState, None]:
            stream = club_room(public_id("club", club_id))
            of = Of(club_id, part)
            return await follow_summary(info, stream=stream, room=stream, of=of, read=read_state, after=after)

    made: Any = strawberry.Schema(query=Query, subscription=Subscription)
    schema: GraphQLSchema = made._schema
    return schema


def shows_clubs(server: Server, club_id: UUID) -> Engine:
    """Have a server answer by this schema instead of its own; what changes the club goes by the domain."""
    process = server.process
    limits = Limits(tokens=2_000, depth=15, fields=2_000, aliases=50)
    engine = Engine(
        summary_schema(club_id),
        make_context=process.engine._make_context,
        introspection=False,
        suggestions=False,
        limits=limits,
    )
    http = http_of(process.runtime, engine, door=process.door, fanout=process.fanout, census=process.census)
    hold(server.app, replace(process, engine=engine, http=http))
    return engine
