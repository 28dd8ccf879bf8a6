"""Events of whole sheets and their templates."""

from events.tee_sheet.sheets import (
    SheetSeasonRemoved,
    SheetSeasonSet,
    SheetTemplateChanged,
    TeeSheetChanged,
    TeeSheetNoted,
    TeeSheetOffline,
    TeeSheetOnline,
)
from schema.events import shows

SHEET_FACTS = (TeeSheetChanged, TeeSheetOffline, TeeSheetOnline, TeeSheetNoted)
CLUB_FACTS = (SheetTemplateChanged, SheetSeasonSet, SheetSeasonRemoved)

shows(*SHEET_FACTS, *CLUB_FACTS)
