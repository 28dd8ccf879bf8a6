"""Golfers, as other golfers see them, and reports, as those who run the clubs see them."""

import datetime as dt
from collections.abc import Iterable
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.matching import blocks
from domain.matching.access import KnownGolfer
from domain.matching.access import find_golfer as find_known
from domain.matching.shown import rating_of
from domain.rows import rows_by_id
from kit.ids import public_id
from kit.pictures import PictureSize
from models.matching import golfers as tables
from models.matching.values import ConnectionStatus, Industry, RelationStrength, ReportOutcome, SkillLevel, Visibility
from schema.context import Info
from schema.describe import enum, field, output
from schema.nodes import Node, finds

for kind in (Industry, RelationStrength, SkillLevel, Visibility, ConnectionStatus, ReportOutcome):
    enum(kind)


@output
class OwnProfile:
    """What a golfer alone sees of what they have said."""

    hides_employer: bool
    """Whether the employer is shown to nobody else."""
    visibility: Visibility
    """Who may know of you."""
    time_zone: str
    """Your IANA time zone, as in Europe/Madrid."""
    language: str
    """The language that you are told things in, as in en or es-MX."""
    has_place: bool
    """Whether it is known where you are; the place itself is shown to nobody."""


@output
class Golfer(Node):
    """Somebody who would like to play with others."""

    picture: strawberry.Private[UUID | None]
    name: str
    """What they are called."""
    headline: str
    """What they say of themselves in a line."""
    employer: str | None
    """For whom they work; none if they have not said so, or hide it."""
    industry: Industry
    """Their line of work."""
    city: str
    """The city that they live in; empty if they have not said so."""
    country: str
    """Its country, by the two letters of ISO 3166-1; empty if they have not said so."""
    handicap_index: float | None
    """Their handicap index; plus handicaps are negative."""
    skill_level: SkillLevel | None
    """How well they play: as they say, or as the handicap index tells."""
    rating: float | None
    """The mean of the stars that fellow players gave them, to a tenth; none with fewer than three of them."""
    connection: ConnectionStatus
    """How you stand to each other."""
    own: OwnProfile | None
    """What you alone see, where it is you."""

    @classmethod
    def of(cls, known: KnownGolfer) -> Self:
        """Show a golfer as another one knows them."""
        row = known.golfer
        return cls(
            id=strawberry.ID(public_id("golfer", row.id)),
            picture=row.picture_id,
            name=row.name,
            headline=row.headline,
            employer=(row.employer or None) if known.is_me or not row.hides_employer else None,
            industry=row.industry,
            city=row.city,
            country=row.country,
            handicap_index=row.handicap_index,
            skill_level=row.skill_level,
            rating=rating_of(row),
            connection=known.connection,
            own=_own(row) if known.is_me else None,
        )

    @field
    def photo_url(self, info: Info) -> str | None:
        """Where their photo is, with 2,048 pixels on its longer side at the most; good for a day at least.

        None if they have shown none.
        """
        return self._photo(info, PictureSize.LARGE)

    @field
    def small_photo_url(self, info: Info) -> str | None:
        """The same with 400 pixels at the most, for lists."""
        return self._photo(info, PictureSize.SMALL)

    def _photo(self, info: Info, size: PictureSize) -> str | None:
        """Give none where this server signs no addresses: a golfer is shown all the same."""
        if self.picture is None or info.context.links is None:
            return None
        return info.context.picture_url(self.picture, size)


def _own(row: tables.Golfer) -> OwnProfile:
    return OwnProfile(
        hides_employer=row.hides_employer,
        visibility=row.visibility,
        time_zone=row.time_zone,
        language=row.language,
        has_place=row.x is not None,
    )


async def golfers_by_id(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, tables.Golfer]:
    """Read golfers by their ids."""
    return await rows_by_id(session, tables.Golfer, ids)


@output
class IndustryRelation:
    """Two lines of work that are related."""

    industry: Industry
    """One of them."""
    other_industry: Industry
    """The other."""
    strength: RelationStrength
    """How much they have in common."""


@output
class GolferReport(Node):
    """What a golfer said of another, or of a message, to those who run the clubs."""

    row: strawberry.Private[tables.GolferReport]
    golfer_id: strawberry.ID
    """The golfer whom it is about."""
    message_id: strawberry.ID | None
    """The message that it is about, if it is about one."""
    quote: str
    """What that message said when it was reported; empty where the report is of no message."""
    reason: str
    """What is said."""
    outcome: ReportOutcome | None
    """What came of it; none while nobody has decided."""
    answered_at: dt.datetime | None
    """When somebody decided, in UTC."""
    created_at: dt.datetime
    """When it was made, in UTC."""

    @classmethod
    def of(cls, row: tables.GolferReport) -> Self:
        """Show a report."""
        return cls(
            id=strawberry.ID(public_id("golfer_report", row.id)),
            row=row,
            golfer_id=strawberry.ID(public_id("golfer", row.golfer_id)),
            message_id=strawberry.ID(public_id("message", row.message_id)) if row.message_id else None,
            quote=row.quote,
            reason=row.reason,
            outcome=row.outcome,
            answered_at=row.answered_at,
            created_at=row.created_at,
        )

    @field
    async def golfer_name(self, info: Info) -> str:
        """What the golfer is called whom it is about."""
        golfer: tables.Golfer = await info.context.load(golfers_by_id, self.row.golfer_id)
        return golfer.name


@finds("golfer")
async def find_golfer(session: AsyncSession, viewer: Viewer, value: UUID) -> Golfer:
    """Find a golfer."""
    return Golfer.of(await find_known(session, viewer=viewer, golfer_id=value))


@finds("golfer_report")
async def find_report(session: AsyncSession, viewer: Viewer, value: UUID) -> GolferReport:
    """Find a report."""
    return GolferReport.of(await blocks.find_report(session, viewer=viewer, report_id=value))
