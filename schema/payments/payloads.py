"""Payloads of deposits."""

from schema.describe import output
from schema.payloads import Payload
from schema.payments.types import Deposit


@output
class AskDepositPayload(Payload):
    """The answer to `askDeposit`."""

    results = ("deposit",)
    deposit: Deposit | None = None
    """The deposit."""


@output
class WaiveDepositPayload(Payload):
    """The answer to `waiveDeposit`."""

    deposit: Deposit | None = None
    """The deposit, waived."""


@output
class RefundDepositPayload(Payload):
    """The answer to `refundDeposit`."""

    results = ("deposit",)
    deposit: Deposit | None = None
    """The deposit, with the refund that was ordered."""
