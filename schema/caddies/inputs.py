"""Inputs of the caddies."""

import datetime as dt
from types import MappingProxyType
from typing import Any

import strawberry

from kit.errors import InvalidInput
from models.caddies.values import AssignmentKind, CaddieStatus, FeeTier, TurnAct
from schema.describe import input_type
from schema.inputs import Input

UNSET = strawberry.UNSET


@input_type
class AddCaddieInput(Input):
    """A caddie to be added."""

    club_id: strawberry.ID
    """The club."""
    name: str
    """What the caddie is called, 1 to 100 characters."""
    list_number: int
    """The list, from 1 on."""
    phone_number: str | None = None
    """The phone number; only admins may give it."""
    user_id: str | None = None
    """The `sub` of the caddie's tokens, so that the caddie can answer assignments."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class UpdateCaddieInput(Input):
    """What shall change; what is left out stays."""

    caddie_id: strawberry.ID
    """The caddie."""
    name: str | None = UNSET
    """What the caddie is called from now on."""
    list_number: int | None = UNSET
    """The list to move the caddie to."""
    phone_number: str | None = UNSET
    """The phone number, null to remove it; only admins may change it."""
    user_id: str | None = UNSET
    """The `sub` of the caddie's tokens, null to remove it."""


@input_type
class DeleteCaddieInput(Input):
    """A caddie to be deleted."""

    caddie_id: strawberry.ID
    """The caddie."""


@input_type
class SetCaddieStatusInput(Input):
    """What a caddie is doing from now on."""

    caddie_id: strawberry.ID
    """The caddie."""
    status: CaddieStatus
    """The new status. IN_FIELD starts a turn, AVAILABLE ends the one under way."""
    reason: str | None = None
    """Why the caddie goes out of turn; needed when somebody else is next."""
    fee_tier: FeeTier = FeeTier.SINGLE
    """What kind of loop it was, when a turn ends."""
    tip_cents: int = 0
    """What the players gave, in cents, when a turn ends."""


@input_type
class StartTurnInput(Input):
    """A turn to be started."""

    club_id: strawberry.ID
    """The club."""
    list_number: int
    """The list, from 1 on."""
    caddie_id: strawberry.ID | None = None
    """A caddie of the list; the head of the queue if left out."""
    reason: str | None = None
    """Why the caddie goes out of turn; needed when somebody else is next."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class EndTurnInput(Input):
    """A turn to be ended."""

    turn_id: strawberry.ID
    """The turn."""
    fee_tier: FeeTier = FeeTier.SINGLE
    """What kind of loop it was."""
    tip_cents: int = 0
    """What the players gave, in cents."""


@input_type
class SkipTurnInput(Input):
    """Somebody to be passed over, who keeps the place for the next round."""

    club_id: strawberry.ID
    """The club."""
    list_number: int
    """The list, from 1 on."""
    caddie_id: strawberry.ID | None = None
    """A caddie of the list; the head of the queue if left out."""
    reason: str | None = None
    """Why."""


@input_type
class UndoTurnInput(Input):
    """What is taken back of a turn."""

    turn_id: strawberry.ID
    """The turn."""
    act: TurnAct
    """What was done last: it is refused where that was something else."""


@input_type
class AssignTurnInput(Input):
    """A turn to be assigned to a booking: give one of `turnId`, `caddieId` and `listNumber`."""

    booking_id: strawberry.ID
    """The booking."""
    assigned_as: AssignmentKind = AssignmentKind.GROUP
    """Why."""
    turn_id: strawberry.ID | None = None
    """A turn that is under way."""
    caddie_id: strawberry.ID | None = None
    """A caddie who waits, for their next turn."""
    list_number: int | None = None
    """A list, for the next turn of its head."""
    reason: str | None = None
    """Why this caddie; needed when somebody else is next and no member asked for them."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class AnswerTurnAssignmentInput(Input):
    """What a caddie says to a booking."""

    names = MappingProxyType({"accept": "is_accepted"})
    turn_id: strawberry.ID
    """The turn that is assigned."""
    accept: bool
    """Whether the caddie goes with the booking."""


@input_type
class DrawCaddieWeekInput(Input):
    """A week of a list to be drawn."""

    club_id: strawberry.ID
    """The club."""
    list_number: int
    """The list, from 1 on."""
    week: dt.date | None = None
    """Any day of the week: of the present one, or of one of the next four; today if left out."""


@input_type
class ImportCaddiesInput(Input):
    """Caddies as a file."""

    names = MappingProxyType({"csv": "csv_text"})
    club_id: strawberry.ID
    """The club."""
    csv: str
    """The file's text: a heading `name,list,phone,namesake`, of which the last two may be left out, then the rows."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class LoopFeeInput:
    """What a loop of one tier costs."""

    fee_tier: FeeTier
    """The kind of loop."""
    fee_cents: int
    """The fee in cents of the club's currency."""


@input_type
class SetCaddieSettingsInput(Input):
    """What shall change; what is left out stays."""

    club_id: strawberry.ID
    """The club."""
    list_count: int | None = None
    """How many lists the club has, 1 to 20."""
    fees: list[LoopFeeInput] = strawberry.field(default_factory=list)
    """What loops cost from now on; loops that are over keep their fees."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the club, the number of lists, and the fees by tier. Raises InvalidInput for a tier given twice."""
        fees = {fee.fee_tier: fee.fee_cents for fee in self.fees}
        if len(fees) < len(self.fees):
            raise InvalidInput(message="Give each tier once.", path=(*path, "fees"))
        return super().as_kwargs(path) | {"fees": fees}
