"""Events of answers to invitations."""

from events.guests.households import RsvpUpdated
from schema.events import shows

FACTS = (RsvpUpdated,)
shows(*FACTS)
