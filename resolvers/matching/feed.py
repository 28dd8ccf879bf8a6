"""The feed of hosted tee times."""

import datetime as dt
from collections.abc import AsyncGenerator
from typing import Annotated
from uuid import UUID

import strawberry

from domain.matching.access import find_me
from domain.matching.feed import FeedFilter, FeedPlace, Found, check_span, near_of, read_feed
from domain.matching.recommendations import KEPT, key_of, recommend
from domain.matching.recommendations import MOST as RECOMMENDED
from domain.matching.suggestions import MOST, suggest_golfers
from events.matching.feed import feed_room
from events.matching.golfers import network_room
from kit.errors import InvalidInput
from kit.ids import parse_id, public_id
from models.matching.values import Industry, SkillLevel
from resolvers.streams import AFTER, TYPES, follow, subscription
from schema.connections import USUAL, After, First, check_first, read_cursor
from schema.context import Info
from schema.describe import argument, field, list_field
from schema.feeds import Classes
from schema.matching.feed_events import FeedEventType, FeedStreamEvent
from schema.matching.feed_types import MatchedTeeTime, NearInput, StartsInput, SuggestedGolfer, TeeTimeFeed
from schema.sight import EVERYBODY

FEED = "hostedTeeTimes"


def _place(after: str | None) -> FeedPlace | None:
    read = read_cursor(FEED, after, dt.datetime, str, dt.datetime, UUID)
    if read is None:
        return None
    now, score, starts_at, tee_time_id = read
    if not (score.isascii() and score.isdigit() and len(score) <= len("100")):
        raise InvalidInput(message="This is no cursor of this list; take one from a page of it.", path=("after",))
    return FeedPlace(now, int(score), starts_at, tee_time_id)


def _wanted(
    industries: list[Industry] | None,
    near: NearInput | None,
    skill_level: SkillLevel | None,
    first_start: dt.datetime | None,
    last_start: dt.datetime | None,
) -> FeedFilter:
    circle, within = near_of(near.latitude, near.longitude, near.radius_km) if near else (None, None)
    return FeedFilter(
        industries=frozenset(industries or ()),
        near=circle,
        within=within,
        first=first_start,
        last=last_start,
        skill_level=skill_level,
    )


@strawberry.type
class FeedQueries:
    """Queries of the feed."""

    @field
    async def hosted_tee_times(
        self,
        info: Info,
        *,
        industries: Annotated[
            list[Industry] | None, argument("For these lines of work; all that suit you if left out or empty.")
        ] = None,
        near: Annotated[NearInput | None, argument("Within this circle only.")] = None,
        first_start: Annotated[dt.datetime | None, argument("Those that do not start before this.")] = None,
        last_start: Annotated[dt.datetime | None, argument("Those that do not start after this.")] = None,
        skill_level: Annotated[SkillLevel | None, argument("For this level, or any.")] = None,
        first: First = USUAL,
        after: After = None,
    ) -> TeeTimeFeed:
        """The tee times that you may join, those that suit you best first. Further pages are as of the first one."""
        place, limit = _place(after), check_first(first) + 1
        wanted = _wanted(industries, near, skill_level, first_start, last_start)
        now = info.context.now
        async with info.context.read() as session:
            feed = await read_feed(
                session, viewer=info.context.viewer, wanted=wanted, after=place, limit=limit, now=now
            )
        as_of = place.now if place else now

        def where(found: Found) -> tuple[dt.datetime, str, dt.datetime, UUID]:
            return (as_of, str(found.match.score), found.tee_time.starts_at, found.tee_time.id)

        rows = feed.found[:first] if feed.is_far else feed.found
        page = TeeTimeFeed.page(rows, name=FEED, first=first, after=after, place=where, show=MatchedTeeTime.of)
        page.is_far = feed.is_far
        return page

    @list_field(entries=RECOMMENDED)
    async def recommendations(self, info: Info) -> list[MatchedTeeTime]:
        """The tee times that suit you best of all that you may join; 50 at the most.

        They are kept for five minutes, and worked out anew when one of them has changed, when there is one that suits
        you as well as the last of them, and when you have changed yourself, your connections or your blocks.
        """
        context = info.context
        async with context.read() as session:
            me = await find_me(session, viewer=context.viewer)
            kept = await context.keeper.get(key_of(me)) if context.keeper else None
            found = await recommend(session, me=me, kept=kept, now=context.now)
            if found.to_keep and context.keeper:
                await context.keeper.put(key_of(me), found.to_keep, within=KEPT)
        return [MatchedTeeTime.of(one) for one in found.found]

    @list_field(entries=MOST)
    async def suggested_golfers(
        self, info: Info, tee_time_id: Annotated[strawberry.ID, argument("Id of a hosted tee time of yours.")]
    ) -> list[SuggestedGolfer]:
        """The golfers within 100 km whom a tee time of yours suits best, of those whom you may know; 50 at the most.

        Left out are those who take or took part in it, or have asked to. None where it is full.
        """
        wanted = parse_id("hosted_tee_time", tee_time_id, path=("teeTimeId",))
        now = info.context.now
        async with info.context.read() as session:
            found = await suggest_golfers(session, viewer=info.context.viewer, tee_time_id=wanted, now=now)
        return [SuggestedGolfer.of(one) for one in found]


@strawberry.type
class FeedSubscriptions:
    """Subscriptions of the feed."""

    @subscription
    async def tee_time_feed(
        self,
        info: Info,
        industries: Annotated[
            list[Industry] | None, argument("For these lines of work; all that suit you if left out or empty.")
        ] = None,
        near: Annotated[NearInput | None, argument("Within this circle only.")] = None,
        dates: Annotated[StartsInput | None, argument("Those that start within this span.")] = None,
        skill: Annotated[SkillLevel | None, argument("For this level, or any.")] = None,
        types: Annotated[list[FeedEventType] | None, TYPES] = None,
        after: Annotated[str | None, AFTER] = None,
    ) -> AsyncGenerator[FeedStreamEvent, None]:
        """New tee times that you may join, and what changes about those that are in your feed, or were until now.

        Each comes with how well it suits you. The filter is that of `hostedTeeTimes`.
        """
        wanted = _wanted(industries, near, skill, dates.first if dates else None, dates.last if dates else None)
        check_span(wanted)
        context = info.context
        async with context.read() as session:
            me = await find_me(session, viewer=context.viewer)
        await context.forget()  # the index reads by a connection of its own: to keep one meanwhile may starve it
        stream = network_room(public_id("tenant", context.tenant_id))
        index = await context.feeds.of(context.tenant_id)
        follower = await index.join(public_id("golfer", me.id), wanted)
        one_alone = feed_room(next(iter(wanted.industries))) if len(wanted.industries) == 1 else stream
        return await follow(
            info,
            stream=stream,
            room=one_alone,
            audience=EVERYBODY,
            types=types,
            after=after,
            classes=Classes(classify=index.classify, ready=index.ready_for),
            member=follower,
        )
