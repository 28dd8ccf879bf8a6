"""What the desk does to a tee sheet."""

from typing import Annotated

import strawberry

from domain.journeys import carts_for_bookings
from domain.tee_sheet import blocks, booking_changes, rain_checks, shifts
from resolvers.edge import mutation, session_of
from resolvers.polling import stays_until_clubs_move
from resolvers.tee_sheet.mutations import WHAT
from schema.context import Info
from schema.describe import argument, field
from schema.tee_sheet import desk_payloads as payloads
from schema.tee_sheet.desk_inputs import (
    AddBlockInput,
    DelayTeeTimesInput,
    IssueRainCheckInput,
    MoveBookingInput,
    RedeemRainCheckInput,
    RemoveBlockInput,
    SqueezeTeeTimeInput,
    UpdateBookingInput,
)
from schema.tee_sheet.types.blocks import Block
from schema.tee_sheet.types.bookings import Booking
from schema.tee_sheet.types.rain_checks import RainCheck
from schema.tee_sheet.types.sheets import TeeSheet
from schema.tee_sheet.types.slots import TeeTime


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
        """Move a booking to another tee time of its club: for its booker and for staff. Its carts are given back."""
        context = info.context
        row = await carts_for_bookings.move_booking(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.MoveBookingPayload(problems=[], booking=Booking.of(row))

    @mutation
    async def add_block(self, info: Info, input: Annotated[AddBlockInput, WHAT]) -> payloads.AddBlockPayload:
        """Take places out of sale: a range of starts, or single places. For staff."""
        context = info.context
        row = await blocks.add_block(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.AddBlockPayload(problems=[], block=Block.of(row))

    @mutation
    async def remove_block(self, info: Info, input: Annotated[RemoveBlockInput, WHAT]) -> payloads.RemoveBlockPayload:
        """Lift a block; its places come free where no other block covers them. For staff."""
        context = info.context
        row = await blocks.remove_block(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.RemoveBlockPayload(problems=[], block=Block.of(row))

    @mutation
    async def squeeze_tee_time(
        self, info: Info, input: Annotated[SqueezeTeeTimeInput, WHAT]
    ) -> payloads.SqueezeTeeTimePayload:
        """Add a tee time between two others of a sheet. For staff."""
        context = info.context
        row = await shifts.squeeze_tee_time(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.SqueezeTeeTimePayload(problems=[], tee_time=TeeTime.of(row))

    @mutation
    async def delay_tee_times(
        self, info: Info, input: Annotated[DelayTeeTimesInput, WHAT]
    ) -> payloads.DelayTeeTimesPayload:
        """Shift all starts of a sheet from a time on to later, as in a frost delay, with their bookings. For staff."""
        context = info.context
        row = await shifts.delay_tee_times(
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

    @mutation
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


@strawberry.type
class DeskQueries:
    """Queries of the desk."""

    @field
    async def rain_check(
        self, info: Info, code: Annotated[str, argument("Its code; spaces, hyphens and small letters do not matter.")]
    ) -> RainCheck:
        """A rain check by its code. For staff."""
        async with info.context.read() as session:
            row = await rain_checks.rain_check_by_code(session, viewer=info.context.viewer, code=code)
        stays_until_clubs_move(info, row.club_id)
        return RainCheck.of(row)
