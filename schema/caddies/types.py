"""Caddies, queues, turns, draws and reports."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.caddies import csv_files, draws, queues, reading, settings, turns
from domain.caddies.access import may_see_list
from domain.caddies.rules import label_of
from kit.ids import public_id
from models.caddies import tables
from models.caddies.values import AssignmentAnswer, AssignmentKind, CaddieStatus, FeeTier, ReportSpan, TurnStatus
from schema.context import Info
from schema.describe import enum, field, output
from schema.money import Money
from schema.nodes import Node, finds

for kind in (CaddieStatus, TurnStatus, FeeTier, AssignmentKind, AssignmentAnswer, ReportSpan):
    enum(kind)


@output
class Caddie(Node):
    """Somebody who carries for players."""

    row: strawberry.Private[tables.Caddie]
    name: str
    """What the caddie is called."""
    list_number: int
    """The list that the caddie is on, from 1 on."""
    status: CaddieStatus
    """What the caddie is doing at the moment."""
    is_active: bool
    """False once the caddie was deleted."""
    club_id: strawberry.ID
    """The club."""
    created_at: datetime
    """When the caddie was added, in UTC."""
    updated_at: datetime
    """When name or list were changed last, in UTC."""

    @classmethod
    def of(cls, row: tables.Caddie) -> Self:
        """Show a caddie."""
        return cls(
            id=strawberry.ID(public_id("caddie", row.id)),
            row=row,
            name=row.name,
            list_number=row.list_number,
            status=row.status,
            is_active=row.is_active,
            club_id=strawberry.ID(public_id("club", row.club_id)),
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @field
    async def status_label(self, info: Info) -> str:
        """The status in the club's language, as in “En campo”."""
        club = await info.context.loaders.clubs.load(self.row.club_id)
        return label_of(self.row.status, club.language)

    @field
    async def phone_number(self, info: Info) -> str | None:
        """The phone number; for the club's admins alone."""
        return self.row.phone if info.context.viewer.is_admin_of(self.row.club_id) else None


@output
class Turn(Node):
    """A caddie's turn. Each one that ended is a loop."""

    row: strawberry.Private[tables.CaddieTurn]
    list_number: int
    """The list that the caddie was on."""
    day: date
    """The day on the club's calendar that it counts for."""
    status: TurnStatus
    """How far it has come."""
    started_at: datetime | None
    """When the caddie went out, in UTC."""
    ended_at: datetime | None
    """When the caddie came back, in UTC."""
    fee_tier: FeeTier | None
    """What kind of loop it was, once it has ended."""
    fee: Money | None
    """What the club pays for it, once it has ended."""
    tip: Money | None
    """What the players gave, once it has ended."""
    booking_id: strawberry.ID | None
    """The booking that it is assigned to."""
    assigned_as: AssignmentKind | None
    """Why it was assigned to the booking."""
    answer: AssignmentAnswer | None
    """What the caddie says to the booking."""

    @classmethod
    def of(cls, row: tables.CaddieTurn) -> Self:
        """Show a turn."""
        return cls(
            id=strawberry.ID(public_id("turn", row.id)),
            row=row,
            list_number=row.list_number,
            day=row.day,
            status=row.status,
            started_at=row.started_at,
            ended_at=row.ended_at,
            fee_tier=row.fee_tier,
            fee=_money(row.fee_cents, row.currency),
            tip=_money(row.tip_cents, row.currency),
            booking_id=strawberry.ID(public_id("booking", row.booking_id)) if row.booking_id else None,
            assigned_as=row.assigned_as,
            answer=row.answer,
        )

    @field
    async def caddie(self, info: Info) -> Caddie | None:
        """Whose turn it is; none when the caddie is on a list by now of which you may not know."""
        row = await info.context.loaders.caddies.load(self.row.caddie_id)
        return Caddie.of(row) if may_see_list(info.context.viewer, row.club_id, row.list_number) else None

    @field
    async def reason(self, info: Info) -> str | None:
        """Why the caddie went out of turn, or was skipped; for staff alone."""
        return self.row.reason if info.context.viewer.is_staff_of(self.row.club_id) else None


def _money(cents: int | None, currency: str | None) -> Money | None:
    return None if cents is None or currency is None else Money(amount_cents=cents, currency=currency)


@output
class DrawnPlace:
    """A caddie's place in a draw."""

    caddie_id: strawberry.ID
    """The caddie."""
    was_skipped: bool
    """Whether the caddie was skipped in the week before, and therefore goes before those who were not."""


@output
class CaddieDraw(Node):
    """The order of a list for a week.

    It can be worked out again: sort the caddies by whether they were skipped, those first, then by the SHA-256 of
    `seed:caddieId` in hexadecimal.
    """

    list_number: int
    """The list."""
    week: date
    """The Monday on which the week begins."""
    seed: str
    """What the order follows from."""
    drawn: list[DrawnPlace]
    """The order."""
    created_at: datetime
    """When it was drawn, in UTC."""

    @classmethod
    def of(cls, row: tables.CaddieDraw) -> Self:
        """Show a draw."""
        return cls(
            id=strawberry.ID(public_id("caddie_draw", row.id)),
            list_number=row.list_number,
            week=row.week,
            seed=row.seed,
            drawn=[DrawnPlace(**entry) for entry in row.drawn],
            created_at=row.created_at,
        )


