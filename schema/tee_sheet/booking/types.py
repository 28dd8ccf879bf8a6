"""Bookings and their players."""

from datetime import datetime
from typing import Self, cast
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.carts.reading import carts_of_bookings
from domain.clubs.privacy import plays_as
from domain.clubs.reading import clubs_by_id
from domain.history import histories_of, makers_of
from domain.payments.deposits import deposits_of
from domain.players.listing import players_by_id
from domain.tee_sheet.booking import access
from domain.tee_sheet.booking.ledger import entries_of
from domain.tee_sheet.booking.reading import PlayerView, parties_of
from domain.tee_sheet.booking.rules import BEFORE_PLAY, cancellation_deadline
from domain.tee_sheet.desk.rain_checks import rain_checks_of
from domain.tee_sheet.inventory.reading import tee_times_by_id
from domain.tee_sheet.play.reading import rounds_of
from kit.ids import public_id
from models.tee_sheet import tables
from models.tee_sheet.values import BookingStatus, PriceClass
from schema.carried import told_of
from schema.context import Info
from schema.describe import ENTRIES, enum, field, list_field, listed, output, viewer_field
from schema.history import HistoryEntry, shown_history
from schema.money import Money
from schema.nodes import Node, finds
from schema.payments.types import Deposit
from schema.tee_sheet.booking.carts import BookingCart
from schema.tee_sheet.booking.ledger import Ledger
from schema.tee_sheet.desk.types import RainCheck
from schema.tee_sheet.inventory.types import PersonName, TeeTime
from schema.tee_sheet.play.types import Pace

