"""Payloads of course status."""

from schema.course.courses import Course
from schema.course.types import Thresholds
from schema.describe import output
from schema.payloads import Payload


@output
class SetCourseStatusPayload(Payload):
    """The answer to `setCourseStatus`."""

    course: Course | None = None
    """The course, with its status."""


@output
class ClearCourseStatusOverridePayload(Payload):
    """The answer to `clearCourseStatusOverride`."""

    course: Course | None = None
    """The course, with the status that it has without the override."""


@output
class SetCourseThresholdsPayload(Payload):
    """The answer to `setCourseThresholds`."""

    thresholds: Thresholds | None = None  # type: ignore[valid-type]  # it is made at run time
    """All thresholds of the course, as they are now."""


@output
class SetPlayingConditionsPayload(Payload):
    """The answer to `setPlayingConditions`."""

    course: Course | None = None
    """The course, with its conditions."""


@output
class ReportLightningPayload(Payload):
    """The answer to `reportLightning`."""

    course: Course | None = None
    """The course, with the status that it has now."""
