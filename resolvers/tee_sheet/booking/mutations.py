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
    MergeBookingsInput,
    MoveBookingInput,
    MovePlayersInput,
    RestoreBookingInput,
    SplitBookingInput,
    SwapBookingsInput,
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

    @mutation
    async def split_booking(
        self, info: Info, input: Annotated[SplitBookingInput, WHAT]
    ) -> payloads.SplitBookingPayload:
        """Make a booking of its own of some players, in the places that they have. For staff."""
        context = info.context
        rows = await bookings.split_booking(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.SplitBookingPayload(problems=[], booking=Booking.of(rows[0]), new_booking=Booking.of(rows[1]))

    @mutation
    async def move_players(self, info: Info, input: Annotated[MovePlayersInput, WHAT]) -> payloads.MovePlayersPayload:
        """Put players of a booking onto another one, also on another start. For staff."""
        context = info.context
        rows = await bookings.move_players(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.MovePlayersPayload(problems=[], booking=Booking.of(rows[0]), other_booking=Booking.of(rows[1]))

    @mutation
    async def merge_bookings(
        self, info: Info, input: Annotated[MergeBookingsInput, WHAT]
    ) -> payloads.MergeBookingsPayload:
        """Put all players of other bookings onto one; the others are over. For staff."""
        context = info.context
        rows = await bookings.merge_bookings(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.MergeBookingsPayload(problems=[], booking=Booking.of(rows[0]))

    @mutation
    async def swap_bookings(
        self, info: Info, input: Annotated[SwapBookingsInput, WHAT]
    ) -> payloads.SwapBookingsPayload:
        """Let two bookings change their starts; their carts are given back. For staff."""
        context = info.context
        rows = await bookings.swap_bookings(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.SwapBookingsPayload(problems=[], booking=Booking.of(rows[0]), other_booking=Booking.of(rows[1]))
