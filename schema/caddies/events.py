"""Events of the caddies."""

from dataclasses import replace

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
from schema.events import Audience, event_types, event_union, shows


def mask_added(fact: CaddieAdded, audience: Audience) -> CaddieAdded:
    """Show the phone number to admins alone."""
    return fact if audience.sees_phones else replace(fact, phone_number=None)


def mask_updated(fact: CaddieUpdated, audience: Audience) -> CaddieUpdated:
    """Show the phone number to admins alone. A move is told in rooms of staff only, and is masked for others here."""
    if not audience.sees_names:
        fact = replace(fact, previous_list_number=None)
    return fact if audience.sees_phones else replace(fact, phone_number=None)


shows(CaddieStatusChanged, CaddieDeleted, TurnStarted, TurnEnded, TurnQueueChanged)
shows(CaddieWeekDrawn, CaddieSettingsChanged)
shows(TurnAssigned, TurnAnswered, hide=("list_number",))
shows(CaddieAdded, mask=mask_added)
shows(CaddieUpdated, mask=mask_updated)

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

CaddieStreamEvent = event_union("CaddieStreamEvent", CADDIE_FACTS, "What `caddieEvents` sends.")
CaddieEventType = event_types("CaddieEventType", CADDIE_FACTS, "The events of caddies, by wire name.")
