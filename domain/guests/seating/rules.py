"""Who is to sit together, and who apart: setting rules between guests or households, and removing them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import known_as, lock_occasion, no_such, refuse_closed
from domain.guests.facts import of_occasion
from domain.guests.records import note_activity
from domain.guests.seating.facts import rule_state
from domain.guests.seating.floor import RULES
from domain.guests.seating.problems import TooManyRules
from events.guests.seating import SeatingRuleCreated, SeatingRuleDeleted, SeatingRuleUpdated
from events.log import record
from kit.errors import InvalidInput
from kit.ids import new_id, public_id
from models.guests.households import Guest, Household
from models.guests.occasions import Occasion
from models.guests.seating import SeatingRule
from models.guests.values import ActivityKind, SeatingRuleKind

MOST_RULES = 1_000
Side = tuple[UUID | None, UUID | None]
"""A guest, or a household."""


async def set_seating_rule(
    session: AsyncSession,
    *,
    viewer: Viewer,
    occasion_id: UUID,
    kind: SeatingRuleKind,
    first_guest_id: UUID | None = None,
    first_household_id: UUID | None = None,
    second_guest_id: UUID | None = None,
    second_household_id: UUID | None = None,
    now: datetime,
) -> SeatingRule:
    """Say that two guests or households are to sit together, or apart, whatever was said of the two before.

    Who sits already stays there: what the rule finds otherwise is listed with the chart's problems.
    Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen, TooManyRules.
    """
    occasion = await lock_occasion(session, viewer=viewer, occasion_id=occasion_id)
    refuse_closed(occasion)
    first, second = (first_guest_id, first_household_id), (second_guest_id, second_household_id)
    homes = [
        await _home(session, occasion, *side, path=("input", f"{name}GuestId"))
        for name, side in (("first", first), ("second", second))
    ]
    if first == second or (homes[0] == homes[1] and (first_household_id or second_household_id)):
        raise InvalidInput(message="Name two of whom neither is part of the other.", path=("input", "secondGuestId"))
    rules = list(await session.scalars(RULES, {"occasion_id": occasion.id}))
    known = next((rule for rule in rules if {_first(rule), _second(rule)} == {first, second}), None)
    if known is not None:
        return _set(session, occasion, known, kind, viewer=viewer, now=now)
    if len(rules) >= MOST_RULES:
        raise TooManyRules(most=MOST_RULES)
    rule = SeatingRule(
        id=new_id(),
        tenant_id=occasion.tenant_id,
        occasion_id=occasion.id,
        kind=kind,
        first_guest_id=first_guest_id,
        first_household_id=first_household_id,
        second_guest_id=second_guest_id,
        second_household_id=second_household_id,
        created_at=now,
    )
    session.add(rule)
    record(session, rule_state(SeatingRuleCreated, occasion, rule), now=now)
    _note(session, occasion, viewer, now=now)
    return rule


def _first(rule: SeatingRule) -> Side:
    return rule.first_guest_id, rule.first_household_id


def _second(rule: SeatingRule) -> Side:
    return rule.second_guest_id, rule.second_household_id


async def _home(
    session: AsyncSession, occasion: Occasion, guest_id: UUID | None, household_id: UUID | None, path: tuple[str, ...]
) -> UUID:
    """Give the household of a side. Raises InvalidInput for none or two, NotFound."""
    if (guest_id is None) == (household_id is None):
        raise InvalidInput(message="Name a guest or a household for each of the two.", path=path)
    if household_id is not None:
        household = await session.get(Household, household_id)
        if household is None or household.occasion_id != occasion.id:
            raise no_such("household")
        return household.id
    guest = await session.get(Guest, guest_id)
    if guest is None or guest.occasion_id != occasion.id:
        raise no_such("guest")
    return guest.household_id


def _set(
    session: AsyncSession,
    occasion: Occasion,
    rule: SeatingRule,
    kind: SeatingRuleKind,
    *,
    viewer: Viewer,
    now: datetime,
) -> SeatingRule:
    if rule.kind is not kind:
        rule.kind = kind
        record(session, rule_state(SeatingRuleUpdated, occasion, rule), now=now)
        _note(session, occasion, viewer, now=now)
    return rule


def _note(session: AsyncSession, occasion: Occasion, viewer: Viewer, *, now: datetime) -> None:
    note_activity(session, occasion, ActivityKind.SEATING_RULES_CHANGED, viewer=viewer, count=1, now=now)


async def remove_seating_rule(
    session: AsyncSession, *, viewer: Viewer, seating_rule_id: UUID, now: datetime
) -> SeatingRule:
    """Let a rule hold no more. Raises NotFound, NotAllowed, OccasionNotOpen."""
    found = await session.get(SeatingRule, seating_rule_id)
    if found is None:
        raise no_such("seating rule")
    async with known_as("seating rule"):
        occasion = await lock_occasion(session, viewer=viewer, occasion_id=found.occasion_id)
    refuse_closed(occasion)
    still_there = await session.scalar(select(SeatingRule.id).where(SeatingRule.id == found.id))
    if still_there is None:
        raise no_such("seating rule")
    told = SeatingRuleDeleted(**of_occasion(occasion), rule_id=public_id("seating_rule", found.id))
    record(session, told, now=now)
    _note(session, occasion, viewer, now=now)
    await session.execute(delete(SeatingRule).where(SeatingRule.id == found.id))
    session.expunge(found)
    return found
