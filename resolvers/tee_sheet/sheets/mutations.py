"""Mutations of templates and whole sheets."""

from typing import Annotated

import strawberry

from domain.tee_sheet.sheets import generation, offline, templates
from resolvers.edge import WHAT, mutation, session_of
from schema.context import Info
from schema.tee_sheet.sheets import payloads
from schema.tee_sheet.sheets.inputs import (
    BringTeeSheetOnlineInput,
    GenerateTeeSheetInput,
    SetSheetTemplateInput,
    TakeTeeSheetOfflineInput,
)
from schema.tee_sheet.sheets.types import SheetTemplate, TeeSheet


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
    async def generate_tee_sheet(
        self, info: Info, input: Annotated[GenerateTeeSheetInput, WHAT]
    ) -> payloads.GenerateTeeSheetPayload:
        """Make the tee sheets of some days; those that exist are left as they are. For staff."""
        context = info.context
        rows = await generation.generate(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.GenerateTeeSheetPayload(problems=[], tee_sheets=[TeeSheet.of(row) for row in rows])

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
