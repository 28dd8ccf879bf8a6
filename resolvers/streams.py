"""From a room to a subscription's answers."""

from collections.abc import AsyncGenerator, Callable, Collection
from enum import Enum
from typing import Any, cast

from events.cursor import Cursor
from events.log import Logged
from schema.context import Info
from schema.events import Audience
from schema.feeds import RoomFeed


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
