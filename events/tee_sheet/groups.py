"""Facts of groups of bookings. What happens to the bookings themselves is told as that of all bookings."""

from dataclasses import dataclass

from events.base import event
from events.clubs import ClubEvent
from events.seen import ForStaff


@dataclass(frozen=True, kw_only=True)
class BookingGroupEvent(ClubEvent):
    """A group of bookings as it is from now on: for staff."""

    group_id: ForStaff[str]
    """The group."""
    group_title: ForStaff[str]
    """What it is called."""
    organiser_first_name: ForStaff[str]
    """First name of who organises it."""
    organiser_last_name: ForStaff[str]
    """Last name of who organises it."""
    group_payer_first_name: ForStaff[str]
    """First name of who pays for it."""
    group_payer_last_name: ForStaff[str]
    """Last name of who pays for it."""
    booking_ids: ForStaff[tuple[str, ...]]
    """Its bookings, those that are cancelled too, in the order in which they were made."""


@event("booking-group.created")
class BookingGroupCreated(BookingGroupEvent):
    """Somebody booked several starts as a group."""


@event("booking-group.updated")
class BookingGroupUpdated(BookingGroupEvent):
    """A group's name, organiser or payer changed, or starts were added to it."""
