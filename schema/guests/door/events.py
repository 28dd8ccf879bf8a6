"""Events at the door."""

from events.guests.door import CheckInCorrected, CheckInUndone, GuestCheckedIn
from schema.events import shows

FACTS = (GuestCheckedIn, CheckInCorrected, CheckInUndone)
shows(*FACTS)
