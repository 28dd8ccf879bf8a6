"""The feed of hosted tee times."""

import datetime as dt
from typing import Annotated
from uuid import UUID

import strawberry

from domain.matching.feed import FeedFilter, FeedPlace, Found, near_of, read_feed
from domain.matching.suggestions import MOST, suggest_golfers
from kit.errors import InvalidInput
from kit.ids import parse_id
from models.matching.values import Industry, SkillLevel
from schema.connections import USUAL, After, First, check_first, read_cursor
from schema.context import Info
from schema.describe import argument, field, list_field
from schema.matching.feed_types import MatchedTeeTime, NearInput, SuggestedGolfer, TeeTimeFeed

FEED = "hostedTeeTimes"


def _place(after: str | None) -> FeedPlace | None:
    read = read_cursor(FEED, after, dt.datetime, str, dt.datetime, UUID)
    if read is None:
        return None
    now, score, starts_at, tee_time_id = read
    if not (score.isascii() and score.isdigit() and len(score) <= len("100")):
        raise InvalidInput(message="This is no cursor of this list; take one from a page of it.", path=("after",))
    return FeedPlace(now, int(score), starts_at, tee_time_id)


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
        circle, within = near_of(near.latitude, near.longitude, near.radius_km) if near else (None, None)
        wanted = FeedFilter(
            industries=frozenset(industries or ()),
            near=circle,
            within=within,
            first=first_start,
            last=last_start,
            skill_level=skill_level,
        )
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
