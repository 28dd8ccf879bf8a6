"""Tables, who sits at them, rules, and plans, as those who plan an occasion see them; and a household's own tables."""

import datetime as dt
from collections.abc import Iterable
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.seating import reading
from domain.guests.seating.automatic import Proposal
from domain.guests.seating.chart import Problem
from domain.guests.seating.floor import Sitter
from kit.ids import public_id
from models.guests import seating as tables
from models.guests.values import RsvpStatus, SeatingFlaw, SeatingRuleKind, TableShape
from schema.context import Info
from schema.describe import enum, list_field, listed, output
from schema.nodes import Node, finds

for kind in (RsvpStatus, SeatingFlaw, SeatingRuleKind, TableShape):
    enum(kind)


def _id(kind: str, value: UUID) -> strawberry.ID:
    return strawberry.ID(public_id(kind, value))


def _maybe(kind: str, value: UUID | None) -> strawberry.ID | None:
    return None if value is None else _id(kind, value)


@output
class Seat:
    """A guest at a table, or one who has no seat yet; for those who plan the occasion."""

    guest_id: strawberry.ID
    """The guest."""
    guest_name: str
    """First and last name; empty for a plus-one who has none yet."""
    household_id: strawberry.ID
    """The household."""
    group_name: str
    """The group, or the side."""
    rsvp_status: RsvpStatus
    """What was answered for this part."""
    is_vip: bool
    """Whether the guest is somebody to look after."""
    table_id: strawberry.ID | None
    """The table; none for who has no seat."""
    seat: int | None
    """The seat at the table, from 1 on, where one was chosen."""
    is_locked: bool
    """Whether the guest is to stay there."""

    @classmethod
    def of(cls, one: Sitter) -> Self:
        """Show somebody who sits, or is to."""
        return cls(
            guest_id=_id("guest", one.guest_id),
            guest_name=one.name,
            household_id=_id("household", one.household_id),
            group_name=one.group_name,
            rsvp_status=one.status,
            is_vip=one.is_vip,
            table_id=_maybe("table", one.table_id),
            seat=one.seat,
            is_locked=one.is_locked,
        )


