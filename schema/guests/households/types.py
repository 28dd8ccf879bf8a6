"""Households and guests, as those who plan an occasion, and the households themselves, see them."""

import datetime as dt
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import Access
from domain.guests.access import find_guest as find_guest_of
from domain.guests.access import find_household as find_household_of
from domain.guests.door.codes import code_of
from domain.guests.facts import answers_of, full_name, is_invited_to, is_revealed
from domain.guests.mailing.sending import letters_of
from domain.guests.places.parts import parts_of
from domain.guests.reading import (
    GuestList as FoundGuests,
)
from domain.guests.reading import (
    attendances_of,
    cursor_of_occasion,
    guests_of_households,
    households_by_id,
    occasions_by_id,
    queues_of,
)
from domain.guests.seating.reading import tables_of_households
from events.guests.households import GuestState, HouseholdState
from kit.ids import public_id
from models.clubs.values import Language
from models.deliveries import DeliveryStatus
from models.guests import households as tables
from models.guests.values import AgeGroup, Diet, LetterKind, Need, RsvpStatus
from schema.context import Info
from schema.describe import enum, field, list_field, listed, output
from schema.guests.occasions.types import Part
from schema.guests.seating.shown import OwnTable
from schema.nodes import Node, finds
from schema.sight import Audience, Sight

for kind in (AgeGroup, Diet, Need, RsvpStatus, LetterKind, DeliveryStatus):
    enum(kind)

PLANNERS, HOUSEHOLD = Audience(planners=True), Audience(household=True)


@output
class GuestAnswer:
    """A guest's answer to a question of the occasion."""

    question_id: strawberry.ID
    """The question."""
    answer: str
    """The answer: a text, a choice, or yes or no."""


@output
class Attendance:
    """A guest's answer for one part, with place, seat and arrival."""

    part_id: strawberry.ID
    """The part."""
    status: RsvpStatus
    """What was answered."""
    meal_id: strawberry.ID | None
    """The meal that was chosen."""
    answered_at: dt.datetime | None
    """When, in UTC; none while there is no answer."""
    queue_place: int | None
    """The household's place in the queue, from 1 on, while the guest waits."""
    decline_until: dt.datetime | None
    """Until when the household may decline for who moved up from the queue, also behind the deadline, in UTC; none for
    all others."""
    table_id: strawberry.ID | None
    """The table; none without one, and for guests before the tables are shown."""
    seat: int | None
    """The seat at the table, from 1 on, where one was chosen."""
    is_locked: bool
    """Whether the seat is to stay as it is."""
    arrived_at: dt.datetime | None
    """When the guest was checked in, in UTC."""


