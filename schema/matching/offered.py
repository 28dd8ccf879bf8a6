"""What all types show that show a hosted tee time."""

import datetime as dt
from typing import Any

import strawberry

from domain.matching.access import KnownGolfer
from domain.matching.facts import industries_of
from kit.ids import public_id
from models.matching.hosted import HostedTeeTime
from models.matching.values import Industry, SkillLevel
from schema.describe import output
from schema.matching.types import Golfer


@output
class OfferedTeeTime:
    """A hosted tee time as all may know it who may know of it."""

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

    @staticmethod
    def offered(row: HostedTeeTime, host: KnownGolfer) -> dict[str, Any]:
        """Give these fields of a row."""
        return {
            "host": Golfer.of(host),
            "course_id": strawberry.ID(public_id("course", row.course_id)) if row.course_id else None,
            "place_name": row.place_name,
            "city": row.city,
            "country": row.country,
            "time_zone": row.time_zone,
            "starts_at": row.starts_at,
            "places": row.places,
            "open_places": row.open_places,
            "industries": list(industries_of(row.industry_mask)),
            "skill_level": row.skill_level,
            "needs_approval": row.needs_approval,
            "notes": row.notes,
        }
