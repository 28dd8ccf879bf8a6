"""Facts of places."""

from dataclasses import dataclass
from datetime import datetime

from events.base import event
from events.seen import AsSold, ForAll, ForServer
from events.tee_sheet.base import SheetEvent
from models.tee_sheet.values import SlotStatus


@dataclass(frozen=True, kw_only=True)
class SlotEvent(SheetEvent):
    """A place on a tee time has a new status."""

    tee_time_id: ForAll[str]
    """The tee time that the place is on."""
    slot_id: ForAll[str]
    """The place."""
    slot_number: ForAll[int]
    """1 to 4."""
    status: AsSold[SlotStatus]
    """What can be done with the place from now on."""
    price_cents: ForAll[int | None]
    """What it was sold for, or what it is offered for to the public, in cents of the currency."""
    currency: ForAll[str]
    """ISO 4217 code of the price."""
    shop_only: ForServer[bool] = False
    """Whether the shop alone sells it; clients are not told, and players are shown as taken what is free."""


@event("slot.available")
class SlotAvailable(SlotEvent):
    """A place came free: a hold expired, a booking was cancelled, a block was lifted."""


@event("slot.held")
class SlotHeld(SlotEvent):
    """A place is reserved: while somebody completes a booking, or held back after it was given up."""

    held_until: ForAll[datetime]
    """When the hold ends, in UTC, unless it is booked or released before."""
    is_held_back: ForAll[bool] = False
    """Whether it was given up, and is held back until then: everybody can have it from then on, the staff before."""


@event("slot.released")
class SlotReleased(SlotEvent):
    """A place came free because its holder gave it up."""


@event("slot.blocked")
class SlotBlocked(SlotEvent):
    """A place was taken out of sale by a block."""
