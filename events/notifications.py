"""Facts of one user's own stream: what they were told, and what they have read."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID, uuid5

from events.base import Event, event
from events.seen import ForAll, ForServer
from kit.ids import public_id
from models.clubs.values import Language
from models.notifications import NotificationKind


def stream_id_of(tenant_id: UUID, user_id: str) -> str:
    """Give the public id that stands for a user in the name of their stream.

    It follows from the tenant and the `sub` of the user's tokens: a `sub` is unique within its tenant only, and may be
    longer than a stream's name, or hold any character.
    """
    return public_id("user", uuid5(tenant_id, user_id))


def user_stream(stream_id: str) -> str:
    """Name the stream, and its one room, of what concerns one user alone."""
    return f"user:{stream_id}"


@dataclass(frozen=True, kw_only=True)
class UserEvent(Event):
    """A fact that concerns one user alone."""

    user_id: ForServer[str]
    """The user, as the name of their stream says it; clients are not told."""

    @property
    def stream(self) -> str:
        """The user's own stream."""
        return user_stream(self.user_id)


@dataclass(frozen=True, kw_only=True)
class NotificationText:
    """What a notification says in one language."""

    language: ForAll[Language]
    """The language."""
    title: ForAll[str]
    """What it is about, in a few words."""
    body: ForAll[str]
    """What there is to say, in a sentence or two."""


@event("notification.created")
class NotificationCreated(UserEvent):
    """You were told something."""

    notification_id: ForAll[str]
    """The notification."""
    kind: ForAll[NotificationKind]
    """What it is about."""
    title: ForAll[str]
    """What it is about, in a few words, in English."""
    body: ForAll[str]
    """What there is to say, in a sentence or two, in English."""
    texts: ForAll[tuple[NotificationText, ...]] = ()
    """The same in each language, for a screen to choose its own; none on what was told before these were kept."""
    club_id: ForAll[str | None] = None
    """The club it concerns."""
    course_id: ForAll[str | None] = None
    """The course it concerns."""
    date: ForAll[dt.date | None] = None
    """The local date of the tee sheet it concerns."""
    booking_id: ForAll[str | None] = None
    """The booking it concerns."""
    tee_time_id: ForAll[str | None] = None
    """The tee time it concerns."""
    offer_id: ForAll[str | None] = None
    """The offer from the waitlist that it concerns."""


@event("notification.read")
class NotificationsRead(UserEvent):
    """You have read notifications, on whatever screen."""

    notification_ids: ForAll[tuple[str, ...]]
    """Those that were unread until now, the oldest first."""
    read_at: ForAll[dt.datetime]
    """When, in UTC."""


@event("notification.removed")
class NotificationsRemoved(UserEvent):
    """Notifications of yours were removed because they were old."""

    created_before: ForAll[dt.datetime]
    """All that were created before this moment, in UTC, are gone."""
    read_before: ForAll[dt.datetime | None] = None
    """And all that were read before this one."""
