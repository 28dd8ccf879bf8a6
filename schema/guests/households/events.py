"""Events of households and guests."""

from events.guests.households import (
    GuestCreated,
    GuestDeleted,
    GuestErased,
    GuestUpdated,
    HouseholdCreated,
    HouseholdDeleted,
    HouseholdUpdated,
)
from schema.events import shows

FACTS = (HouseholdCreated, HouseholdUpdated, HouseholdDeleted, GuestCreated, GuestUpdated, GuestDeleted, GuestErased)
shows(*FACTS)
