"""The feed of hosted tee times, as a golfer sees it."""

import datetime as dt
from typing import Self

import strawberry

from domain.matching.facts import hosted_id
from domain.matching.feed import Found, feed_cursor
from domain.matching.score import Match as Scored
from domain.matching.suggestions import Suggested
from schema.connections import Connection
from schema.context import Info
from schema.describe import field, input_type, output
from schema.matching.offered import OfferedTeeTime
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


@input_type
class StartsInput:
    """A span within which tee times start."""

    first: dt.datetime | None = None
    """Those that do not start before this; without it, from now on."""
    last: dt.datetime | None = None
    """Those that do not start after this; without it, however late."""


@output
class Match:
    """How well a golfer and a tee time go together: the sum of six factors, 100 at the most."""

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
class MatchedTeeTime(OfferedTeeTime):
    """A hosted tee time that you may join, and how well it suits you."""

    tee_time_id: strawberry.ID
    """The hosted tee time."""
    match: Match
    """How well it suits you."""

    @classmethod
    def of(cls, found: Found) -> Self:
        """Show a tee time of the feed."""
        row = found.tee_time
        return cls(
            tee_time_id=strawberry.ID(hosted_id(row)), match=Match.of(found.match), **cls.offered(row, found.host)
        )


@output
class SuggestedGolfer:
    """A golfer who may like your tee time."""

    golfer: Golfer
    """The golfer."""
    match: Match
    """How well the tee time suits them."""

    @classmethod
    def of(cls, suggested: Suggested) -> Self:
        """Show a suggestion."""
        return cls(golfer=Golfer.of(suggested.known), match=Match.of(suggested.match))


@output
class TeeTimeFeed(Connection[MatchedTeeTime]):
    """A page of the feed."""

    is_far: bool = False
    """Whether nothing is within 250 km of you: then these are the nearest, and there is no further page."""

    @field
    async def cursor(self, info: Info) -> str:
        """The place in the feed's stream up to which this answer shows everything: follow `teeTimeFeed` `after` it."""
        async with info.context.read() as session:
            return str(await feed_cursor(session, viewer=info.context.viewer))
