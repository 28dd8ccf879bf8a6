"""Events at the door."""

from events.guests.door import CheckInCorrected, CheckInUndone, GuestCheckedIn
from schema.events import shows
from schema.guests.households.events import GUEST

FACTS = (GuestCheckedIn, CheckInCorrected, CheckInUndone)
shows(*FACTS, carries=[GUEST])
