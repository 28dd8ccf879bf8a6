"""Inputs about notifications."""

import datetime as dt
from types import MappingProxyType
from typing import Any

import strawberry

from domain.notifications.contacts import Choice
from kit.ids import parse_id
from models.clubs.values import Language
from models.deliveries import DeliveryChannel
from models.notifications import NotificationKind
from schema.describe import input_type
from schema.inputs import Input


@input_type
class MarkNotificationsReadInput(Input):
    """Notifications that you have read."""

    notification_ids: list[strawberry.ID] | None = None
    """Which, 100 at the most; all of yours if left out."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the notifications' ids, or None for all."""
        if self.notification_ids is None:
            return {"notification_ids": None}
        where = (*path, "notificationIds")
        ids = [parse_id("notification", one, path=(*where, str(n))) for n, one in enumerate(self.notification_ids)]
        return {"notification_ids": ids}


@input_type
class ChannelChoiceInput(Input):
    """Whether you want to be sent a kind of notification by a way."""

    kind: NotificationKind
    """What it is about."""
    channel: DeliveryChannel
    """The way."""
    is_on: bool
    """Whether it is to be sent so."""


@input_type
class SetNotificationPreferencesInput(Input):
    """How you want to be told things; what is left out stays."""

    email: str | None = strawberry.UNSET
    """Where you want to be written to; a link is sent there, unless your token proves it. Null: nowhere."""
    language: Language | None = strawberry.UNSET
    """The language of what you are sent."""
    time_zone: str | None = strawberry.UNSET
    """The IANA time zone that your hours of quiet are in."""
    quiet_from: dt.time | None = strawberry.UNSET
    """When your hours of quiet begin, by your clock; null, with the end, for none."""
    quiet_until: dt.time | None = strawberry.UNSET
    """When they end, which may be on the next day."""
    choices: list[ChannelChoiceInput] = strawberry.field(default_factory=list)
    """What is to be sent by which way; what is not named stays."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give what was set, with the choices as the domain takes them."""
        choices = [Choice(kind=one.kind, channel=one.channel, is_on=one.is_on) for one in self.choices]
        return super().as_kwargs(path) | {"choices": choices}


@input_type
class RegisterPushDeviceInput(Input):
    """A subscription as a browser gives it, by `PushManager.subscribe` with the key of `webPushKey`."""

    endpoint: str
    """Its `endpoint`."""
    p256dh: str
    """The key `p256dh` of its `keys`."""
    auth: str
    """The key `auth` of its `keys`."""
    name: str = ""
    """What you call the device, at most 100 characters."""


@input_type
class UnregisterPushDeviceInput(Input):
    """A device that is to be pushed to no more."""

    push_device_id: strawberry.ID
    """The device."""

    names = MappingProxyType({"push_device_id": "device_id"})


@input_type
class ConfirmEmailInput(Input):
    """The link by which you confirm your address."""

    token: str
    """The last part of the link's address."""


@input_type
class UnsubscribeInput(Input):
    """The link by which you end e-mails."""

    token: str
    """The last part of the link's address."""
