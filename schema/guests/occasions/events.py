"""Events of occasions, and of the record of what was done."""

from events.guests.occasions import ActivityCreated, OccasionCreated, OccasionUpdated
from schema.events import shows

FACTS = (OccasionCreated, OccasionUpdated)
RECORD_FACTS = (ActivityCreated,)
shows(*FACTS, *RECORD_FACTS)
