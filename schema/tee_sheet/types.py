"""Tee sheets, tee times, slots, holds and bookings."""

from datetime import date, datetime, time
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.tee_sheet import bookings, holds, reading, sheet_rules
from domain.tee_sheet.slots import find_tee_time, stored_prices
from kit.errors import NotFound
from kit.ids import public_id
from models.tee_sheet import tables
from models.tee_sheet.values import BookingStatus, HoldStatus, PriceClass, SlotStatus, StartFormat
from schema.context import Info
from schema.describe import enum, field, output
from schema.money import Money
from schema.nodes import Node, finds

for kind in (BookingStatus, HoldStatus, SlotStatus, StartFormat):
    enum(kind)


@output
class PersonName:
    """A name, as far as the club's privacy and the viewer's role let it be seen."""

    first_name: str
    """First name, its initial, or nothing."""
    last_name: str
    """Last name, its initial, or nothing."""


@output
class Slot:
    """One place on a tee time."""

    id: strawberry.ID
    """Its id."""
    number: int
    """1 to 4."""
    status: SlotStatus
    """What can be done with the place."""
    price: Money
    """What it was sold for, or what it is offered for to the public."""
    held_until: datetime | None
    """When the hold ends, while the place is held."""
    booking_id: strawberry.ID | None
    """The booking that has the place."""
    payer: PersonName | None
    """Who pays for that booking."""


@output
class TeeTime(Node):
    """One start: a course, a tee, a moment."""

    row: strawberry.Private[tables.TeeTime]
    starts_at: datetime
    """The moment, in UTC."""
    local_time: time
    """The same on the course's clock."""
    tee: int
    """The hole that the group starts from."""

    @classmethod
    def of(cls, row: tables.TeeTime) -> Self:
        """Show a tee time."""
        return cls(
            id=strawberry.ID(public_id("tee_time", row.id)),
            row=row,
            starts_at=row.starts_at,
            local_time=row.local_time,
            tee=row.tee,
        )

    @field
    async def slots(self, info: Info) -> list[Slot]:
        """Its places, by number."""
        sheet = await info.context.loaders.sheets.load(self.row.sheet_id)
        club = await info.context.loaders.clubs.load(sheet.club_id)
        full = info.context.viewer.is_staff_of(club.id)
        shown = []
        for view in await info.context.loaders.slots.load(self.row.id):
            name = sheet_rules.visible_name(*view.payer, privacy=club.name_privacy, full=full) if view.payer else None
            booking_id = public_id("booking", view.slot.booking_id) if view.slot.booking_id else None
            shown.append(
                Slot(
                    id=strawberry.ID(public_id("slot", view.slot.id)),
                    number=view.slot.number,
                    status=view.slot.status,
                    price=Money(amount_cents=view.price_cents, currency=sheet.currency),
                    held_until=view.held_until,
                    booking_id=strawberry.ID(booking_id) if booking_id else None,
                    payer=PersonName(first_name=name[0], last_name=name[1]) if name else None,
                )
            )
        return shown


@output
class Hold(Node):
    """Places reserved for a short time."""

    status: HoldStatus
    """What became of it."""
    places: int
    """How many places, 1 to 4."""
    expires_at: datetime
    """Until when it can be booked, in UTC."""
    tee_time_id: strawberry.ID
    """The tee time it is on."""

    @classmethod
    def of(cls, row: tables.Hold) -> Self:
        """Show a hold."""
        return cls(
            id=strawberry.ID(public_id("hold", row.id)),
            status=row.status,
            places=row.places,
            expires_at=row.expires_at,
            tee_time_id=strawberry.ID(public_id("tee_time", row.tee_time_id)),
        )


@output
class BookingPlayer:
    """A player of a booking."""

    position: int
    """1 to 4."""
    player_id: strawberry.ID | None
    """The player, if the club knows them."""
    slot_id: strawberry.ID | None
    """The place; none once the booking is cancelled."""
    first_name: str
    """First name; empty for a guest without a name."""
    last_name: str
    """Last name; empty for a guest without a name."""
    price_class: PriceClass
    """By which class the player pays."""
    price: Money
    """What the player pays."""
    checked_in_at: datetime | None
    """When the player checked in, in UTC."""


