"""Payloads of the waitlist."""

from schema.describe import output
from schema.payloads import Payload
from schema.tee_sheet.booking.types import Booking
from schema.tee_sheet.waitlist.types import WaitlistEntry, WaitlistOffer
from schema.tee_sheet.warnings import BookedPayload


@output
class JoinWaitlistPayload(Payload):
    """The answer to `joinWaitlist`."""

    results = ("waitlist_entry",)
    waitlist_entry: WaitlistEntry | None = None
    """The entry, with its place in line."""


@output
class LeaveWaitlistPayload(Payload):
    """The answer to `leaveWaitlist`."""

    waitlist_entry: WaitlistEntry | None = None
    """The entry, which waits no longer."""


@output
class AcceptWaitlistOfferPayload(BookedPayload):
    """The answer to `acceptWaitlistOffer`."""

    results = ("booking",)
    booking: Booking | None = None
    """The booking that the offer became."""


@output
class DeclineWaitlistOfferPayload(Payload):
    """The answer to `declineWaitlistOffer`."""

    waitlist_offer: WaitlistOffer | None = None
    """The offer, declined."""
