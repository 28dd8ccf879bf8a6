"""Notifications as their user sees them."""

import datetime as dt
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.notifications import notifications
from domain.notifications.texts import text_of
from kit.ids import public_id
from models import notifications as tables
from models.notifications import NotificationKind
from schema.connections import Connection
from schema.context import Info
from schema.describe import enum, field, output
from schema.nodes import Node, finds

enum(NotificationKind)


@output
class Notification(Node):
    """Something that you were told."""

    kind: NotificationKind
    """What it is about."""
    title: str
    """What it is about, in a few words."""
    body: str
    """What there is to say, in a sentence or two."""
    created_at: dt.datetime
    """When you were told, in UTC."""
    read_at: dt.datetime | None
    """When you read it, in UTC; none before that."""
    club_id: strawberry.ID | None
    """The club it concerns."""
    course_id: strawberry.ID | None
    """The course it concerns."""
    date: dt.date | None
    """The local date of the tee sheet it concerns."""
    booking_id: strawberry.ID | None
    """The booking it concerns."""
    tee_time_id: strawberry.ID | None
    """The tee time it concerns."""
    offer_id: strawberry.ID | None
    """The offer from the waitlist that it concerns."""

    @classmethod
    def of(cls, row: tables.Notification) -> Self:
        """Show a notification."""
        title, body = text_of(row.kind, row.data)
        about = {name: row.data.get(name) for name in notifications.REFERENCES}
        day = about.pop("date")
        return cls(
            id=strawberry.ID(public_id("notification", row.id)),
            kind=row.kind,
            title=title,
            body=body,
            created_at=row.created_at,
            read_at=row.read_at,
            date=dt.date.fromisoformat(day) if day else None,
            **{name: strawberry.ID(value) if value else None for name, value in about.items()},
        )


@output
class NotificationConnection(Connection[Notification]):
    """A page of your notifications, newest first."""

    @field
    async def cursor(self, info: Info) -> str:
        """The place in your own stream up to which this answer shows everything: subscribe `after` it."""
        async with info.context.read() as session:
            return str(await notifications.own_cursor(session, viewer=info.context.viewer))


@finds("notification")
async def find_notification(session: AsyncSession, viewer: Viewer, value: UUID) -> Notification:
    """Find a notification."""
    return Notification.of(await notifications.find_notification(session, viewer=viewer, notification_id=value))
