"""Mutations of bookings."""

from typing import Annotated

import strawberry

from auth.limits import Rate
from domain.journeys import bookings
from resolvers.edge import WHAT, mutation, session_of
from schema.context import Info
from schema.tee_sheet.booking import payloads
from schema.tee_sheet.booking.inputs import (
    BookSlotsInput,
    CancelBookingInput,
    LeaveBookingInput,
    MoveBookingInput,
    RestoreBookingInput,
    UpdateBookingInput,
)
from schema.tee_sheet.booking.types import Booking


@strawberry.type
class BookingMutations:
    """Mutations of bookings."""

    @mutation(limit=Rate.BOOKINGS)
    async def book_slots(self, info: Info, input: Annotated[BookSlotsInput, WHAT]) -> payloads.BookSlotsPayload:
        """Book places, from a hold or directly."""
        context = info.context
        row = await bookings.book_slots(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.BookSlotsPayload(problems=[], booking=Booking.of(row))

    @mutation(limit=Rate.BOOKINGS)
    async def update_booking(
        self, info: Info, input: Annotated[UpdateBookingInput, WHAT]
    ) -> payloads.UpdateBookingPayload:
        """Change a booking's players, its payer, or what was paid, in one operation: for its booker and for staff."""
        context = info.context
        row = await bookings.update_booking(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.UpdateBookingPayload(problems=[], booking=Booking.of(row))

    @mutation(limit=Rate.BOOKINGS)
    async def move_booking(self, info: Info, input: Annotated[MoveBookingInput, WHAT]) -> payloads.MoveBookingPayload:
        """Move a booking to another tee time of its club: for its booker and for staff. Its carts are given back."""
        context = info.context
        row = await bookings.move_booking(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.MoveBookingPayload(problems=[], booking=Booking.of(row))

    @mutation
    async def cancel_booking(
        self, info: Info, input: Annotated[CancelBookingInput, WHAT]
    ) -> payloads.CancelBookingPayload:
        """Cancel a booking, free its places, and release the caddies and carts that wait for it.

        For who made it, for who plays in it and pays, and for staff.
        """
        context = info.context
        row = await bookings.cancel_booking(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.CancelBookingPayload(problems=[], booking=Booking.of(row))

    @mutation
    async def restore_booking(
        self, info: Info, input: Annotated[RestoreBookingInput, WHAT]
    ) -> payloads.RestoreBookingPayload:
        """Let a booking hold again that was cancelled within a day, where its places are free. For staff."""
        context = info.context
        row = await bookings.restore_booking(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.RestoreBookingPayload(problems=[], booking=Booking.of(row))

    @mutation
    async def leave_booking(
        self, info: Info, input: Annotated[LeaveBookingInput, WHAT]
    ) -> payloads.LeaveBookingPayload:
        """Take yourself off a booking, whoever made it; one that nobody else is on is cancelled by that."""
        context = info.context
        row = await bookings.leave_booking(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.LeaveBookingPayload(problems=[], booking=Booking.of(row))
