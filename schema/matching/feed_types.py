"""The feed of hosted tee times, as a golfer sees it."""

import datetime as dt
from typing import Self

import strawberry

from domain.matching.facts import hosted_id, industries_of
from domain.matching.feed import Found
from domain.matching.score import Match as Scored
from kit.ids import public_id
from models.matching.values import Industry, SkillLevel
from schema.connections import Connection
from schema.describe import input_type, output
from schema.matching.types import Golfer


@input_type
class NearInput:
    """A circle on the map."""

    latitude: float
    """Of its middle, in degrees from -90 to 90."""
    longitude: float
    """Of its middle, in degrees from -180 to 180."""
    radius_km: float
    """Its radius along the ground, in kilometres, up to 20,100."""


@output
class Match:
    """How well you and a tee time go together: the sum of six factors, 100 at the most."""

    score: int
    """The sum."""
    industry: int
    """For the line of work, 30 at the most."""
    proximity: int
    """For the distance, 25 at the most."""
    skill: int
    """For the level, 15 at the most."""
    time: int
    """For how soon it starts, 15 at the most."""
    availability: int
    """For the open places, 10 at the most."""
    social: int
    """For the host, 5 at the most."""

    @classmethod
    def of(cls, match: Scored) -> Self:
        """Show a score."""
        return cls(
            score=match.score,
            industry=match.industry,
            proximity=match.proximity,
            skill=match.skill,
            time=match.time,
            availability=match.availability,
            social=match.social,
        )


@output
class MatchedTeeTime:
    """A hosted tee time that you may join, and how well it suits you."""

    tee_time_id: strawberry.ID
    """The hosted tee time."""
    host: Golfer
    """Who hosts it."""
    course_id: strawberry.ID | None
    """The course, where it is one of a club's."""
    place_name: str
    """Where it is: the course, or another place."""
    city: str
    """The city; empty where nobody has said so."""
    country: str
    """Its country, by the two letters of ISO 3166-1; empty where nobody has said so."""
    time_zone: str
    """The IANA zone of the place."""
    starts_at: dt.datetime
    """When it starts, in UTC."""
    places: int
    """Places beside the host's."""
    open_places: int
    """How many of them are open."""
    industries: list[Industry]
    """The lines of work that it is for; none: all."""
    skill_level: SkillLevel | None
    """The level that it is for; none: any."""
    needs_approval: bool
    """Whether the host decides who joins."""
    notes: str
    """What the host says of it."""
    match: Match
    """How well it suits you."""

    @classmethod
    def of(cls, found: Found) -> Self:
        """Show a tee time of the feed."""
        row = found.tee_time
        return cls(
            tee_time_id=strawberry.ID(hosted_id(row)),
            host=Golfer.of(found.host),
            course_id=strawberry.ID(public_id("course", row.course_id)) if row.course_id else None,
            place_name=row.place_name,
            city=row.city,
            country=row.country,
            time_zone=row.time_zone,
            starts_at=row.starts_at,
            places=row.places,
            open_places=row.open_places,
            industries=list(industries_of(row.industry_mask)),
            skill_level=row.skill_level,
            needs_approval=row.needs_approval,
            notes=row.notes,
            match=Match.of(found.match),
        )


@output
class TeeTimeFeed(Connection[MatchedTeeTime]):
    """A page of the feed."""

    is_far: bool = False
    """Whether nothing is within 250 km of you: then these are the nearest, and there is no further page."""
