"""Facts of deposits."""

from datetime import datetime

from events.base import event
from events.seen import ForAll, ForServer, ForStaff, WithName
from events.tee_sheet.booking import BookingEvent
from models.clubs.values import NamePrivacy
from models.payments import DepositEnd, DepositStatus


@event("deposit.changed")
class DepositChanged(BookingEvent):
    """A deposit of a booking was asked for, paid, given back, waived or let go. It tells how it is now.

    Who made the booking reads the rest by the booking's `deposits`.
    """

    deposit_id: ForStaff[str]
    """The deposit."""
    deposit_status: ForStaff[DepositStatus]
    """How far it has come."""
    deposit_ends_as: ForStaff[DepositEnd | None]
    """Why nothing of it is to be taken any more, if that is so."""
    deposit_cents: ForStaff[int]
    """What is asked, in cents of the currency."""
    deposit_paid_cents: ForStaff[int]
    """What of it was taken, in cents."""
    deposit_refunded_cents: ForStaff[int]
    """What of that was given back, or is being given back, in cents."""
    deposit_pay_by: ForStaff[datetime | None]
    """Until when it can be paid, in UTC, once its page is there."""
    currency: ForAll[str]
    """ISO 4217 code of the sums."""
    paid_cents: WithName[int | None]
    """What has been paid for the booking by now, less what was given back, in cents."""
    deposit_refund_failed_cents: ForStaff[int | None] = None
    """What could not be given back just now, in cents, and counts as paid again; none where no refund has failed."""
    name_privacy: ForServer[NamePrivacy]
    """How much of other players' names a player may see; clients are not told."""
