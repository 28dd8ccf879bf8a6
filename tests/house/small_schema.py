"""A schema of few fields, for tests of what a subscription's fields may know."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import strawberry
from graphql import GraphQLSchema

from kit.ids import parse_id
from realtime.subscription import Reset
from schema.context import Info
from schema.feeds import RoomFeed
from schema.sight import EVERYBODY


@dataclass(frozen=True, kw_only=True)
class SmallRoom(RoomFeed):
    """A room whose events are shown by a type of the test's own."""

    kind: type

    def show(self, item: Any) -> Any:
        return self.kind(club_id=None if isinstance(item, Reset) else parse_id("club", item.data["club_id"]))


def small_schema(declare: Callable[[Any], Any], ask: Callable[..., Any]) -> GraphQLSchema:
    """Make a schema whose events have a field `whose`, declared in some way, that asks its context for something."""

    @strawberry.interface
    class Fact:
        club_id: strawberry.Private[UUID | None]
        number: int = 1

        @declare
        async def whose(self, info: Info) -> str:
            """Something."""
            found = ask(info.context, self.club_id)
            return found if isinstance(found, str) else str(await found)

    @strawberry.type
    class Happened(Fact):
        """A fact."""

        @strawberry.field
        def below(self) -> Fact:
            return self

    @strawberry.type
    class Other:
        name: str

    either: Any = Annotated[Happened | Other, strawberry.union("Either")]

    @strawberry.type
    class Query:
        ok: bool

    @strawberry.type
    class Subscription:
        @strawberry.subscription
        async def news(self, number: int = 0) -> AsyncGenerator[either, None]:
            audience = EVERYBODY
            room: Any = SmallRoom(kind=Happened, stream="s", room="r", after=None, wanted=None, audience=audience)
            return room  # type: ignore[no-any-return] # what stands for a room's events, as everywhere

    made: GraphQLSchema = strawberry.Schema(query=Query, subscription=Subscription, types=[Happened])._schema
    return made
