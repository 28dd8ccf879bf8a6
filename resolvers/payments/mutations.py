"""Mutations of deposits."""

from typing import Annotated

import strawberry

from domain.journeys import deposit_desk
from domain.payments import policy
from resolvers.edge import WHAT, mutation, session_of
from schema.clubs.payloads import SetDepositPolicyPayload
from schema.clubs.types import Club
from schema.context import Info
from schema.payments import payloads
from schema.payments.inputs import AskDepositInput, RefundDepositInput, SetDepositPolicyInput, WaiveDepositInput
from schema.payments.types import Deposit


@strawberry.type
class PaymentMutations:
    """Mutations of deposits."""

    @mutation
    async def set_deposit_policy(
        self, info: Info, input: Annotated[SetDepositPolicyInput, WHAT]
    ) -> SetDepositPolicyPayload:
        """Say what deposits the club asks for, of bookings that are made from now on. For the club's admins."""
        context, provider = info.context, info.context.settings.payment_provider
        row = await policy.set_deposit_policy(
            session_of(info), viewer=context.viewer, provider=provider, now=context.now, **input.as_kwargs()
        )
        return SetDepositPolicyPayload(problems=[], club=Club.of(row))

    @mutation
    async def ask_deposit(self, info: Info, input: Annotated[AskDepositInput, WHAT]) -> payloads.AskDepositPayload:
        """Ask for a deposit of a booking by hand, also after one was waived. For staff."""
        context, provider = info.context, info.context.settings.payment_provider
        row = await deposit_desk.ask_deposit(
            session_of(info), viewer=context.viewer, provider=provider, now=context.now, **input.as_kwargs()
        )
        return payloads.AskDepositPayload(problems=[], deposit=Deposit.of(row))

    @mutation
    async def waive_deposit(
        self, info: Info, input: Annotated[WaiveDepositInput, WHAT]
    ) -> payloads.WaiveDepositPayload:
        """Ask for a deposit no more, so that the booking holds without it. For staff."""
        context = info.context
        row = await deposit_desk.waive_deposit(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.WaiveDepositPayload(problems=[], deposit=Deposit.of(row))

    @mutation
    async def refund_deposit(
        self, info: Info, input: Annotated[RefundDepositInput, WHAT]
    ) -> payloads.RefundDepositPayload:
        """Give back a deposit that was paid, or a part of it, to the card that paid it. For staff."""
        context = info.context
        row = await deposit_desk.refund_deposit(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.RefundDepositPayload(problems=[], deposit=Deposit.of(row))
