"""Inputs of tables, seats, and the rules of seating."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any
from uuid import UUID

import strawberry

from domain.guests.seating.arranging import Arranged
from domain.guests.seating.seats import SeatWish
from kit.ids import parse_id, parse_if_given
from models.guests.values import SeatingRuleKind, TableShape
from schema.describe import input_type
from schema.inputs import Input

UNSET = strawberry.UNSET
Path = tuple[str, ...]


@input_type
class AddTableInput(Input):
    """A table to be added to a seated part."""

    occasion_id: strawberry.ID
    """The occasion."""
    part_id: strawberry.ID | None = None
    """The part; the main one if left out."""
    name: str
    """What the table is called, 1 to 100 characters; no two tables of a part have one name."""
    capacity: int = 8
    """How many seats it has, 1 to 30."""
    shape: TableShape = TableShape.ROUND
    """Its form on a chart."""
    x: float = 0.0
    """Where it stands on a chart, from the left: -10,000 to 10,000."""
    y: float = 0.0
    """Where it stands on a chart, from above: -10,000 to 10,000."""
    is_accessible: bool = True
    """Whether one gets to it in a wheelchair."""
    is_vip: bool = False
    """Whether it is for VIPs."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class UpdateTableInput(Input):
    """What shall change of a table; what is left out stays."""

    table_id: strawberry.ID
    """The table."""
    name: str | None = UNSET
    """What the table is called from now on."""
    capacity: int | None = UNSET
    """How many seats it has, 1 to 30; no fewer than who sits there needs."""
    shape: TableShape | None = UNSET
    """Its form on a chart."""
    x: float | None = UNSET
    """Where it stands on a chart, from the left: -10,000 to 10,000."""
    y: float | None = UNSET
    """Where it stands on a chart, from above: -10,000 to 10,000."""
    is_accessible: bool | None = UNSET
    """Whether one gets to it in a wheelchair."""
    is_vip: bool | None = UNSET
    """Whether it is for VIPs."""


@input_type
class DeleteTableInput(Input):
    """A table to be deleted."""

    table_id: strawberry.ID
    """The table; who sits there, locked or not, has no seat from then on."""


@input_type
class SeatGuestInput:
    """A guest who is to sit at a table."""

    guest_id: strawberry.ID
    """The guest."""
    seat: int | None = None
    """The seat, from 1 on; any if left out."""


@input_type
class SeatGuestsInput(Input):
    """Guests to be seated at a table, wherever they sit now: all of them, or none."""

    table_id: strawberry.ID
    """The table."""
    guests: list[SeatGuestInput]
    """The guests, 1 to 30."""
    force: bool = False
    """Whether to seat them although that breaks rules of the seating."""

    def as_kwargs(self, path: Path = ("input",)) -> dict[str, Any]:
        """Give the table and who is to sit there."""
        return super().as_kwargs(path) | {"guests": [_wish(one, n, path) for n, one in enumerate(self.guests)]}


def _wish(given: SeatGuestInput, number: int, path: Path) -> SeatWish:
    where = (*path, "guests", str(number), "guestId")
    return SeatWish(guest_id=parse_id("guest", given.guest_id, path=where), seat=given.seat)


def _guest_ids(given: Sequence[str], path: Path) -> list[UUID]:
    return [parse_id("guest", one, path=(*path, "guestIds", str(number))) for number, one in enumerate(given)]


@input_type
class UnseatGuestsInput(Input):
    """Guests whose seats are to be free: all of them, or none."""

    guest_ids: list[strawberry.ID]
    """The guests, 1 to 1,000 of one occasion."""
    part_id: strawberry.ID | None = None
    """The part; the main one if left out."""

    def as_kwargs(self, path: Path = ("input",)) -> dict[str, Any]:
        """Give the guests and the part."""
        return super().as_kwargs(path) | {"guest_ids": _guest_ids(self.guest_ids, path)}


@input_type
class SwapSeatsInput(Input):
    """Two guests who are to change tables and seats."""

    kinds = MappingProxyType({"other_guest_id": "guest"})
    guest_id: strawberry.ID
    """One of them."""
    other_guest_id: strawberry.ID
    """The other one."""
    part_id: strawberry.ID | None = None
    """The part; the main one if left out."""
    force: bool = False
    """Whether to do so although that breaks rules of the seating."""


