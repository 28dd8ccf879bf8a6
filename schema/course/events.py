"""Events of course status. All but thresholds may be shown to anybody, without a token too."""

from events.course import CourseConditionsChanged, CourseStatusChanged, CourseThresholdsChanged
from schema.events import shows

SHEET_FACTS = (CourseStatusChanged,)
"""What the screens of a tee sheet hear as well."""
CLUB_FACTS = (CourseConditionsChanged,)
"""What those of the club hear beside that."""
PUBLIC_FACTS = (*SHEET_FACTS, *CLUB_FACTS)
"""What anybody may hear: nothing in them is for staff, members, or one viewer alone."""
COURSE_FACTS = (*PUBLIC_FACTS, CourseThresholdsChanged)

shows(*COURSE_FACTS)
