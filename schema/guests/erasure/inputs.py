"""Inputs of export and erasure."""

import strawberry

from schema.describe import input_type
from schema.inputs import Input


@input_type
class ExportGuestInput(Input):
    """A guest, of whom all that is held shall be written out."""

    guest_id: strawberry.ID
    """The guest."""


@input_type
class EraseGuestInput(Input):
    """A guest, of whom all that is held shall be erased for ever."""

    guest_id: strawberry.ID
    """The guest."""
