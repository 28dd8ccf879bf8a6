"""Payloads of occasions and their parts."""

from schema.describe import output
from schema.guests.occasions.types import Occasion, Part
from schema.payloads import Payload


@output
class CreateOccasionPayload(Payload):
    """The answer to `createOccasion`."""

    results = ("occasion",)
    occasion: Occasion | None = None
    """The occasion."""


@output
class UpdateOccasionPayload(Payload):
    """The answer to `updateOccasion`."""

    occasion: Occasion | None = None
    """The occasion."""


@output
class PublishOccasionPayload(Payload):
    """The answer to `publishOccasion`."""

    occasion: Occasion | None = None
    """The occasion."""


@output
class CloseOccasionPayload(Payload):
    """The answer to `closeOccasion`."""

    occasion: Occasion | None = None
    """The occasion."""


@output
class AddPartPayload(Payload):
    """The answer to `addPart`."""

    results = ("part",)
    part: Part | None = None
    """The part."""


@output
class UpdatePartPayload(Payload):
    """The answer to `updatePart`."""

    part: Part | None = None
    """The part."""


@output
class DeletePartPayload(Payload):
    """The answer to `deletePart`."""

    occasion: Occasion | None = None
    """The occasion, without the part."""
