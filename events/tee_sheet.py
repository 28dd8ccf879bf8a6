"""Facts of the tee sheet. Each carries what a screen needs to update itself without asking again."""

from dataclasses import dataclass
from datetime import date, datetime, time

from events.base import event
from events.clubs import ClubEvent
from models.clubs.values import NamePrivacy
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
    date: date

    @property
    def rooms(self) -> tuple[str, ...]:
        """The club's screens, and those of this sheet."""
        return (self.stream, sheet_room(self.course_id, self.date))


@dataclass(frozen=True, kw_only=True)
class SlotEvent(SheetEvent):
    """A place on a tee time has a new status."""

    tee_time_id: str
    slot_id: str
    slot_number: int
    status: SlotStatus
    price_cents: int
    currency: str


@event("slot.available")
class SlotAvailable(SlotEvent):
    """A place came free: a hold expired, a booking was cancelled, a block was lifted."""


@event("slot.held")
class SlotHeld(SlotEvent):
    """A place is reserved while somebody completes a booking."""

    held_until: datetime


@event("slot.released")
class SlotReleased(SlotEvent):
    """A place came free because its holder gave it up."""


@event("slot.booked")
class SlotBooked(SlotEvent):
    """A place was sold."""

    booking_id: str
    payer_first_name: str
    payer_last_name: str
    name_privacy: NamePrivacy

    @property
    def rooms(self) -> tuple[str, ...]:
        """The sheet's screens, and the booking's."""
        return (*super().rooms, booking_room(self.booking_id))


@dataclass(frozen=True, kw_only=True)
class BookedPlayer:
    """A player of a booking, as events carry one."""

    player_id: str | None
    slot_id: str | None
    position: int
    first_name: str
    last_name: str
    price_class: PriceClass
    price_cents: int
    checked_in_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class BookingEvent(SheetEvent):
    """Something happened to a booking."""

    booking_id: str
    tee_time_id: str
    status: BookingStatus

    @property
    def rooms(self) -> tuple[str, ...]:
        """The sheet's screens, and the booking's."""
        return (*super().rooms, booking_room(self.booking_id))


@event("booking.created")
class BookingCreated(BookingEvent):
    """Somebody booked places."""

    starts_at: datetime
    holes: int
    price_cents: int
    paid_cents: int
    currency: str
    payer_first_name: str
    payer_last_name: str
    players: tuple[BookedPlayer, ...]
    name_privacy: NamePrivacy


@event("booking.cancelled")
class BookingCancelled(BookingEvent):
    """A booking was cancelled; its places are free again."""

    cancelled_at: datetime
    price_cents: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class ChangedSlot:
    """A place on a changed sheet."""

    slot_id: str
    slot_number: int
    status: SlotStatus
    price_cents: int


@dataclass(frozen=True, kw_only=True)
class ChangedTeeTime:
    """A tee time on a changed sheet."""

    tee_time_id: str
    starts_at: datetime
    local_time: time
    tee: int
    slots: tuple[ChangedSlot, ...]


@event("tee-sheet.changed")
class TeeSheetChanged(SheetEvent):
    """Tee times were added to a sheet, as when it is generated."""

    sheet_id: str
    tee_times: tuple[ChangedTeeTime, ...]
    currency: str


@event("sheet-template.changed")
class SheetTemplateChanged(ClubEvent):
    """A course's template was set; sheets that exist already keep their prices and starts."""

    course_id: str
