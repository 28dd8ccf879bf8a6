"""Events of the desk."""

from events.tee_sheet.desk import BlockAdded, BlockRemoved
from events.tee_sheet.standing import (
    StandingBookingEnded,
    StandingBookingMade,
    StandingBookingSet,
    StandingBookingSkipped,
)
from schema.events import shows

FACTS = (BlockAdded, BlockRemoved)
CLUB_FACTS = (StandingBookingSet, StandingBookingMade, StandingBookingSkipped, StandingBookingEnded)

shows(*FACTS, *CLUB_FACTS)
