"""From a room to a subscription's answers."""

from collections.abc import AsyncGenerator, Collection
from enum import Enum
from typing import Any

from events.cursor import Cursor
from realtime.subscription import Reset
from schema.context import Info
from schema.events import show_event, show_reset


async def follow(
    info: Info, *, stream: str, room: str, types: Collection[Enum] | None, after: str | None
) -> AsyncGenerator[Any, None]:
    """Send the events of a room: from now on, or without a gap from a cursor on; all, or the wanted types only.

    Raises InvalidInput for a cursor that is malformed or of another stream, before anything is sent.
    """
    viewer, hub = info.context.viewer, info.context.hub
    cursor = Cursor.parse(after, stream=stream) if after else None
    wanted = {kind.value for kind in types} if types else None
    await info.context.forget()  # what the access check has read: no snapshot lives as long as a socket

    async def events() -> AsyncGenerator[Any, None]:
        async with hub.subscribe(stream, room=room, after=cursor) as subscription:
            async for item in subscription:
                if isinstance(item, Reset):
                    yield show_reset(item)
                elif wanted is None or item.type in wanted:
                    yield show_event(item, viewer)

    return events()
