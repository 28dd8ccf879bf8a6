"""What the desk does about deposits: asking for one, waiving it, giving back a part of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import refuse_unless_staff
from domain.journeys.deposits import lock_deposit
from domain.journeys.deposits_for_bookings import enter, give_back
from domain.payments import deposits
from domain.payments.deposits import OVER, TAKEN, UNPAID, end, lock_deposits, tell
from domain.payments.policy import policy_of
from domain.payments.problems import (
    BookingTakesNoDeposit,
    DepositAlreadyAsked,
    DepositNotOpen,
    DepositRefundTooLarge,
    refuse_without_provider,
)
from domain.tee_sheet.booking.access import find_booking, lock_booking, pays_for
from domain.tee_sheet.booking.ledger import entries_of, refundable, take_back_issued
from kit.errors import InvalidInput, NotFound
from kit.paying import payable
from kit.text import check_range, clean_name
from models.clubs.tables import Club
from models.payments import Deposit, DepositEnd, DepositStatus
from models.tee_sheet.ledger import LedgerKind
from models.tee_sheet.tables import Booking
from models.tee_sheet.values import BookingStatus

UNKNOWN = "There is no such deposit, or you may not know of it."
AMOUNT = ("input", "amountCents")
REASON = ("input", "reason")
HIGHEST_CENTS = 100_000_000


async def find_deposit(session: AsyncSession, *, viewer: Viewer, deposit_id: UUID) -> Deposit:
    """Find a deposit: for staff, for who made the booking, and for who pays for it. Raises NotFound."""
    deposit = await session.get(Deposit, deposit_id)
    if deposit is not None and viewer.may_see_sheets(deposit.club_id):
        booking = await session.get_one(Booking, deposit.booking_id)
        if viewer.is_staff_of(deposit.club_id) or booking.booked_by == viewer.user_id:
            return deposit
        if await pays_for(session, viewer=viewer, booking=booking):
            return deposit
    raise NotFound(message=UNKNOWN)


async def ask_deposit(
    session: AsyncSession,
    *,
    viewer: Viewer,
    provider: str,
    booking_id: UUID,
    amount_cents: int,
    minutes_to_pay: int | None = None,
    reason: str = "",
    now: datetime,
) -> Deposit:
    """Ask for a deposit of a booking by hand, whatever the club's policy says: also after one was waived.

    `provider` is what the server's PAYMENT_PROVIDER says.
    Raises NotFound, NotAllowed, InvalidInput, NoPaymentProvider, BookingTakesNoDeposit, DepositAlreadyAsked.
    """
    booking = await find_booking(session, viewer=viewer, booking_id=booking_id)
    refuse_unless_staff(viewer, booking.club_id)
    refuse_without_provider(provider, path=("input",))
    check_range(amount_cents, 1, HIGHEST_CENTS, path=AMOUNT)
    _check_payable(amount_cents, booking.currency)
    if minutes_to_pay is not None:
        check_range(minutes_to_pay, 5, 1440, path=("input", "minutesToPay"))
    said = clean_name(reason, path=REASON, longest=500, empty=True)
    start = (await lock_booking(session, booking)).tee_time
    if booking.status is not BookingStatus.CONFIRMED or start.starts_at <= now:
        raise BookingTakesNoDeposit(path=("input", "bookingId"))
    rows = await lock_deposits(session, booking)
    if any(row.status not in TAKEN | OVER for row in rows):
        raise DepositAlreadyAsked(path=("input", "bookingId"))
    policy = policy_of(await session.get_one(Club, booking.club_id))
    deposit = deposits.ask(
        session,
        booking,
        cents=amount_cents,
        minutes_to_pay=minutes_to_pay or policy.minutes_to_pay,
        account=policy.account,
        by=viewer.user_id,
        reason=said,
        now=now,
    )
    await tell(session, booking, deposit, now=now)
    return deposit


async def waive_deposit(
    session: AsyncSession, *, viewer: Viewer, deposit_id: UUID, reason: str, now: datetime
) -> Deposit:
    """Ask for no deposit any more; the booking holds without it. Another one can be asked for by hand.

    Raises NotFound, NotAllowed, InvalidInput, DepositNotOpen.
    """
    await _for_staff(session, viewer, deposit_id)
    said = clean_name(reason, path=REASON, longest=500)
    booking, deposit = await lock_deposit(session, deposit_id)
    if booking is None or deposit is None:
        raise NotFound(message=UNKNOWN)
    is_ending = deposit.status is DepositStatus.RELEASING and deposit.ends_as is DepositEnd.UNPAID
    if deposit.status not in UNPAID | {DepositStatus.AUTHORISED} and not is_ending:
        raise DepositNotOpen(deposit_status=deposit.status, path=("input", "depositId"))
    deposit.waived_by, deposit.reason = viewer.user_id, said
    end(session, deposit, DepositEnd.WAIVED, now=now)
    await tell(session, booking, deposit, now=now)
    return deposit


async def refund_deposit(
    session: AsyncSession,
    *,
    viewer: Viewer,
    deposit_id: UUID,
    reason: str,
    amount_cents: int | None = None,
    now: datetime,
) -> Deposit:
    """Give back what was taken, or a part of it, to the card that paid. What was kept as a fee is let off by as much.

    Raises NotFound, NotAllowed, InvalidInput, DepositRefundTooLarge, RainCheckSpent.
    """
    await _for_staff(session, viewer, deposit_id)
    said = clean_name(reason, path=REASON, longest=450)
    booking, deposit = await lock_deposit(session, deposit_id)
    if booking is None or deposit is None:
        raise NotFound(message=UNKNOWN)
    has = refundable((await entries_of(session, [booking.id]))[booking.id])
    left = max(0, min(deposit.paid_cents - deposit.refunded_cents, has)) if deposit.status in TAKEN else 0
    cents = left if amount_cents is None else amount_cents
    if amount_cents is not None:
        check_range(amount_cents, 1, HIGHEST_CENTS, path=AMOUNT)
        _check_payable(amount_cents, deposit.currency)
    if not cents or cents > left:
        raise DepositRefundTooLarge(refundable_cents=left, path=AMOUNT)
    by, was_kept = viewer.user_id, deposit.status is DepositStatus.FORFEITED
    await take_back_issued(session, booking, less=True, by=by, path=("input", "depositId"), now=now)
    await give_back(session, booking, deposit, cents=cents, reason=said, by=by, now=now)
    if was_kept:
        await enter(session, booking, LedgerKind.DISCOUNT, cents, reason=said, by=by, now=now)
    await tell(session, booking, deposit, now=now)
    return deposit


async def _for_staff(session: AsyncSession, viewer: Viewer, deposit_id: UUID) -> None:
    deposit = await find_deposit(session, viewer=viewer, deposit_id=deposit_id)
    refuse_unless_staff(viewer, deposit.club_id)


def _check_payable(cents: int, currency: str) -> None:
    if cents != payable(cents, currency):
        raise InvalidInput(
            message=f"Give a sum in {currency} whose last digit is 0: cards move no others.", path=AMOUNT
        )
