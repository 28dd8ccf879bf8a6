"""Events of course status. All but thresholds and carts may be shown to anybody, without a token too."""

from events.course import CourseConditionsChanged, CourseStatusChanged, CourseThresholdsChanged
from schema.course.cart_events import CART_FACTS
from schema.events import event_types, event_union, shows

SHEET_FACTS = (CourseStatusChanged,)
"""What the screens of a tee sheet hear as well."""
CLUB_FACTS = (CourseConditionsChanged,)
"""What those of the club hear beside that."""
PUBLIC_FACTS = (*SHEET_FACTS, *CLUB_FACTS)
"""What anybody may hear: nothing in them is for staff, members, or one viewer alone."""
COURSE_FACTS = (*PUBLIC_FACTS, CourseThresholdsChanged, *CART_FACTS)

shows(*PUBLIC_FACTS, CourseThresholdsChanged)

CourseStatusStreamEvent = event_union(
    "CourseStatusStreamEvent",
    COURSE_FACTS,
    "What `courseStatusEvents` sends: to staff all of it, to others the course's status and conditions.",
)
CourseStatusEventType = event_types("CourseStatusEventType", COURSE_FACTS, "The events of a course, by wire name.")
