"""Caddies themselves, the settings of their lists, and the files that they came from."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.caddies import csv_files, queues, reading, settings
from domain.caddies.rules import label_of
from domain.clubs.reading import clubs_by_id
from events.caddies import CaddieAdded
from kit.ids import public_id
from models.caddies import tables
from models.caddies.values import CaddieStatus, FeeTier
from schema.context import Info
from schema.describe import enum, field, listed, output
from schema.nodes import Node, finds
from schema.sight import Sight, audience_of

enum(CaddieStatus)
enum(FeeTier)


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
        club = await info.context.load(clubs_by_id, self.row.club_id)
        return label_of(self.row.status, club.language)

    @field
    async def phone_number(self, info: Info) -> str | None:
        """The phone number; for the club's admins alone."""
        sight = Sight(audience_of(info.context.viewer, self.row.club_id))
        return sight.of(CaddieAdded, "phone_number", self.row.phone)  # type: ignore[no-any-return]  # as it is told


@output
class CaddieBoard:
    """A club's caddies, as far as the viewer may see them."""

    cursor: str
    """The place in the club's stream up to which this answer shows everything: subscribe `after` it."""
    caddies: list[Caddie] = listed(entries=100)
    """The caddies, by list and name."""

    @classmethod
    def of(cls, board: reading.CaddieBoard) -> Self:
        """Show a board."""
        return cls(cursor=str(board.cursor), caddies=[Caddie.of(row) for row in board.caddies])


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
    fees: list[LoopFee] = listed(entries=10)
    """What a loop costs, tier by tier."""

    @classmethod
    def of(cls, found: settings.Settings) -> Self:
        """Show settings."""
        fees = [LoopFee(fee_tier=tier, fee_cents=found.fees[tier]) for tier in FeeTier]
        return cls(list_count=found.list_count, fees=fees)


@finds("caddie")
async def find_caddie(session: AsyncSession, viewer: Viewer, value: UUID) -> Caddie:
    """Find a caddie."""
    return Caddie.of(await queues.find_caddie(session, viewer=viewer, caddie_id=value))


@finds("caddie_import")
async def find_import(session: AsyncSession, viewer: Viewer, value: UUID) -> CaddieImport:
    """Find an import."""
    return CaddieImport.of(await csv_files.find_import(session, viewer=viewer, import_id=value))
