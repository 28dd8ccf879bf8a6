"""Telling the feed: what of a tee time changed, and for whom it is from now on."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.matching.facts import hosted_id, industries_of, picture_id_of, state_of
from domain.matching.rooms import PRESENT, WITH_HOST_KNOWS, Standing
from domain.matching.score import social_points, wanted_of
from domain.matching.shown import seen_of
from events.log import record
from events.matching.feed import FeedFact, FeedOutdated, FeedTeeTimeUpdated, Listing, NewTeeTimeInFeed
from kit.ids import public_id
from kit.text import camel
from models.matching.golfers import Golfer
from models.matching.hosted import HostedTeeTime, Participation
from models.matching.values import HostedStatus, Industry

IDS = any_(bindparam("ids", type_=ARRAY(Uuid)))
LISTED = (
    WITH_HOST_KNOWS.where(
        HostedTeeTime.host_id == IDS,
        HostedTeeTime.status == HostedStatus.OPEN,
        HostedTeeTime.starts_at > bindparam("now", type_=DateTime(timezone=True)),
    )
    .order_by(HostedTeeTime.id)
    .with_for_update(key_share=True, of=HostedTeeTime)
    .execution_options(populate_existing=True)
)
"""The tee times of hosts that the feed lists."""
HOSTS_AND_PARTS = (
    select(Golfer, Participation)
    .join(HostedTeeTime, HostedTeeTime.host_id == Golfer.id)
    .join(Participation, Participation.tee_time_id == HostedTeeTime.id)
    .where(HostedTeeTime.id == IDS, Participation.status.in_(PRESENT))
    .execution_options(populate_existing=True)
)


SAID = {"host_points": "match", "host_picture_id": "hostPhotoUrl"}
"""What clients call what changed, where it is shown by another name."""


@dataclass(frozen=True)
class FeedState:
    """What the feed shows of a tee time, and for whom, at a moment."""

    shown: dict[str, Any]
    listing: Listing | None


def feed_state(standing: Standing, *, joins: Iterable[UUID] = ()) -> FeedState:
    """Note how a tee time stands in the feed; `joins` are golfers who are about to take part, or to ask."""
    return FeedState({**state_of(standing.tee_time), **_of_host(standing.host)}, _listing(standing, joins))


def _of_host(host: Golfer) -> dict[str, Any]:
    points = social_points(connected=False, ratings=host.ratings, stars=host.stars, rounds=host.hosted_rounds)
    return {
        "host_name": host.name,
        "host_industry": host.industry,
        "host_picture_id": picture_id_of(host),
        "host": seen_of(host),
        "host_points": points,
    }


def _listing(standing: Standing, joins: Iterable[UUID]) -> Listing | None:
    row = standing.tee_time
    if row.status is not HostedStatus.OPEN or standing.host.suspended_at is not None:
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
    changes = tuple(_said(name) for name, value in after.shown.items() if before.shown[name] != value)
    if before.listing == after.listing and not (changes and after.listing):
        return
    record(
        session,
        FeedTeeTimeUpdated(**_fields(standing, after), before=before.listing, changes=changes),
        now=now,
    )


def _said(name: str) -> str:
    return SAID.get(name) or camel(name)


@dataclass(frozen=True)
class Listed:
    """A tee time that the feed lists, locked, and how it stood there before its host changed."""

    standing: Standing
    before: FeedState


async def lock_listed(session: AsyncSession, hosts: Iterable[UUID], *, now: datetime) -> Sequence[Listed]:
    """Lock the tee times of some hosts that the feed lists, before these are locked, who are about to change."""
    ids = list(hosts)
    rows = (await session.execute(LISTED, {"ids": ids, "now": now})).all() if ids else ()
    if not rows:
        return ()
    parts: defaultdict[UUID, list[Participation]] = defaultdict(list)
    known: dict[UUID, Golfer] = {}
    for host, part in await session.execute(HOSTS_AND_PARTS, {"ids": [row.HostedTeeTime.id for row in rows]}):
        known[host.id] = host
        parts[part.tee_time_id].append(part)
    standings = [
        Standing(row.HostedTeeTime, known[row.HostedTeeTime.host_id], parts[row.HostedTeeTime.id], row.host_knows)
        for row in rows
    ]
    return [Listed(one, feed_state(one)) for one in standings]


def tell_listed(session: AsyncSession, listed: Iterable[Listed], *, now: datetime) -> None:
    """Tell the feed what a change of their hosts has made of tee times that were locked before."""
    for one in listed:
        tell_feed(session, one.standing, one.before, now=now)


def tell_outdated(
    session: AsyncSession,
    tenant_id: UUID,
    *golfers: Golfer,
    with_connected: bool = False,
    industries: Sequence[Industry] = (),
    now: datetime,
) -> None:
    """Tell those who follow the feed that theirs is another one, after `golfer.changed` of all who have changed."""
    told = FeedOutdated(
        of_tenant=public_id("tenant", tenant_id),
        golfers=tuple(public_id("golfer", one.id) for one in golfers),
        with_connected=with_connected,
        industries=tuple(industries),
    )
    record(session, told, now=now)


def _fields(standing: Standing, state: FeedState) -> dict[str, Any]:
    row, host = standing.tee_time, standing.host
    fields: dict[str, Any] = {name: value for name, value in state.shown.items() if name in FeedFact.__annotations__}
    return fields | {
        "of_tenant": public_id("tenant", row.tenant_id),
        "tee_time_id": hosted_id(row),
        "host_id": public_id("golfer", host.id),
        "course_id": public_id("course", row.course_id) if row.course_id else None,
        "city": row.city,
        "country": row.country,
        "time_zone": row.time_zone,
        "city_key": row.city_key,
        **{name: getattr(row, name) for name in "xyz"},
        "host_knows": tuple(public_id("golfer", one) for one in standing.host_knows),
        "listing": state.listing,
    }
