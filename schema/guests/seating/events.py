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
from schema.events import carried, shows
from schema.guests.households.events import GUEST
from schema.guests.seating.types import Table

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

TABLE = carried("table", Table, face="TableEvent", always=True)

shows(TableCreated, TableUpdated, TableDeleted, carries=[TABLE])
shows(GuestSeated, SeatChanged, GuestUnseated, carries=[GUEST])
shows(SeatingRuleCreated, SeatingRuleUpdated, SeatingRuleDeleted)
