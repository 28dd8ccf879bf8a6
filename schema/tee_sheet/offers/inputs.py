"""Inputs of holds."""

import strawberry

from schema.describe import input_type
from schema.inputs import Input


@input_type
class HoldSlotsInput(Input):
    """Places to be held."""

    tee_time_id: strawberry.ID
    """The tee time."""
    places: int
    """1 to 4."""
    even_if_closed: bool = False
    """Whether to hold them while a closure of the course covers the start; only staff may."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class ReleaseHoldInput(Input):
    """A hold to be given back."""

    hold_id: strawberry.ID
    """The hold."""