@output
class Table(Node):
    """A table of a seated part; for those who plan the occasion."""

    row: strawberry.Private[tables.DiningTable]
    occasion_id: strawberry.ID
    """The occasion."""
    part_id: strawberry.ID
    """The part."""
    name: str
    """What the table is called."""
    capacity: int
    """How many seats it has."""
    seated: int
    """How many guests sit there."""
    shape: TableShape
    """Its form on a chart."""
    x: float
    """Where it stands on a chart, from the left."""
    y: float
    """Where it stands on a chart, from above."""
    is_accessible: bool
    """Whether one gets to it in a wheelchair."""
    is_vip: bool
    """Whether it is for VIPs."""
    created_at: dt.datetime
    """When it was added, in UTC."""
    updated_at: dt.datetime
    """When it was changed last, in UTC; who sits there is no change of it."""

    @classmethod
    def of(cls, row: tables.DiningTable) -> Self:
        """Show a table."""
        return cls(
            id=_id("table", row.id),
            row=row,
            occasion_id=_id("occasion", row.occasion_id),
            part_id=_id("part", row.part_id),
            name=row.name,
            capacity=row.capacity,
            seated=row.seated,
            shape=row.shape,
            x=row.x,
            y=row.y,
            is_accessible=row.is_accessible,
            is_vip=row.is_vip,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @classmethod
    def of_all(cls, rows: Iterable[tables.DiningTable]) -> list[Self]:
        """Show tables."""
        return [cls.of(row) for row in rows]

    @list_field(entries=8)
    async def seats(self, info: Info) -> list[Seat]:
        """Who sits there, by seat; who has none of their own comes last."""
        return [Seat.of(one) for one in await info.context.load(reading.sitters_of, self.row.id)]


@output
class SeatingRule(Node):
    """Two guests or households who are to sit together, or apart; for those who plan the occasion."""

    occasion_id: strawberry.ID
    """The occasion."""
    kind: SeatingRuleKind
    """How the two are to sit."""
    first_guest_id: strawberry.ID | None
    """The first of the two, if it is a guest."""
    first_household_id: strawberry.ID | None
    """The first of the two, if it is a household."""
    second_guest_id: strawberry.ID | None
    """The second of the two, if it is a guest."""
    second_household_id: strawberry.ID | None
    """The second of the two, if it is a household."""
    created_at: dt.datetime
    """When it was set, in UTC."""

    @classmethod
    def of(cls, row: tables.SeatingRule) -> Self:
        """Show a rule."""
        return cls(
            id=_id("seating_rule", row.id),
            occasion_id=_id("occasion", row.occasion_id),
            kind=row.kind,
            first_guest_id=_maybe("guest", row.first_guest_id),
            first_household_id=_maybe("household", row.first_household_id),
            second_guest_id=_maybe("guest", row.second_guest_id),
            second_household_id=_maybe("household", row.second_household_id),
            created_at=row.created_at,
        )


@output
class SeatingProblem:
    """Something that is wrong with a seating."""

    flaw: SeatingFlaw
    """What it is."""
    guest_ids: list[strawberry.ID]
    """Whom it is about."""
    table_ids: list[strawberry.ID]
    """The tables at which they sit; none for who has no seat."""
    rule_id: strawberry.ID | None
    """The rule that is broken, if it is one."""
    household_id: strawberry.ID | None
    """The household that is split, if it is one."""

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """Show a problem."""
        return cls(
            flaw=problem.flaw,
            guest_ids=[_id("guest", one) for one in problem.guest_ids],
            table_ids=[_id("table", one) for one in problem.table_ids],
            rule_id=_maybe("seating_rule", problem.rule_id),
            household_id=_maybe("household", problem.household_id),
        )


@output
class SeatingChart:
    """Who sits where in a part; for those who plan the occasion."""

    cursor: str
    """The place in the occasion's stream up to which this answer shows everything: subscribe `after` it."""
    part_id: strawberry.ID
    """The part."""
    tables: list[Table] = listed(entries=40)
    """Its tables, in the order in which they were added."""
    unseated: list[Seat] = listed(entries=50)
    """Guests who come, or have not answered, and have no seat; infants without a place are left out."""
    rules: list[SeatingRule] = listed(entries=30)
    """The rules of the occasion's seating, in the order in which they were set."""
    seating_problems: list[SeatingProblem] = listed(entries=50)
    """All that is wrong with it, the worst first."""

    @classmethod
    def of(cls, chart: reading.SeatingChart) -> Self:
        """Show a chart."""
        seating = chart.seating
        return cls(
            cursor=str(chart.cursor),
            part_id=_id("part", chart.part.id),
            tables=Table.of_all(seating.tables),
            unseated=[Seat.of(one) for one in seating.sitters if one.table_id is None],
            rules=[SeatingRule.of(rule) for rule in seating.rules],
            seating_problems=[SeatingProblem.of(problem) for problem in chart.problems],
        )


@output
class PlannedSeat:
    """Where a plan has a guest sit."""

    guest_id: strawberry.ID
    """The guest."""
    table_id: strawberry.ID | None
    """The table; none where there was no seat left."""
    previous_table_id: strawberry.ID | None
    """The table at which the guest sat when it was planned."""
    previous_seat: int | None
    """The seat there, if one was chosen: `undoAutoSeat` gives it back, and so does `arrangeSeats` with both."""


@output
class SeatingPlan:
    """A plan of who sits where; for those who plan the occasion."""

    part_id: strawberry.ID
    """The part."""
    is_applied: bool
    """Whether it was saved."""
    cost: int
    """How bad it is: 100,000 a guest without a seat, and 10,000 more for a VIP or a wheelchair, 1,000 a rule apart that
    is broken, and so on; less is better."""
    seats: list[PlannedSeat] = listed(entries=300)
    """Everybody who was to be seated."""
    seating_problems: list[SeatingProblem] = listed(entries=50)
    """All that is wrong with it, the worst first."""

    @classmethod
    def of(cls, proposal: Proposal) -> Self:
        """Show a plan."""
        plan = proposal.plan
        seats = [
            PlannedSeat(
                guest_id=_id("guest", one.guest_id),
                table_id=_maybe("table", plan.seats.get(one.guest_id)),
                previous_table_id=_maybe("table", one.table_id),
                previous_seat=one.seat,
            )
            for one in proposal.before.sitters
        ]
        return cls(
            part_id=_id("part", proposal.part.id),
            is_applied=proposal.is_applied,
            cost=plan.cost,
            seats=seats,
            seating_problems=[SeatingProblem.of(problem) for problem in plan.problems],
        )


@finds("table")
async def find_table(session: AsyncSession, viewer: Viewer, value: UUID) -> Table:
    """Find a table."""
    return Table.of(await reading.find_table(session, viewer=viewer, table_id=value))


@finds("seating_rule")
async def find_rule(session: AsyncSession, viewer: Viewer, value: UUID) -> SeatingRule:
    """Find a rule of the seating."""
    return SeatingRule.of(await reading.find_rule(session, viewer=viewer, rule_id=value))