@output
class Booking(Node):
    """One to four players on one tee time."""

    row: strawberry.Private[tables.Booking]
    status: BookingStatus
    """How far it has come."""
    holes: int
    """9 or 18."""
    price: Money
    """What all its players pay."""
    paid: Money
    """What of it has been paid."""
    payer: PersonName
    """Who pays."""
    created_at: datetime
    """When it was made, in UTC."""
    cancelled_at: datetime | None
    """When it was cancelled, in UTC."""
    course_id: strawberry.ID
    """The course it is for."""

    @classmethod
    def of(cls, row: tables.Booking) -> Self:
        """Show a booking."""
        return cls(
            id=strawberry.ID(public_id("booking", row.id)),
            row=row,
            status=row.status,
            holes=row.holes,
            price=Money(amount_cents=row.price_cents, currency=row.currency),
            paid=Money(amount_cents=row.paid_cents, currency=row.currency),
            payer=PersonName(first_name=row.payer_first_name, last_name=row.payer_last_name),
            created_at=row.created_at,
            cancelled_at=row.cancelled_at,
            course_id=strawberry.ID(public_id("course", row.course_id)),
        )

    @field
    async def tee_time(self, info: Info) -> TeeTime:
        """The tee time it is on."""
        return TeeTime.of(await info.context.loaders.tee_times.load(self.row.tee_time_id))

    @field
    async def players(self, info: Info) -> list[BookingPlayer]:
        """Its players, in their order."""
        return [self._player(row) for row in await info.context.loaders.players.load(self.row.id)]

    def _player(self, row: tables.BookingPlayer) -> BookingPlayer:
        return BookingPlayer(
            position=row.position,
            player_id=strawberry.ID(public_id("player", row.player_id)) if row.player_id else None,
            slot_id=strawberry.ID(public_id("slot", row.slot_id)) if row.slot_id else None,
            first_name=row.first_name,
            last_name=row.last_name,
            price_class=row.price_class,
            price=Money(amount_cents=row.price_cents, currency=self.row.currency),
            checked_in_at=row.checked_in_at,
        )


@output
class PlacesByStatus:
    """How many places have a status."""

    status: SlotStatus
    """The status."""
    places: int
    """How many places have it."""


@output
class DayFigures:
    """The figures of one tee sheet."""

    places: list[PlacesByStatus]
    """Places by status, every status named."""
    players: int
    """Players of all bookings that are not cancelled."""
    checked_in: int
    """How many of them have checked in."""
    no_shows: int
    """How many of them did not appear."""
    revenue: list[Money]
    """What these bookings cost, by currency."""
    utilisation_percent: float
    """Booked places among all that are not blocked, in percent, to one decimal."""


@output
class ClassPrice:
    """What one player pays."""

    price_class: PriceClass
    """For whom the price holds."""
    holes: int
    """9 or 18."""
    price: Money
    """The price."""


