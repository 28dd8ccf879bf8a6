"""Inputs about golfers."""

from types import MappingProxyType

import strawberry

from models.matching.values import Industry, RelationStrength, ReportOutcome, SkillLevel, Visibility
from schema.describe import input_type
from schema.inputs import Input

UNSET = strawberry.UNSET


@input_type
class UpdateGolferInput(Input):
    """What you say of yourself; what is left out stays, and null removes what may be missing."""

    name: str | None = UNSET
    """What you are called, at most 100 characters; needed at first."""
    picture_id: strawberry.ID | None = UNSET
    """Your photo, by the id that `uploadPicture` gave, once it was sent; null removes it."""
    headline: str | None = UNSET
    """A line about you, at most 200 characters."""
    employer: str | None = UNSET
    """For whom you work, at most 100 characters."""
    hides_employer: bool | None = UNSET
    """Whether the employer is shown to nobody else."""
    industry: Industry | None = UNSET
    """Your line of work; needed at first."""
    city: str | None = UNSET
    """The city that you live in, at most 100 characters."""
    country: str | None = UNSET
    """Its country, by the two capitals of ISO 3166-1, as in ES."""
    latitude: float | None = UNSET
    """Where you are, in degrees from -90 to 90; shown to nobody. Give it with the longitude."""
    longitude: float | None = UNSET
    """Where you are, in degrees from -180 to 180; shown to nobody. Give it with the latitude."""
    time_zone: str | None = UNSET
    """Your IANA time zone, as in Europe/Madrid; needed at first."""
    language: str | None = UNSET
    """The language that you are told things in, as in en or es-MX."""
    handicap_index: float | None = UNSET
    """Your handicap index, at most 54.0; plus handicaps are negative."""
    skill_level: SkillLevel | None = UNSET
    """How well you play; null lets the handicap index tell."""
    visibility: Visibility | None = UNSET
    """Who may know of you; all golfers at first."""


@input_type
class ConnectGolfersInput(Input):
    """Somebody whom you would like to be connected with."""

    golfer_id: strawberry.ID
    """The other golfer."""


@input_type
class DisconnectGolfersInput(Input):
    """Somebody whom you would not like to be connected with."""

    golfer_id: strawberry.ID
    """The other golfer."""


@input_type
class BlockGolferInput(Input):
    """Somebody whom you want nothing to do with."""

    golfer_id: strawberry.ID
    """The other golfer."""


@input_type
class UnblockGolferInput(Input):
    """Somebody whom you have blocked."""

    golfer_id: strawberry.ID
    """The other golfer."""


@input_type
class ReportGolferInput(Input):
    """Something that those who run the clubs should know of a golfer."""

    golfer_id: strawberry.ID
    """The golfer."""
    reason: str
    """What happened, at most 1,000 characters on any number of lines."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class AnswerGolferReportInput(Input):
    """What comes of a report."""

    kinds = MappingProxyType({"report_id": "golfer_report"})
    report_id: strawberry.ID
    """The report."""
    outcome: ReportOutcome
    """What comes of it."""


@input_type
class ReinstateGolferInput(Input):
    """A golfer who is suspended and shall not be any more."""

    golfer_id: strawberry.ID
    """The golfer."""


@input_type
class SetIndustryRelationInput(Input):
    """How much two lines of work have in common."""

    industry: Industry
    """One of them."""
    other_industry: Industry
    """The other."""
    strength: RelationStrength
    """How much they have in common."""


@input_type
class EraseGolferInput(Input):
    """Somebody of whom all that is kept shall be erased for ever."""

    golfer_id: strawberry.ID | None = UNSET
    """The golfer; you, if left out. Only admins name others."""
