"""Events of places, and the place that they carry."""

from typing import Any, cast
from uuid import UUID

from domain.tee_sheet.inventory.reading import SlotView
from events.tee_sheet.booking import BookedPlayer
from events.tee_sheet.inventory import SlotAvailable, SlotBlocked, SlotEvent, SlotHeld, SlotReleased
from kit.ids import parse_id
from schema.events import carried, shows
from schema.sight import Sight
from schema.tee_sheet.inventory.types import Slot

FACTS = (SlotAvailable, SlotHeld, SlotReleased, SlotBlocked)


def _slot(fact: SlotEvent, sight: Sight) -> Slot:
    """Show a place as a query does that is read with this event as the last."""
    more: Any = fact
    player: BookedPlayer | None = getattr(fact, "player", None)
    booking_id: str | None = getattr(fact, "booking_id", None)
    view = SlotView(
        tee_time_id=parse_id("tee_time", fact.tee_time_id),
        id=parse_id("slot", fact.slot_id),
        number=fact.slot_number,
        status=fact.status,
        price_cents=cast("int", fact.price_cents),  # it is missing only where it is hidden, and nothing is as yet
        held_until=getattr(fact, "held_until", None),
        is_held_back=getattr(fact, "is_held_back", False),
        booking_id=_id("booking", booking_id),
        payer=(more.payer_first_name, more.payer_last_name) if booking_id else None,
        booked_by=getattr(fact, "booked_by", None),
        player_id=_id("player", player.player_id) if player else None,
        player=(player.first_name, player.last_name) if player else None,
        price_class=player.price_class if player else None,
        user_id=getattr(fact, "user_id", None),
        shop_only=fact.shop_only,
    )
    return Slot.of(view, currency=fact.currency, sight=sight)


def _id(kind: str, text: str | None) -> UUID | None:
    return None if text is None else parse_id(kind, text)


SLOT = carried("slot", Slot, face="SlotEvent", always=True, whole=_slot)

shows(*FACTS, carries=[SLOT])
