"""The subscription to a booking."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from domain.tee_sheet.booking.access import find_booking
from events.clubs import club_room
from events.tee_sheet.booking import booking_room
from kit.ids import parse_id, public_id
from resolvers.streams import AFTER, audience_at, follow, subscription
from resolvers.tee_sheet.booking.playing import Playing
from schema.context import Info
from schema.describe import argument
from schema.streams import BookingStreamEvent


@strawberry.type
class BookingSubscriptions:
    """The subscription to a booking."""

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
        viewer, audience = info.context.viewer, audience_at(info, booking.club_id)
        always = viewer.is_staff_of(booking.club_id) or booking.booked_by == viewer.user_id
        concerns = None if always else Playing(viewer)
        return await follow(
            info, stream=stream, room=room, audience=audience, types=None, after=after, concerns=concerns
        )