@output
class TeeSheet(Node):
    """All tee times of one course on one local date."""

    row: strawberry.Private[tables.TeeSheet]
    course_id: strawberry.ID
    """The course."""
    date: date
    """The date on the course's calendar."""
    time_zone: str
    """IANA zone that its local times are in."""
    is_online: bool
    """Whether its places can be booked."""
    group_sizes: list[int]
    """How many players a booking may have."""
    prices: list[ClassPrice]
    """What it sells, for whom, at which price."""

    @classmethod
    def of(cls, row: tables.TeeSheet) -> Self:
        """Show a tee sheet."""
        return cls(
            id=strawberry.ID(public_id("tee_sheet", row.id)),
            row=row,
            course_id=strawberry.ID(public_id("course", row.course_id)),
            date=row.date,
            time_zone=row.time_zone,
            is_online=row.is_online,
            group_sizes=row.group_sizes,
            prices=[
                ClassPrice(
                    price_class=price.price_class,
                    holes=price.holes,
                    price=Money(amount_cents=price.cents, currency=row.currency),
                )
                for price in stored_prices(row.prices)
            ],
        )

    @field
    async def cursor(self, info: Info) -> str:
        """The place in the club's stream up to which this answer shows everything: subscribe `after` it."""
        async with info.context.read() as session:
            return str(await reading.cursor_of_club(session, self.row.club_id))

    @field
    async def tee_times(self, info: Info) -> list[TeeTime]:
        """Its tee times, by start and tee."""
        async with info.context.read() as session:
            return [TeeTime.of(row) for row in await reading.tee_times_of(session, self.row.id)]

    @field
    async def bookings(self, info: Info) -> list[Booking]:
        """Its bookings, cancelled ones included: all of them for staff, their own for players."""
        async with info.context.read() as session:
            rows = await reading.bookings_of(session, viewer=info.context.viewer, sheet=self.row)
        return [Booking.of(row) for row in rows]

    @field
    async def figures(self, info: Info) -> DayFigures:
        """The figures of the day."""
        async with info.context.read() as session:
            found = await reading.day_figures(session, self.row)
        return DayFigures(
            places=[PlacesByStatus(status=status, places=count) for status, count in found.places.items()],
            players=found.players,
            checked_in=found.checked_in,
            no_shows=found.no_shows,
            revenue=[Money(amount_cents=cents, currency=code) for code, cents in found.revenue_cents.items()],
            utilisation_percent=found.utilisation_percent,
        )


@output
class IntervalBySize:
    """Minutes between two starts for a group size."""

    group_size: int
    """1 to 4 players."""
    minutes: int
    """Minutes until the next start."""


@output
class SheetTemplate:
    """How the tee sheets of a course are made."""

    id: strawberry.ID
    """Its id."""
    course_id: strawberry.ID
    """The course."""
    first_start: time
    """The first start on the course's clock."""
    last_start: time
    """The last start on the course's clock."""
    intervals: list[IntervalBySize]
    """Minutes between starts, by group size; that of the largest allowed size holds."""
    group_sizes: list[int]
    """How many players a booking may have."""
    starter_gap_every_minutes: int | None
    """After how many minutes of starts one is left out, so that the starter can catch up."""
    start_format: StartFormat
    """From which tees the groups start."""

    @classmethod
    def of(cls, row: tables.SheetTemplate) -> Self:
        """Show a template."""
        return cls(
            id=strawberry.ID(public_id("sheet_template", row.id)),
            course_id=strawberry.ID(public_id("course", row.course_id)),
            first_start=row.first_start,
            last_start=row.last_start,
            intervals=[IntervalBySize(group_size=int(size), minutes=m) for size, m in sorted(row.intervals.items())],
            group_sizes=row.group_sizes,
            starter_gap_every_minutes=row.starter_gap_every_minutes,
            start_format=row.start_format,
        )


@finds("booking")
async def find_booking(session: AsyncSession, viewer: Viewer, value: UUID) -> Booking:
    """Find a booking."""
    return Booking.of(await bookings.find_booking(session, viewer=viewer, booking_id=value))


@finds("hold")
async def find_hold(session: AsyncSession, viewer: Viewer, value: UUID) -> Hold:
    """Find a hold."""
    return Hold.of(await holds.find_hold(session, viewer=viewer, hold_id=value))


@finds("tee_time")
async def find_tee_time_node(session: AsyncSession, viewer: Viewer, value: UUID) -> TeeTime:
    """Find a tee time."""
    tee_time, sheet = await find_tee_time(session, value)
    if not viewer.may_see_club(sheet.club_id):
        raise NotFound(message="There is no such tee time, or you may not know of it.")
    return TeeTime.of(tee_time)


@finds("tee_sheet")
async def find_sheet(session: AsyncSession, viewer: Viewer, value: UUID) -> TeeSheet:
    """Find a tee sheet."""
    sheet = await session.get(tables.TeeSheet, value)
    if sheet is None or not viewer.may_see_club(sheet.club_id):
        raise NotFound(message="There is no such tee sheet, or you may not know of it.")
    return TeeSheet.of(sheet)
