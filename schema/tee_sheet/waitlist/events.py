"""Events of the waitlist: players are told that somebody joined, staff who it was."""

from events.tee_sheet.waitlist import (
    WaitlistJoined,
    WaitlistLeft,
    WaitlistOfferAccepted,
    WaitlistOfferCreated,
    WaitlistOfferDeclined,
    WaitlistOfferExpired,
)
from schema.events import shows

FACTS = (
    WaitlistJoined,
    WaitlistLeft,
    WaitlistOfferCreated,
    WaitlistOfferAccepted,
    WaitlistOfferDeclined,
    WaitlistOfferExpired,
)
shows(*FACTS)
