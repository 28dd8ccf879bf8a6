"""Facts about arrivals at the door."""

from dataclasses import dataclass
from datetime import datetime

from events.base import event
from events.guests.base import HouseholdFact
from events.seen import ForAll, ForPlanners, Private


@dataclass(frozen=True, kw_only=True)
class ArrivalFact(HouseholdFact):
    """A fact about a guest at the door of a part."""

    part_id: ForAll[str]
    """The part."""
    guest_id: ForAll[str]
    """The guest."""
    guest_name: Private[str]
    """First and last name; empty for a plus-one who has none yet."""


@event("check-in.create")
class GuestCheckedIn(ArrivalFact):
    """A guest has arrived."""

    arrived_at: Private[datetime]
    """When the guest was checked in, in UTC."""
    arrived_by: ForPlanners[str]
    """The `sub` of the user who checked the guest in."""


@event("check-in.update")
class CheckInCorrected(GuestCheckedIn):
    """A guest arrived earlier than was known: a scanner that had no network has told so."""

    previous_arrived_at: Private[datetime]
    """When the guest was thought to have arrived, in UTC."""


@event("check-in.delete")
class CheckInUndone(ArrivalFact):
    """A guest has not arrived after all."""
