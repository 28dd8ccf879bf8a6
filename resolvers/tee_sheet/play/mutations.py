"""Mutations of arrival and play: what the pro shop, the starter and the marshal do."""

from typing import Annotated

import strawberry

from domain.journeys import bookings
from domain.tee_sheet.play import suspensions
from domain.tee_sheet.play.reading import rounds_of
from resolvers.edge import WHAT, mutation, session_of
from schema.context import Info
from schema.course.courses import Course
from schema.tee_sheet.booking.types import Booking
from schema.tee_sheet.play import payloads
from schema.tee_sheet.play.inputs import (
    CheckInInput,
    CorrectHoleInput,
    EndRoundInput,
    MarkNoShowInput,
    RecordHoleInput,
    ResumePlayInput,
    SuspendPlayInput,
    TeeOffInput,
    UndoCheckInInput,
    UndoNoShowInput,
    UndoTeeOffInput,
)
from schema.tee_sheet.play.types import Pace


@strawberry.type
class PlayMutations:
    """Mutations of arrival and play: what the pro shop, the starter and the marshal do."""

    @mutation
    async def check_in(self, info: Info, input: Annotated[CheckInInput, WHAT]) -> payloads.CheckInPayload:
        """Check players of a booking in. For staff."""
        context = info.context
        row = await bookings.check_in(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.CheckInPayload(problems=[], booking=Booking.of(row))

    @mutation
    async def undo_check_in(self, info: Info, input: Annotated[UndoCheckInInput, WHAT]) -> payloads.UndoCheckInPayload:
        """Take the check-in of players back. For staff."""
        context = info.context
        row = await bookings.undo_check_in(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.UndoCheckInPayload(problems=[], booking=Booking.of(row))

    @mutation
    async def mark_no_show(self, info: Info, input: Annotated[MarkNoShowInput, WHAT]) -> payloads.MarkNoShowPayload:
        """Note that players of a booking did not appear. For staff."""
        context = info.context
        row = await bookings.mark_no_show(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.MarkNoShowPayload(problems=[], booking=Booking.of(row))

    @mutation
    async def undo_no_show(self, info: Info, input: Annotated[UndoNoShowInput, WHAT]) -> payloads.UndoNoShowPayload:
        """Take back that players of a booking did not appear; they are expected again. For staff."""
        context = info.context
        row = await bookings.undo_no_show(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.UndoNoShowPayload(problems=[], booking=Booking.of(row))

    @mutation
    async def tee_off(self, info: Info, input: Annotated[TeeOffInput, WHAT]) -> payloads.TeeOffPayload:
        """Send a group off its tee, once one of its players has checked in. For staff."""
        context = info.context
        row = await bookings.tee_off(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.TeeOffPayload(problems=[], booking=Booking.of(row))

    @mutation
    async def undo_tee_off(self, info: Info, input: Annotated[UndoTeeOffInput, WHAT]) -> payloads.UndoTeeOffPayload:
        """Take a tee-off back, with the holes of its round; its caddies wait again if they can. For staff."""
        context = info.context
        row = await bookings.undo_tee_off(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.UndoTeeOffPayload(problems=[], booking=Booking.of(row))

    @mutation
    async def record_hole(self, info: Info, input: Annotated[RecordHoleInput, WHAT]) -> payloads.RecordHolePayload:
        """Report that a group has completed a hole; the last one ends its round. For staff and devices."""
        context = info.context
        row = await bookings.record_hole(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        played = await context.load(rounds_of, row.id)
        return payloads.RecordHolePayload(
            problems=[],
            pace=Pace.of(played) if played else None,
            booking=Booking.of(row) if context.viewer.is_staff_of(row.club_id) else None,
        )

    @mutation
    async def correct_hole(self, info: Info, input: Annotated[CorrectHoleInput, WHAT]) -> payloads.CorrectHolePayload:
        """Set the hole that a group has completed last, back or forward; a round that was over goes on. For staff."""
        context = info.context
        row = await bookings.correct_hole(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.CorrectHolePayload(problems=[], booking=Booking.of(row))

    @mutation
    async def end_round(self, info: Info, input: Annotated[EndRoundInput, WHAT]) -> payloads.EndRoundPayload:
        """End the round of a group that has left the course before its last hole. For staff."""
        context = info.context
        row = await bookings.end_round(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.EndRoundPayload(problems=[], booking=Booking.of(row))

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
