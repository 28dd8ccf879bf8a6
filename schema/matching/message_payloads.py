"""Payloads about messages in the room of a hosted tee time."""

from schema.describe import output
from schema.matching.message_types import Message
from schema.matching.types import GolferReport
from schema.payloads import Payload


@output
class SendMessagePayload(Payload):
    """The answer to `sendMessage`."""

    results = ("message",)
    message: Message | None = None
    """The message."""


@output
class DeleteMessagePayload(Payload):
    """The answer to `deleteMessage`."""

    message: Message | None = None
    """The message, of which nothing is kept."""


@output
class MarkMessagesReadPayload(Payload):
    """The answer to `markMessagesRead`."""

    unread: int | None = None
    """How many messages of others are unread still."""


@output
class ReportMessagePayload(Payload):
    """The answer to `reportMessage`."""

    results = ("report",)
    report: GolferReport | None = None
    """The report."""


@output
class ModerateMessagePayload(Payload):
    """The answer to `moderateMessage`."""

    message: Message | None = None
    """The message."""
