"""Facts of bookings."""

from dataclasses import dataclass
from datetime import date, datetime

from events.base import event
from events.seen import ForAll, ForServer, ForStaff, Name, WithName
from events.tee_sheet.base import SheetEvent, sheet_room
from events.tee_sheet.inventory import SlotEvent
from models.clubs.values import NamePrivacy
from models.tee_sheet.desk import BookingChange
from models.tee_sheet.ledger import LedgerKind
from models.tee_sheet.values import BookingStatus, PriceClass


def booking_room(booking_id: str) -> str:
    """Name the room of one booking."""
    return f"booking:{booking_id}"


@event("slot.booked")
class SlotBooked(SlotEvent):
    """A place was sold."""

    price_cents: WithName[int | None]
    """What it was sold for, in cents of the currency; it tells of the player's class. None for a place at a turn."""
    booking_id: ForAll[str]
    """The booking that has the place."""
    payer_first_name: Name
    """The payer's first name, as far as it may be seen."""
    payer_last_name: Name
    """The payer's last name, as far as it may be seen."""
    name_privacy: ForServer[NamePrivacy]
    """How much of other players' names a player may see; clients are not told."""
    booked_by: ForServer[str] = ""
    """The user who made the booking; clients are not told. Empty in old entries of the log."""
    player: ForServer["BookedPlayer | None"] = None
    """Who plays on the place; clients are told what is their own."""
    user_id: ForServer[str | None] = None
    """The user whom the club knows as this player; clients are not told."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """The sheet's screens, and the booking's."""
        return (*super().rooms, booking_room(self.booking_id))


@dataclass(frozen=True, kw_only=True)
class BookedPlayer:
    """A player of a booking, as events carry one."""

    player_id: WithName[str | None]
    """The player, if the club knows them."""
    slot_id: ForAll[str | None]
    """The place that the player has."""
    position: ForAll[int]
    """1 to 4, in the order of the booking."""
    first_name: Name
    """First name, as far as it may be seen; empty for a guest without a name."""
    last_name: Name
    """Last name, as far as it may be seen; empty for a guest without a name."""
    price_class: WithName[PriceClass]
    """By which class the player pays."""
    price_cents: WithName[int]
    """What the player pays, in cents of the booking's currency."""
    checked_in_at: ForAll[datetime | None]
    """When the player checked in, in UTC; none before that."""
    no_show_at: ForAll[datetime | None] = None
    """When it was noted that the player did not appear, in UTC; none otherwise."""


@dataclass(frozen=True, kw_only=True)
class BookingEvent(SheetEvent):
    """Something happened to a booking."""

    booking_id: ForAll[str]
    """The booking."""
    tee_time_id: ForAll[str]
    """The tee time that it is on."""
    status: ForAll[BookingStatus]
    """How far the booking has come."""

    @property
    def kept_for(self) -> str | None:
        """The booking."""
        return self.booking_id

    @property
    def rooms(self) -> tuple[str, ...]:
        """The sheet's screens, and the booking's."""
        return (*super().rooms, booking_room(self.booking_id))


@event("booking.created")
class BookingCreated(BookingEvent):
    """Somebody booked places."""

    starts_at: ForAll[datetime]
    """When the group starts, in UTC."""
    holes: ForAll[int]
    """9 or 18."""
    price_cents: WithName[int]
    """What all its players pay, in cents of the currency."""
    paid_cents: WithName[int]
    """What of it has been paid, in cents of the currency."""
    currency: ForAll[str]
    """ISO 4217 code of both sums."""
    payer_first_name: Name
    """The payer's first name, as far as it may be seen."""
    payer_last_name: Name
    """The payer's last name, as far as it may be seen."""
    players: ForAll[tuple[BookedPlayer, ...]]
    """Its players, in their order."""
    name_privacy: ForServer[NamePrivacy]
    """How much of other players' names a player may see; clients are not told."""
    booked_by: ForServer[str] = ""
    """The user who made the booking; clients are not told. Empty in old entries of the log."""
    user_ids: ForServer[tuple[str | None, ...]] = ()
    """The users whom the club knows as these players, in the same order; clients are not told."""
    turn_tee_time_id: ForAll[str | None] = None
    """The tee time at which it comes by again and has places too, for 18 holes on a course of nine; none for others."""
    group_id: ForStaff[str | None] = None
    """The group of bookings that it is of, if it is of one."""


