"""Mutations of the caddies."""

from typing import Annotated

import strawberry

from auth.limits import Rate
from domain.caddies import assignments, caddies, csv_files, draws, settings, skips, statuses, turns
from domain.journeys import caddies_for_bookings
from resolvers.edge import WHAT, mutation, session_of
from schema.caddies import inputs, payloads
from schema.caddies.types.people import Caddie, CaddieImport, CaddieSettings
from schema.caddies.types.queues import CaddieDraw
from schema.caddies.types.turns import Turn
from schema.context import Info


@strawberry.type
class CaddieMutations:
    """Mutations of the caddies."""

    @mutation
    async def add_caddie(self, info: Info, input: Annotated[inputs.AddCaddieInput, WHAT]) -> payloads.AddCaddiePayload:
        """Add a caddie to a list. For staff."""
        context = info.context
        row = await caddies.add_caddie(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.AddCaddiePayload(problems=[], caddie=Caddie.of(row))

    @mutation
    async def update_caddie(
        self, info: Info, input: Annotated[inputs.UpdateCaddieInput, WHAT]
    ) -> payloads.UpdateCaddiePayload:
        """Change a caddie's name, list or phone number; a move goes to the tail of the other list. For staff."""
        context = info.context
        row = await caddies.update_caddie(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.UpdateCaddiePayload(problems=[], caddie=Caddie.of(row))

    @mutation
    async def delete_caddie(
        self, info: Info, input: Annotated[inputs.DeleteCaddieInput, WHAT]
    ) -> payloads.DeleteCaddiePayload:
        """Delete a caddie; the loops stay in the reports. For staff."""
        context = info.context
        row = await caddies.delete_caddie(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.DeleteCaddiePayload(problems=[], caddie=Caddie.of(row))

    @mutation
    async def set_caddie_status(
        self, info: Info, input: Annotated[inputs.SetCaddieStatusInput, WHAT]
    ) -> payloads.SetCaddieStatusPayload:
        """Say what a caddie is doing. For staff."""
        context = info.context
        row = await statuses.set_status(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.SetCaddieStatusPayload(problems=[], caddie=Caddie.of(row))

    @mutation
    async def start_turn(self, info: Info, input: Annotated[inputs.StartTurnInput, WHAT]) -> payloads.StartTurnPayload:
        """Send out whose turn it is, or a named caddie for a reason. For staff."""
        context = info.context
        row = await turns.start_turn(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.StartTurnPayload(problems=[], turn=Turn.of(row))

    @mutation
    async def end_turn(self, info: Info, input: Annotated[inputs.EndTurnInput, WHAT]) -> payloads.EndTurnPayload:
        """End a turn, which becomes a loop. For staff."""
        context = info.context
        row = await turns.end_turn(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.EndTurnPayload(problems=[], turn=Turn.of(row))

    @mutation
    async def skip_turn(self, info: Info, input: Annotated[inputs.SkipTurnInput, WHAT]) -> payloads.SkipTurnPayload:
        """Pass over whose turn it is, or a named caddie. For staff."""
        context = info.context
        row = await skips.skip_turn(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.SkipTurnPayload(problems=[], turn=Turn.of(row))

    @mutation
    async def undo_turn(self, info: Info, input: Annotated[inputs.UndoTurnInput, WHAT]) -> payloads.UndoTurnPayload:
        """Take back that a turn was started, ended or skipped, while nothing has followed from it. For staff."""
        context = info.context
        row = await caddies_for_bookings.undo_turn(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.UndoTurnPayload(problems=[], turn=Turn.of(row))

    @mutation
    async def assign_turn(
        self, info: Info, input: Annotated[inputs.AssignTurnInput, WHAT]
    ) -> payloads.AssignTurnPayload:
        """Assign a turn to a booking. For staff."""
        context = info.context
        row = await caddies_for_bookings.assign_turn(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.AssignTurnPayload(problems=[], turn=Turn.of(row))

    @mutation
    async def answer_turn_assignment(
        self, info: Info, input: Annotated[inputs.AnswerTurnAssignmentInput, WHAT]
    ) -> payloads.AnswerTurnAssignmentPayload:
        """Accept or decline a booking: by the caddie, or by staff for them."""
        context = info.context
        row = await assignments.answer_assignment(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.AnswerTurnAssignmentPayload(problems=[], turn=Turn.of(row))

    @mutation
    async def draw_caddie_week(
        self, info: Info, input: Annotated[inputs.DrawCaddieWeekInput, WHAT]
    ) -> payloads.DrawCaddieWeekPayload:
        """Draw the order of a list for a week, once. For staff."""
        context = info.context
        row = await draws.draw_week(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.DrawCaddieWeekPayload(problems=[], caddie_draw=CaddieDraw.of(row))

    @mutation(limit=Rate.IMPORTS)
    async def import_caddies(
        self, info: Info, input: Annotated[inputs.ImportCaddiesInput, WHAT]
    ) -> payloads.ImportCaddiesPayload:
        """Add all caddies of a file, or none. For staff; only admins may give phone numbers."""
        context = info.context
        row = await csv_files.import_caddies(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.ImportCaddiesPayload(problems=[], caddie_import=CaddieImport.of(row))

    @mutation
    async def set_caddie_settings(
        self, info: Info, input: Annotated[inputs.SetCaddieSettingsInput, WHAT]
    ) -> payloads.SetCaddieSettingsPayload:
        """Set the number of lists and the fees. For admins."""
        context = info.context
        row = await settings.set_settings(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.SetCaddieSettingsPayload(problems=[], settings=CaddieSettings.of(row))
