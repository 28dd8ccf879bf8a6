"""Tee sheets, their figures, and the templates they are made from."""

from collections.abc import Iterable
from datetime import date, time
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.reading import cursor_of_club
from domain.tee_sheet.booking.reading import bookings_of
from domain.tee_sheet.desk.blocks import blocks_of
from domain.tee_sheet.inventory.prices import stored_prices
from domain.tee_sheet.inventory.reading import tee_times_of
from domain.tee_sheet.inventory.restrictions import stored_restrictions
from domain.tee_sheet.sheets import figures
from domain.tee_sheet.sheets.seasons import find_season, weekdays_of
from kit.errors import NotFound
from kit.ids import public_id
from models.tee_sheet import tables
from models.tee_sheet.values import Price, PriceClass, SlotStatus, StartFormat, Weekday
from schema.context import Info
from schema.describe import enum, field, list_field, listed, output
from schema.money import Money
from schema.nodes import Node, finds
from schema.tee_sheet.booking.types import Booking
from schema.tee_sheet.desk.types import Block
from schema.tee_sheet.inventory.restrictions import StartRestriction, shown_restrictions
from schema.tee_sheet.inventory.types import TeeTime
from schema.tee_sheet.sheets.parts import BOOKINGS, TEE_TIMES

enum(StartFormat)
enum(Weekday)


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

    places: list[PlacesByStatus] = listed(entries=6)
    """Places by status, every status named."""
    players: int
    """Players of all bookings that are not cancelled."""
    checked_in: int
    """How many of them have checked in."""
    no_shows: int
    """How many of them did not appear."""
    revenue: list[Money] | None = listed(entries=1)
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
    first_start: time | None
    """The first start that it holds for, on the course's clock; none for the beginning of the day."""
    last_start: time | None
    """The last start that it holds for, itself included; none for the end of the day."""


