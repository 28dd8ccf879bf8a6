"""Course status: what everybody may know of a course today, its thresholds, its history."""

from dataclasses import fields
from datetime import date, datetime
from typing import Self

import strawberry

from domain.course.public import PublicConditions
from events.cursor import Cursor
from events.log import read_cursor
from kit.ids import public_id
from models.course import tables, values
from models.course.values import CartPolicy, CourseStatus, PlayabilityLevel, StatusCause, StatusSource
from schema.connections import Connection
from schema.context import Info
from schema.derive import nested, shown
from schema.describe import enum, field, output

for kind in (CourseStatus, StatusSource, StatusCause, PlayabilityLevel, CartPolicy):
    enum(kind)

Weather = nested(values.Weather)
Thresholds = nested(values.Thresholds)
TOLD_ELSEWHERE = frozenset({"club_id", "course_id", "date"})


@output
class CourseConditions:
    """How a course can be played today. Anybody may know all of it, so nothing private can be reached from here."""

    stream: strawberry.Private[str]
    read_at: strawberry.Private[Cursor | None]
    course_id: strawberry.ID
    """The course."""
    name: str
    """What the course is called."""
    time_zone: str
    """IANA zone of the course, as in Europe/Madrid."""
    status: CourseStatus
    """Whether it can be played."""
    since: datetime
    """Since when it has the status, in UTC."""
    source: StatusSource
    """Where the status comes from."""
    causes: list[StatusCause]
    """What the status rests on; empty while nothing has ever changed it."""
    reason: str
    """Why, in the club's words; empty where the weather says it all."""
    closed_until: datetime | None
    """The first instant, in UTC, that a closure does not cover as things stand; none unless the course is closed."""
    override_until: datetime | None
    """When the staff's override ends, in UTC; none while there is none."""
    score: int | None
    """How well it can be played, 0 to 100; none without usable weather."""
    level: PlayabilityLevel | None
    """The score in a word."""
    weather: Weather | None  # type: ignore[valid-type]  # it is made at run time
    """The weather as it was read last."""
    stale: bool
    """Whether there is no usable weather: it is missing, implausible, or older than 30 minutes by now."""
    lightning_until: datetime | None
    """Until when lightning is warned of, in UTC, whatever the status says; none without lightning."""
    cart_policy: CartPolicy
    """Where carts may drive."""
    holes_open: list[int]
    """The holes that can be played."""
    temporary_greens: list[int]
    """The holes that are played to a temporary green."""
    note: str
    """What the club says about the course today."""

    @classmethod
    def of(cls, found: PublicConditions, *, read_at: Cursor | None = None) -> Self:
        """Show a course's conditions; `read_at` is where the club's stream stood, if they have a snapshot of their own.

        They are what the event shows that tells of them, and stale by the clock.
        """
        fact = found.fact
        told = {f.name: shown(getattr(fact, f.name)) for f in fields(fact) if f.name not in TOLD_ELSEWHERE}
        return cls(
            stream=fact.stream,
            read_at=read_at,
            course_id=strawberry.ID(fact.course_id),
            name=found.course.name,
            time_zone=found.course.time_zone,
            **told,
        )

    @field
    async def cursor(self, info: Info) -> str:
        """The place in the club's stream up to which this shows everything: subscribe `after` it."""
        if self.read_at is not None:
            return str(self.read_at)
        async with info.context.read() as session:
            return str(await read_cursor(session, self.stream))


@output
class CourseStatusEntry:
    """An entry of a course's status log: it stays as it is for good."""

    id: strawberry.ID
    """Its id."""
    course_id: strawberry.ID
    """The course."""
    tee_sheet_id: strawberry.ID | None
    """The course's tee sheet of that date, if there was one."""
    date: date
    """The date on the course's calendar when it was changed."""
    previous_status: CourseStatus
    """What it was."""
    new_status: CourseStatus
    """What it became."""
    source: StatusSource
    """Where the change came from."""
    causes: list[StatusCause]
    """What the decision rested on."""
    reason: str
    """Why, in the club's words; empty where the weather says it all."""
    score: int | None
    """The score of the weather that was decided by, 0 to 100; none without usable weather."""
    weather: Weather | None  # type: ignore[valid-type]  # it is made at run time
    """The weather that was decided by."""
    changed_by_id: str | None
    """The `sub` of who changed it; none where nobody did."""
    changed_by_label: str
    """Who or what changed it, for people."""
    changed_at: datetime
    """When it was changed, in UTC."""

    @classmethod
    def of(cls, row: tables.CourseStatusChange) -> Self:
        """Show an entry."""
        return cls(
            id=strawberry.ID(public_id("course_status_change", row.id)),
            course_id=strawberry.ID(public_id("course", row.course_id)),
            tee_sheet_id=strawberry.ID(public_id("tee_sheet", row.sheet_id)) if row.sheet_id else None,
            date=row.date,
            previous_status=row.previous_status,
            new_status=row.new_status,
            source=row.source,
            causes=[StatusCause(cause) for cause in row.causes],
            reason=row.reason,
            score=row.score,
            weather=shown(values.Weather.of_json(row.weather)) if row.weather else None,
            changed_by_id=row.changed_by_id,
            changed_by_label=row.changed_by_label,
            changed_at=row.changed_at,
        )


@output
class CourseStatusHistory(Connection[CourseStatusEntry]):
    """A page of a course's status log, newest first."""
