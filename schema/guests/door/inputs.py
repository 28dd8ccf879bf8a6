"""Inputs of the door."""

import datetime as dt
from types import MappingProxyType

import strawberry

from schema.describe import input_type
from schema.inputs import Input


@input_type
class CheckInGuestInput(Input):
    """A guest at the door: give either the code or the guest."""

    names = MappingProxyType({"accept": "may_accept"})
    occasion_id: strawberry.ID
    """The occasion."""
    part_id: strawberry.ID | None = None
    """The part; the main one if left out."""
    code: str | None = None
    """The code that was scanned."""
    guest_id: strawberry.ID | None = None
    """The guest, found by the list."""
    whole_household: bool = False
    """Whether all others of the household who come to the part arrive with the guest."""
    accept: bool = False
    """Whether to accept for a guest who has not, if there is a place; with the household, for who has not declined."""
    scanned_at: dt.datetime | None = None
    """When it was scanned, where it is told later; the earliest time counts. Now if left out."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class UndoGuestCheckInInput(Input):
    """A check-in to be taken back."""

    guest_id: strawberry.ID
    """The guest."""
    part_id: strawberry.ID | None = None
    """The part; the main one if left out."""


@input_type
class RotateCheckInCodeInput(Input):
    """A guest who gets another code for the door."""

    guest_id: strawberry.ID
    """The guest."""
