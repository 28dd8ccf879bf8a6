"""Occasions, their parts, and the record of what was done."""

import datetime as dt
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.reading import clubs_by_id
from domain.guests.access import Access, find_occasion, known_as, no_such
from domain.guests.facts import is_revealed
from domain.guests.places.parts import parts_of
from domain.guests.reading import cursor_of_occasion, planners_of
from events.clubs import club_room
from kit.ids import public_id
from models.clubs.values import Language
from models.guests import occasions as tables
from models.guests.values import ActivityKind, OccasionKind, OccasionStatus, QuestionKind
from schema.context import Info
from schema.describe import enum, field, list_field, listed, output
from schema.nodes import Node, finds

for kind in (OccasionKind, OccasionStatus, QuestionKind, ActivityKind):
    enum(kind)


@output
class OccasionQuestion:
    """A question that each guest is asked."""

    question_id: strawberry.ID
    """The question, within its occasion."""
    text: str
    """What is asked."""
    kind: QuestionKind
    """How it is answered."""
    choices: list[str]
    """What may be answered, where it is one of several; else nothing."""


@output
class OfferedMeal:
    """A meal that guests may choose."""

    meal_id: strawberry.ID
    """The meal, within its part."""
    name: str
    """What it is called."""


@output
class Part(Node):
    """A part of an occasion, as a ceremony or a dinner."""

    row: strawberry.Private[tables.Part]
    occasion_id: strawberry.ID
    """The occasion."""
    name: str
    """What the part is called."""
    is_main: bool
    """Whether it is the one that is meant where no part is named."""
    starts_at: dt.datetime
    """When it begins, in UTC."""
    ends_at: dt.datetime
    """When it ends, in UTC."""
    place: str
    """Where it is; empty where that is not told."""
    capacity: int | None
    """How many places it has; none where there is no bound."""
    is_seated: bool
    """Whether its guests sit at tables."""
    meals: list[OfferedMeal] = listed(entries=6)
    """What its guests may choose."""
    meals_until: dt.datetime | None
    """Until when they may, in UTC; none where there is no such moment."""

    @classmethod
    def of(cls, row: tables.Part) -> Self:
        """Show a part."""
        return cls(
            id=strawberry.ID(public_id("part", row.id)),
            row=row,
            occasion_id=strawberry.ID(public_id("occasion", row.occasion_id)),
            name=row.name,
            is_main=row.position == 1,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            place=row.place,
            capacity=row.capacity,
            is_seated=row.is_seated,
            meals=[OfferedMeal(meal_id=strawberry.ID(meal["id"]), name=meal["name"]) for meal in row.meals],
            meals_until=row.meals_until,
        )


@output
class Occasion(Node):
    """A gathering at a club: a wedding, a tournament dinner."""

    row: strawberry.Private[tables.Occasion]
    plans: strawberry.Private[bool]
    access: strawberry.Private[Access | None]
    club_id: strawberry.ID
    """The club."""
    name: str
    """What the occasion is called."""
    kind: OccasionKind
    """What is celebrated."""
    language: Language
    """The language in which its guests are spoken to, where their household has no other."""
    status: OccasionStatus
    """How far it has come."""
    rsvp_deadline: dt.datetime
    """Until when households may answer, in UTC; that moment included."""
    questions: list[OccasionQuestion] = listed(entries=5)
    """What each guest is asked."""
    reveal_seating_at: dt.datetime | None
    """From when on guests see their tables by themselves, in UTC; for planners alone."""
    created_at: dt.datetime
    """When it was made, in UTC."""
    updated_at: dt.datetime
    """When it was changed last, in UTC."""

    @classmethod
    def of(cls, row: tables.Occasion, *, plans: bool, access: Access | None = None) -> Self:
        """Show an occasion to somebody who plans it, or does not, and then has some access to it."""
        return cls(
            id=strawberry.ID(public_id("occasion", row.id)),
            row=row,
            plans=plans,
            access=access,
            club_id=strawberry.ID(public_id("club", row.club_id)),
            name=row.name,
            kind=row.kind,
            language=row.language,
            status=row.status,
            rsvp_deadline=row.rsvp_deadline,
            questions=[
                OccasionQuestion(
                    question_id=strawberry.ID(one["id"]),
                    text=one["text"],
                    kind=QuestionKind(one["kind"]),
                    choices=one["choices"],
                )
                for one in row.questions
            ],
            reveal_seating_at=row.reveal_seating_at if plans else None,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @classmethod
    def to(cls, access: Access) -> Self:
        """Show an occasion to who has access to it."""
        return cls.of(access.occasion, plans=access.plans, access=access)

    @field
    async def time_zone(self, info: Info) -> str:
        """IANA zone of its club, as in Europe/Madrid: by its clock the occasion is held."""
        info.context.depends_too(info, club_room(str(self.club_id)))
        return (await info.context.load(clubs_by_id, self.row.club_id)).time_zone

    @field
    async def cursor(self, info: Info) -> str:
        """The place in the occasion's stream up to which this answer shows everything: subscribe `after` it."""
        async with info.context.read() as session:
            return str(await cursor_of_occasion(session, self.row.id))

    @field
    async def is_seating_revealed(self, info: Info) -> bool:
        """Whether guests see their tables."""
        if self.row.seating_revealed_at is None:
            info.context.holds_until(self.row.reveal_seating_at)
        return is_revealed(self.row, info.context.moment)

    @list_field(entries=3)
    async def parts(self, info: Info) -> list[Part]:
        """Its parts, in their order, the main one first: all of them, and for guests those that they are invited to."""
        rows = await info.context.load(parts_of, self.row.id)
        return [Part.of(row) for row in rows if self.access is None or self.access.sees_part(row.id)]

    @field
    async def planners(self, info: Info) -> list[str]:
        """The users who plan it, by the `sub` of their tokens; for planners alone, nobody for others."""
        return await info.context.load(planners_of, self.row.id) if self.plans else []

    @field
    async def guest_count(self) -> int | None:
        """How many guests are invited; for planners alone."""
        return self.row.guest_count if self.plans else None


@finds("occasion")
async def find_one(session: AsyncSession, viewer: Viewer, value: UUID) -> Occasion:
    """Find an occasion."""
    return Occasion.to(await find_occasion(session, viewer=viewer, occasion_id=value))


@finds("part")
async def find_part(session: AsyncSession, viewer: Viewer, value: UUID) -> Part:
    """Find a part."""
    part = await session.get(tables.Part, value)
    if part is None:
        raise no_such("part")
    async with known_as("part"):
        access = await find_occasion(session, viewer=viewer, occasion_id=part.occasion_id)
    if not access.sees_part(part.id):
        raise no_such("part")
    return Part.of(part)
