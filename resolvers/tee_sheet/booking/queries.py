"""Finding bookings."""

import datetime as dt
from typing import Annotated
from uuid import UUID

import strawberry

from domain.tee_sheet.booking import access
from domain.tee_sheet.booking.listing import BookingFilter, list_bookings
from kit.ids import parse_id, parse_if_given
from models.tee_sheet import tables
from models.tee_sheet.values import BookingStatus
from resolvers.polling import stays_until_clubs_move
from schema.connections import USUAL, After, Connection, First, Place, check_first, read_cursor
from schema.context import Info
from schema.describe import argument, field
from schema.tee_sheet.booking.types import Booking

BOOKINGS = "bookings"


def _place_of_booking(row: tables.Booking) -> Place:
    return (row.id,)


@strawberry.type
class BookingQueries:
    """Finding bookings."""

    @field
    async def booking(self, info: Info, id: Annotated[strawberry.ID, argument("Id of the booking.")]) -> Booking:
        """A booking by its id: for staff, for who made it, and for its players."""
        wanted = parse_id("booking", id, path=("id",))
        async with info.context.read() as session:
            row = await access.find_booking(session, viewer=info.context.viewer, booking_id=wanted)
        stays_until_clubs_move(info, row.club_id)
        return Booking.of(row)

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
            course_id=parse_if_given("course", course_id, path=("courseId",)),
            first_date=first_date,
            last_date=last_date,
            statuses=statuses,
            player_id=parse_if_given("player", player_id, path=("playerId",)),
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
