"""Facts of the waitlist. Names and players are for staff; the others are told that there is somebody, and no more."""

from dataclasses import dataclass
from datetime import datetime, time

from events.base import event
from events.seen import ForAll, ForStaff
from events.tee_sheet.base import SheetEvent
from models.tee_sheet.values import PriceClass
from models.tee_sheet.waitlist import OfferStatus


@dataclass(frozen=True, kw_only=True)
class WaitlistEvent(SheetEvent):
    """Something happened to an entry on the waitlist of a tee sheet."""

    entry_id: ForAll[str]
    """The entry. Entries are in line by their ids: one that sorts before another is served before it."""


@event("waitlist.joined")
class WaitlistJoined(WaitlistEvent):
    """Somebody waits for places."""

    earliest: ForAll[time]
    """The first start that would do, on the course's clock."""
    latest: ForAll[time]
    """The last start that would do, on the course's clock."""
    party_size: ForAll[int]
    """1 to 4 players."""
    price_class: ForStaff[PriceClass]
    """By which class the one who waits pays."""
    player_id: ForStaff[str | None]
    """The player, if the club knows them; for staff only."""
    first_name: ForStaff[str]
    """First name; for staff only, empty for others."""
    last_name: ForStaff[str]
    """Last name; for staff only, empty for others."""


@event("waitlist.left")
class WaitlistLeft(WaitlistEvent):
    """Somebody waits no longer."""


@dataclass(frozen=True, kw_only=True)
class OfferEvent(WaitlistEvent):
    """Something happened to an offer from the waitlist."""

    offer_id: ForAll[str]
    """The offer."""
    tee_time_id: ForAll[str]
    """The tee time whose places are offered."""
    places: ForAll[int]
    """How many places, 1 to 4."""


@event("waitlist.offer-created")
class WaitlistOfferCreated(OfferEvent):
    """Places that came free are held for the first in line whom they fit."""

    starts_at: ForAll[datetime]
    """The start that is offered, in UTC."""
    expires_at: ForAll[datetime]
    """Until when it can be accepted, in UTC."""


@event("waitlist.offer-accepted")
class WaitlistOfferAccepted(OfferEvent):
    """An offer became a booking, and its entry waits no longer."""

    booking_id: ForAll[str]
    """The booking."""


@event("waitlist.offer-declined")
class WaitlistOfferDeclined(OfferEvent):
    """An offer was not wanted; its places go to the next in line."""


@event("waitlist.offer-expired")
class WaitlistOfferExpired(OfferEvent):
    """An offer ended without an answer."""

    status: ForAll[OfferStatus]
    """Whether its time was over, or its places were taken out of sale."""
