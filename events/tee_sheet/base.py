"""What every fact of a tee sheet is: it carries what a screen needs to update itself without asking again."""

from dataclasses import dataclass
from datetime import date

from events.clubs import ClubEvent
from events.seen import ForAll


def sheet_room(course_id: str, day: date) -> str:
    """Name the room of one course's tee sheet on one local date."""
    return f"course:{course_id}:{day.isoformat()}"


@dataclass(frozen=True, kw_only=True)
class SheetEvent(ClubEvent):
    """A fact that shows on one tee sheet."""

    course_id: ForAll[str]
    """The course."""
    date: ForAll[date]
    """The sheet's date on the course's calendar."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """The club's screens, and those of this sheet."""
        return (self.stream, sheet_room(self.course_id, self.date))
