"""Events of the caddies."""

from events.caddies import (
    CaddieAdded,
    CaddieDeleted,
    CaddieSettingsChanged,
    CaddieStatusChanged,
    CaddieUpdated,
    CaddieWeekDrawn,
    TurnAnswered,
    TurnAssigned,
    TurnEnded,
    TurnQueueChanged,
    TurnStarted,
)
from schema.events import event_types, event_union, shows

ASSIGNMENT_FACTS = (TurnAssigned, TurnAnswered)
"""What a booking's screens hear as well."""
CADDIE_FACTS = (
    CaddieStatusChanged,
    CaddieAdded,
    CaddieUpdated,
    CaddieDeleted,
    TurnStarted,
    TurnEnded,
    TurnQueueChanged,
    *ASSIGNMENT_FACTS,
    CaddieWeekDrawn,
    CaddieSettingsChanged,
)
shows(*CADDIE_FACTS)

CaddieStreamEvent = event_union("CaddieStreamEvent", CADDIE_FACTS, "What `caddieEvents` sends.")
CaddieEventType = event_types("CaddieEventType", CADDIE_FACTS, "The events of caddies, by wire name.")
