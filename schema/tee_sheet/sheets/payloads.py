"""Payloads of templates and whole sheets."""

from schema.describe import listed, output
from schema.payloads import Payload
from schema.tee_sheet.sheets.types import SheetTemplate, TeeSheet


@output
class SetSheetTemplatePayload(Payload):
    """The answer to `setSheetTemplate`."""

    template: SheetTemplate | None = None
    """The template that holds from now on."""


@output
class GenerateTeeSheetPayload(Payload):
    """The answer to `generateTeeSheet`."""

    results = ("tee_sheets",)
    tee_sheets: list[TeeSheet] | None = listed(entries=7, default=None)
    """The tee sheets of the days, those that were there before included."""


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
