"""The ledger of bookings: what was paid, given back, asked beside the price, and let off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.payments.deposits import go_along
from domain.tee_sheet.booking.problems import RainCheckSpent, RefundTooLarge
from kit.ids import new_id, public_id
from models.tee_sheet.desk import RainCheck
from models.tee_sheet.ledger import LedgerEntry, LedgerKind
from models.tee_sheet.tables import Booking
from models.tee_sheet.values import BookingStatus

PAID = frozenset({LedgerKind.PAYMENT, LedgerKind.RAIN_CHECK})
BACK = frozenset({LedgerKind.REFUND, LedgerKind.RAIN_CHECK_RETURNED})
ENTRIES = (
    select(LedgerEntry)
    .where(LedgerEntry.booking_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(LedgerEntry.created_at, LedgerEntry.id)
)
ISSUED = select(RainCheck).where(RainCheck.booking_id == bindparam("booking_id"), RainCheck.withdrawn_at.is_(None))
ISSUED = ISSUED.with_for_update().execution_options(populate_existing=True)
REDEEMED = select(RainCheck).where(RainCheck.redeemed_booking_id == bindparam("booking_id")).order_by(RainCheck.id)
REDEEMED = REDEEMED.with_for_update().execution_options(populate_existing=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What a booking comes to, in cents: what is open is below 0 where more was paid than is asked."""

    charged: int
    paid: int
    refunded: int

    @property
    def open(self) -> int:
        """What is still to be paid."""
        return self.charged - self.paid + self.refunded


def sums(booking: Booking, entries: Iterable[LedgerEntry]) -> Sums:
    """Add up a booking and its entries. A cancelled booking asks for its fees alone."""
    of: dict[LedgerKind, int] = dict.fromkeys(LedgerKind, 0)
    for entry in entries:
        of[entry.kind] += entry.amount_cents
    price = 0 if booking.status is BookingStatus.CANCELLED else booking.price_cents
    return Sums(
        charged=max(0, price + of[LedgerKind.FEE] - of[LedgerKind.DISCOUNT]),
        paid=sum(of[kind] for kind in PAID),
        refunded=sum(of[kind] for kind in BACK),
    )


def entry_for(
    booking: Booking,
    kind: LedgerKind,
    cents: int,
    *,
    by: str,
    reason: str = "",
    position: int | None = None,
    now: datetime,
) -> LedgerEntry:
    """Make an entry of a booking's ledger, for the session to be given; the booking is locked, or new."""
    return LedgerEntry(
        id=new_id(),
        tenant_id=booking.tenant_id,
        club_id=booking.club_id,
        booking_id=booking.id,
        kind=kind,
        amount_cents=cents,
        currency=booking.currency,
        reason=reason,
        position=position,
        created_by=by,
        created_at=now,
    )


async def entries_of(session: AsyncSession, booking_ids: Iterable[UUID]) -> dict[UUID, list[LedgerEntry]]:
    """Read the ledgers of bookings, in the order in which they were written."""
    found: dict[UUID, list[LedgerEntry]] = {booking_id: [] for booking_id in booking_ids}
    for entry in await session.scalars(ENTRIES, {"ids": list(found)}):
        found[entry.booking_id].append(entry)
    return found


def refundable(entries: Sequence[LedgerEntry]) -> int:
    """Give what can be given back, in cents: money that was paid. What a rain check paid comes back as one."""
    paid = sum(entry.amount_cents for entry in entries if entry.kind is LedgerKind.PAYMENT)
    return paid - sum(entry.amount_cents for entry in entries if entry.kind is LedgerKind.REFUND)


def check_refund(entries: Sequence[LedgerEntry], cents: int, *, path: tuple[str, ...]) -> None:
    """Refuse to give back more than was paid in money. Raises RefundTooLarge."""
    if cents > refundable(entries):
        raise RefundTooLarge(refundable_cents=refundable(entries), path=path)


