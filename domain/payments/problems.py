"""Refusals of deposits."""

from kit.errors import Problem
from models.payments import DepositStatus


class DepositNotOpen(Problem):
    """There is nothing to waive: the deposit was paid, or is over; give back what was paid by a refund."""

    code = "DEPOSIT_NOT_OPEN"
    deposit_status: DepositStatus
    """How far it has come."""


class DepositAlreadyAsked(Problem):
    """A deposit is asked for this booking already; wait until it is paid, or waive it first."""

    code = "DEPOSIT_ALREADY_ASKED"


class DepositRefundTooLarge(Problem):
    """More is to be given back than is left of the deposit; give back at most what is left."""

    code = "DEPOSIT_REFUND_TOO_LARGE"
    refundable_cents: int
    """What is left to be given back, in cents."""


class BookingTakesNoDeposit(Problem):
    """The booking is cancelled, under way or over; ask for a deposit for one that is still to be played."""

    code = "BOOKING_TAKES_NO_DEPOSIT"


class NoPaymentProvider(Problem):
    """Nobody takes payments here, so no deposit can be asked; set the server's PAYMENT_PROVIDER first."""

    code = "NO_PAYMENT_PROVIDER"


def refuse_without_provider(provider: str, *, path: tuple[str, ...]) -> None:
    """Refuse where the server's setting names no provider. Raises NoPaymentProvider."""
    if provider == "none":
        raise NoPaymentProvider(path=path)
