"""A user's own notifications: reading, marking, following them."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from domain.notifications import notifications
from resolvers.edge import mutation, session_of
from resolvers.polling import stays_until_own_stream_moves
from resolvers.streams import follow
from resolvers.tee_sheet.subscriptions import AFTER, TYPES, subscription
from schema.connections import check_page, read_place
from schema.context import Info
from schema.describe import argument, field
from schema.events import Audience
from schema.notifications.events import NotificationEventType, NotificationStreamEvent
from schema.notifications.inputs import MarkNotificationsReadInput
from schema.notifications.payloads import MarkNotificationsReadPayload
from schema.notifications.types import Notification, NotificationConnection

FIRST = argument("How many, 1 to 100.")
PAGE = argument("Go on after this place, the `endCursor` of a page; from the newest on if left out.")


@strawberry.type
class NotificationQueries:
    """Queries about the viewer's notifications."""

    @field
    async def notifications(
        self,
        info: Info,
        first: Annotated[int, FIRST] = 20,
        after: Annotated[str | None, PAGE] = None,
        unread_only: Annotated[bool, argument("Leave out what you have read.")] = False,  # noqa: FBT002 - GraphQL names it
    ) -> NotificationConnection:
        """What you were told in the last 90 days, newest first."""
        limit, before = check_page(first), read_place(after)
        async with info.context.read() as session:
            rows = await notifications.own_notifications(
                session, viewer=info.context.viewer, before=before, unread_only=unread_only, limit=limit + 1
            )
        stays_until_own_stream_moves(info)
        return NotificationConnection.page(rows, first=limit, key=lambda row: row.id, show=Notification.of)

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
        audience = Audience(sees_names=True)
        return await follow(info, stream=stream, room=stream, audience=audience, types=types, after=after)
