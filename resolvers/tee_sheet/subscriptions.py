"""Subscriptions of the tee sheet, and of all that happens at a club."""

from collections.abc import AsyncGenerator
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import strawberry

from domain.tee_sheet.booking.access import find_booking
from events.clubs import club_room
from events.tee_sheet.base import sheet_room
from events.tee_sheet.booking import booking_room
from kit.ids import parse_id, public_id
from resolvers.streams import follow
from resolvers.tee_sheet.access import Playing
from schema.context import Info
from schema.describe import argument, sentence
from schema.events import Audience
from schema.tee_sheet.streams import (
    BookingStreamEvent,
    ClubEventType,
    ClubStreamEvent,
    TeeSheetEventType,
    TeeSheetStreamEvent,
)

AFTER = argument("Go on without a gap after this cursor, from a query, a payload or an event; from now on if left out.")
TYPES = argument("Send these events only; all if left out or empty.")


def subscription(resolver: Any) -> Any:
    """Declare a subscription; its docstring describes it."""
    return strawberry.subscription(resolver=resolver, description=sentence(resolver))


def _audience(info: Info, club_id: UUID) -> Audience:
    return Audience(sees_names=info.context.viewer.is_staff_of(club_id))


@strawberry.type
class TeeSheetSubscriptions:
    """Subscriptions of the tee sheet."""

    @subscription
    async def club_events(
        self,
        info: Info,
        club_id: Annotated[strawberry.ID, argument("Id of the club.")],
        types: Annotated[list[ClubEventType] | None, TYPES] = None,
        after: Annotated[str | None, AFTER] = None,
    ) -> AsyncGenerator[ClubStreamEvent, None]:
        """Everything that happens at a club, but for its caddies: `caddieEvents` tells of them."""
        wanted = parse_id("club", club_id, path=("clubId",))
        club = await info.context.whereabouts.club(info.context, wanted)
        stream = club_room(public_id("club", club))
        return await follow(info, stream=stream, room=stream, audience=_audience(info, club), types=types, after=after)

    @subscription
    async def tee_sheet_events(
        self,
        info: Info,
        course_id: Annotated[strawberry.ID, argument("Id of the course.")],
        date: Annotated[date, argument("The day on the course's calendar.")],
        types: Annotated[list[TeeSheetEventType] | None, TYPES] = None,
        after: Annotated[str | None, AFTER] = None,
    ) -> AsyncGenerator[TeeSheetStreamEvent, None]:
        """Everything that changes the tee sheet of a course on a day."""
        wanted = parse_id("course", course_id, path=("courseId",))
        club = await info.context.whereabouts.club_of_course(info.context, wanted)
        stream, room = club_room(public_id("club", club)), sheet_room(public_id("course", wanted), date)
        audience = _audience(info, club)
        return await follow(info, stream=stream, room=room, audience=audience, types=types, after=after)

    @subscription
    async def booking_events(
        self,
        info: Info,
        booking_id: Annotated[strawberry.ID, argument("Id of the booking.")],
        after: Annotated[str | None, AFTER] = None,
    ) -> AsyncGenerator[BookingStreamEvent, None]:
        """Everything that happens to a booking: for staff, for who made it, and for its players.

        A player who is taken off it hears that, and nothing after it.
        """
        wanted = parse_id("booking", booking_id, path=("bookingId",))
        async with info.context.read() as session:
            booking = await find_booking(session, viewer=info.context.viewer, booking_id=wanted)
        stream = club_room(public_id("club", booking.club_id))
        room = booking_room(public_id("booking", booking.id))
        viewer, audience = info.context.viewer, _audience(info, booking.club_id)
        always = viewer.is_staff_of(booking.club_id) or booking.booked_by == viewer.user_id
        concerns = None if always else Playing(viewer)
        return await follow(
            info, stream=stream, room=room, audience=audience, types=None, after=after, concerns=concerns
        )
