"""What somebody should know about what they have done: it is done all the same."""

from datetime import datetime

from kit.enums import DescribedEnum
from models.course.values import CourseStatus
from schema.describe import enum, interface, output


class WarningCode(DescribedEnum):
    """What kind of warning it is; each has an object type of its own."""

    COURSE_CONDITIONAL = "COURSE_CONDITIONAL", "The course can be played conditionally at this start."


enum(CourseStatus)
enum(WarningCode)


@interface
class Warning:  # noqa: A001 - it is what clients read
    """Something to know about what was done: nothing was refused."""

    code: WarningCode
    """What kind of warning it is."""
    message: str
    """A sentence for people."""


@output
class CourseConditional(Warning):
    """The course can be played at this start, but conditionally; look at its conditions before you come."""

    status: CourseStatus
    """The course's status now."""
    reason: str
    """Why, in the club's words; empty where the weather says it all."""
    conditional_until: datetime
    """The first instant, in UTC, that is not concerned as things stand."""


TYPES = (CourseConditional,)