@output
class Guest(Node):
    """Somebody who is invited."""

    row: strawberry.Private[tables.Guest]
    plans: strawberry.Private[bool]
    occasion_id: strawberry.ID
    """The occasion."""
    household_id: strawberry.ID
    """The household."""
    first_name: str
    """First name; empty for a plus-one who has none yet."""
    last_name: str
    """Last name."""
    name: str
    """First and last name."""
    is_plus_one: bool
    """Whether the household chose whom to bring."""
    age_group: AgeGroup
    """How old the guest is."""
    takes_place: bool
    """Whether the guest takes a place and a seat: all do, but for infants that were given none."""
    group_name: str
    """The group, or the side."""
    diets: list[Diet]
    """What the guest eats, or must not eat."""
    diet_note: str
    """More about that."""
    needs: list[Need]
    """What the guest needs."""
    need_note: str
    """More about that."""
    email: str | None
    """The guest's own address."""
    phone: str | None
    """The guest's own phone number."""
    answers: list[GuestAnswer] = listed(entries=5)
    """What the guest answered to the occasion's questions."""
    is_listed: bool
    """Whether the guest agreed to be in the directory."""
    is_vip: bool | None
    """Whether the guest is somebody to look after; for planners alone."""
    created_at: dt.datetime
    """When the guest was invited, in UTC."""
    updated_at: dt.datetime
    """When the guest was changed last, in UTC."""

    @classmethod
    def of(cls, row: tables.Guest, *, plans: bool) -> Self:
        """Show a guest to those who plan the occasion, or to the guest's household."""
        sight = Sight(PLANNERS if plans else HOUSEHOLD)
        return cls(
            id=strawberry.ID(public_id("guest", row.id)),
            row=row,
            plans=plans,
            occasion_id=strawberry.ID(public_id("occasion", row.occasion_id)),
            household_id=strawberry.ID(public_id("household", row.household_id)),
            first_name=row.first_name,
            last_name=row.last_name,
            name=full_name(row),
            is_plus_one=row.is_plus_one,
            age_group=row.age_group,
            takes_place=row.takes_place,
            group_name=row.group_name,
            diets=[Diet(one) for one in row.diets],
            diet_note=row.diet_note,
            needs=[Need(one) for one in row.needs],
            need_note=row.need_note,
            email=row.email,
            phone=row.phone,
            answers=[
                GuestAnswer(question_id=strawberry.ID(one.question_id), answer=one.answer)
                for one in answers_of(row.answers)
            ],
            is_listed=row.is_listed,
            is_vip=sight.of(GuestState, "is_vip", row.is_vip),
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @field
    async def household_name(self, info: Info) -> str:
        """What the household is called."""
        household = await info.context.load(households_by_id, self.row.household_id)
        return household.name if household else ""

    @field
    async def rsvp_status(self, info: Info) -> RsvpStatus | None:
        """What was answered for the main part; none where the household is not invited to it."""
        main = (await info.context.load(parts_of, self.row.occasion_id))[0]
        rows = await info.context.load(attendances_of, self.row.id)
        return next((row.status for row in rows if row.part_id == main.id), None)

    @list_field(entries=3)
    async def attendances(self, info: Info) -> list[Attendance]:
        """What was answered for each part that the guest is invited to, in the order of the parts."""
        parts = await info.context.load(parts_of, self.row.occasion_id)
        rows = {row.part_id: row for row in await info.context.load(attendances_of, self.row.id)}
        queues = await info.context.load(queues_of, self.row.occasion_id)
        seats = self.plans or await _sees_seats(info, self.row.occasion_id)
        return [_attendance(rows[part.id], queues, seats=seats) for part in parts if part.id in rows]

    @field
    async def check_in_code(self, info: Info) -> str:
        """The guest's code for the door, of 16 signs; `rotateCheckInCode` gives another one."""
        return code_of(self.row, await info.context.load(occasions_by_id, self.row.occasion_id))

    @field
    async def check_in_picture(self, info: Info) -> str:
        """Where on this server the code is shown as a QR code, as an SVG that needs no token."""
        return f"/qr/{await self.check_in_code(info)}.svg"


async def _sees_seats(info: Info, occasion_id: UUID) -> bool:
    """Tell whether guests of an occasion see their tables; where a moment decides, the answer holds until then."""
    occasion = await info.context.load(occasions_by_id, occasion_id)
    if occasion.seating_revealed_at is None:
        info.context.holds_until(occasion.reveal_seating_at)
    return is_revealed(occasion, info.context.moment)


def _attendance(row: tables.Attendance, queues: dict[tuple[UUID, UUID], int], *, seats: bool) -> Attendance:
    return Attendance(
        part_id=strawberry.ID(public_id("part", row.part_id)),
        status=row.status,
        meal_id=strawberry.ID(row.meal_id) if row.meal_id else None,
        answered_at=row.answered_at,
        queue_place=queues.get((row.part_id, row.household_id)) if row.status is RsvpStatus.WAITLISTED else None,
        decline_until=row.decline_until,
        table_id=strawberry.ID(public_id("table", row.table_id)) if row.table_id and seats else None,
        seat=row.seat if seats else None,
        is_locked=row.is_locked and seats,
        arrived_at=row.arrived_at,
    )


@output
class Letter:
    """An e-mail to a household."""

    kind: LetterKind
    """What it is about."""
    status: DeliveryStatus
    """What has become of it."""
    created_at: dt.datetime
    """When it was written, in UTC."""
    sent_at: dt.datetime | None
    """When it was sent, in UTC; none while it waits."""
    failed_at: dt.datetime | None
    """When sending it was given up, in UTC."""


@output
class Household(Node):
    """Those who are invited together."""

    row: strawberry.Private[tables.Household]
    plans: strawberry.Private[bool]
    occasion_id: strawberry.ID
    """The occasion."""
    name: str
    """What the household is called."""
    language: Language
    """The language in which it is spoken to."""
    email: str | None
    """The address for its e-mails."""
    phone: str | None
    """Its phone number."""
    plus_ones: int
    """How many guests it may bring beside those who are named."""
    code: str
    """The code that opens its invitation, of 13 signs."""
    invited_at: dt.datetime | None
    """When its invitation was sent, in UTC; for planners alone."""
    opened_at: dt.datetime | None
    """When it first opened its invitation, in UTC; for planners alone."""
    unsubscribed_at: dt.datetime | None
    """Since when it wants no more e-mails, in UTC; for planners alone."""
    created_at: dt.datetime
    """When it was invited, in UTC."""
    updated_at: dt.datetime
    """When it was changed last, in UTC."""

    @classmethod
    def of(cls, row: tables.Household, *, plans: bool) -> Self:
        """Show a household to those who plan the occasion, or to itself."""
        sight = Sight(PLANNERS if plans else HOUSEHOLD)
        return cls(
            id=strawberry.ID(public_id("household", row.id)),
            row=row,
            plans=plans,
            occasion_id=strawberry.ID(public_id("occasion", row.occasion_id)),
            name=row.name,
            language=row.language,
            email=row.email,
            phone=row.phone,
            plus_ones=row.plus_ones,
            code=row.code,
            invited_at=sight.of(HouseholdState, "invited_at", row.invited_at),
            opened_at=sight.of(HouseholdState, "opened_at", row.opened_at),
            unsubscribed_at=sight.of(HouseholdState, "unsubscribed_at", row.unsubscribed_at),
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @classmethod
    def to(cls, found: tuple[Access, tables.Household]) -> Self:
        """Show a household to who has access to it."""
        access, row = found
        return cls.of(row, plans=access.plans)

    @field
    async def cursor(self, info: Info) -> str:
        """The place in the occasion's stream up to which this answer shows everything: subscribe `after` it."""
        async with info.context.read() as session:
            return str(await cursor_of_occasion(session, self.row.occasion_id))

    @list_field(entries=4)
    async def guests(self, info: Info) -> list[Guest]:
        """Its guests, in the order in which they were invited."""
        rows = await info.context.load(guests_of_households, self.row.id)
        return [Guest.of(row, plans=self.plans) for row in rows]

    @list_field(entries=3)
    async def letters(self, info: Info) -> list[Letter]:
        """What was written to it, the newest first; for planners alone, nothing for others."""
        rows = await info.context.load(letters_of, self.row.id) if self.plans else []
        return [
            Letter(
                kind=row.kind,
                status=row.status,
                created_at=row.created_at,
                sent_at=row.sent_at,
                failed_at=row.failed_at,
            )
            for row in rows
        ]

    @list_field(entries=3)
    async def parts(self, info: Info) -> list[Part]:
        """The parts that it is invited to, in their order."""
        parts = await info.context.load(parts_of, self.row.occasion_id)
        return [Part.of(part) for part in parts if is_invited_to(self.row, part.id)]

    @list_field(entries=2)
    async def tables(self, info: Info) -> list[OwnTable]:
        """The tables at which its guests sit, with who else sits there of those who agreed to be listed, by part.

        None before the tables are shown, but for those who plan the occasion.
        """
        if not self.plans and not await _sees_seats(info, self.row.occasion_id):
            return []
        found = await info.context.load(tables_of_households, self.row.id)
        return [OwnTable.of(one) for one in found]


@output
class GuestList:
    """The guests of an occasion."""

    cursor: str
    """The place in the occasion's stream up to which this answer shows everything: subscribe `after` it."""
    guests: list[Guest] = listed(entries=150)
    """The guests, by household and in the order in which they were invited."""

    @classmethod
    def of(cls, found: FoundGuests) -> Self:
        """Show the guests that were found."""
        return cls(cursor=str(found.cursor), guests=[Guest.of(row, plans=True) for row in found.guests])


@finds("household")
async def find_household(session: AsyncSession, viewer: Viewer, value: UUID) -> Household:
    """Find a household."""
    return Household.to(await find_household_of(session, viewer=viewer, household_id=value))


@finds("guest")
async def find_guest(session: AsyncSession, viewer: Viewer, value: UUID) -> Guest:
    """Find a guest."""
    access, row = await find_guest_of(session, viewer=viewer, guest_id=value)
    return Guest.of(row, plans=access.plans)
