"""Events of occasions, and of the record of what was done."""

from events.guests.occasions import ActivityCreated, OccasionCreated, OccasionState, OccasionUpdated, PartState
from schema.events import shows
from schema.guests.classes import Heard


def parts(fact: OccasionState, heard: Heard | None) -> tuple[PartState, ...]:
    """Its parts, in their order: for guests, those that they are invited to."""
    return fact.parts_for(heard.parts if heard else None)


FACTS = (OccasionCreated, OccasionUpdated)
RECORD_FACTS = (ActivityCreated,)
shows(*FACTS, by_class={"parts": parts})
shows(*RECORD_FACTS)
