"""Events of seats, and of the rules of seating."""

from events.guests.seating import GuestUnseated, SeatingRuleDeleted
from schema.events import shows

FACTS = (GuestUnseated, SeatingRuleDeleted)
shows(*FACTS)
