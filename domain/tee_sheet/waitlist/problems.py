"""The refusals of the waitlist, each with what a client needs to act on it."""

from datetime import datetime
from typing import ClassVar

from kit.errors import Problem
from models.tee_sheet.waitlist import OfferStatus, WaitlistStatus


class AlreadyOnWaitlist(Problem):
    """The waitlist of this date has an entry for this person already; leave it first to change it."""

    code: ClassVar[str] = "ALREADY_ON_WAITLIST"

    entry_id: str
    """Public id of that entry."""


class WaitlistEntryEnded(Problem):
    """The entry is no longer on the waitlist; join again if you still want to play."""

    code: ClassVar[str] = "WAITLIST_ENTRY_ENDED"

    status: WaitlistStatus
    """What became of it."""


class OfferExpired(Problem):
    """The time for accepting this offer is over; wait for another start, for which you keep your place in line."""

    code: ClassVar[str] = "OFFER_EXPIRED"

    expired_at: datetime
    """Until when it could be accepted, in UTC."""


class OfferEnded(Problem):
    """The offer has already ended; wait for the next one, or book a start that is free."""

    code: ClassVar[str] = "OFFER_ENDED"

    status: OfferStatus
    """How the offer ended."""
