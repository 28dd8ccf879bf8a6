"""Searching the starts that can be booked."""

import datetime as dt
from typing import Annotated
from uuid import UUID

import strawberry

from domain.tee_sheet.offers.availability import AvailableStart, Search, available_tee_times
from kit.ids import parse_if_given
from schema.connections import USUAL, After, Connection, First, Place, check_first, read_cursor
from schema.context import Info
from schema.describe import argument, field
from schema.tee_sheet.offers.types import AvailableTeeTime

STARTS = "availableTeeTimes"


def _place_of_start(found: AvailableStart) -> Place:
    return found.tee_time.starts_at, found.tee_time.id


@strawberry.type
class OfferQueries:
    """Searching the starts that can be booked."""

    @field
    async def available_tee_times(
        self,
        info: Info,
        *,
        first_date: Annotated[dt.date, argument("The first day, on the course's calendar.")],
        last_date: Annotated[
            dt.date | None, argument("The last day, at most 31 in all; the first if left out.")
        ] = None,
        course_id: Annotated[strawberry.ID | None, argument("Id of a course.")] = None,
        club_id: Annotated[strawberry.ID | None, argument("Id of a club, instead: all its courses.")] = None,
        players: Annotated[int, argument("How many places are wanted, 1 to 4.")] = 1,
        holes: Annotated[int | None, argument("9 or 18; a full round if left out.")] = None,
        lowest_cents: Annotated[int | None, argument("What one player pays at least, in cents.")] = None,
        highest_cents: Annotated[int | None, argument("What one player pays at most, in cents.")] = None,
        earliest: Annotated[dt.time | None, argument("No start before this time of the course's clock.")] = None,
        latest: Annotated[dt.time | None, argument("No start after this time of the course's clock.")] = None,
        held_back: Annotated[
            bool, argument("Whether to count what is held back as free; for staff, who sell it, it always is.")
        ] = False,
        first: First = USUAL,
        after: After = None,
    ) -> Connection[AvailableTeeTime]:
        """Starts that the viewer could book, by start: to come, online, within their window, not closed, with places.

        Staff find those of today that have come, too.
        """
        search = Search(
            first_date=first_date,
            last_date=last_date or first_date,
            players=players,
            holes=holes,
            lowest_cents=lowest_cents,
            highest_cents=highest_cents,
            earliest=earliest,
            latest=latest,
            held_back=held_back,
        )
        async with info.context.read() as session:
            rows = await available_tee_times(
                session,
                viewer=info.context.viewer,
                club_id=parse_if_given("club", club_id, path=("clubId",)),
                course_id=parse_if_given("course", course_id, path=("courseId",)),
                search=search,
                after=read_cursor(STARTS, after, dt.datetime, UUID),
                limit=check_first(first) + 1,
                now=info.context.now,
            )
        return Connection.page(
            rows, name=STARTS, first=first, after=after, place=_place_of_start, show=AvailableTeeTime.of
        )