async def carry_over(
    session: AsyncSession, source: Booking, target: Booking, cents: int, *, is_over: bool, by: str, now: datetime
) -> tuple[int, bool]:
    """Let money that was paid for one booking count for another, both of them locked; gives how much went along.

    What a rain check has paid stays where it is, to come back when that booking is cancelled, and goes along with the
    check where that booking `is_over`. A deposit goes along with its money. Rain checks that were issued for either are
    taken back, since their value came of what was paid: tells, beside, whether one was. Raises RainCheckSpent.
    """
    with session.no_autoflush:  # nothing that is pending is about money
        entries = (await entries_of(session, [source.id]))[source.id]
        checks = list(await session.scalars(REDEEMED, {"booking_id": source.id})) if is_over else []
    parts = [(LedgerKind.REFUND, LedgerKind.PAYMENT, min(cents, refundable(entries)))]
    parts += [(LedgerKind.RAIN_CHECK_RETURNED, LedgerKind.RAIN_CHECK, check.redeemed_cents or 0) for check in checks]
    if not any(part for _, _, part in parts):
        return 0, False
    with session.no_autoflush:
        taken_back = [
            await take_back_issued(session, booking, less=less, by=by, path=("input", "bookingId"), now=now)
            for booking, less in ((source, True), (target, False))
        ]
    for check in checks:
        check.redeemed_booking_id = target.id
    there, here = (
        f"Goes along to {public_id('booking', target.id)}",
        f"Came along from {public_id('booking', source.id)}",
    )
    for out, back, part in parts:
        if part:
            session.add(entry_for(source, out, part, by=by, reason=there, now=now))
            session.add(entry_for(target, back, part, by=by, reason=here, now=now))
    if source.has_deposit and not is_over:
        await go_along(session, source, target, left_cents=refundable(entries) - parts[0][2], now=now)
    gone = sum(part for _, _, part in parts)
    source.paid_cents, target.paid_cents = source.paid_cents - gone, target.paid_cents + gone
    return gone, any(taken_back)


async def pay(
    session: AsyncSession, booking: Booking, cents: int, *, by: str, path: tuple[str, ...], now: datetime
) -> bool:
    """Note that so much was paid for a locked booking by now, in all: the difference is a payment or a refund.

    Tells whether a rain check that was issued for it was taken back. Raises RefundTooLarge, RainCheckSpent.
    """
    more = cents - booking.paid_cents
    if not more:
        return False
    if more < 0:
        check_refund((await entries_of(session, [booking.id]))[booking.id], -more, path=path)
    taken_back = await take_back_issued(session, booking, less=more < 0, by=by, path=path, now=now)
    kind = LedgerKind.PAYMENT if more > 0 else LedgerKind.REFUND
    session.add(entry_for(booking, kind, abs(more), by=by, now=now))
    booking.paid_cents = cents
    return taken_back


async def take_back_issued(
    session: AsyncSession, booking: Booking, *, less: bool, by: str, path: tuple[str, ...], now: datetime
) -> bool:
    """Take back the rain check of a booking of which something else is paid by now: its value came of what was paid.

    One that has paid for another booking stays, and `less` cannot be paid then. Raises RainCheckSpent.
    """
    check = await session.scalar(ISSUED, {"booking_id": booking.id})
    if check is None:
        return False
    if check.redeemed_booking_id is None:
        check.withdrawn_at, check.withdrawn_by = now, by
        return True
    if less:
        raise RainCheckSpent(booking_id=public_id("booking", check.redeemed_booking_id), path=path)
    return False


async def may_give_back(session: AsyncSession, booking: Booking, *, by: str, now: datetime) -> bool:
    """Tell whether something that was paid for a locked booking can be given back by itself.

    Not where the rain check that was issued for it has paid another booking; one that has not is taken back.
    """
    try:
        await take_back_issued(session, booking, less=True, by=by, path=("input", "bookingId"), now=now)
    except RainCheckSpent:
        return False
    return True


async def return_redeemed(session: AsyncSession, booking: Booking, *, by: str, now: datetime) -> None:
    """Make the rain checks that have paid for a booking good again, since it is cancelled, if they can be given back.

    One that was issued for the booking is taken back with that: it came of what these had paid.
    """
    if not booking.paid_cents:
        return
    checks = list(await session.scalars(REDEEMED, {"booking_id": booking.id}))
    if not checks or not await may_give_back(session, booking, by=by, now=now):
        return
    for check in checks:
        cents = check.redeemed_cents or 0
        session.add(entry_for(booking, LedgerKind.RAIN_CHECK_RETURNED, cents, by=by, now=now))
        booking.paid_cents -= cents
        check.redeemed_booking_id, check.redeemed_cents, check.redeemed_by, check.redeemed_at = None, None, None, None
