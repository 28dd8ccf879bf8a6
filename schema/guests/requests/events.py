"""Events of what guests ask for."""

from events.guests.requests import GuestRequestCreated, GuestRequestUpdated
from schema.events import shows

FACTS = (GuestRequestCreated, GuestRequestUpdated)
shows(*FACTS)
