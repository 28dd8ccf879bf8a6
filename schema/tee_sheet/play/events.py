"""Events of arrival and play."""

from events.tee_sheet.play import (
    BookingCheckedIn,
    BookingCheckInUndone,
    BookingHoleCorrected,
    BookingNoShow,
    BookingNoShowUndone,
    BookingPaceUpdated,
    BookingRoundEnded,
    BookingTeeOff,
    BookingTeeOffUndone,
    PaceAlert,
    PlayResumed,
    PlaySuspended,
)
from schema.events import shows
from schema.tee_sheet.booking.events import BOOKING

PARTY_FACTS = (
    BookingCheckedIn,
    BookingCheckInUndone,
    BookingNoShow,
    BookingNoShowUndone,
    BookingTeeOff,
    BookingTeeOffUndone,
)
BOOKING_FACTS = (*PARTY_FACTS, BookingPaceUpdated, BookingHoleCorrected, BookingRoundEnded, PaceAlert)
SHEET_FACTS = (*BOOKING_FACTS, PlaySuspended, PlayResumed)

shows(*BOOKING_FACTS, carries=[BOOKING])
shows(PlaySuspended, PlayResumed)
