"""Subscriptions: declaring one, and following a room from a cursor on."""

from collections.abc import AsyncGenerator, Callable, Collection
from enum import Enum
from typing import Any, cast
from uuid import UUID

import strawberry

from events.cursor import Cursor
from events.log import Logged
from schema.context import Info
from schema.describe import argument, sentence
from schema.feeds import RoomFeed
from schema.sight import Audience, audience_of

AFTER = argument("Go on without a gap after this cursor, from a query, a payload or an event; from now on if left out.")
TYPES = argument("Send these events only; all if left out or empty.")


def subscription(resolver: Any) -> Any:
    """Declare a subscription; its docstring describes it."""
    return strawberry.subscription(resolver=resolver, description=sentence(resolver))


def audience_at(info: Info, club_id: UUID) -> Audience:
    """Say as whom the viewer hears what happens at a club."""
    return audience_of(info.context.viewer, club_id)


async def follow(
    info: Info,
    *,
    stream: str,
    room: str,
    audience: Audience,
    types: Collection[Enum] | None,
    after: str | None,
    concerns: Callable[[Logged], bool] | None = None,
) -> AsyncGenerator[Any, None]:
    """Say which room a subscription follows: from now on, or without a gap from a cursor on; all, or some types only.

    `concerns` narrows the room to what this subscriber is to have of it. Raises InvalidInput for a cursor that is
    malformed or of another stream, before anything is sent.
    """
    cursor = None if after is None else Cursor.parse(after, stream=stream)
    wanted = frozenset(kind.value for kind in types) if types else None
    await info.context.forget()  # what the access check has read: no snapshot lives as long as a socket
    feed = RoomFeed(stream=stream, room=room, after=cursor, wanted=wanted, audience=audience, concerns=concerns)
    return cast("AsyncGenerator[Any, None]", feed)
