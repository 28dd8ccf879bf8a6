"""Facts about a club and its courses."""

from dataclasses import dataclass

from events.base import Event, event


def club_room(club_id: str) -> str:
    """Name the room, and the stream, of a club's operations."""
    return f"club:{club_id}"


@dataclass(frozen=True, kw_only=True)
class ClubEvent(Event):
    """A fact that belongs to one club."""

    club_id: str

    @property
    def stream(self) -> str:
        """The club's operations."""
        return club_room(self.club_id)


@event("club.created")
class ClubCreated(ClubEvent):
    """A club was founded."""

    name: str


@event("club.updated")
class ClubUpdated(ClubEvent):
    """A club's name or house rules changed."""

    name: str
    changes: tuple[str, ...]


@event("course.created")
class CourseCreated(ClubEvent):
    """A club got a course."""

    course_id: str
    name: str
    holes: int
    time_zone: str


@event("course.updated")
class CourseUpdated(ClubEvent):
    """A course's master data changed."""

    course_id: str
    name: str
    holes: int
    time_zone: str
    changes: tuple[str, ...]