@output
class CaddieImport(Node):
    """A file of caddies that was taken in."""

    added: int
    """How many caddies were added."""
    created_at: datetime
    """When, in UTC."""

    @classmethod
    def of(cls, row: tables.CaddieImport) -> Self:
        """Show an import."""
        found = strawberry.ID(public_id("caddie_import", row.id))
        return cls(id=found, added=row.added, created_at=row.created_at)


@output
class CaddieBoard:
    """A club's caddies, as far as the viewer may see them."""

    cursor: str
    """The place in the club's stream up to which this answer shows everything: subscribe `after` it."""
    caddies: list[Caddie]
    """The caddies, by list and name."""

    @classmethod
    def of(cls, board: reading.CaddieBoard) -> Self:
        """Show a board."""
        return cls(cursor=str(board.cursor), caddies=[Caddie.of(row) for row in board.caddies])


@output
class QueuePlace:
    """A place in a queue."""

    place: int
    """1 for the head."""
    caddie: Caddie
    """Who has it."""


@output
class CaddieQueue:
    """The queue of a list."""

    cursor: str
    """The place in the club's stream up to which this answer shows everything: subscribe `after` it."""
    list_number: int
    """The list."""
    day: date | None
    """The day on the club's calendar that the queue is of; none before the list's first day."""
    queue: list[QueuePlace]
    """Who waits, the head first."""
    in_field: list[Turn]
    """Who is out, the longest first."""
    draw: CaddieDraw | None
    """How the order of the week was drawn, if it was."""

    @classmethod
    def of(cls, view: reading.QueueView) -> Self:
        """Show a queue."""
        return cls(
            cursor=str(view.cursor),
            list_number=view.list_number,
            day=view.queue.day if view.queue else None,
            queue=[QueuePlace(place=place, caddie=Caddie.of(row)) for place, row in enumerate(view.waiting, 1)],
            in_field=[Turn.of(row) for row in view.in_field],
            draw=CaddieDraw.of(view.draw) if view.draw else None,
        )


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
    """What the caddie is called."""
    loops: int
    """How many turns ended."""
    tiers: list[TierEarnings]
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
    caddies: list[CaddieEarnings]
    """Whoever ended a turn, by name."""

    @classmethod
    def of(cls, report: reading.Report) -> Self:
        """Show a report."""
        shown = [CaddieEarnings.of(earned) for earned in report.earnings]
        return cls(first=report.first, last=report.last, caddies=shown)


@output
class LoopFee:
    """What a loop of one tier costs."""

    fee_tier: FeeTier
    """The kind of loop."""
    fee_cents: int
    """The fee in cents of the club's currency."""


@output
class CaddieSettings:
    """A club's settings for its caddies."""

    list_count: int
    """How many lists the club has."""
    fees: list[LoopFee]
    """What a loop costs, tier by tier."""

    @classmethod
    def of(cls, found: settings.Settings) -> Self:
        """Show settings."""
        fees = [LoopFee(fee_tier=tier, fee_cents=found.fees[tier]) for tier in FeeTier]
        return cls(list_count=found.list_count, fees=fees)


@output
class BookingCaddie:
    """A caddie who was assigned to a booking."""

    turn_id: strawberry.ID
    """The turn."""
    caddie_id: strawberry.ID
    """The caddie."""
    name: str
    """What the caddie is called."""
    assigned_as: AssignmentKind
    """Why the caddie was assigned."""
    answer: AssignmentAnswer
    """What the caddie says to it."""

    @classmethod
    def of_all(cls, found: Iterable[reading.AssignedCaddie]) -> list[Self]:
        """Show the caddies of a booking."""
        return [
            cls(
                turn_id=strawberry.ID(public_id("turn", one.turn_id)),
                caddie_id=strawberry.ID(public_id("caddie", one.caddie_id)),
                name=one.name,
                assigned_as=one.assigned_as,
                answer=one.answer,
            )
            for one in found
        ]


@finds("caddie")
async def find_caddie(session: AsyncSession, viewer: Viewer, value: UUID) -> Caddie:
    """Find a caddie."""
    return Caddie.of(await queues.find_caddie(session, viewer=viewer, caddie_id=value))


@finds("turn")
async def find_turn(session: AsyncSession, viewer: Viewer, value: UUID) -> Turn:
    """Find a turn."""
    return Turn.of(await turns.find_turn(session, viewer=viewer, turn_id=value))


@finds("caddie_draw")
async def find_draw(session: AsyncSession, viewer: Viewer, value: UUID) -> CaddieDraw:
    """Find a draw."""
    return CaddieDraw.of(await draws.find_draw(session, viewer=viewer, draw_id=value))


@finds("caddie_import")
async def find_import(session: AsyncSession, viewer: Viewer, value: UUID) -> CaddieImport:
    """Find an import."""
    return CaddieImport.of(await csv_files.find_import(session, viewer=viewer, import_id=value))
