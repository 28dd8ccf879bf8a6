"""Mutations of the tee sheet."""

from typing import Annotated

import strawberry

from domain.journeys import carts_for_bookings
from domain.tee_sheet import bookings, holds, sheets
from resolvers.edge import mutation, session_of
from schema.context import Info
from schema.describe import argument
from schema.tee_sheet import payloads
from schema.tee_sheet.inputs import (
    BookSlotsInput,
    CancelBookingInput,
    GenerateTeeSheetInput,
    HoldSlotsInput,
    ReleaseHoldInput,
    SetSheetTemplateInput,
)
from schema.tee_sheet.types.bookings import Booking, Hold
from schema.tee_sheet.types.sheets import SheetTemplate, TeeSheet

WHAT = argument("What is asked for.")


@strawberry.type
class TeeSheetMutations:
    """Mutations of the tee sheet."""

    @mutation
    async def set_sheet_template(
        self, info: Info, input: Annotated[SetSheetTemplateInput, WHAT]
    ) -> payloads.SetSheetTemplatePayload:
        """Say how the tee sheets of a course are made from now on. For staff."""
        context = info.context
        row = await sheets.set_template(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.SetSheetTemplatePayload(problems=[], template=SheetTemplate.of(row))

    @mutation
    async def generate_tee_sheet(
        self, info: Info, input: Annotated[GenerateTeeSheetInput, WHAT]
    ) -> payloads.GenerateTeeSheetPayload:
        """Make the tee sheets of some days; those that exist are left as they are. For staff."""
        context = info.context
        rows = await sheets.generate(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.GenerateTeeSheetPayload(problems=[], tee_sheets=[TeeSheet.of(row) for row in rows])

    @mutation
    async def hold_slots(self, info: Info, input: Annotated[HoldSlotsInput, WHAT]) -> payloads.HoldSlotsPayload:
        """Reserve places on a tee time while the player completes the booking."""
        context = info.context
        row = await holds.hold_slots(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.HoldSlotsPayload(problems=[], hold=Hold.of(row))

    @mutation
    async def release_hold(self, info: Info, input: Annotated[ReleaseHoldInput, WHAT]) -> payloads.ReleaseHoldPayload:
        """Give held places back."""
        context = info.context
        row = await holds.release_hold(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.ReleaseHoldPayload(problems=[], hold=Hold.of(row))

    @mutation
    async def book_slots(self, info: Info, input: Annotated[BookSlotsInput, WHAT]) -> payloads.BookSlotsPayload:
        """Book places, from a hold or directly."""
        context = info.context
        row = await bookings.book_slots(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.BookSlotsPayload(problems=[], booking=Booking.of(row))

    @mutation
    async def cancel_booking(
        self, info: Info, input: Annotated[CancelBookingInput, WHAT]
    ) -> payloads.CancelBookingPayload:
        """Cancel a booking, free its places, and release the caddies and carts that wait for it."""
        context = info.context
        row = await carts_for_bookings.cancel_booking(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.CancelBookingPayload(problems=[], booking=Booking.of(row))
