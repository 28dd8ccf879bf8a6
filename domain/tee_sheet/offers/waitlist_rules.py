"""Rules of offers to the waitlist: until when one stands, and how often places are offered."""

from datetime import datetime, timedelta


def offer_ends_at(*, now: datetime, minutes: int, starts_at: datetime) -> datetime:
    """Give the moment until which an offer stands: minutes from now on, and never after the start."""
    return min(now + timedelta(minutes=minutes), starts_at)


def goes_on(unanswered: int, *, limit: int) -> bool:
    """Tell whether places that nobody answered for, so many times one after the other, are offered once more."""
    return unanswered < limit
