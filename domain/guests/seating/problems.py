"""The refusals about tables and seats, each with what a client needs to act on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from kit.errors import Problem
from models.guests.values import RsvpStatus, SeatingRuleKind


class TableFull(Problem):
    """The table has not enough free seats; choose another table, or seat fewer."""

    code: ClassVar[str] = "TABLE_FULL"

    seats_left: int
    """How many seats are free."""


class SeatsTaken(Problem):
    """More guests sit at the table, or further along it, than there would be seats; let some sit elsewhere first."""

    code: ClassVar[str] = "SEATS_TAKEN"

    seated: int
    """The fewest seats that who sits there needs."""


class NoPlanSaved(Problem):
    """No plan of this part was saved, or the last one was taken back already; look at the chart as it is."""

    code: ClassVar[str] = "NO_PLAN_SAVED"


class SeatingMoved(Problem):
    """Guests sit elsewhere since the plan was saved, or find their old seats taken or gone; give them seats by hand."""

    code: ClassVar[str] = "SEATING_MOVED"

    guest_ids: list[str]
    """Who does."""


class SeatOccupied(Problem):
    """Somebody sits on this seat; choose another one, or swap the two."""

    code: ClassVar[str] = "SEAT_OCCUPIED"

    guest_id: str
    """Who sits there."""


class SeatLocked(Problem):
    """Somebody is to stay where they sit; let the seat be unlocked first."""

    code: ClassVar[str] = "SEAT_LOCKED"

    guest_ids: list[str]
    """Whose seats are locked."""


class NotSeated(Problem):
    """A guest has no seat; give them one first."""

    code: ClassVar[str] = "NOT_SEATED"

    guest_ids: list[str]
    """Who has none."""


class SeatNotWanted(Problem):
    """Only guests who come, or have not answered yet, are given a seat; set their answer first."""

    code: ClassVar[str] = "SEAT_NOT_WANTED"

    guest_id: str
    """The guest."""
    rsvp_status: RsvpStatus
    """What was answered."""


class PartNotSeated(Problem):
    """The guests of this part do not sit at tables; set first that they do."""

    code: ClassVar[str] = "PART_NOT_SEATED"


@dataclass(frozen=True, kw_only=True)
class BrokenRule:
    """A rule that would be broken."""

    rule_id: str
    """The rule."""
    kind: SeatingRuleKind
    """How the two are to sit."""
    guest_ids: list[str]
    """Who would sit otherwise."""


class SeatingRuleBroken(Problem):
    """Rules of the seating would be broken; choose other seats, or say by `force` that you want these all the same."""

    code: ClassVar[str] = "SEATING_RULE_BROKEN"

    rules: list[BrokenRule]
    """The rules that would be broken."""


class TooManyRules(Problem):
    """An occasion has at most 1,000 rules of seating; take some away first."""

    code: ClassVar[str] = "TOO_MANY_RULES"

    most: int
    """How many it may have."""


class SeatingRevealed(Problem):
    """Guests see their tables already; set `reveal` to false to hide them."""

    code: ClassVar[str] = "SEATING_ALREADY_REVEALED"

    revealed_at: datetime
    """Since when, in UTC."""


class SeatingHidden(Problem):
    """Guests do not see their tables yet; set `reveal` to true to show them."""

    code: ClassVar[str] = "SEATING_HIDDEN"
