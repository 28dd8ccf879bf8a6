"""Inputs of what guests ask for."""

from types import MappingProxyType

import strawberry

from models.guests.values import RequestStatus
from schema.describe import input_type
from schema.inputs import Input


@input_type
class CreateGuestRequestInput(Input):
    """Something to be asked for."""

    occasion_id: strawberry.ID
    """The occasion."""
    text: str
    """What is asked for, up to 1,000 characters on any number of lines."""
    guest_id: strawberry.ID | None = None
    """The guest who asks; the household as a whole if left out, which only the household itself may do."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class UpdateGuestRequestInput(Input):
    """What shall change; what is left out stays."""

    kinds = MappingProxyType({"request_id": "guest_request"})
    request_id: strawberry.ID
    """The request."""
    status: RequestStatus | None = None
    """How far it has come; its household may say DONE: no longer needed."""
    reply: str | None = None
    """What to say to it, up to 1,000 characters; for those who plan the occasion."""
    text: str | None = None
    """What is asked for, while nobody has taken it up."""
