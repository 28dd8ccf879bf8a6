"""Subscriptions: declaring one, and following a room from a cursor on."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Hashable
from enum import Enum
from typing import Any, TypeVar, cast
from uuid import UUID

import strawberry

from events.cursor import Cursor
from events.log import Logged
from schema.context import Context, Info
from schema.describe import argument, sentence
from schema.feeds import Classes, RoomFeed, State, SummaryRoom
from schema.sight import Audience, audience_of

K = TypeVar("K", bound=Hashable)

AFTER = argument("Go on without a gap after this cursor, from a query, a payload or an event; from now on if left out.")
AFTER_STATE = argument(
    "The cursor of the state that you have, from a query or an answer: what there is comes at once unless nothing has "
    "moved since."
)
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
    since: Cursor | None = None,
    classes: Classes[K, Any] | None = None,
    member: K | None = None,
) -> AsyncGenerator[Any, None]:
    """Say which room a subscription follows: from now on, or without a gap from a cursor on; all, or some types only.

    `concerns` narrows the room to what this subscriber is to have of it, and raises Ended where that is nothing more;
    `since` is the place as of which that was decided. `classes` say how the room tells those apart who follow it,
    `member` what this one says of itself for that. Raises InvalidInput for a cursor that is malformed or of another
    stream, before anything is sent.
    """
    cursor = None if after is None else Cursor.parse(after, stream=stream)
    wanted = frozenset(kind.value for kind in types) if types else None
    await info.context.forget()  # what the access check has read: no snapshot lives as long as a socket
    feed = RoomFeed(
        stream=stream,
        room=room,
        after=cursor,
        wanted=wanted,
        audience=audience,
        concerns=concerns,
        classes=classes,
        member=member,
        since=since,
    )
    return cast("AsyncGenerator[Any, None]", feed)


async def follow_summary(
    info: Info,
    *,
    stream: str,
    room: str,
    of: K,
    read: Callable[[Context, K], Awaitable[State]],
    types: Collection[str] | None = None,
    concerns: Callable[[Logged], bool] | None = None,
    since: Cursor | None = None,
    after: str | None,
) -> AsyncGenerator[Any, None]:
    """Say which conflated room a subscription follows: its state as it is, then whenever it has changed.

    `read` gives the state of what `of` says; `types` are the wire names of what can change it; `concerns` is shown all
    that is heard, and raises Ended when the subscriber may hear no more; `since` is the place as of which it was
    decided that it may. Raises InvalidInput for a cursor that is malformed or of another stream, before anything is
    sent.
    """
    cursor = None if after is None else Cursor.parse(after, stream=stream)
    tenant_id = info.context.tenant_id
    await info.context.forget()
    feed = SummaryRoom(
        stream=stream,
        room=room,
        after=cursor,
        types=None if types is None else frozenset(types),
        tenant_id=tenant_id,
        of=of,
        concerns=concerns,
        since=since,
        read=read,
    )
    return cast("AsyncGenerator[Any, None]", feed)
