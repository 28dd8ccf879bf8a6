"""What caddies earn."""

from datetime import date
from typing import Self

import strawberry

from domain.caddies import reading
from kit.ids import public_id
from models.caddies.values import FeeTier, ReportSpan
from schema.describe import enum, listed, output
from schema.money import Money

enum(ReportSpan)


@output
class TierEarnings:
    """What a caddie earned by loops of one tier."""

    fee_tier: FeeTier
    """The kind of loop."""
    loops: int
    """How many there were."""
    fees: Money
    """What the club pays for them."""


@output
class CaddieEarnings:
    """What a caddie earned, in one currency."""

    caddie_id: strawberry.ID
    """The caddie."""
    name: str
    """What the caddie was called at the last of these loops."""
    loops: int
    """How many turns ended."""
    tiers: list[TierEarnings] = listed(entries=3)
    """The loops and their fees, tier by tier."""
    fees: Money
    """What the club pays for all of them."""
    tips: Money
    """What the players gave."""

    @classmethod
    def of(cls, earned: reading.Earnings) -> Self:
        """Show what a caddie earned."""
        return cls(
            caddie_id=strawberry.ID(public_id("caddie", earned.caddie_id)),
            name=earned.name,
            loops=sum(earned.loops.values()),
            tiers=[
                TierEarnings(fee_tier=tier, loops=earned.loops[tier], fees=earned_money(earned, cents))
                for tier, cents in earned.fee_cents.items()
            ],
            fees=earned_money(earned, sum(earned.fee_cents.values())),
            tips=earned_money(earned, earned.tip_cents),
        )


def earned_money(earned: reading.Earnings, cents: int) -> Money:
    """Give cents in the currency that they were earned in."""
    return Money(amount_cents=cents, currency=earned.currency)


@output
class CaddieReport:
    """The loops of some days, by caddie."""

    first: date
    """The first day, on the club's calendar."""
    last: date
    """The last day."""
    caddies: list[CaddieEarnings] = listed(entries=100)
    """Whoever ended a turn, by name."""

    @classmethod
    def of(cls, report: reading.Report) -> Self:
        """Show a report."""
        shown = [CaddieEarnings.of(earned) for earned in report.earnings]
        return cls(first=report.first, last=report.last, caddies=shown)
