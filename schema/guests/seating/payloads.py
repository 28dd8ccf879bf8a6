"""Payloads of tables, seats, and the rules of seating."""

from schema.describe import listed, output
from schema.guests.occasions.types import Occasion
from schema.guests.seating.types import SeatingPlan, SeatingRule, Table
from schema.payloads import Payload


@output
class AddTablePayload(Payload):
    """The answer to `addTable`."""

    results = ("table",)
    table: Table | None = None
    """The table."""


@output
class UpdateTablePayload(Payload):
    """The answer to `updateTable`."""

    table: Table | None = None
    """The table."""


@output
class DeleteTablePayload(Payload):
    """The answer to `deleteTable`."""

    table: Table | None = None
    """The table, at which nobody sits any more."""


@output
class SeatGuestsPayload(Payload):
    """The answer to `seatGuests`."""

    tables: list[Table] | None = listed(entries=4, default=None)
    """The table, and those that were left for it."""


@output
class UnseatGuestsPayload(Payload):
    """The answer to `unseatGuests`."""

    tables: list[Table] | None = listed(entries=4, default=None)
    """The tables that were left."""


@output
class SwapSeatsPayload(Payload):
    """The answer to `swapSeats`."""

    tables: list[Table] | None = listed(entries=2, default=None)
    """The tables of both guests, which may be one."""


@output
class LockSeatPayload(Payload):
    """The answer to `lockSeat`."""

    tables: list[Table] | None = listed(entries=4, default=None)
    """The tables at which they sit."""


@output
class UnlockSeatPayload(Payload):
    """The answer to `unlockSeat`."""

    tables: list[Table] | None = listed(entries=4, default=None)
    """The tables at which they sit."""


@output
class AutoSeatPayload(Payload):
    """The answer to `autoSeat`."""

    plan: SeatingPlan | None = None
    """The plan, with what is wrong with it."""


@output
class UndoAutoSeatPayload(Payload):
    """The answer to `undoAutoSeat`."""

    tables: list[Table] | None = listed(entries=8, default=None)
    """The tables that are others than before."""


@output
class ArrangeSeatsPayload(Payload):
    """The answer to `arrangeSeats`."""

    tables: list[Table] | None = listed(entries=8, default=None)
    """The tables that are others than before."""


@output
class SetSeatingRulePayload(Payload):
    """The answer to `setSeatingRule`."""

    results = ("seating_rule",)
    seating_rule: SeatingRule | None = None
    """The rule."""


@output
class RemoveSeatingRulePayload(Payload):
    """The answer to `removeSeatingRule`."""

    seating_rule: SeatingRule | None = None
    """The rule, which holds no more."""


@output
class RevealSeatingPayload(Payload):
    """The answer to `revealSeating`."""

    occasion: Occasion | None = None
    """The occasion."""
