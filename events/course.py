"""Facts of course status. What is for everybody is heard in the course's room, what is for staff in its desk's room."""

from dataclasses import dataclass
from datetime import date, datetime

from events.base import event
from events.clubs import ClubEvent
from events.seen import ForAll
from events.tee_sheet.base import sheet_room
from models.course.values import (
    CartPolicy,
    CourseStatus,
    PlayabilityLevel,
    StatusCause,
    StatusSource,
    Thresholds,
    Weather,
)


def course_room(course_id: str) -> str:
    """Name the room of a course's public conditions."""
    return f"course:{course_id}"


def desk_room(course_id: str) -> str:
    """Name the room of all that staff may know of a course: its public conditions, its thresholds and its carts."""
    return f"course:{course_id}:desk"


@dataclass(frozen=True, kw_only=True)
class CourseFact(ClubEvent):
    """A fact about a course's conditions, for staff."""

    course_id: ForAll[str]
    """The course."""
    date: ForAll[date]
    """The date on the course's calendar when it happened."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """The desk's screens."""
        return (desk_room(self.course_id),)


@dataclass(frozen=True, kw_only=True)
class PublicCourseFact(CourseFact):
    """A fact about a course's conditions, for everybody."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """The club's screens, those of the course's public conditions, and the desk's."""
        return (self.stream, course_room(self.course_id), *super().rooms)


@event("course.status.changed")
class CourseStatusChanged(PublicCourseFact):
    """A course has another status now, or the same one from another source or with another end."""

    previous_status: ForAll[CourseStatus]
    """What it was."""
    new_status: ForAll[CourseStatus]
    """What it is now."""
    source: ForAll[StatusSource]
    """Where the change comes from."""
    causes: ForAll[tuple[StatusCause, ...]]
    """What the decision rests on."""
    playability_score: ForAll[int | None]
    """The score of the weather that was decided by, 0 to 100; none without usable weather."""
    reason: ForAll[str]
    """Why, in the club's words; empty where the weather says it all."""
    carts_suspended: ForAll[int]
    """How many carts this closing has suspended."""
    closed_until: ForAll[datetime | None]
    """The first instant, in UTC, that a closure does not cover as things stand; none unless the course is closed."""
    dates: ForAll[tuple[date, ...]]
    """The dates of the tee sheets that are concerned."""
    previous_since: ForAll[datetime | None] = None
    """Since when it was what it was, in UTC."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """Beside the course's screens, those of the sheets that are concerned."""
        return (*super().rooms, *(sheet_room(self.course_id, day) for day in self.dates))


@event("course.conditions.changed")
class CourseConditionsChanged(PublicCourseFact):
    """A course's public conditions are others now, and these are all of them."""

    status: ForAll[CourseStatus]
    """Whether it can be played."""
    since: ForAll[datetime]
    """Since when it has the status, in UTC."""
    source: ForAll[StatusSource]
    """Where the status comes from."""
    causes: ForAll[tuple[StatusCause, ...]]
    """What the status rests on."""
    reason: ForAll[str]
    """Why, in the club's words; empty where the weather says it all."""
    closed_until: ForAll[datetime | None]
    """The first instant, in UTC, that a closure does not cover as things stand; none unless the course is closed."""
    override_until: ForAll[datetime | None]
    """When the staff's override ends, in UTC; none while there is none."""
    score: ForAll[int | None]
    """How well it can be played, 0 to 100; none without usable weather."""
    level: ForAll[PlayabilityLevel | None]
    """The score in a word."""
    weather: ForAll[Weather | None]
    """The weather as it was read last."""
    stale: ForAll[bool]
    """Whether there is no usable weather: it is missing, implausible, or older than 30 minutes."""
    lightning_until: ForAll[datetime | None]
    """Until when lightning is warned of, in UTC, whatever the status says; none without lightning."""
    cart_policy: ForAll[CartPolicy]
    """Where carts may drive."""
    holes_open: ForAll[tuple[int, ...]]
    """The holes that can be played."""
    temporary_greens: ForAll[tuple[int, ...]]
    """The holes that are played to a temporary green."""
    note: ForAll[str]
    """What the club says about the course today."""


@event("course.thresholds.changed")
class CourseThresholdsChanged(CourseFact):
    """A course's thresholds are others now."""

    thresholds: ForAll[Thresholds]
    """All of them."""
    changes: ForAll[tuple[str, ...]]
    """The fields that changed, as in windWarningKmh."""
