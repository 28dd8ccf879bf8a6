"""Facts about a club and its courses."""

from dataclasses import dataclass

from events.base import Event, event
from events.seen import ForAll
from models.tee_sheet.values import PriceClass, PriceClassKind


def club_room(club_id: str) -> str:
    """Name the room, and the stream, of a club's operations."""
    return f"club:{club_id}"


@dataclass(frozen=True, kw_only=True)
class ClubEvent(Event):
    """A fact that belongs to one club."""

    club_id: ForAll[str]
    """The club."""

    @property
    def stream(self) -> str:
        """The club's operations."""
        return club_room(self.club_id)


@event("club.created")
class ClubCreated(ClubEvent):
    """A club was founded."""

    name: ForAll[str]
    """What the club is called."""


@event("club.updated")
class ClubUpdated(ClubEvent):
    """A club's name or house rules changed."""

    name: ForAll[str]
    """What the club is called now."""
    changes: ForAll[tuple[str, ...]]
    """The fields that changed, as in holdMinutes."""


@event("course.created")
class CourseCreated(ClubEvent):
    """A club got a course."""

    course_id: ForAll[str]
    """The course."""
    name: ForAll[str]
    """What the course is called."""
    holes: ForAll[int]
    """9 or 18."""
    time_zone: ForAll[str]
    """IANA zone of the course, as in Europe/Madrid."""


@event("course.updated")
class CourseUpdated(ClubEvent):
    """A course's master data changed."""

    course_id: ForAll[str]
    """The course."""
    name: ForAll[str]
    """What the course is called now."""
    holes: ForAll[int]
    """9 or 18."""
    time_zone: ForAll[str]
    """IANA zone of the course, as in Europe/Madrid."""
    changes: ForAll[tuple[str, ...]]
    """The fields that changed, as in timeZone."""


@dataclass(frozen=True, kw_only=True)
class PriceClassEvent(ClubEvent):
    """A fact about a price class of a club, with what is known of the class from then on."""

    class_code: ForAll[PriceClass]
    """The price class."""
    class_name: ForAll[str]
    """What people call it."""
    class_kind: ForAll[PriceClassKind]
    """What it is of, by which windows go, and every rule that says nothing of the class itself."""
    class_is_retired: ForAll[bool]
    """Whether it is given to nobody any more."""


@event("price-class.added")
class PriceClassAdded(PriceClassEvent):
    """A club got a price class of its own, or one back that it had retired."""


@event("price-class.updated")
class PriceClassUpdated(PriceClassEvent):
    """A price class of a club is called otherwise."""


@event("price-class.retired")
class PriceClassRetired(PriceClassEvent):
    """A price class is given to nobody any more; who has it keeps it."""