enum(BookingStatus)


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
    price: Money
    """What all its players pay."""
    paid: Money
    """What of it has been paid."""
    players: list[BookingPlayer] = listed(entries=4)
    """Its players, in their order."""
    note: str
    """What the staff have noted on it for its party; empty where there is nothing."""


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
    turn_tee_time_id: strawberry.ID | None
    """The tee time at which it comes by again and has places too, for 18 holes on a course of nine; none for others."""
    note: str
    """What the staff have noted on it for its party; empty where there is nothing."""

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
            turn_tee_time_id=strawberry.ID(public_id("tee_time", row.turn_tee_time_id))
            if row.turn_tee_time_id
            else None,
            note=row.note,
        )

    @viewer_field
    def is_booker(self, info: Info) -> bool:
        """Whether the viewer made it."""
        return self.row.booked_by == info.context.viewer.user_id

    @viewer_field
    async def is_payer(self, info: Info) -> bool:
        """Whether the viewer plays in it and pays for it, and so may cancel it."""
        return await _pays(self.row, info)

    @field
    async def tee_time(self, info: Info) -> TeeTime:
        """The tee time it is on."""
        if (told := told_of(self, "tee_time")) is not None:
            return cast("TeeTime", told)
        return TeeTime.of(await info.context.load(tee_times_by_id, self.row.tee_time_id))

    @field
    async def cancellable_until(self, info: Info) -> datetime | None:
        """Until when its booker may cancel it, in UTC, by the club's notice and ten minutes after booking.

        Where a closure of the course covers its start, it may be cancelled until that. None once it is played or over.
        """
        if self.row.status not in BEFORE_PLAY:
            return None
        club = await info.context.load(clubs_by_id, self.row.club_id)
        tee_time = await info.context.load(tee_times_by_id, self.row.tee_time_id)
        return cancellation_deadline(tee_time.starts_at, club.cancellation_notice_hours, created_at=self.row.created_at)

    @list_field(entries=4)
    async def players(self, info: Info) -> list[BookingPlayer]:
        """Its players, in their order."""
        if (told := told_of(self, "players")) is not None:
            return cast("list[BookingPlayer]", told)
        currency = self.row.currency
        return [_player(view, currency) for view in await info.context.load(parties_of, self.row.id)]

    @field
    def group_id(self, info: Info) -> strawberry.ID | None:
        """The group of bookings that it is of, if it is of one: for staff."""
        if self.row.group_id is None or not info.context.viewer.is_staff_of(self.row.club_id):
            return None
        return strawberry.ID(public_id("booking_group", self.row.group_id))

    @field
    async def pace(self, info: Info) -> Pace | None:
        """How the group plays; none before it has teed off."""
        row = await info.context.load(rounds_of, self.row.id)
        return Pace.of(row) if row else None

    @field
    async def rain_check(self, info: Info) -> RainCheck | None:
        """The rain check that was issued for it: for staff, and for who made the booking."""
        viewer = info.context.viewer
        if not viewer.is_staff_of(self.row.club_id) and self.row.booked_by != viewer.user_id:
            return None
        row = await info.context.load(rain_checks_of, self.row.id)
        return RainCheck.of(row) if row else None

    @field
    async def ledger(self, info: Info) -> Ledger | None:
        """What is asked for it and what was paid: for staff, and for who made the booking."""
        viewer = info.context.viewer
        if not viewer.is_staff_of(self.row.club_id) and self.row.booked_by != viewer.user_id:
            return None
        return Ledger.of(self.row, await info.context.load(entries_of, self.row.id))

    async def _deposits(self, info: Info) -> list[Deposit] | None:
        """What is to be paid for it beforehand, and what became of it: for staff, who made it, and who pays for it."""
        if not self.row.has_deposit:
            return []
        viewer = info.context.viewer
        may_see = viewer.is_staff_of(self.row.club_id) or self.row.booked_by == viewer.user_id
        if not may_see and not await _pays(self.row, info):
            return None
        return [Deposit.of(row) for row in await info.context.load(deposits_of, self.row.id)]

    deposits: list[Deposit] | None = viewer_field(_deposits, **{ENTRIES: 1})

    @field
    def staff_note(self, info: Info) -> str | None:
        """What is noted on it for the staff alone; empty where there is nothing."""
        return self.row.staff_note if info.context.viewer.is_staff_of(self.row.club_id) else None

    @field
    async def created_by(self, info: Info) -> str | None:
        """The user who made it, by the `sub` of their token; none where it came of a standing booking. For staff."""
        if not info.context.viewer.is_staff_of(self.row.club_id):
            return None
        makers = await info.context.load(makers_of, self.row.id)
        return (makers and makers.made_by) or self.row.booked_by or None

    @field
    async def changed_by(self, info: Info) -> str | None:
        """The user who changed it last; none where nobody has, or what changed came by itself. For staff."""
        if not info.context.viewer.is_staff_of(self.row.club_id):
            return None
        makers = await info.context.load(makers_of, self.row.id)
        return makers.changed_by if makers else None

    @field
    def cancelled_by(self, info: Info) -> str | None:
        """The user who cancelled it; none as long as it is not cancelled. For staff."""
        return self.row.cancelled_by if info.context.viewer.is_staff_of(self.row.club_id) else None

    @list_field(entries=12)
    async def history(self, info: Info) -> list[HistoryEntry] | None:
        """What happened to it, in its order, who did it, and what that changed: for staff."""
        if not info.context.viewer.is_staff_of(self.row.club_id):
            return None
        return shown_history(await info.context.load(histories_of, self.row.id))

    @list_field(entries=2)
    async def carts(self, info: Info) -> list[BookingCart]:
        """The carts that wait for it or are out with it, in the order in which they were reserved."""
        return [BookingCart.of(found) for found in await info.context.load(carts_of_bookings, self.row.id)]


def _player(view: PlayerView, currency: str) -> BookingPlayer:
    return BookingPlayer(
        position=view.position,
        player_id=strawberry.ID(public_id("player", view.player_id)) if view.player_id else None,
        slot_id=strawberry.ID(public_id("slot", view.slot_id)) if view.slot_id else None,
        first_name=view.first_name,
        last_name=view.last_name,
        price_class=view.price_class,
        price=Money(amount_cents=view.price_cents, currency=currency),
        checked_in_at=view.checked_in_at,
        no_show_at=view.no_show_at,
    )


@finds("booking")
async def find_booking(session: AsyncSession, viewer: Viewer, value: UUID) -> Booking:
    """Find a booking."""
    return Booking.of(await access.find_booking(session, viewer=viewer, booking_id=value))


async def _pays(row: tables.Booking, info: Info) -> bool:
    """Tell whether the viewer plays in a booking and pays for it: its payer has their name."""
    payer = (row.payer_first_name, row.payer_last_name)
    for view in await info.context.load(parties_of, row.id):
        if view.player_id and (view.first_name, view.last_name) == payer:
            known = await info.context.load(players_by_id, view.player_id)
            if plays_as(info.context.viewer, player_id=view.player_id, user_id=known.user_id if known else None):
                return True
    return False
