"""The refusals about occasions and guests, each with what a client needs to act on it."""

from dataclasses import dataclass
from typing import ClassVar

from kit.errors import Problem
from models.guests.values import OccasionStatus, RsvpStatus


class OccasionNotOpen(Problem):
    """The occasion is not open for this yet; wait until those who plan it publish it."""

    code: ClassVar[str] = "OCCASION_NOT_OPEN"

    status: OccasionStatus
    """How far it has come."""


class OccasionFull(Problem):
    """An occasion has at most 2,000 guests and 200 tables; take some off first, or use another occasion."""

    code: ClassVar[str] = "OCCASION_FULL"

    most: int
    """How many it may have."""
    present: int
    """How many it has."""


class DeadlinePassed(Problem):
    """The time to answer is over; ask those who plan the occasion to answer for you."""

    code: ClassVar[str] = "DEADLINE_PASSED"


class MealsDecided(Problem):
    """The kitchen has its numbers; ask those who plan the occasion for another meal."""

    code: ClassVar[str] = "MEALS_DECIDED"


class CapacityReached(Problem):
    """There are not enough places left; give a yes for fewer guests, or wait in the queue."""

    code: ClassVar[str] = "CAPACITY_REACHED"

    places_left: int
    """How many places are free."""


class CodeUnknown(Problem):
    """No such code was given out, or it has been withdrawn; check it, or ask those who gave it to you."""

    code: ClassVar[str] = "CODE_UNKNOWN"


class NotArrived(Problem):
    """The guest has not been checked in; look whether it was another one."""

    code: ClassVar[str] = "NOT_ARRIVED"


class NotComing(Problem):
    """The guest has not accepted; let the door accept, or answer for the guest first."""

    code: ClassVar[str] = "NOT_COMING"

    rsvp_status: RsvpStatus
    """What was answered."""


class PlacesTaken(Problem):
    """More places are taken than there would be; choose a higher number, or let some go first."""

    code: ClassVar[str] = "PLACES_TAKEN"

    taken: int
    """How many places are taken."""


class PartInUse(Problem):
    """Guests have answered for this part, or sit there; take their answers back first."""

    code: ClassVar[str] = "PART_IN_USE"

    answers: int
    """How many guests have answered."""


class NotInvited(Problem):
    """The household is not invited to this part; add the part to its invitation first."""

    code: ClassVar[str] = "NOT_INVITED"

    part_id: str
    """The part."""


class PlusOnesNamed(Problem):
    """The household has told whom it brings, and would have to bring fewer; take those guests off first."""

    code: ClassVar[str] = "PLUS_ONES_NAMED"

    named: int
    """How many have names, or have answered."""


@dataclass(frozen=True, kw_only=True)
class BadGuest:
    """A row that cannot be used."""

    row: int
    """Its number in the list, from 1 on."""
    field: str | None
    """The field that is wrong; none if it is the row as a whole."""
    reason: str
    """What is wrong with it."""


class GuestsRefused(Problem):
    """Some rows cannot be used, and nothing was changed; mend them all and send the list again."""

    code: ClassVar[str] = "GUESTS_REFUSED"

    rows: list[BadGuest]
    """The rows that cannot be used, in their order."""
