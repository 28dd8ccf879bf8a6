"""Facts of what the desk does to a tee sheet: bookings that change, places taken out of sale."""

from dataclasses import dataclass
from datetime import date, datetime

from events.base import event
from events.tee_sheet import BookedPlayer, BookingEvent, SheetEvent, SlotEvent, sheet_room
from models.clubs.values import NamePrivacy
from models.tee_sheet.desk_values import BlockKind, BookingChange


@event("slot.blocked")
class SlotBlocked(SlotEvent):
    """A place was taken out of sale by a block."""


@event("block.added")
class BlockAdded(SheetEvent):
    """Places were taken out of sale. Those that were free or held are told as blocked, one by one, behind this."""

    block_id: str
    """The block."""
    kind: BlockKind
    """Why, in a word."""
    reason: str
    """Why, in the words of the club; everybody who sees the sheet may read it."""
    slot_ids: tuple[str, ...]
    """The places that it covers, those of bookings that were kept included."""


@event("block.removed")
class BlockRemoved(SheetEvent):
    """A block was lifted. Places that no other block covers are told as available, one by one, behind this."""

    block_id: str
    """The block."""


@dataclass(frozen=True, kw_only=True)
class BookingState(BookingEvent):
    """A booking as it is from now on."""

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
    created_at: datetime
    """When it was made, in UTC."""
    name_privacy: NamePrivacy
    """How much of other players' names a player may see; clients are not told."""
    booked_by: str
    """The user who made the booking; clients are not told."""
    user_ids: tuple[str | None, ...]
    """The users whom the club knows as these players, in the same order; clients are not told."""


@event("booking.updated")
class BookingUpdated(BookingState):
    """A booking changed: its players, its payer, what was paid, or its start. It tells the whole booking as it is now.

    A booking that went to the sheet of another day or course is told to the screens of both.
    """

    changed: tuple[BookingChange, ...]
    """What changed."""
    previous_tee_time_id: str | None = None
    """The tee time that it was on before, if it went to another one."""
    previous_course_id: str | None = None
    """The course that it was on before, if it went to another tee time."""
    previous_date: date | None = None
    """The date of the sheet that it was on before, if it went to another tee time."""
    previous_starts_at: datetime | None = None
    """When the group was to start before, in UTC, if its start changed."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """The booking's screens, those of its sheet, and those of the sheet that it came from."""
        if self.previous_course_id is None or self.previous_date is None:
            return super().rooms
        before = sheet_room(self.previous_course_id, self.previous_date)
        return tuple(dict.fromkeys((*super().rooms, before)))
