"""Events of the waitlist: players are told that somebody joined, staff who it was."""

from dataclasses import replace

from events.tee_sheet.waitlist import (
    WaitlistJoined,
    WaitlistLeft,
    WaitlistOfferAccepted,
    WaitlistOfferCreated,
    WaitlistOfferDeclined,
    WaitlistOfferExpired,
)
from schema.events import Audience, shows


def mask_joined(fact: WaitlistJoined, audience: Audience) -> WaitlistJoined:
    """Show who it is to staff alone, whatever the club's privacy: it says that they want to play, not that they do."""
    return fact if audience.sees_names else replace(fact, player_id=None, first_name="", last_name="")


shows(WaitlistLeft, WaitlistOfferCreated, WaitlistOfferAccepted, WaitlistOfferDeclined, WaitlistOfferExpired)
shows(WaitlistJoined, mask=mask_joined)

FACTS = (
    WaitlistJoined,
    WaitlistLeft,
    WaitlistOfferCreated,
    WaitlistOfferAccepted,
    WaitlistOfferDeclined,
    WaitlistOfferExpired,
)
