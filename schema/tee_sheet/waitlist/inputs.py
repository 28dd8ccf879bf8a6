"""Inputs of the waitlist."""

import datetime as dt
from types import MappingProxyType
from typing import Any

import strawberry

from schema.describe import input_type
from schema.inputs import Input
from schema.tee_sheet.booking.inputs import BookSlotsInput, PayerInput, PlayerInput


@input_type
class JoinWaitlistInput(Input):
    """Places to wait for."""

    course_id: strawberry.ID
    """The course."""
    date: dt.date
    """The date on the course's calendar."""
    party_size: int
    """1 to 4 players."""
    earliest: dt.time = dt.time(0)
    """The first start that would do, on the course's clock; the first of the day if left out."""
    latest: dt.time = dt.time(23, 59)
    """The last start that would do, on the course's clock; the last of the day if left out."""
    player_id: strawberry.ID | None = None
    """Who waits: yourself if left out. Staff give the player, or a name."""
    first_name: str = ""
    """First name of somebody whom the club does not know."""
    last_name: str = ""
    """Last name of somebody whom the club does not know."""
    offer_now: bool = True
    """Whether places that fit and are free already are offered at once; else only what comes free from now on."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class LeaveWaitlistInput(Input):
    """An entry to be taken off the waitlist."""

    kinds = MappingProxyType({"entry_id": "waitlist_entry"})
    entry_id: strawberry.ID
    """The entry."""


@input_type
class DeclineWaitlistOfferInput(Input):
    """An offer that is not wanted."""

    kinds = MappingProxyType({"offer_id": "waitlist_offer"})
    offer_id: strawberry.ID
    """The offer."""


@input_type
class AcceptWaitlistOfferInput(Input):
    """An offer to be booked."""

    kinds = MappingProxyType({"offer_id": "waitlist_offer"})
    offer_id: strawberry.ID
    """The offer."""
    players: list[PlayerInput] = strawberry.field(default_factory=list)
    """Who plays; who waits, with guests, if left out."""
    holes: int | None = None
    """9 or 18; a full round if left out."""
    payer: PayerInput | None = None
    """Who pays; the first player who has a name if left out."""
    paid_cents: int = 0
    """What has been paid, in cents; only staff may note it."""
    even_if_closed: bool = False
    """Whether to book them while a closure of the course covers the start; only staff may."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the offer and the wish."""
        wanted = BookSlotsInput(
            players=self.players, holes=self.holes, payer=self.payer, paid_cents=self.paid_cents
        ).as_kwargs(path)
        offer_id = self._read("offer_id", self.offer_id, path)
        return {"offer_id": offer_id, "wish": wanted["wish"], "even_if_closed": self.even_if_closed}