@input_type
class LockSeatInput(Input):
    """Guests who are to stay where they sit: all of them, or none."""

    guest_ids: list[strawberry.ID]
    """The guests, 1 to 1,000 of one occasion."""
    part_id: strawberry.ID | None = None
    """The part; the main one if left out."""

    def as_kwargs(self, path: Path = ("input",)) -> dict[str, Any]:
        """Give the guests and the part."""
        return super().as_kwargs(path) | {"guest_ids": _guest_ids(self.guest_ids, path)}


@input_type
class UnlockSeatInput(Input):
    """Guests who may be moved again: all of them, or none."""

    guest_ids: list[strawberry.ID]
    """The guests, 1 to 1,000 of one occasion."""
    part_id: strawberry.ID | None = None
    """The part; the main one if left out."""

    def as_kwargs(self, path: Path = ("input",)) -> dict[str, Any]:
        """Give the guests and the part."""
        return super().as_kwargs(path) | {"guest_ids": _guest_ids(self.guest_ids, path)}


@input_type
class AutoSeatInput(Input):
    """A part whose guests are to be seated by themselves."""

    occasion_id: strawberry.ID
    """The occasion."""
    part_id: strawberry.ID | None = None
    """The part; the main one if left out."""
    apply: bool = False
    """Whether to save the plan; otherwise nothing is changed."""


@input_type
class UndoAutoSeatInput(Input):
    """A part whose last saved plan is to be taken back."""

    occasion_id: strawberry.ID
    """The occasion."""
    part_id: strawberry.ID | None = None
    """The part; the main one if left out."""


@input_type
class ArrangedSeatInput:
    """Where a guest is to sit."""

    guest_id: strawberry.ID
    """The guest."""
    table_id: strawberry.ID | None = None
    """The table; none if left out."""
    seat: int | None = None
    """The seat at the table, from 1 on; any if left out."""


@input_type
class ArrangeSeatsInput(Input):
    """Who is to sit where in a part: all of them as said, or nothing changes."""

    occasion_id: strawberry.ID
    """The occasion."""
    part_id: strawberry.ID | None = None
    """The part; the main one if left out."""
    seats: list[ArrangedSeatInput]
    """The guests, 1 to 2,000; who is not named stays."""
    force: bool = False
    """Whether to seat them although that breaks rules of the seating."""

    def as_kwargs(self, path: Path = ("input",)) -> dict[str, Any]:
        """Give the part and who is to sit where."""
        return super().as_kwargs(path) | {"seats": [_arranged(one, n, path) for n, one in enumerate(self.seats)]}


def _arranged(given: ArrangedSeatInput, number: int, path: Path) -> Arranged:
    where = (*path, "seats", str(number))
    return Arranged(
        guest_id=parse_id("guest", given.guest_id, path=(*where, "guestId")),
        table_id=parse_if_given("table", given.table_id, path=(*where, "tableId")),
        seat=given.seat,
    )


@input_type
class SetSeatingRuleInput(Input):
    """Two who are to sit together, or apart: each a guest or a household."""

    kinds = MappingProxyType(
        {f"{side}_{kind}_id": kind for side in ("first", "second") for kind in ("guest", "household")}
    )
    occasion_id: strawberry.ID
    """The occasion."""
    kind: SeatingRuleKind
    """How the two are to sit; a rule that there is about the two says so from then on."""
    first_guest_id: strawberry.ID | None = None
    """The first of the two, if it is a guest."""
    first_household_id: strawberry.ID | None = None
    """The first of the two, if it is a household."""
    second_guest_id: strawberry.ID | None = None
    """The second of the two, if it is a guest."""
    second_household_id: strawberry.ID | None = None
    """The second of the two, if it is a household."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class RemoveSeatingRuleInput(Input):
    """A rule of the seating to be removed."""

    seating_rule_id: strawberry.ID
    """The rule."""


@input_type
class RevealSeatingInput(Input):
    """Whether guests are to see their tables."""

    names = MappingProxyType({"reveal": "is_revealed"})
    occasion_id: strawberry.ID
    """The occasion."""
    reveal: bool = True
    """True to show them from now on, false to hide them again."""
