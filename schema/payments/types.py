"""Deposits, as those see them who pay and those who ask."""

from datetime import datetime, time
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.journeys.deposit_desk import find_deposit
from domain.payments import policy
from domain.payments.deposits import refunds_of
from kit.ids import public_id
from models import payments
from models.payments import DepositEnd, DepositStatus, RefundStatus
from models.tee_sheet.values import PriceClass
from schema.context import Info
from schema.describe import enum, list_field, listed, output
from schema.money import Money
from schema.nodes import Node, finds

enum(DepositStatus)
enum(DepositEnd)
enum(RefundStatus)


@output
class DepositRefund:
    """A part of a deposit that is given back."""

    amount: Money
    """How much."""
    status: RefundStatus
    """How far it has come."""
    reason: str
    """Why, in the words of the club."""
    created_at: datetime
    """When it was ordered, in UTC."""

    @classmethod
    def of(cls, row: payments.DepositRefund) -> Self:
        """Show a refund."""
        amount = Money(amount_cents=row.amount_cents, currency=row.currency)
        return cls(amount=amount, status=row.status, reason=row.reason, created_at=row.created_at)


@output
class Deposit(Node):
    """What is to be paid for a booking beforehand, on a page of a payment provider, and what became of it."""

    row: strawberry.Private[payments.Deposit]
    booking_id: strawberry.ID
    """The booking."""
    status: DepositStatus
    """How far it has come."""
    ends_as: DepositEnd | None
    """Why nothing of it is to be taken any more, if that is so."""
    amount: Money
    """What is asked."""
    paid: Money
    """What of it was taken."""
    refunded: Money
    """What of that was given back, or is being given back."""
    pay_by: datetime | None
    """Until when it can be paid, in UTC: then the booking is cancelled. None until its page is there."""
    pay_url: str | None
    """The page of the payment provider on which it is paid; none where it cannot be paid at the moment."""
    reason: str
    """Why it was asked or waived, in the words of the club; empty where nothing was said."""
    created_at: datetime
    """When it was asked, in UTC."""

    @classmethod
    def of(cls, row: payments.Deposit) -> Self:
        """Show a deposit."""
        is_open = row.status is DepositStatus.PENDING
        return cls(
            id=strawberry.ID(public_id("deposit", row.id)),
            row=row,
            booking_id=strawberry.ID(public_id("booking", row.booking_id)),
            status=row.status,
            ends_as=row.ends_as,
            amount=Money(amount_cents=row.amount_cents, currency=row.currency),
            paid=Money(amount_cents=row.paid_cents, currency=row.currency),
            refunded=Money(amount_cents=row.refunded_cents, currency=row.currency),
            pay_by=row.pay_by,
            pay_url=row.page_url if is_open and row.page_url else None,
            reason=row.reason,
            created_at=row.created_at,
        )

    @list_field(entries=2)
    async def refunds(self, info: Info) -> list[DepositRefund]:
        """What of it is given back, in the order in which it was ordered."""
        return [DepositRefund.of(row) for row in await info.context.load(refunds_of, self.row.id)]


@finds("deposit")
async def find(session: AsyncSession, viewer: Viewer, value: UUID) -> Deposit:
    """Find a deposit."""
    return Deposit.of(await find_deposit(session, viewer=viewer, deposit_id=value))


@output
class DepositRule:
    """For whom a deposit is asked, and how much."""

    cents_a_player: int | None
    """So much for each player, in cents of the booking's currency."""
    percent: int | None
    """So many hundredths of the price."""
    price_classes: list[PriceClass] | None
    """The players of these classes pay it; all if none are named."""
    fewest_players: int
    """It is asked of groups of so many, 1 to 4, or more."""
    first_start: time | None
    """The first start of the day that it is asked for, on the course's clock."""
    last_start: time | None
    """The last start of the day that it is asked for, on the course's clock."""
    hours_ahead: int
    """It is asked of bookings that are made so many hours before their start, or more."""


@output
class DepositPolicy:
    """What deposits a club asks for."""

    rules: list[DepositRule] = listed(entries=3)
    """The first one that fits a booking counts; none is asked where there are none."""
    minutes_to_pay: int
    """For so long it can be paid, once its page is there."""
    refundable_hours: int
    """A booking that is cancelled so many hours before its start, or more, has its deposit given back."""

    @classmethod
    def of(cls, found: policy.DepositPolicy) -> Self:
        """Show what a club asks."""
        return cls(
            rules=[_rule(rule) for rule in found.rules],
            minutes_to_pay=found.minutes_to_pay,
            refundable_hours=found.refundable_hours,
        )


def _rule(rule: policy.DepositRule) -> DepositRule:
    return DepositRule(
        cents_a_player=rule.cents_a_player,
        percent=rule.percent,
        price_classes=None if rule.price_classes is None else list(rule.price_classes),
        fewest_players=rule.fewest_players,
        first_start=rule.first_start,
        last_start=rule.last_start,
        hours_ahead=rule.hours_ahead,
    )
