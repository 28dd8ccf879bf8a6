"""Mutations of the desk."""

from typing import Annotated

import strawberry

from auth.limits import Rate
from domain.journeys import bookings
from domain.tee_sheet.desk import blocks, ledger, notes, rain_checks, squeezing
from resolvers.edge import WHAT, mutation, session_of
from schema.context import Info
from schema.tee_sheet.booking.ledger import LedgerEntry
from schema.tee_sheet.booking.types import Booking
from schema.tee_sheet.desk import payloads
from schema.tee_sheet.desk.inputs import (
    AddBlockInput,
    AddLedgerEntryInput,
    DelayTeeTimesInput,
    IssueRainCheckInput,
    RedeemRainCheckInput,
    RemoveBlockInput,
    SetBookingNoteInput,
    SetTeeSheetNoteInput,
    SetTeeTimeNoteInput,
    SqueezeTeeTimeInput,
)
from schema.tee_sheet.desk.types import Block, RainCheck
from schema.tee_sheet.inventory.types import TeeTime
from schema.tee_sheet.sheets.types import TeeSheet


@strawberry.type
class DeskMutations:
    """Mutations of the desk."""

    @mutation
    async def add_block(self, info: Info, input: Annotated[AddBlockInput, WHAT]) -> payloads.AddBlockPayload:
        """Take places out of sale: a range of starts, or single places. For staff."""
        context = info.context
        row = await blocks.add_block(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.AddBlockPayload(problems=[], block=Block.of(row, context.viewer))

    @mutation
    async def remove_block(self, info: Info, input: Annotated[RemoveBlockInput, WHAT]) -> payloads.RemoveBlockPayload:
        """Lift a block; its places come free where no other block covers them. For staff."""
        context = info.context
        row = await blocks.remove_block(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.RemoveBlockPayload(problems=[], block=Block.of(row, context.viewer))

    @mutation
    async def squeeze_tee_time(
        self, info: Info, input: Annotated[SqueezeTeeTimeInput, WHAT]
    ) -> payloads.SqueezeTeeTimePayload:
        """Add a tee time between two others of a sheet. For staff."""
        context = info.context
        row = await squeezing.squeeze_tee_time(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.SqueezeTeeTimePayload(problems=[], tee_time=TeeTime.of(row))

    @mutation
    async def delay_tee_times(
        self, info: Info, input: Annotated[DelayTeeTimesInput, WHAT]
    ) -> payloads.DelayTeeTimesPayload:
        """Shift all starts of a sheet from a time on to later, as by frost, or back, with their bookings. For staff."""
        context = info.context
        row = await bookings.delay_tee_times(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.DelayTeeTimesPayload(problems=[], tee_sheet=TeeSheet.of(row))

    @mutation
    async def issue_rain_check(
        self, info: Info, input: Annotated[IssueRainCheckInput, WHAT]
    ) -> payloads.IssueRainCheckPayload:
        """Issue a rain check for a booking that weather has stopped. For staff."""
        context = info.context
        row = await rain_checks.issue_rain_check(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.IssueRainCheckPayload(problems=[], rain_check=RainCheck.of(row))

    @mutation(limit=Rate.CODES)
    async def redeem_rain_check(
        self, info: Info, input: Annotated[RedeemRainCheckInput, WHAT]
    ) -> payloads.RedeemRainCheckPayload:
        """Pay a later booking with a rain check, once; its paid sum grows. For staff."""
        context = info.context
        check, booking = await rain_checks.redeem_rain_check(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        shown = RainCheck.of(check)
        return payloads.RedeemRainCheckPayload(problems=[], rain_check=shown, booking=Booking.of(booking))

    @mutation
    async def add_ledger_entry(
        self, info: Info, input: Annotated[AddLedgerEntryInput, WHAT]
    ) -> payloads.AddLedgerEntryPayload:
        """Note a payment, a refund, a fee or a discount for a booking. For staff."""
        context = info.context
        row = await ledger.add_entry(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.AddLedgerEntryPayload(problems=[], ledger_entry=LedgerEntry.of(row))

    @mutation
    async def set_booking_note(
        self, info: Info, input: Annotated[SetBookingNoteInput, WHAT]
    ) -> payloads.SetBookingNotePayload:
        """Note something on a booking, for its party or for the staff alone. For staff."""
        context = info.context
        row = await bookings.set_booking_note(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.SetBookingNotePayload(problems=[], booking=Booking.of(row))

    @mutation
    async def set_tee_time_note(
        self, info: Info, input: Annotated[SetTeeTimeNoteInput, WHAT]
    ) -> payloads.SetTeeTimeNotePayload:
        """Note something on a start, for all who see the sheet or for the staff alone. For staff."""
        context = info.context
        row = await notes.set_tee_time_note(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.SetTeeTimeNotePayload(problems=[], tee_time=TeeTime.of(row))

    @mutation
    async def set_tee_sheet_note(
        self, info: Info, input: Annotated[SetTeeSheetNoteInput, WHAT]
    ) -> payloads.SetTeeSheetNotePayload:
        """Note something on a day of a course, for all who see the sheet or for the staff alone. For staff."""
        context = info.context
        row = await notes.set_tee_sheet_note(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.SetTeeSheetNotePayload(problems=[], tee_sheet=TeeSheet.of(row))
