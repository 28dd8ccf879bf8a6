"""Events of arrival and play."""

from dataclasses import replace
from typing import TypeVar

from domain.clubs.privacy import visible_name
from events.tee_sheet.play import (
    BookingCheckedIn,
    BookingCheckInUndone,
    BookingNoShow,
    BookingPaceUpdated,
    BookingTeeOff,
    PaceAlert,
    PartyEvent,
    PlayResumed,
    PlaySuspended,
)
from schema.events import Audience, shows

P = TypeVar("P", bound=PartyEvent)


def mask_party(fact: P, audience: Audience) -> P:
    """Show the players as far as the club's privacy lets the audience see names."""
    players = []
    for player in fact.players:
        first, last = visible_name(
            player.first_name, player.last_name, privacy=fact.name_privacy, full=audience.sees_names
        )
        players.append(replace(player, first_name=first, last_name=last))
    return replace(fact, players=tuple(players))


PARTY_FACTS = (BookingCheckedIn, BookingCheckInUndone, BookingNoShow, BookingTeeOff)
BOOKING_FACTS = (*PARTY_FACTS, BookingPaceUpdated, PaceAlert)
SHEET_FACTS = (*BOOKING_FACTS, PlaySuspended, PlayResumed)

shows(*PARTY_FACTS, hide=("name_privacy",), mask=mask_party)
shows(BookingPaceUpdated, PaceAlert, PlaySuspended, PlayResumed)
