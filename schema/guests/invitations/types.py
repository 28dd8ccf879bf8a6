"""What an invitation says to whoever has its code."""

import datetime as dt
from typing import Self

import strawberry

from domain.guests.invitations.opening import Invitation as FoundInvitation
from kit.ids import public_id
from models.clubs.values import Language
from models.guests.values import OccasionKind, OccasionStatus
from schema.describe import listed, output
from schema.guests.occasions.types import Part


@output
class Invitation:
    """An invitation, as its first page says it; `redeemInvitation` gives a token for all else."""

    occasion_id: strawberry.ID
    """The occasion."""
    occasion_name: str
    """What the occasion is called."""
    kind: OccasionKind
    """What is celebrated."""
    status: OccasionStatus
    """Whether it is open, or over."""
    rsvp_deadline: dt.datetime
    """Until when the household may answer, in UTC; that moment included."""
    household_id: strawberry.ID
    """The household."""
    household_name: str
    """What the household is called."""
    language: Language
    """The language in which it is spoken to."""
    parts: list[Part] = listed(entries=3)
    """The parts that it is invited to, in their order."""

    @classmethod
    def of(cls, found: FoundInvitation) -> Self:
        """Show an invitation."""
        occasion, household = found.occasion, found.household
        return cls(
            occasion_id=strawberry.ID(public_id("occasion", occasion.id)),
            occasion_name=occasion.name,
            kind=occasion.kind,
            status=occasion.status,
            rsvp_deadline=occasion.rsvp_deadline,
            household_id=strawberry.ID(public_id("household", household.id)),
            household_name=household.name,
            language=household.language,
            parts=[Part.of(part) for part in found.parts],
        )
