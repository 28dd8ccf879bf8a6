"""Events of the tee sheet."""

from dataclasses import replace
from typing import TypeVar

from domain.tee_sheet.sheet_rules import visible_name
from events.tee_sheet import (
    BookingCancelled,
    BookingCreated,
    SheetTemplateChanged,
    SlotAvailable,
    SlotBooked,
    SlotHeld,
    SlotReleased,
    TeeSheetChanged,
)
from events.tee_sheet_desk import BlockAdded, BlockRemoved, BookingUpdated, SlotBlocked
from schema.clubs import events as clubs
from schema.events import Audience, event_types, event_union, shows

WholeBooking = TypeVar("WholeBooking", BookingCreated, BookingUpdated)
"""A fact that tells a whole booking."""


def mask_slot(fact: SlotBooked, audience: Audience) -> SlotBooked:
    """Show the payer as far as the club's privacy lets the audience see names."""
    first, last = visible_name(
        fact.payer_first_name,
        fact.payer_last_name,
        privacy=fact.name_privacy,
        full=audience.sees_names,
    )
    return replace(fact, payer_first_name=first, payer_last_name=last)


def mask_booking(fact: WholeBooking, audience: Audience) -> WholeBooking:
    """Show payer and players as far as the club's privacy lets the audience see names."""
    full = audience.sees_names
    first, last = visible_name(fact.payer_first_name, fact.payer_last_name, privacy=fact.name_privacy, full=full)
    players = []
    for player in fact.players:
        names = visible_name(player.first_name, player.last_name, privacy=fact.name_privacy, full=full)
        players.append(replace(player, first_name=names[0], last_name=names[1]))
    return replace(fact, payer_first_name=first, payer_last_name=last, players=tuple(players))


shows(SlotAvailable, SlotHeld, SlotReleased, BookingCancelled, TeeSheetChanged, SheetTemplateChanged)
shows(SlotBooked, hide=("name_privacy",), mask=mask_slot)
shows(BookingCreated, BookingUpdated, hide=("name_privacy",), mask=mask_booking)
shows(SlotBlocked, BlockAdded, BlockRemoved)

DESK_FACTS = (BookingUpdated, SlotBlocked, BlockAdded, BlockRemoved)
BOOKING_FACTS = (BookingCreated, BookingCancelled, SlotBooked, BookingUpdated)
SHEET_FACTS = (
    *(SlotAvailable, SlotHeld, SlotReleased, SlotBooked, BookingCreated, BookingCancelled, TeeSheetChanged),
    *DESK_FACTS,
)
CLUB_FACTS = (*SHEET_FACTS, SheetTemplateChanged, *clubs.FACTS)

BookingStreamEvent = event_union("BookingStreamEvent", BOOKING_FACTS, "What `bookingEvents` sends.")
TeeSheetStreamEvent = event_union("TeeSheetStreamEvent", SHEET_FACTS, "What `teeSheetEvents` sends.")
ClubStreamEvent = event_union("ClubStreamEvent", CLUB_FACTS, "What `clubEvents` sends.")
TeeSheetEventType = event_types("TeeSheetEventType", SHEET_FACTS, "The events of a tee sheet, by wire name.")
ClubEventType = event_types("ClubEventType", CLUB_FACTS, "The events of a club, by wire name.")
