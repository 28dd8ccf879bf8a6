"""Mutations of arrival and play: what the pro shop, the starter and the marshal do."""

from typing import Annotated

import strawberry

from domain.journeys import carts_for_bookings
from domain.tee_sheet import arrivals, offline, rounds, suspensions
from resolvers.edge import mutation, session_of
from schema.clubs.types import Course
from schema.context import Info
from schema.describe import argument
from schema.tee_sheet import play_payloads as payloads
from schema.tee_sheet.play_inputs import (
    BringTeeSheetOnlineInput,
    CheckInInput,
    MarkNoShowInput,
    RecordHoleInput,
    ResumePlayInput,
    SuspendPlayInput,
    TakeTeeSheetOfflineInput,
    TeeOffInput,
    UndoCheckInInput,
)
from schema.tee_sheet.types.bookings import Booking
from schema.tee_sheet.types.pace import Pace
from schema.tee_sheet.types.sheets import TeeSheet

WHAT = argument("What is asked for.")


@strawberry.type
class PlayMutations:
    """Mutations of arrival and play."""

    @mutation
    async def check_in(self, info: Info, input: Annotated[CheckInInput, WHAT]) -> payloads.CheckInPayload:
        """Check players of a booking in. For staff."""
        context = info.context
        row = await arrivals.check_in(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.CheckInPayload(problems=[], booking=Booking.of(row))

    @mutation
    async def undo_check_in(self, info: Info, input: Annotated[UndoCheckInInput, WHAT]) -> payloads.UndoCheckInPayload:
        """Take the check-in of players back. For staff."""
        context = info.context
        row = await arrivals.undo_check_in(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.UndoCheckInPayload(problems=[], booking=Booking.of(row))

    @mutation
    async def mark_no_show(self, info: Info, input: Annotated[MarkNoShowInput, WHAT]) -> payloads.MarkNoShowPayload:
        """Note that players of a booking did not appear. For staff."""
        context = info.context
        row = await carts_for_bookings.mark_no_show(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.MarkNoShowPayload(problems=[], booking=Booking.of(row))

    @mutation
    async def tee_off(self, info: Info, input: Annotated[TeeOffInput, WHAT]) -> payloads.TeeOffPayload:
        """Send a group off its tee, once one of its players has checked in. For staff."""
        context = info.context
        row = await rounds.tee_off(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.TeeOffPayload(problems=[], booking=Booking.of(row))

    @mutation
    async def record_hole(self, info: Info, input: Annotated[RecordHoleInput, WHAT]) -> payloads.RecordHolePayload:
        """Report that a group has completed a hole; the last one ends its round. For staff and devices."""
        context = info.context
        row = await carts_for_bookings.record_hole(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        played = await context.loaders.rounds.load(row.id)
        return payloads.RecordHolePayload(
            problems=[],
            pace=Pace.of(played) if played else None,
            booking=Booking.of(row) if context.viewer.is_staff_of(row.club_id) else None,
        )

    @mutation
    async def suspend_play(self, info: Info, input: Annotated[SuspendPlayInput, WHAT]) -> payloads.SuspendPlayPayload:
        """Suspend play on a course; until it is resumed, no group falls behind. For staff."""
        context = info.context
        row = await suspensions.suspend_play(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.SuspendPlayPayload(problems=[], course=Course.of(row))

    @mutation
    async def resume_play(self, info: Info, input: Annotated[ResumePlayInput, WHAT]) -> payloads.ResumePlayPayload:
        """Let the groups on a course play on. For staff."""
        context = info.context
        row = await suspensions.resume_play(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.ResumePlayPayload(problems=[], course=Course.of(row))

    @mutation
    async def take_tee_sheet_offline(
        self, info: Info, input: Annotated[TakeTeeSheetOfflineInput, WHAT]
    ) -> payloads.TakeTeeSheetOfflinePayload:
        """Take a tee sheet offline: its holds end, and nothing on it can be held or booked. For staff."""
        context = info.context
        row = await offline.take_offline(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.TakeTeeSheetOfflinePayload(problems=[], tee_sheet=TeeSheet.of(row))

    @mutation
    async def bring_tee_sheet_online(
        self, info: Info, input: Annotated[BringTeeSheetOnlineInput, WHAT]
    ) -> payloads.BringTeeSheetOnlinePayload:
        """Bring a tee sheet online again. For staff."""
        context = info.context
        row = await offline.bring_online(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.BringTeeSheetOnlinePayload(problems=[], tee_sheet=TeeSheet.of(row))
