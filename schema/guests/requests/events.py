"""Events of what guests ask for."""

from events.guests.requests import GuestRequestCreated, GuestRequestDeleted, GuestRequestUpdated
from schema.events import shows

FACTS = (GuestRequestCreated, GuestRequestUpdated, GuestRequestDeleted)
shows(*FACTS)
