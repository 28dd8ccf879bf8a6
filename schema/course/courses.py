"""Courses."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth import viewer as auth
from domain.clubs import access
from domain.clubs.closures import closed_until
from domain.course.public import public_conditions, read_conditions
from domain.tee_sheet.play.reading import suspensions_of
from kit.ids import public_id
from models.clubs import tables
from models.course.values import CourseStatus
from schema.context import Info
from schema.course.types import CourseConditions
from schema.describe import field, output
from schema.nodes import Node, finds


@output
class Course(Node):
    """A course of a club."""

    row: strawberry.Private[tables.Course]
    name: str
    """What the course is called."""
    holes: int
    """9 or 18."""
    time_zone: str
    """IANA zone of the course, as in Europe/Madrid."""
    currency: str
    """ISO 4217 code of its prices."""
    city: str
    """The city in which it counts as being; empty where nobody has said so."""
    country: str
    """Its country, by the two letters of ISO 3166-1; empty where nobody has said so."""
    latitude: float | None
    """Degrees north."""
    longitude: float | None
    """Degrees east."""
    minutes_for_18_holes: int
    """Minutes that a round of 18 holes is expected to take."""
    minutes_for_9_holes: int
    """Minutes that a round of 9 holes is expected to take."""
    time_par: list[int] | None
    """Minutes that each hole should take, by which a round's minutes are spread over its holes; evenly without it."""
    club_id: strawberry.ID
    """The club that the course belongs to."""
    status: CourseStatus
    """Whether it can be played now."""
    status_reason: str
    """Why, in the club's words; empty where the weather says it all."""

    @classmethod
    def of(cls, row: tables.Course) -> Self:
        """Show a course."""
        return cls(
            id=strawberry.ID(public_id("course", row.id)),
            row=row,
            name=row.name,
            holes=row.holes,
            time_zone=row.time_zone,
            currency=row.currency,
            city=row.city,
            country=row.country,
            latitude=row.latitude,
            longitude=row.longitude,
            minutes_for_18_holes=row.minutes_for_18_holes,
            minutes_for_9_holes=row.minutes_for_9_holes,
            time_par=row.time_par,
            club_id=strawberry.ID(public_id("club", row.club_id)),
            status=row.status,
            status_reason=row.status_reason,
        )

    @field
    async def closed_until(self, info: Info) -> datetime | None:
        """The first instant, in UTC, that a closure does not cover as things stand; none unless it is closed."""
        until = closed_until(self.row, now=info.context.moment)
        info.context.holds_until(None if self.row.status_until else until)
        return until

    @field
    async def conditions(self, info: Info) -> CourseConditions:
        """How it can be played today, as everybody may know."""
        found = public_conditions(await info.context.load(read_conditions, self.row.id), now=info.context.moment)
        info.context.holds_until(found.until)
        return CourseConditions.of(found)

    @field
    async def play_suspended_since(self, info: Info) -> datetime | None:
        """Since when play is suspended on the course, in UTC; none while it is not."""
        return await info.context.load(suspensions_of, self.row.id)


@finds("course")
async def find_course(session: AsyncSession, viewer: auth.Viewer, value: UUID) -> Course:
    """Find a course."""
    return Course.of(await access.find_course(session, viewer=viewer, course_id=value))
