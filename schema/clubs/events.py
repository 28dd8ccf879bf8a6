"""Events about clubs and courses."""

from events.clubs import (
    ClubCreated,
    ClubUpdated,
    CourseCreated,
    CourseUpdated,
    PriceClassAdded,
    PriceClassRetired,
    PriceClassUpdated,
)
from schema.events import shows

FACTS = (
    ClubCreated,
    ClubUpdated,
    CourseCreated,
    CourseUpdated,
    PriceClassAdded,
    PriceClassUpdated,
    PriceClassRetired,
)
shows(*FACTS)
