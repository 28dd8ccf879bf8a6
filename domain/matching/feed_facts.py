"""Telling the feed: what of a tee time changed, and for whom it is from now on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.matching.facts import hosted_id, industries_of, state_of
from domain.matching.rooms import PRESENT, Standing
from domain.matching.score import social_points, wanted_of
from events.log import record
from events.matching.feed import FeedFact, FeedTeeTimeUpdated, Listing, NewTeeTimeInFeed
from kit.ids import public_id
from kit.text import camel
from models.matching.values import HostedStatus


@dataclass(frozen=True)
class FeedState:
    """What the feed shows of a tee time, and for whom, at a moment."""

    shown: dict[str, Any]
    listing: Listing | None


def feed_state(standing: Standing, *, joins: Iterable[UUID] = ()) -> FeedState:
    """Note how a tee time stands in the feed; `joins` are golfers who are about to take part, or to ask."""
    return FeedState(state_of(standing.tee_time), _listing(standing, joins))


def _listing(standing: Standing, joins: Iterable[UUID]) -> Listing | None:
    row = standing.tee_time
    if row.status is not HostedStatus.OPEN:
        return None
    named = industries_of(row.industry_mask)
    present = {part.golfer_id for part in standing.parts if part.status in PRESENT}
    return Listing(
        starts_at=row.starts_at,
        open_places=row.open_places,
        industries=named,
        wanted=tuple(sorted(wanted_of(frozenset(named), standing.host.industry), key=lambda one: one.value)),
        skill_level=row.skill_level,
        taken_by=tuple(sorted(public_id("golfer", one) for one in {*present, *joins})),
    )


def tell_new(session: AsyncSession, standing: Standing, *, now: datetime) -> None:
    """Tell the feed of a new tee time, after its own facts."""
    record(session, NewTeeTimeInFeed(**_fields(standing, feed_state(standing))), now=now)


def tell_feed(
    session: AsyncSession, standing: Standing, before: FeedState, *, joins: Iterable[UUID] = (), now: datetime
) -> None:
    """Tell the feed what changed about a tee time, after its own facts; nothing, where nothing that it shows has."""
    after = feed_state(standing, joins=joins)
    changes = tuple(camel(name) for name, value in after.shown.items() if before.shown[name] != value)
    if before.listing == after.listing and not (changes and after.listing):
        return
    record(
        session,
        FeedTeeTimeUpdated(**_fields(standing, after), before=before.listing, changes=changes),
        now=now,
    )


def _fields(standing: Standing, state: FeedState) -> dict[str, Any]:
    row, host = standing.tee_time, standing.host
    fields: dict[str, Any] = {name: value for name, value in state.shown.items() if name in FeedFact.__annotations__}
    return fields | {
        "of_tenant": public_id("tenant", row.tenant_id),
        "tee_time_id": hosted_id(row),
        "host_id": public_id("golfer", host.id),
        "host_name": host.name,
        "host_industry": host.industry,
        "course_id": public_id("course", row.course_id) if row.course_id else None,
        "city": row.city,
        "country": row.country,
        "time_zone": row.time_zone,
        "city_key": row.city_key,
        **{name: getattr(row, name) for name in "xyz"},
        "host_points": social_points(
            connected=False, ratings=host.ratings, stars=host.stars, rounds=host.hosted_rounds
        ),
        "host_knows": tuple(public_id("golfer", one) for one in standing.host_knows),
        "listing": state.listing,
    }
