"""Events of bookings."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import strawberry

from auth.viewer import Viewer
from domain.clubs.privacy import plays_as
from events.payments import DepositChanged
from events.tee_sheet.booking import (
    BookedPlayer,
    BookingCancelled,
    BookingCreated,
    BookingMerged,
    BookingRestored,
    BookingState,
    BookingUpdated,
    LedgerEntryAdded,
    SlotBooked,
)
from events.tee_sheet.groups import BookingGroupCreated, BookingGroupUpdated
from kit.ids import parse_id
from schema.carried import Part
from schema.events import carried, shows
from schema.money import Money
from schema.tee_sheet.booking.types import Booking, BookingPlayer, OwnBooking
from schema.tee_sheet.inventory.events import SLOT
from schema.tee_sheet.inventory.types import OwnPlace, PersonName, TeeTime


def own_place(fact: SlotBooked, viewer: Viewer) -> OwnPlace | None:
    """What the place is to the viewer, if they booked it or play on it."""
    if fact.player is None:  # nobody is seated at a turn, or it was logged before it was noted who plays there
        return None
    return OwnPlace.of(
        viewer,
        booked_by=fact.booked_by,
        player_id=_id_of(fact.player),
        user_id=fact.user_id,
        payer=(fact.payer_first_name, fact.payer_last_name),
        player=(fact.player.first_name, fact.player.last_name),
        price_class=fact.player.price_class,
        price=Money(amount_cents=fact.player.price_cents, currency=fact.currency),
    )


def own_booking(fact: BookingCreated | BookingState, viewer: Viewer) -> OwnBooking | None:
    """What the booking is to the viewer, if they made it or play in it."""
    users = fact.user_ids or (None,) * len(fact.players)  # logged before it was noted which users they are
    known = zip(fact.players, users, strict=True)
    position = next((p.position for p, u in known if plays_as(viewer, player_id=_id_of(p), user_id=u)), None)
    is_booker = fact.booked_by == viewer.user_id
    if position is None and not is_booker:
        return None
    return OwnBooking(
        is_booker=is_booker,
        position=position,
        payer=PersonName(first_name=fact.payer_first_name, last_name=fact.payer_last_name),
        price=Money(amount_cents=fact.price_cents, currency=fact.currency),
        paid=Money(amount_cents=fact.paid_cents, currency=fact.currency),
        players=[_own_player(player, currency=fact.currency) for player in fact.players],
        note=fact.note if isinstance(fact, BookingState) else "",
    )


def _own_player(player: BookedPlayer, *, currency: str) -> BookingPlayer:
    return BookingPlayer(
        position=player.position,
        player_id=strawberry.ID(player.player_id) if player.player_id else None,
        slot_id=strawberry.ID(player.slot_id) if player.slot_id else None,
        first_name=player.first_name,
        last_name=player.last_name,
        price_class=player.price_class,
        price=Money(amount_cents=player.price_cents, currency=currency),
        checked_in_at=player.checked_in_at,
        no_show_at=player.no_show_at,
    )


def _id_of(player: BookedPlayer) -> UUID | None:
    return parse_id("player", player.player_id) if player.player_id else None


def _party(seen: Any) -> list[BookingPlayer] | None:
    """Give the players of a fact; None where it is hidden by which class they pay."""
    if not seen.currency or any(player.price_class is None for player in seen.players):
        return None
    return [_own_player(player, currency=seen.currency) for player in seen.players]


def _payer(seen: Any) -> PersonName:
    return PersonName(first_name=seen.payer_first_name, last_name=seen.payer_last_name)


def _tee_time(seen: Any) -> TeeTime:
    made = object.__new__(TeeTime)
    made.id, made.starts_at = strawberry.ID(seen.tee_time_id), seen.starts_at
    return made


def _money(name: str) -> Part:
    def make(seen: Any) -> Money | None:
        cents = getattr(seen, name)
        return None if cents is None else Money(amount_cents=cents, currency=seen.currency)

    return Part((name, "currency"), make)


def _is_own(fact: BookingCreated | BookingState, viewer: Viewer) -> bool:
    return own_booking(fact, viewer) is not None


BOOKING = carried(
    "booking",
    Booking,
    face="BookingEvent",
    never=("note",),
    parts=[
        ("price", _money("price_cents")),
        ("paid", _money("paid_cents")),
        ("payer", Part(("payer_first_name", "payer_last_name"), _payer)),
        ("players", Part(("players", "currency"), _party)),
        ("tee_time", Part(("tee_time_id", "starts_at"), _tee_time, below={"id": None, "startsAt": None})),
    ],
)
"""A booking. Where it is cancelled, what is paid for it is for staff: the rest is told to all who hear of it."""

FACTS = (
    BookingCreated,
    BookingUpdated,
    BookingCancelled,
    BookingRestored,
    BookingMerged,
    SlotBooked,
    LedgerEntryAdded,
    DepositChanged,
)

CLUB_FACTS = (BookingGroupCreated, BookingGroupUpdated)

shows(BookingCancelled, carries=[replace(BOOKING, never=("note", "price", "paid"))])
shows(LedgerEntryAdded, DepositChanged, carries=[BOOKING])
shows(SlotBooked, for_viewer={"own": own_place}, carries=[SLOT])
shows(
    BookingCreated,
    BookingUpdated,
    BookingRestored,
    BookingMerged,
    for_viewer={"own": own_booking},
    carries=[replace(BOOKING, owned=_is_own)],
)
shows(*CLUB_FACTS)
