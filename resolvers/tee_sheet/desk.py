"""What the desk does to a tee sheet."""

from typing import Annotated

import strawberry

from domain.tee_sheet import booking_changes, moves
from resolvers.edge import mutation, session_of
from resolvers.tee_sheet.mutations import WHAT
from schema.context import Info
from schema.tee_sheet import desk_payloads as payloads
from schema.tee_sheet.desk_inputs import MoveBookingInput, UpdateBookingInput
from schema.tee_sheet.types.bookings import Booking


@strawberry.type
class DeskMutations:
    """Mutations of the desk."""

    @mutation
    async def update_booking(
        self, info: Info, input: Annotated[UpdateBookingInput, WHAT]
    ) -> payloads.UpdateBookingPayload:
        """Change a booking's players, its payer, or what was paid, in one operation: for its booker and for staff."""
        context = info.context
        row = await booking_changes.update_booking(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.UpdateBookingPayload(problems=[], booking=Booking.of(row))

    @mutation
    async def move_booking(self, info: Info, input: Annotated[MoveBookingInput, WHAT]) -> payloads.MoveBookingPayload:
        """Move a booking to another tee time of its club: for its booker and for staff."""
        context = info.context
        row = await moves.move_booking(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.MoveBookingPayload(problems=[], booking=Booking.of(row))
