"""Payloads about notifications."""

from schema.describe import output
from schema.notifications.types import NotificationPreferences, PushDevice
from schema.payloads import Payload


@output
class MarkNotificationsReadPayload(Payload):
    """The answer to `markNotificationsRead`."""

    unread: int | None = None
    """How many of your notifications are unread still."""


@output
class SetNotificationPreferencesPayload(Payload):
    """The answer to `setNotificationPreferences`."""

    preferences: NotificationPreferences | None = None
    """How you are told things now."""


@output
class RegisterPushDevicePayload(Payload):
    """The answer to `registerPushDevice`."""

    device: PushDevice | None = None
    """The device."""


@output
class UnregisterPushDevicePayload(Payload):
    """The answer to `unregisterPushDevice`."""


@output
class ConfirmEmailPayload(Payload):
    """The answer to `confirmEmail`."""

    email: str | None = None
    """The address that is confirmed."""


@output
class UnsubscribePayload(Payload):
    """The answer to `unsubscribe`."""
