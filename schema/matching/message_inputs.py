"""Inputs about messages in the room of a hosted tee time."""

import strawberry

from schema.describe import input_type
from schema.inputs import Input
from schema.matching.hosted_inputs import HOSTED


@input_type
class SendMessageInput(Input):
    """What you write to the others who take part."""

    kinds = HOSTED
    tee_time_id: strawberry.ID
    """The hosted tee time."""
    text: str
    """Plain text, at most 2,000 characters on any number of lines."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class DeleteMessageInput(Input):
    """A message of yours that nobody shall read any more."""

    message_id: strawberry.ID
    """The message."""


@input_type
class MarkMessagesReadInput(Input):
    """How far you have read."""

    message_id: strawberry.ID
    """The last message that you have read; all before it are read, too."""


@input_type
class ReportMessageInput(Input):
    """A message that those who run the clubs should know of."""

    message_id: strawberry.ID
    """The message, which is quoted to them."""
    reason: str
    """What is wrong with it, at most 1,000 characters on any number of lines."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class ModerateMessageInput(Input):
    """A message that was reported, and whether it can be read."""

    message_id: strawberry.ID
    """The message."""
    hide: bool
    """Whether nobody shall read it; false lets it be read again."""
