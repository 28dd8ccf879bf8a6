"""What deposits a club asks for: of whom, when, how much, until when to pay, and until when it is given back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cache
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_club, lock_club_row, refuse_unless_admin
from domain.clubs.price_classes import check_known
from domain.payments.problems import refuse_without_provider
from events.clubs import ClubUpdated
from events.log import record
from kit.errors import InvalidInput
from kit.ids import public_id
from kit.paying import payable
from kit.text import check_key, check_range
from models.clubs.tables import Club
from models.tee_sheet.values import PriceClass

MOST_RULES = 20
RULES = ("input", "rules")


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositRule:
    """For whom a deposit is asked, and how much: so many cents a player, or so many hundredths of the price."""

    cents_a_player: int | None = None
    percent: int | None = None
    price_classes: tuple[PriceClass, ...] | None = None
    """The players of these classes pay it; all if None."""
    fewest_players: int = 1
    first_start: time | None = None
    last_start: time | None = None
    hours_ahead: int = 0
    """It is asked of bookings that are made so many hours before their start, or more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositPolicy:
    """The deposits of a club. The first rule that fits a booking counts; without rules none is asked."""

    rules: tuple[DepositRule, ...] = ()
    minutes_to_pay: int = 30
    refundable_hours: int = 24
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a deposit is reckoned by: a party by class and price in cents, and its start."""

    party: Sequence[tuple[PriceClass, int]]
    local_time: time
    starts_at: datetime
    paid_cents: int
    currency: str


@cache
def _adapter() -> TypeAdapter[DepositPolicy]:
    return TypeAdapter(DepositPolicy)


def policy_of(club: Club) -> DepositPolicy:
    """Give the deposits that a club asks for."""
    return _adapter().validate_python(club.deposits, strict=False)


def amount_of(policy: DepositPolicy, asked: Asked, *, now: datetime) -> int:
    """Reckon the deposit of a booking, in cents of its currency: 0 where none is asked, never more than is unpaid."""
    for rule in policy.rules:
        payers = [cents for kind, cents in asked.party if rule.price_classes is None or kind in rule.price_classes]
        if payers and _fits(rule, asked, now=now):
            price = sum(cents for _, cents in asked.party)
            share = rule.cents_a_player * len(payers) if rule.cents_a_player else 0
            part = -(-sum(payers) * rule.percent // 100) if rule.percent else 0
            return payable(max(0, min(share or part, price) - asked.paid_cents), asked.currency)
    return 0


def _fits(rule: DepositRule, asked: Asked, *, now: datetime) -> bool:
    return (
        len(asked.party) >= rule.fewest_players
        and (rule.first_start is None or rule.first_start <= asked.local_time)
        and (rule.last_start is None or asked.local_time <= rule.last_start)
        and asked.starts_at - now >= timedelta(hours=rule.hours_ahead)
    )


async def set_deposit_policy(
    session: AsyncSession,
    *,
    viewer: Viewer,
    provider: str,
    club_id: UUID,
    rules: Iterable[DepositRule] | None = None,
    minutes_to_pay: int | None = None,
    refundable_hours: int | None = None,
    account: str | None = None,
    now: datetime,
) -> Club:
    """Set what deposits a club asks for, of bookings that are made from now on; what is None stays.

    `provider` is what the server's PAYMENT_PROVIDER says. Raises NotFound, NotAllowed, InvalidInput, NoPaymentProvider.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_admin(viewer, club.id)
    await lock_club_row(session, club)
    before = after = policy_of(club)
    if rules is not None:
        checked = _checked(club, tuple(rules))
        if checked:
            refuse_without_provider(provider, path=RULES)
        after = replace(after, rules=checked)
    if minutes_to_pay is not None:
        check_range(minutes_to_pay, 5, 1440, path=("input", "minutesToPay"))
        after = replace(after, minutes_to_pay=minutes_to_pay)
    if refundable_hours is not None:
        check_range(refundable_hours, 0, 720, path=("input", "refundableHours"))
        after = replace(after, refundable_hours=refundable_hours)
    if account is not None:
        known = check_key(account, path=("input", "account"), longest=100) if account else ""
        after = replace(after, account=known)
    if after != before:
        club.deposits = _adapter().dump_python(after, mode="json")
        changed = ClubUpdated(club_id=public_id("club", club.id), name=club.name, changes=("depositPolicy",))
        record(session, changed, now=now)
    return club


def _checked(club: Club, rules: tuple[DepositRule, ...]) -> tuple[DepositRule, ...]:
    if len(rules) > MOST_RULES:
        raise InvalidInput(message=f"Give at most {MOST_RULES} rules.", path=RULES)
    for number, rule in enumerate(rules):
        path = (*RULES, str(number))
        if (rule.cents_a_player is None) == (rule.percent is None):
            raise InvalidInput(message="Give either cents for each player or a percentage of the price.", path=path)
        if rule.cents_a_player is not None:
            check_range(rule.cents_a_player, 1, 10_000_000, path=(*path, "centsAPlayer"))
        if rule.percent is not None:
            check_range(rule.percent, 1, 100, path=(*path, "percent"))
        check_known(club, rule.price_classes or (), path=(*path, "priceClasses"))
        check_range(rule.fewest_players, 1, 4, path=(*path, "fewestPlayers"))
        check_range(rule.hours_ahead, 0, 9_600, path=(*path, "hoursAhead"))
        if rule.price_classes is not None and not rule.price_classes:
            message = "Name at least one price class, or leave them out for all."
            raise InvalidInput(message=message, path=(*path, "priceClasses"))
    return rules
