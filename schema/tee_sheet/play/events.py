"""Events of arrival and play."""

from events.tee_sheet.play import (
    BookingCheckedIn,
    BookingCheckInUndone,
    BookingNoShow,
    BookingPaceUpdated,
    BookingTeeOff,
    PaceAlert,
    PlayResumed,
    PlaySuspended,
)
from schema.events import shows

PARTY_FACTS = (BookingCheckedIn, BookingCheckInUndone, BookingNoShow, BookingTeeOff)
BOOKING_FACTS = (*PARTY_FACTS, BookingPaceUpdated, PaceAlert)
SHEET_FACTS = (*BOOKING_FACTS, PlaySuspended, PlayResumed)

shows(*SHEET_FACTS)
