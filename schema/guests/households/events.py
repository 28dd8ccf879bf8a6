"""Events of households and guests."""

from events.guests.households import (
    GuestCreated,
    GuestDeleted,
    GuestErased,
    GuestUpdated,
    HouseholdCreated,
    HouseholdDeleted,
    HouseholdLetterUpdated,
    HouseholdUpdated,
)
from schema.events import shows

FACTS = (
    HouseholdCreated,
    HouseholdUpdated,
    HouseholdDeleted,
    HouseholdLetterUpdated,
    GuestCreated,
    GuestUpdated,
    GuestDeleted,
    GuestErased,
)
shows(*FACTS)
