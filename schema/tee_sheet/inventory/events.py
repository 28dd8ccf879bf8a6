"""Events of places."""

from events.tee_sheet.inventory import SlotAvailable, SlotBlocked, SlotHeld, SlotReleased
from schema.events import shows

FACTS = (SlotAvailable, SlotHeld, SlotReleased, SlotBlocked)

shows(*FACTS)
