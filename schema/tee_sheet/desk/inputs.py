"""Inputs of the desk."""

import datetime as dt
from typing import Any

import strawberry

from domain.tee_sheet.desk.blocks import BlockWish
from domain.tee_sheet.desk.ledger import LedgerWish
from kit.ids import parse_id
from models.tee_sheet.desk import BlockKind
from models.tee_sheet.ledger import LedgerKind
from schema.describe import input_type
from schema.inputs import DAY, Input


@input_type
class AddBlockInput(Input):
    """Places to be taken out of sale: those of a range of starts, or single ones."""

    course_id: strawberry.ID
    """The course."""
    date: dt.date
    """The day on the course's calendar."""
    kind: BlockKind
    """Why, in a word."""
    reason: str = ""
    """Why, in your words, at most 500 characters; everybody who sees the sheet may read it."""
    first_start: dt.time | None = None
    """The first start of the range on the course's clock, itself included."""
    last_start: dt.time | None = None
    """The last start of the range on the course's clock, itself included."""
    tees: list[int] | None = None
    """The tees that the range concerns; all if left out."""
    slot_ids: list[strawberry.ID] | None = None
    """Single places, instead of a range."""
    keep_bookings: bool = False
    """Whether booked places keep their bookings. They are blocked as soon as their booking gives them up."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the course, the day and the wish."""
        ids = enumerate(self.slot_ids or ())
        wish = BlockWish(
            kind=self.kind,
            reason=self.reason,
            first_start=self.first_start,
            last_start=self.last_start,
            tees=None if self.tees is None else frozenset(self.tees),
            slot_ids=[parse_id("slot", slot_id, path=(*path, "slotIds", str(n))) for n, slot_id in ids],
            keep_bookings=self.keep_bookings,
        )
        return {"course_id": self._read("course_id", self.course_id, path), "day": self.date, "wish": wish}


@input_type
class RemoveBlockInput(Input):
    """A block to be lifted."""

    block_id: strawberry.ID
    """The block."""


@input_type
class SqueezeTeeTimeInput(Input):
    """A tee time to be added between two others."""

    names = DAY
    course_id: strawberry.ID
    """The course."""
    date: dt.date
    """The day on the course's calendar."""
    local_time: dt.time
    """The start on the course's clock, in whole minutes; of one that the clock shows twice, the first is meant."""
    tee: int = 1
    """The hole that the group starts from."""
    even_if_turning: bool = False
    """Whether to do so where groups come by that have played nine holes."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class DelayTeeTimesInput(Input):
    """Starts to be shifted to later, or back."""

    names = DAY
    course_id: strawberry.ID
    """The course."""
    date: dt.date
    """The day on the course's calendar."""
    first_start: dt.time
    """From this time of the course's clock on all starts are shifted, those of this time included."""
    minutes: int
    """By how many minutes, 1 to 600. Below 0, delayed starts come back, each at most by what it was delayed."""
    even_if_turning: bool = False
    """Whether to do so where groups come by that have played nine holes."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer, and delays nothing once more."""


@input_type
class IssueRainCheckInput(Input):
    """A booking that weather has stopped."""

    booking_id: strawberry.ID
    """The booking."""
    holes_played: int
    """How many holes were played: from 0 to one less than the booking is for."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class RedeemRainCheckInput(Input):
    """A rain check, and the booking that it shall pay."""

    code: str
    """The rain check's code; spaces, hyphens and small letters do not matter."""
    booking_id: strawberry.ID
    """The booking: a later one of the same club."""
    forfeit_rest: bool = False
    """Whether a rain check that is worth more than is open may lose the rest: it is never paid out, and good once."""


@input_type
class AddLedgerEntryInput(Input):
    """What shall be added to the ledger of a booking."""

    booking_id: strawberry.ID
    """The booking; also one that was cancelled."""
    kind: LedgerKind
    """`PAYMENT`, `REFUND`, `FEE` or `DISCOUNT`."""
    amount_cents: int
    """How much, from 1, in cents of the booking's currency."""
    reason: str = ""
    """Why, at most 500 characters; a payment needs none."""
    position: int | None = None
    """Which player of the booking it is for, 1 to 4; all of it if left out."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer, and adds nothing once more."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the booking and the wish."""
        wish = LedgerWish(kind=self.kind, amount_cents=self.amount_cents, reason=self.reason, position=self.position)
        return {"booking_id": self._read("booking_id", self.booking_id, path), "wish": wish}


@input_type
class SetBookingNoteInput(Input):
    """What shall be noted on a booking."""

    booking_id: strawberry.ID
    """The booking."""
    note: str | None = None
    """What its party is to read; at most 500 characters. Left as it is if left out, taken off if empty."""
    staff_note: str | None = None
    """What the staff alone are to read, at most 500 characters; the same."""


@input_type
class SetTeeTimeNoteInput(Input):
    """What shall be noted on a start."""

    tee_time_id: strawberry.ID
    """The tee time."""
    note: str | None = None
    """What all who see the sheet are to read; at most 500 characters. Left as it is if left out, taken off if empty."""
    staff_note: str | None = None
    """What the staff alone are to read, at most 500 characters; the same."""


@input_type
class SetTeeSheetNoteInput(Input):
    """What shall be noted on a day."""

    names = DAY
    course_id: strawberry.ID
    """The course."""
    date: dt.date
    """The day on the course's calendar."""
    note: str | None = None
    """What all who see the sheet are to read; at most 500 characters. Left as it is if left out, taken off if empty."""
    staff_note: str | None = None
    """What the staff alone are to read, at most 500 characters; the same."""
