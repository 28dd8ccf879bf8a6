"""Events about clubs and courses."""

from events.clubs import ClubCreated, ClubUpdated, CourseCreated, CourseUpdated
from schema.events import shows

FACTS = (ClubCreated, ClubUpdated, CourseCreated, CourseUpdated)
shows(*FACTS)