@event("booking.cancelled")
class BookingCancelled(BookingEvent):
    """A booking was cancelled; its places are free again."""

    cancelled_at: ForAll[datetime]
    """When it was cancelled, in UTC."""
    price_cents: ForStaff[int]
    """What all its players were to pay, in cents of the currency."""
    paid_cents: ForStaff[int | None] = None
    """What has been paid for it by then, in cents: rain checks that had paid for it are good again."""
    currency: ForAll[str]
    """ISO 4217 code of the price."""


@dataclass(frozen=True, kw_only=True)
class BookingState(BookingEvent):
    """A booking as it is from now on."""

    starts_at: ForAll[datetime]
    """When the group starts, in UTC."""
    holes: ForAll[int]
    """9 or 18."""
    price_cents: WithName[int]
    """What all its players pay, in cents of the currency."""
    paid_cents: WithName[int]
    """What of it has been paid, in cents of the currency."""
    currency: ForAll[str]
    """ISO 4217 code of both sums."""
    payer_first_name: Name
    """The payer's first name, as far as it may be seen."""
    payer_last_name: Name
    """The payer's last name, as far as it may be seen."""
    players: ForAll[tuple[BookedPlayer, ...]]
    """Its players, in their order."""
    created_at: ForAll[datetime]
    """When it was made, in UTC."""
    name_privacy: ForServer[NamePrivacy]
    """How much of other players' names a player may see; clients are not told."""
    booked_by: ForServer[str]
    """The user who made the booking; clients are not told."""
    user_ids: ForServer[tuple[str | None, ...]]
    """The users whom the club knows as these players, in the same order; clients are not told."""
    turn_tee_time_id: ForAll[str | None] = None
    """The tee time at which it comes by again and has places too, for 18 holes on a course of nine; none for others."""
    note: ForStaff[str] = ""
    """What is noted on it for its party, who see it by `own`."""
    staff_note: ForStaff[str | None] = ""
    """What is noted on it for the staff alone. Others are told nothing."""
    group_id: ForStaff[str | None] = None
    """The group of bookings that it is of, if it is of one."""


@event("booking.restored")
class BookingRestored(BookingState):
    """A booking that was cancelled holds again, in places that were free. It tells the whole booking as it is now."""


@event("booking.merged")
class BookingMerged(BookingState):
    """All players of a booking went over to another one, with their places, or to its start. This one is over."""

    into_booking_id: ForAll[str]
    """The booking that they are on now."""
    cancelled_at: ForAll[datetime]
    """When that was, in UTC."""


@event("booking.updated")
class BookingUpdated(BookingState):
    """A booking changed: its players, its payer, what was paid, or its start. It tells the whole booking as it is now.

    A booking that went to the sheet of another day or course is told to the screens of both.
    """

    changed: ForAll[tuple[BookingChange, ...]]
    """What changed."""
    previous_tee_time_id: ForAll[str | None] = None
    """The tee time that it was on before, if it went to another one."""
    previous_course_id: ForAll[str | None] = None
    """The course that it was on before, if it went to another tee time."""
    previous_date: ForAll[date | None] = None
    """The date of the sheet that it was on before, if it went to another tee time."""
    previous_starts_at: ForAll[datetime | None] = None
    """When the group was to start before, in UTC, if its start changed."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """The booking's screens, those of its sheet, and those of the sheet that it came from."""
        if self.previous_course_id is None or self.previous_date is None:
            return super().rooms
        before = sheet_room(self.previous_course_id, self.previous_date)
        return tuple(dict.fromkeys((*super().rooms, before)))


@event("ledger.entry-added")
class LedgerEntryAdded(BookingEvent):
    """A payment, a refund, a fee or a discount was noted for a booking."""

    ledger_entry_id: ForStaff[str]
    """The entry."""
    ledger_kind: ForStaff[LedgerKind]
    """What it is."""
    noted_cents: ForStaff[int]
    """How much, above 0, in cents of the currency; the kind says which way it goes."""
    noted_reason: ForStaff[str]
    """Why, in the words of the club."""
    for_position: ForStaff[int | None]
    """Which player of the booking it is for; none for all of it."""
    currency: ForAll[str]
    """ISO 4217 code of the sums."""
    paid_cents: WithName[int | None]
    """What has been paid for the booking by now, less what was given back, in cents."""
    name_privacy: ForServer[NamePrivacy]
    """How much of other players' names a player may see; clients are not told."""
