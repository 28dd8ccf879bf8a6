"""Events of tables, of seats, and of the rules of seating."""

from events.guests.seating import (
    GuestSeated,
    GuestUnseated,
    SeatChanged,
    SeatingRuleCreated,
    SeatingRuleDeleted,
    SeatingRuleUpdated,
    TableCreated,
    TableDeleted,
    TableUpdated,
)
from schema.events import shows

FACTS = (
    TableCreated,
    TableUpdated,
    TableDeleted,
    GuestSeated,
    SeatChanged,
    GuestUnseated,
    SeatingRuleCreated,
    SeatingRuleUpdated,
    SeatingRuleDeleted,
)
shows(*FACTS)
