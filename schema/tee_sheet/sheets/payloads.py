"""Payloads of templates and whole sheets."""

import strawberry

from schema.describe import listed, output
from schema.payloads import Payload
from schema.tee_sheet.sheets.differences import SheetDifferences
from schema.tee_sheet.sheets.types import SheetSeason, SheetTemplate, TeeSheet


@output
class SetSheetTemplatePayload(Payload):
    """The answer to `setSheetTemplate`."""

    template: SheetTemplate | None = None
    """The template that holds from now on."""


@output
class SetSheetSeasonPayload(Payload):
    """The answer to `setSheetSeason`."""

    season: SheetSeason | None = None
    """The season as it holds from now on."""


@output
class RemoveSheetSeasonPayload(Payload):
    """The answer to `removeSheetSeason`."""

    course_id: strawberry.ID | None = None
    """The course that it was of."""


@output
class GenerateTeeSheetPayload(Payload):
    """The answer to `generateTeeSheet`."""

    results = ("tee_sheets",)
    tee_sheets: list[TeeSheet] | None = listed(entries=7, default=None)
    """The tee sheets of the days, those that were there before included."""


@output
class UpdateTeeSheetPayload(Payload):
    """The answer to `updateTeeSheet`."""

    tee_sheet: TeeSheet | None = None
    """The tee sheet as it is by now; after a dry run, as it was."""
    differences: SheetDifferences | None = None
    """What differs, or would."""


@output
class RegenerateTeeSheetsPayload(Payload):
    """The answer to `regenerateTeeSheets`."""

    days: list[SheetDifferences] | None = listed(entries=7, default=None)
    """What differs on each day that has a tee sheet, or would, and what was left as it was."""


@output
class TakeTeeSheetOfflinePayload(Payload):
    """The answer to `takeTeeSheetOffline`."""

    tee_sheet: TeeSheet | None = None
    """The tee sheet, offline."""


@output
class BringTeeSheetOnlinePayload(Payload):
    """The answer to `bringTeeSheetOnline`."""

    tee_sheet: TeeSheet | None = None
    """The tee sheet, online."""
