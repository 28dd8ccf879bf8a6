"""Mutations of templates and whole sheets."""

from typing import Annotated

import strawberry

from domain.tee_sheet.sheets import generation, offline, regeneration, seasons, templates, updating
from kit.ids import public_id
from resolvers.edge import WHAT, mutation, session_of
from schema.context import Info
from schema.tee_sheet.sheets import payloads
from schema.tee_sheet.sheets.differences import SheetDifferences
from schema.tee_sheet.sheets.inputs import (
    BringTeeSheetOnlineInput,
    GenerateTeeSheetInput,
    RegenerateTeeSheetsInput,
    RemoveSheetSeasonInput,
    SetSheetSeasonInput,
    SetSheetTemplateInput,
    TakeTeeSheetOfflineInput,
    UpdateTeeSheetInput,
)
from schema.tee_sheet.sheets.types import SheetSeason, SheetTemplate, TeeSheet


@strawberry.type
class SheetMutations:
    """Mutations of templates and whole sheets."""

    @mutation
    async def set_sheet_template(
        self, info: Info, input: Annotated[SetSheetTemplateInput, WHAT]
    ) -> payloads.SetSheetTemplatePayload:
        """Say how the tee sheets of a course are made from now on. For staff."""
        context = info.context
        row = await templates.set_template(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.SetSheetTemplatePayload(problems=[], template=SheetTemplate.of(row))

    @mutation
    async def set_sheet_season(
        self, info: Info, input: Annotated[SetSheetSeasonInput, WHAT]
    ) -> payloads.SetSheetSeasonPayload:
        """Say how the tee sheets of a course are made in a season, by dates and weekdays. For staff."""
        context = info.context
        row = await seasons.set_season(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.SetSheetSeasonPayload(problems=[], season=SheetSeason.of(row))

    @mutation
    async def remove_sheet_season(
        self, info: Info, input: Annotated[RemoveSheetSeasonInput, WHAT]
    ) -> payloads.RemoveSheetSeasonPayload:
        """Remove a season: its days are made by another template from then on. For staff."""
        context = info.context
        course = await seasons.remove_season(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.RemoveSheetSeasonPayload(problems=[], course_id=strawberry.ID(public_id("course", course.id)))

    @mutation
    async def generate_tee_sheet(
        self, info: Info, input: Annotated[GenerateTeeSheetInput, WHAT]
    ) -> payloads.GenerateTeeSheetPayload:
        """Make the tee sheets of some days; those that exist are left as they are. For staff."""
        context = info.context
        rows = await generation.generate(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.GenerateTeeSheetPayload(problems=[], tee_sheets=[TeeSheet.of(row) for row in rows])

    @mutation
    async def update_tee_sheet(
        self, info: Info, input: Annotated[UpdateTeeSheetInput, WHAT]
    ) -> payloads.UpdateTeeSheetPayload:
        """Change a tee sheet that exists: its prices, its group sizes, starts that carry no booking. For staff."""
        context = info.context
        done = await updating.update_sheet(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        shown = SheetDifferences.of(done)
        return payloads.UpdateTeeSheetPayload(problems=[], tee_sheet=TeeSheet.of(done.sheet), differences=shown)

    @mutation
    async def regenerate_tee_sheets(
        self, info: Info, input: Annotated[RegenerateTeeSheetsInput, WHAT]
    ) -> payloads.RegenerateTeeSheetsPayload:
        """Make tee sheets anew from the template, but for starts in use and what was changed by hand. For staff."""
        context = info.context
        done = await regeneration.regenerate_sheets(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.RegenerateTeeSheetsPayload(problems=[], days=[SheetDifferences.of(one) for one in done])

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
