"""Whether a change of seats breaks rules: asked before it is made."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.guests.seating.chart import Banquet, GuestToSeat, TableToFill, broken_rules, new_breaches
from domain.guests.seating.facts import guest_ids
from domain.guests.seating.floor import COMING, RULES, rule_of
from domain.guests.seating.problems import BrokenRule, SeatingRuleBroken
from kit.ids import public_id
from models.guests.households import Attendance
from models.guests.occasions import Part

POSITIONS = select(Attendance.guest_id, Attendance.household_id, Attendance.table_id).where(
    Attendance.part_id == bindparam("part_id", type_=Uuid), Attendance.status.in_(COMING)
)


async def refuse_breaches(session: AsyncSession, part: Part, moved: Mapping[UUID, UUID | None]) -> None:
    """Let guests move to tables, or away from theirs, where that breaks no rule that is not broken as much already.

    The part is locked, and nothing is changed yet. Raises SeatingRuleBroken.
    """
    rules = {rule.id: rule for rule in await session.scalars(RULES, {"occasion_id": part.occasion_id})}
    if not rules:
        return
    rows = [(guest, home, at) for guest, home, at in await session.execute(POSITIONS, {"part_id": part.id})]
    seats = {guest_id: table_id for guest_id, _, table_id in rows if table_id is not None}
    guests = [GuestToSeat(guest_id, household_id) for guest_id, household_id, _ in rows]
    tables = [TableToFill(table_id, 0) for table_id in {*seats.values(), *moved.values()} if table_id is not None]
    banquet = Banquet.of(guests, tables, map(rule_of, rules.values()))
    after = {guest_id: table_id for guest_id, table_id in {**seats, **moved}.items() if table_id is not None}
    found = new_breaches(broken_rules(banquet, seats), broken_rules(banquet, after))
    if found:
        broken = [
            BrokenRule(
                rule_id=public_id("seating_rule", breach.rule_id),
                kind=rules[breach.rule_id].kind,
                guest_ids=guest_ids(breach.guest_ids),
            )
            for breach in found
            if breach.rule_id is not None
        ]
        raise SeatingRuleBroken(rules=broken)
