"""Events of whole sheets and their templates."""

from events.tee_sheet.sheets import SheetTemplateChanged, TeeSheetChanged, TeeSheetOffline, TeeSheetOnline
from schema.events import shows

SHEET_FACTS = (TeeSheetChanged, TeeSheetOffline, TeeSheetOnline)
CLUB_FACTS = (SheetTemplateChanged,)

shows(*SHEET_FACTS, *CLUB_FACTS)
