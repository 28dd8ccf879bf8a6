"""Searching the tee sheets: starts that are free, and bookings."""

import datetime as dt
from typing import Annotated
from uuid import UUID

import strawberry

from domain.tee_sheet.availability import AvailableStart, Search, available_tee_times
from domain.tee_sheet.booking_list import BookingFilter, list_bookings
from kit.ids import parse_id
from models.tee_sheet import tables
from models.tee_sheet.values import BookingStatus
from resolvers.polling import stays_until_clubs_move
from schema.connections import USUAL, After, Connection, First, Place, check_first, read_cursor
from schema.context import Info
from schema.describe import argument, field
from schema.tee_sheet.types.availability import AvailableTeeTime
from schema.tee_sheet.types.bookings import Booking

STARTS, BOOKINGS = "availableTeeTimes", "bookings"


def _id(kind: str, text: str | None, name: str) -> UUID | None:
    return None if text is None else parse_id(kind, text, path=(name,))


def _place_of_start(found: AvailableStart) -> Place:
    return found.tee_time.starts_at, found.tee_time.id


def _place_of_booking(row: tables.Booking) -> Place:
    return (row.id,)


@strawberry.type
class SearchQueries:
    """Searches of the tee sheets."""

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
        first: First = USUAL,
        after: After = None,
    ) -> Connection[AvailableTeeTime]:
        """Starts to come that the viewer could book, by start: online, within their window, not closed, with places."""
        search = Search(
            first_date=first_date,
            last_date=last_date or first_date,
            players=players,
            holes=holes,
            lowest_cents=lowest_cents,
            highest_cents=highest_cents,
            earliest=earliest,
            latest=latest,
        )
        async with info.context.read() as session:
            rows = await available_tee_times(
                session,
                viewer=info.context.viewer,
                club_id=_id("club", club_id, "clubId"),
                course_id=_id("course", course_id, "courseId"),
                search=search,
                after=read_cursor(STARTS, after, dt.datetime, UUID),
                limit=check_first(first) + 1,
                now=info.context.now,
            )
        return Connection.page(
            rows, name=STARTS, first=first, after=after, place=_place_of_start, show=AvailableTeeTime.of
        )

    @field
    async def bookings(
        self,
        info: Info,
        *,
        club_id: Annotated[strawberry.ID, argument("Id of the club.")],
        course_id: Annotated[strawberry.ID | None, argument("Those of this course only.")] = None,
        first_date: Annotated[dt.date | None, argument("None of a sheet before this day.")] = None,
        last_date: Annotated[dt.date | None, argument("None of a sheet after this day.")] = None,
        statuses: Annotated[list[BookingStatus] | None, argument("Those of these statuses only.")] = None,
        player_id: Annotated[strawberry.ID | None, argument("Those that this player plays in only.")] = None,
        payer: Annotated[str | None, argument("Those whose payer's name has this text in it.")] = None,
        first: First = USUAL,
        after: After = None,
    ) -> Connection[Booking]:
        """The bookings of a club, those made last first: all of them for staff, their own for players."""
        wanted = BookingFilter(
            course_id=_id("course", course_id, "courseId"),
            first_date=first_date,
            last_date=last_date,
            statuses=statuses,
            player_id=_id("player", player_id, "playerId"),
            payer=payer,
        )
        club = parse_id("club", club_id, path=("clubId",))
        place = read_cursor(BOOKINGS, after, UUID)
        limit = check_first(first) + 1
        async with info.context.read() as session:
            rows = await list_bookings(
                session,
                viewer=info.context.viewer,
                club_id=club,
                wanted=wanted,
                before=place[0] if place else None,
                limit=limit,
            )
        stays_until_clubs_move(info, club)
        return Connection.page(rows, name=BOOKINGS, first=first, after=after, place=_place_of_booking, show=Booking.of)