def shown_prices(prices: Iterable[Price], *, currency: str) -> list[ClassPrice]:
    """Show what is sold, for whom, at which price."""
    return [
        ClassPrice(
            price_class=price.price_class,
            holes=price.holes,
            price=Money(amount_cents=price.cents, currency=currency),
            first_start=price.first_start,
            last_start=price.last_start,
        )
        for price in prices
    ]


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
    has_own_prices: bool
    """Whether the staff gave the day prices of its own, which stay when it is made anew."""
    has_own_group_sizes: bool
    """Whether the staff gave the day group sizes of its own, which stay when it is made anew."""
    restrictions: list[StartRestriction] = listed(entries=4)
    """What is asked of who wants some of its starts, beside a free place."""
    has_own_restrictions: bool
    """Whether the staff gave the day restrictions of its own, which stay when it is made anew."""
    prices: list[ClassPrice] = listed(entries=6)
    """What it sells, for whom, at which price: that of a period goes before that of the whole day."""
    note: str
    """What the staff have noted on the day for all; empty where there is nothing."""

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
            has_own_prices=row.has_own_prices,
            has_own_group_sizes=row.has_own_group_sizes,
            restrictions=shown_restrictions(stored_restrictions(row.restrictions)),
            has_own_restrictions=row.has_own_restrictions,
            prices=shown_prices(stored_prices(row.prices), currency=row.currency),
            note=row.note,
        )

    @field
    def staff_note(self, info: Info) -> str | None:
        """What is noted on the day for the staff alone; empty where there is nothing."""
        return self.row.staff_note if info.context.viewer.is_staff_of(self.row.club_id) else None

    @field
    async def cursor(self, info: Info) -> str:
        """The place in the club's stream up to which this answer shows everything: subscribe `after` it."""
        async with info.context.read() as session:
            return str(await cursor_of_club(session, self.row.club_id))

    @list_field(entries=70, parts=TEE_TIMES)
    async def tee_times(self, info: Info) -> list[TeeTime]:
        """Its tee times, by start and tee."""
        only = info.context.only(info, TEE_TIMES)
        async with info.context.read() as session:
            return [TeeTime.of(row) for row in await tee_times_of(session, self.row.id, only=only)]

    @list_field(entries=100, parts=BOOKINGS)
    async def bookings(self, info: Info) -> list[Booking]:
        """Its bookings, cancelled ones included: all of them for staff, their own for players."""
        only = info.context.only(info, BOOKINGS)
        async with info.context.read() as session:
            rows = await bookings_of(session, viewer=info.context.viewer, sheet=self.row, only=only)
        return [Booking.of(row) for row in rows]

    @list_field(entries=10)
    async def blocks(self, info: Info) -> list[Block]:
        """Its blocks that have not been removed, in the order in which they were added."""
        async with info.context.read() as session:
            return [Block.of(row, info.context.viewer) for row in await blocks_of(session, self.row.id)]

    @field
    async def figures(self, info: Info) -> DayFigures | None:
        """The figures of the day, for staff alone; what is free, everybody sees by the places."""
        if not info.context.viewer.is_staff_of(self.row.club_id):
            return None
        async with info.context.read() as session:
            found = await figures.day_figures(session, self.row)
        revenue = [Money(amount_cents=cents, currency=code) for code, cents in found.revenue_cents.items()]
        return DayFigures(
            places=[PlacesByStatus(status=status, places=count) for status, count in found.places.items()],
            players=found.players,
            checked_in=found.checked_in,
            no_shows=found.no_shows,
            revenue=revenue,
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
class TemplatePrice:
    """What one player is to pay, in the course's currency."""

    price_class: PriceClass
    """For whom the price holds."""
    holes: int
    """9 or 18."""
    amount_cents: int
    """The price in cents of the course's currency."""
    first_start: time | None
    """The first start that it holds for, on the course's clock; none for the beginning of the day."""
    last_start: time | None
    """The last start that it holds for, itself included; none for the end of the day."""


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
    intervals: list[IntervalBySize] = listed(entries=4)
    """Minutes between starts, by group size; that of the largest allowed size holds."""
    group_sizes: list[int]
    """How many players a booking may have."""
    starter_gap_every_minutes: int | None
    """After how many minutes of starts one is left out, so that the starter can catch up."""
    start_format: StartFormat
    """From which tees the groups start."""
    turn_minutes: int | None
    """When rounds of 18 holes come by again on a course of nine; none for as long as nine are expected to take."""
    prices: list[TemplatePrice] = listed(entries=6)
    """What is sold, for whom, at which price."""
    restrictions: list[StartRestriction] = listed(entries=4)
    """What is asked of who wants some of the starts, beside a free place."""

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
            turn_minutes=row.turn_minutes,
            restrictions=shown_restrictions(stored_restrictions(row.restrictions)),
            prices=[
                TemplatePrice(
                    price_class=price.price_class,
                    holes=price.holes,
                    amount_cents=price.cents,
                    first_start=price.first_start,
                    last_start=price.last_start,
                )
                for price in stored_prices(row.prices)
            ],
        )


@output
class SheetSeason(Node):
    """How the tee sheets of a course are made in a season: on some dates or weekdays."""

    name: str
    """Its name, which its course has once."""
    first_date: date | None
    """Its first day; none if it has no beginning."""
    last_date: date | None
    """Its last day, itself included; none if it has no end."""
    weekdays: list[Weekday]
    """On which days of the week it holds."""
    priority: int
    """Of several seasons that hold on a day, the highest goes first; one of a single day goes before all."""
    template: SheetTemplate
    """How the tee sheets of its days are made."""

    @classmethod
    def of(cls, row: tables.SheetTemplate) -> Self:
        """Show a season."""
        return cls(
            id=strawberry.ID(public_id("sheet_season", row.id)),
            name=row.name or "",
            first_date=row.first_date,
            last_date=row.last_date,
            weekdays=weekdays_of(row) or list(Weekday),
            priority=row.priority,
            template=SheetTemplate.of(row),
        )


@finds("sheet_season")
async def find_sheet_season(session: AsyncSession, viewer: Viewer, value: UUID) -> SheetSeason:
    """Find a season."""
    return SheetSeason.of(await find_season(session, viewer=viewer, season_id=value))


@finds("tee_sheet")
async def find_sheet(session: AsyncSession, viewer: Viewer, value: UUID) -> TeeSheet:
    """Find a tee sheet."""
    sheet = await session.get(tables.TeeSheet, value)
    if sheet is None or not viewer.may_see_sheets(sheet.club_id):
        raise NotFound(message="There is no such tee sheet, or you may not know of it.")
    return TeeSheet.of(sheet)
