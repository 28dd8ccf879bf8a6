"""Notifications as their user sees them."""

import datetime as dt
from typing import Self
from urllib.parse import urlsplit
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.notifications import devices, notifications
from domain.notifications.kinds import may_be_muted, mute_key
from domain.notifications.texts import texts_of
from events import notifications as facts
from kit.ids import public_id
from models import deliveries
from models import notifications as tables
from models.clubs.values import Language
from models.deliveries import DeliveryChannel
from models.notifications import NotificationKind
from schema.connections import Connection
from schema.context import Info
from schema.derive import nested, shown
from schema.describe import enum, field, listed, output
from schema.nodes import Node, finds

enum(NotificationKind)
NotificationText = nested(facts.NotificationText)


@output
class Notification(Node):
    """Something that you were told."""

    kind: NotificationKind
    """What it is about."""
    title: str
    """What it is about, in a few words, in English."""
    body: str
    """What there is to say, in a sentence or two, in English."""
    texts: list[NotificationText] = listed(entries=2)  # type: ignore[valid-type] # made of the fact's
    """The same in each language, for a screen to choose its own."""
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
        texts = texts_of(row.kind, row.data)
        about = {name: row.data.get(name) for name in notifications.REFERENCES}
        day = about.pop("date")
        return cls(
            id=strawberry.ID(public_id("notification", row.id)),
            kind=row.kind,
            title=texts[0].title,
            body=texts[0].body,
            texts=shown(texts),
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


enum(DeliveryChannel)


@output
class PushDevice(Node):
    """A browser or an app of yours that takes pushes."""

    name: str
    """What you call it; may be empty."""
    service: str
    """The host of its push service."""
    created_at: dt.datetime
    """When it was registered first, in UTC."""
    pushed_at: dt.datetime | None
    """When a push service last took something for it, in UTC; none before that."""

    @classmethod
    def of(cls, row: deliveries.PushDevice) -> Self:
        """Show a device. Its address and its keys are shown to nobody."""
        return cls(
            id=strawberry.ID(public_id("push_device", row.id)),
            name=row.name,
            service=urlsplit(row.endpoint).hostname or "",
            created_at=row.created_at,
            pushed_at=row.pushed_at,
        )


@output
class ChannelChoice:
    """Whether you are sent a kind of notification by a way."""

    kind: NotificationKind
    """What it is about."""
    channel: DeliveryChannel
    """The way."""
    is_on: bool
    """Whether it is sent so."""


@output
class NotificationPreferences:
    """How you want to be told things."""

    email: str | None
    """The address that you are written to: proven by your token, or by a link that was sent there."""
    pending_email: str | None
    """The address that you have given, until you open the link that was sent there."""
    language: Language
    """The language of what you are sent."""
    time_zone: str
    """The IANA time zone that your hours of quiet are in."""
    quiet_from: dt.time | None
    """When your hours of quiet begin, by your clock, if you have any. What cannot wait is pushed all the same."""
    quiet_until: dt.time | None
    """When they end, which may be on the next day."""
    choices: list[ChannelChoice] = listed(entries=30)
    """Each kind with each way by which it can be sent."""

    @classmethod
    def of(cls, row: deliveries.Contact) -> Self:
        """Show how somebody wants to be told things."""
        ways = [(kind, channel) for kind in NotificationKind for channel in DeliveryChannel]
        choices = [
            ChannelChoice(kind=kind, channel=channel, is_on=mute_key(kind, channel) not in row.muted)
            for kind, channel in ways
            if may_be_muted(kind, channel)
        ]
        return cls(
            email=row.email,
            pending_email=row.pending_email,
            language=row.language,
            time_zone=row.time_zone,
            quiet_from=row.quiet_from,
            quiet_until=row.quiet_until,
            choices=choices,
        )


@finds("push_device")
async def find_push_device(session: AsyncSession, viewer: Viewer, value: UUID) -> PushDevice:
    """Find a device."""
    return PushDevice.of(await devices.find_device(session, viewer=viewer, device_id=value))
