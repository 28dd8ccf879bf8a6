"""Inputs of deposits."""

import datetime as dt
from typing import Any

import strawberry

from domain.payments.policy import DepositRule
from models.tee_sheet.values import PriceClass
from schema.describe import input_type
from schema.inputs import Input


@input_type
class DepositRuleInput:
    """For whom a deposit is asked, and how much: give `centsAPlayer` or `percent`."""

    cents_a_player: int | None = None
    """So much for each player, in cents of the booking's currency."""
    percent: int | None = None
    """So many hundredths of the price, 1 to 100; a fraction of a cent is rounded up."""
    price_classes: list[PriceClass] | None = None
    """The players of these classes pay it; all if left out."""
    fewest_players: int = 1
    """It is asked of groups of so many, 1 to 4, or more."""
    first_start: dt.time | None = None
    """The first start of the day that it is asked for, on the course's clock."""
    last_start: dt.time | None = None
    """The last start of the day that it is asked for, on the course's clock."""
    hours_ahead: int = 0
    """It is asked of bookings that are made so many hours before their start, or more; 0 to 9600."""


@input_type
class SetDepositPolicyInput(Input):
    """What deposits a club asks for, of bookings that are made from now on; what is left out stays."""

    club_id: strawberry.ID
    """The club."""
    rules: list[DepositRuleInput] | None = None
    """At most 20, of which the first counts that fits a booking; an empty list to ask for none."""
    minutes_to_pay: int | None = None
    """For how long it can be paid, once its page is there, 5 to 1440; 30 unless it is set."""
    refundable_hours: int | None = None
    """Until how many hours before the start a cancelled booking has it given back, 0 to 720; 24 unless it is set."""
    account: str | None = None
    """The club's account at the payment provider, as in acct_…; empty for the server's own."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the rules as the domain knows them."""
        rules = None if self.rules is None else tuple(_rule(rule) for rule in self.rules)
        return super().as_kwargs(path) | {"rules": rules}


def _rule(rule: DepositRuleInput) -> DepositRule:
    return DepositRule(
        cents_a_player=rule.cents_a_player,
        percent=rule.percent,
        price_classes=None if rule.price_classes is None else tuple(rule.price_classes),
        fewest_players=rule.fewest_players,
        first_start=rule.first_start,
        last_start=rule.last_start,
        hours_ahead=rule.hours_ahead,
    )


@input_type
class AskDepositInput(Input):
    """A deposit to be asked of a booking by hand."""

    booking_id: strawberry.ID
    """The booking."""
    amount_cents: int
    """How much, above 0, in cents of the booking's currency."""
    minutes_to_pay: int | None = None
    """For how long it can be paid, once its page is there, 5 to 1440; as the club's policy says if left out."""
    reason: str = ""
    """Why, in your words, at most 500 characters; the payer reads it."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class WaiveDepositInput(Input):
    """A deposit that is not asked for any more."""

    deposit_id: strawberry.ID
    """The deposit."""
    reason: str
    """Why, in your words, at most 500 characters; the payer reads it."""


@input_type
class RefundDepositInput(Input):
    """A part of a deposit to be given back to the card that paid it."""

    deposit_id: strawberry.ID
    """The deposit."""
    amount_cents: int | None = None
    """How much, above 0, in cents of its currency; all that is left if left out."""
    reason: str
    """Why, in your words, at most 450 characters; the payer reads it."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""
