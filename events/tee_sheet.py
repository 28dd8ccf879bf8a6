"""Facts of the tee sheet. Each carries what a screen needs to update itself without asking again."""

from dataclasses import dataclass
from datetime import date, datetime, time

from events.base import event
from events.clubs import ClubEvent
from models.clubs.values import NamePrivacy
from models.tee_sheet.desk_values import SheetChange
from models.tee_sheet.values import BookingStatus, PriceClass, SlotStatus


def sheet_room(course_id: str, day: date) -> str:
    """Name the room of one course's tee sheet on one local date."""
    return f"course:{course_id}:{day.isoformat()}"


def booking_room(booking_id: str) -> str:
    """Name the room of one booking."""
    return f"booking:{booking_id}"


@dataclass(frozen=True, kw_only=True)
class SheetEvent(ClubEvent):
    """A fact that shows on one tee sheet."""

    course_id: str
    """The course."""
    date: date
    """The sheet's date on the course's calendar."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """The club's screens, and those of this sheet."""
        return (self.stream, sheet_room(self.course_id, self.date))


@dataclass(frozen=True, kw_only=True)
class SlotEvent(SheetEvent):
    """A place on a tee time has a new status."""

    tee_time_id: str
    """The tee time that the place is on."""
    slot_id: str
    """The place."""
    slot_number: int
    """1 to 4."""
    status: SlotStatus
    """What can be done with the place from now on."""
    price_cents: int
    """What it was sold for, or what it is offered for to the public, in cents of the currency."""
    currency: str
    """ISO 4217 code of the price."""


@event("slot.available")
class SlotAvailable(SlotEvent):
    """A place came free: a hold expired, a booking was cancelled, a block was lifted."""


@event("slot.held")
class SlotHeld(SlotEvent):
    """A place is reserved while somebody completes a booking."""

    held_until: datetime
    """When the hold ends, in UTC, unless it is booked or released before."""


@event("slot.released")
class SlotReleased(SlotEvent):
    """A place came free because its holder gave it up."""


@event("slot.booked")
class SlotBooked(SlotEvent):
    """A place was sold."""

    booking_id: str
    """The booking that has the place."""
    payer_first_name: str
    """The payer's first name, as far as it may be seen."""
    payer_last_name: str
    """The payer's last name, as far as it may be seen."""
    name_privacy: NamePrivacy
    """How much of other players' names a player may see; clients are not told."""
    booked_by: str = ""
    """The user who made the booking; clients are not told. Empty in old entries of the log."""
    player: "BookedPlayer | None" = None
    """Who plays on the place; clients are told what is their own."""
    user_id: str | None = None
    """The user whom the club knows as this player; clients are not told."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """The sheet's screens, and the booking's."""
        return (*super().rooms, booking_room(self.booking_id))


@dataclass(frozen=True, kw_only=True)
class BookedPlayer:
    """A player of a booking, as events carry one."""

    player_id: str | None
    """The player, if the club knows them."""
    slot_id: str | None
    """The place that the player has."""
    position: int
    """1 to 4, in the order of the booking."""
    first_name: str
    """First name, as far as it may be seen; empty for a guest without a name."""
    last_name: str
    """Last name, as far as it may be seen; empty for a guest without a name."""
    price_class: PriceClass
    """By which class the player pays."""
    price_cents: int
    """What the player pays, in cents of the booking's currency."""
    checked_in_at: datetime | None
    """When the player checked in, in UTC; none before that."""
    no_show_at: datetime | None = None
    """When it was noted that the player did not appear, in UTC; none otherwise."""


@dataclass(frozen=True, kw_only=True)
class BookingEvent(SheetEvent):
    """Something happened to a booking."""

    booking_id: str
    """The booking."""
    tee_time_id: str
    """The tee time that it is on."""
    status: BookingStatus
    """How far the booking has come."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """The sheet's screens, and the booking's."""
        return (*super().rooms, booking_room(self.booking_id))


@event("booking.created")
class BookingCreated(BookingEvent):
    """Somebody booked places."""

    starts_at: datetime
    """When the group starts, in UTC."""
    holes: int
    """9 or 18."""
    price_cents: int
    """What all its players pay, in cents of the currency."""
    paid_cents: int
    """What of it has been paid, in cents of the currency."""
    currency: str
    """ISO 4217 code of both sums."""
    payer_first_name: str
    """The payer's first name, as far as it may be seen."""
    payer_last_name: str
    """The payer's last name, as far as it may be seen."""
    players: tuple[BookedPlayer, ...]
    """Its players, in their order."""
    name_privacy: NamePrivacy
    """How much of other players' names a player may see; clients are not told."""
    booked_by: str = ""
    """The user who made the booking; clients are not told. Empty in old entries of the log."""
    user_ids: tuple[str | None, ...] = ()
    """The users whom the club knows as these players, in the same order; clients are not told."""


@event("booking.cancelled")
class BookingCancelled(BookingEvent):
    """A booking was cancelled; its places are free again."""

    cancelled_at: datetime
    """When it was cancelled, in UTC."""
    price_cents: int
    """What all its players were to pay, in cents of the currency."""
    currency: str
    """ISO 4217 code of the price."""


@dataclass(frozen=True, kw_only=True)
class ChangedSlot:
    """A place on a changed sheet."""

    slot_id: str
    """The place."""
    slot_number: int
    """1 to 4."""
    status: SlotStatus
    """What can be done with the place."""
    price_cents: int
    """What it is offered for to the public, in cents of the sheet's currency."""


@dataclass(frozen=True, kw_only=True)
class ChangedTeeTime:
    """A tee time on a changed sheet."""

    tee_time_id: str
    """The tee time."""
    starts_at: datetime
    """The start, in UTC."""
    local_time: time
    """The same on the course's clock."""
    tee: int
    """The hole that the group starts from."""
    slots: tuple[ChangedSlot, ...]
    """Its places, by number."""


@dataclass(frozen=True, kw_only=True)
class ShiftedTeeTime:
    """A tee time that starts later than before; its places, holds and bookings stay with it."""

    tee_time_id: str
    """The tee time."""
    starts_at: datetime
    """The start from now on, in UTC."""
    local_time: time
    """The same on the course's clock."""
    previous_starts_at: datetime
    """When it was to start before, in UTC."""


@event("tee-sheet.changed")
class TeeSheetChanged(SheetEvent):
    """Tee times were added to a sheet, as when it is generated, or shifted to later starts."""

    sheet_id: str
    """The tee sheet."""
    change: SheetChange = SheetChange.GENERATED
    """What happened."""
    tee_times: tuple[ChangedTeeTime, ...]
    """The tee times that were added, by start and tee."""
    shifted_tee_times: tuple[ShiftedTeeTime, ...] = ()
    """The tee times that were shifted, by start and tee."""
    currency: str
    """ISO 4217 code of the prices."""


@event("sheet-template.changed")
class SheetTemplateChanged(ClubEvent):
    """A course's template was set; sheets that exist already keep their prices and starts."""

    course_id: str
    """The course."""
