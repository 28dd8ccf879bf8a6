"""Inputs of course status."""

import datetime as dt

import strawberry

from models.course.values import CartPolicy, CourseStatus
from schema.describe import input_type
from schema.inputs import Input

UNSET = strawberry.UNSET


@input_type
class SetCourseStatusInput(Input):
    """A status that shall hold whatever the weather does."""

    course_id: strawberry.ID
    """The course."""
    status: CourseStatus
    """What it shall be."""
    reason: str
    """Why, in words for players, 1 to 500 characters."""
    until: dt.datetime | None = None
    """Until when, within 400 days; until the next midnight of the course if left out."""


@input_type
class ClearCourseStatusOverrideInput(Input):
    """An override that shall end now."""

    course_id: strawberry.ID
    """The course."""
    reason: str = ""
    """Why, for the log, at most 500 characters."""


@input_type
class SetCourseThresholdsInput(Input):
    """From which weather on a course is warned of, or closed; what is left out stays."""

    course_id: strawberry.ID
    """The course."""
    wind_warning_kmh: float | None = UNSET
    """Sustained wind in km/h from which on play is conditional: more than 20, and less than severe wind."""
    wind_severe_kmh: float | None = UNSET
    """Sustained wind in km/h from which on the course is closed, at most 250; gusts as strong make play conditional."""
    precipitation_warning_mm: float | None = UNSET
    """Rain in mm per hour from which on play is conditional, more than 0 to 300; twice as much closes."""
    playability_warning_threshold: int | None = UNSET
    """The score below which play is conditional; with the margin that it recovers by, less than 100."""
    playability_severe_threshold: int | None = UNSET
    """The score below which the course is closed: 0 or more, and less than the warning's."""
    auto_block_on_severe: bool | None = UNSET
    """Whether an automatic closing also blocks the free places of the rest of the day."""


@input_type
class SetPlayingConditionsInput(Input):
    """What the staff say about a course today; what is left out stays."""

    course_id: strawberry.ID
    """The course."""
    cart_policy: CartPolicy | None = UNSET
    """Where carts may drive."""
    holes_open: list[int] | None = UNSET
    """The holes that can be played; null for all of them."""
    temporary_greens: list[int] | None = UNSET
    """The holes that are played to a temporary green; an empty list for none."""
    note: str | None = UNSET
    """What the club says about the course today, at most 500 characters; an empty text for nothing."""


@input_type
class ReportLightningInput(Input):
    """A strike of lightning near a course. To report one twice does no harm: the last strike counts."""

    course_id: strawberry.ID
    """The course."""
    at: dt.datetime | None = None
    """When it struck, in the last 30 minutes; now if left out."""
    distance_km: float | None = None
    """How far away, in km, if that is known; more than 16 does not concern the course."""
