"""Payloads about notifications."""

from schema.describe import output
from schema.payloads import Payload


@output
class MarkNotificationsReadPayload(Payload):
    """The answer to `markNotificationsRead`."""

    unread: int | None = None
    """How many of your notifications are unread still."""
