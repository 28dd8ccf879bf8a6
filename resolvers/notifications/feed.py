"""A user's own notifications: reading, marking, following them."""

from collections.abc import AsyncGenerator
from typing import Annotated
from uuid import UUID

import strawberry

from domain.notifications import notifications
from resolvers.edge import mutation, session_of
from resolvers.polling import stays_until_own_stream_moves
from resolvers.streams import AFTER, TYPES, follow, subscription
from schema.connections import USUAL, After, First, check_first, read_cursor
from schema.context import Info
from schema.describe import argument, field
from schema.notifications.events import NotificationEventType, NotificationStreamEvent
from schema.notifications.inputs import MarkNotificationsReadInput
from schema.notifications.payloads import MarkNotificationsReadPayload
from schema.notifications.types import Notification, NotificationConnection
from schema.sight import EVERYBODY

NOTIFICATIONS = "notifications"


@strawberry.type
class NotificationQueries:
    """Queries about the viewer's notifications."""

    @field
    async def notifications(
        self,
        info: Info,
        *,
        first: First = USUAL,
        after: After = None,
        unread_only: Annotated[bool, argument("Leave out what you have read.")] = False,
    ) -> NotificationConnection:
        """What you were told in the last 90 days, newest first."""
        place, limit = read_cursor(NOTIFICATIONS, after, UUID), check_first(first) + 1
        async with info.context.read() as session:
            rows = await notifications.own_notifications(
                session,
                viewer=info.context.viewer,
                before=place[0] if place else None,
                unread_only=unread_only,
                limit=limit,
            )
        stays_until_own_stream_moves(info)
        return NotificationConnection.page(
            rows, name=NOTIFICATIONS, first=first, after=after, place=lambda row: (row.id,), show=Notification.of
        )

    @field
    async def unread_notifications(self, info: Info) -> int:
        """How many of your notifications are unread."""
        async with info.context.read() as session:
            unread = await notifications.count_unread(session, viewer=info.context.viewer)
        stays_until_own_stream_moves(info)
        return unread


@strawberry.type
class NotificationMutations:
    """Mutations of the viewer's notifications."""

    @mutation
    async def mark_notifications_read(
        self, info: Info, input: Annotated[MarkNotificationsReadInput, argument("What is asked for.")]
    ) -> MarkNotificationsReadPayload:
        """Note that you have read some of your notifications, or all of them."""
        context = info.context
        unread = await notifications.mark_read(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return MarkNotificationsReadPayload(problems=[], unread=unread)


@strawberry.type
class NotificationSubscriptions:
    """Subscriptions to the viewer's notifications."""

    @subscription
    async def notifications(
        self,
        info: Info,
        types: Annotated[list[NotificationEventType] | None, TYPES] = None,
        after: Annotated[str | None, AFTER] = None,
    ) -> AsyncGenerator[NotificationStreamEvent, None]:
        """What you are told, and what of it you read on other screens: your own stream, and nobody else's."""
        stream = notifications.stream_of(info.context.viewer)
        return await follow(info, stream=stream, room=stream, audience=EVERYBODY, types=types, after=after)
