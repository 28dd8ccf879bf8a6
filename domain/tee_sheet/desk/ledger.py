"""Adding to the ledger of a booking: payments, refunds, fees and discounts."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import refuse_unless_staff
from domain.tee_sheet.booking.access import find_booking_and_club, lock_booking
from domain.tee_sheet.booking.ledger import check_refund, entries_of, entry_for, sums, take_back_issued
from domain.tee_sheet.booking.problems import DiscountTooLarge
from events.log import record
from events.tee_sheet.booking import LedgerEntryAdded
from kit.errors import InvalidInput, NotFound
from kit.ids import public_id
from kit.text import check_range, clean_name
from models.clubs.tables import Club
from models.tee_sheet.ledger import LedgerEntry, LedgerKind
from models.tee_sheet.tables import Booking

HIGHEST_CENTS = 100_000_000
LONGEST_REASON = 500
BY_HAND = (LedgerKind.PAYMENT, LedgerKind.REFUND, LedgerKind.FEE, LedgerKind.DISCOUNT)
AMOUNT = ("input", "amountCents")


@dataclass(frozen=True, kw_only=True)
class LedgerWish:
    """What shall be added to a ledger; `position` says for which player of the booking, if it is for one."""

    kind: LedgerKind
    amount_cents: int
    reason: str = ""
    position: int | None = None


async def add_entry(
    session: AsyncSession, *, viewer: Viewer, booking_id: UUID, wish: LedgerWish, now: datetime
) -> LedgerEntry:
    """Add a payment, a refund, a fee or a discount to the ledger of a booking, cancelled ones included.

    Never more is given back than was paid in money, and never more let off than is asked. A payment or a refund takes
    back the rain check that was issued for what was paid. Raises NotFound, NotAllowed, InvalidInput, RefundTooLarge,
    DiscountTooLarge, RainCheckSpent.
    """
    booking, club = await find_booking_and_club(session, viewer=viewer, booking_id=booking_id)
    refuse_unless_staff(viewer, booking.club_id)
    reason = _check(wish)
    locked = await lock_booking(session, booking)
    entries, by = (await entries_of(session, [booking.id]))[booking.id], viewer.user_id
    if wish.kind is LedgerKind.REFUND:
        check_refund(entries, wish.amount_cents, path=AMOUNT)
    charged = sums(booking, entries).charged
    if wish.kind is LedgerKind.DISCOUNT and wish.amount_cents > charged:
        raise DiscountTooLarge(charged_cents=charged, path=AMOUNT)
    if wish.kind in {LedgerKind.PAYMENT, LedgerKind.REFUND}:
        less = wish.kind is LedgerKind.REFUND
        check_range(booking.paid_cents + wish.amount_cents, 0, HIGHEST_CENTS, path=AMOUNT)
        await take_back_issued(session, booking, less=less, by=by, path=("input", "bookingId"), now=now)
        booking.paid_cents += -wish.amount_cents if less else wish.amount_cents
    entry = entry_for(booking, wish.kind, wish.amount_cents, by=by, reason=reason, position=wish.position, now=now)
    session.add(entry)
    record(session, added(booking, club, locked.sheet.date, entry), now=now)
    return entry


def added(booking: Booking, club: Club, day: date, entry: LedgerEntry) -> LedgerEntryAdded:
    """State that an entry was added to the ledger of a booking, whose sheet is of a day."""
    return LedgerEntryAdded(
        club_id=public_id("club", booking.club_id),
        course_id=public_id("course", booking.course_id),
        date=day,
        booking_id=public_id("booking", booking.id),
        tee_time_id=public_id("tee_time", booking.tee_time_id),
        status=booking.status,
        ledger_entry_id=public_id("ledger_entry", entry.id),
        ledger_kind=entry.kind,
        noted_cents=entry.amount_cents,
        noted_reason=entry.reason,
        for_position=entry.position,
        currency=entry.currency,
        paid_cents=booking.paid_cents,
        name_privacy=club.name_privacy,
    )


def _check(wish: LedgerWish) -> str:
    if wish.kind not in BY_HAND:
        message = "Rain checks are issued and redeemed by themselves; choose another kind."
        raise InvalidInput(message=message, path=("input", "kind"))
    check_range(wish.amount_cents, 1, HIGHEST_CENTS, path=AMOUNT)
    if wish.position is not None:
        check_range(wish.position, 1, 4, path=("input", "position"))
    needs_reason = wish.kind is not LedgerKind.PAYMENT
    return clean_name(wish.reason, path=("input", "reason"), longest=LONGEST_REASON, empty=not needs_reason)


async def find_entry(session: AsyncSession, *, viewer: Viewer, entry_id: UUID) -> tuple[LedgerEntry, Booking]:
    """Find an entry with its booking: for staff, and for who made the booking. Raises NotFound."""
    entry = await session.get(LedgerEntry, entry_id)
    if entry is not None and viewer.may_see_sheets(entry.club_id):
        booking = await session.get_one(Booking, entry.booking_id)
        if viewer.is_staff_of(entry.club_id) or booking.booked_by == viewer.user_id:
            return entry, booking
    raise NotFound(message="There is no such ledger entry, or you may not know of it.")
