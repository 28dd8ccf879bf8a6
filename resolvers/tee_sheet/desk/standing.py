"""Setting standing bookings, and looking at them."""

from typing import Annotated
from uuid import UUID

import strawberry

from domain.clubs.access import find_club
from domain.tee_sheet.desk import standing
from kit.ids import parse_id
from models.tee_sheet.standing import StandingBooking as StandingRow
from resolvers.edge import WHAT, mutation, session_of
from resolvers.polling import stays_until_clubs_move
from schema.connections import USUAL, After, Connection, First, Place, check_first, read_cursor
from schema.context import Info
from schema.describe import argument, field
from schema.tee_sheet.desk.standing import (
    EndStandingBookingInput,
    EndStandingBookingPayload,
    SetStandingBookingInput,
    SetStandingBookingPayload,
    StandingBooking,
)

STANDING = "standingBookings"


def _place_of(row: StandingRow) -> Place:
    return (row.id,)


@strawberry.type
class StandingMutations:
    """Mutations of standing bookings."""

    @mutation
    async def set_standing_booking(
        self, info: Info, input: Annotated[SetStandingBookingInput, WHAT]
    ) -> SetStandingBookingPayload:
        """Have the same start booked every week, when booking opens, or change what is. For staff."""
        context = info.context
        row = await standing.set_standing(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return SetStandingBookingPayload(problems=[], standing_booking=StandingBooking.of(row))

    @mutation
    async def end_standing_booking(
        self, info: Info, input: Annotated[EndStandingBookingInput, WHAT]
    ) -> EndStandingBookingPayload:
        """Book nothing more by a standing booking; what it has booked stays. For staff."""
        context = info.context
        row = await standing.end_standing(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return EndStandingBookingPayload(problems=[], standing_booking=StandingBooking.of(row))


@strawberry.type
class StandingQueries:
    """Looking at standing bookings."""

    @field
    async def standing_bookings(
        self,
        info: Info,
        *,
        club_id: Annotated[strawberry.ID, argument("Id of the club.")],
        ended: Annotated[bool, argument("Whether to list those that were ended, too.")] = False,
        first: First = USUAL,
        after: After = None,
    ) -> Connection[StandingBooking]:
        """The standing bookings of a club, those made last first. For staff."""
        key = parse_id("club", club_id, path=("clubId",))
        place, limit = read_cursor(STANDING, after, UUID), check_first(first) + 1
        async with info.context.read() as session:
            club = await find_club(session, viewer=info.context.viewer, club_id=key)
            before = place[0] if place else None
            rows = await standing.list_standing(
                session, viewer=info.context.viewer, club_id=club.id, ended=ended, before=before, limit=limit
            )
        stays_until_clubs_move(info, club.id)
        return Connection.page(rows, name=STANDING, first=first, after=after, place=_place_of, show=StandingBooking.of)
