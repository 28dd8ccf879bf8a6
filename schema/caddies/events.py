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
    TurnUndone,
)
from schema.caddies.types.people import Caddie
from schema.carried import Part
from schema.events import carried, event_types, event_union, shows

ASSIGNMENT_FACTS = (TurnAssigned, TurnAnswered)
"""What a booking's screens hear as well."""
CADDIE_FACTS = (
    CaddieStatusChanged,
    CaddieAdded,
    CaddieUpdated,
    CaddieDeleted,
    TurnStarted,
    TurnEnded,
    TurnUndone,
    TurnQueueChanged,
    *ASSIGNMENT_FACTS,
    CaddieWeekDrawn,
    CaddieSettingsChanged,
)

CADDIE = carried(
    "caddie",
    Caddie,
    face="CaddieEvent",
    parts=[("name", Part(("current_name",), lambda seen: seen.current_name or seen.name))],
)
OF_TURNS = (TurnStarted, TurnEnded, TurnUndone, *ASSIGNMENT_FACTS)
OF_CADDIES = (CaddieStatusChanged, CaddieAdded, CaddieUpdated, CaddieDeleted, *OF_TURNS)

shows(*OF_CADDIES, carries=[CADDIE])
shows(TurnQueueChanged, CaddieWeekDrawn, CaddieSettingsChanged)

CaddieStreamEvent = event_union("CaddieStreamEvent", CADDIE_FACTS, "What `caddieEvents` sends.")
CaddieEventType = event_types("CaddieEventType", CADDIE_FACTS, "The events of caddies, by wire name.")
