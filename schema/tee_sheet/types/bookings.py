"""Holds and bookings."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.tee_sheet import bookings, holds
from kit.ids import public_id
from models.tee_sheet import tables
from models.tee_sheet.values import BookingStatus, HoldStatus, PriceClass
from schema.context import Info
from schema.course.booking_carts import BookingCart
from schema.describe import enum, field, output, viewer_field
from schema.money import Money
from schema.nodes import Node, finds
from schema.tee_sheet.types.pace import Pace
from schema.tee_sheet.types.rain_checks import RainCheck
from schema.tee_sheet.types.slots import PersonName, TeeTime

enum(BookingStatus)
enum(HoldStatus)


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
    no_show_at: datetime | None
    """When it was noted that the player did not appear, in UTC."""


@output
class OwnBooking:
    """A booking that the viewer made or plays in, with its names in full, whatever the club's privacy."""

    is_booker: bool
    """Whether the viewer made it, and so may cancel it."""
    position: int | None
    """Which of its players the viewer is, 1 to 4; none for who booked for others."""
    payer: PersonName
    """Who pays."""
    players: list[BookingPlayer]
    """Its players, in their order."""


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

    @viewer_field
    def is_booker(self, info: Info) -> bool:
        """Whether the viewer made it."""
        return self.row.booked_by == info.context.viewer.user_id

    @field
    async def tee_time(self, info: Info) -> TeeTime:
        """The tee time it is on."""
        return TeeTime.of(await info.context.loaders.tee_times.load(self.row.tee_time_id))

    @field
    async def players(self, info: Info) -> list[BookingPlayer]:
        """Its players, in their order."""
        return [self._player(row) for row in await info.context.loaders.players.load(self.row.id)]

    @field
    async def pace(self, info: Info) -> Pace | None:
        """How the group plays; none before it has teed off."""
        row = await info.context.loaders.rounds.load(self.row.id)
        return Pace.of(row) if row else None

    @field
    async def rain_check(self, info: Info) -> RainCheck | None:
        """The rain check that was issued for it: for staff, and for who made the booking."""
        viewer = info.context.viewer
        if not viewer.is_staff_of(self.row.club_id) and self.row.booked_by != viewer.user_id:
            return None
        row = await info.context.loaders.rain_checks.load(self.row.id)
        return RainCheck.of(row) if row else None

    @field
    async def carts(self, info: Info) -> list[BookingCart]:
        """The carts that wait for it or are out with it, in the order in which they were reserved."""
        return [BookingCart.of(found) for found in await info.context.loaders.booking_carts.load(self.row.id)]

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
            no_show_at=row.no_show_at,
        )


@finds("booking")
async def find_booking(session: AsyncSession, viewer: Viewer, value: UUID) -> Booking:
    """Find a booking."""
    return Booking.of(await bookings.find_booking(session, viewer=viewer, booking_id=value))


@finds("hold")
async def find_hold(session: AsyncSession, viewer: Viewer, value: UUID) -> Hold:
    """Find a hold."""
    return Hold.of(await holds.find_hold(session, viewer=viewer, hold_id=value))
