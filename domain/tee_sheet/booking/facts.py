"""The facts about a booking."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from domain.tee_sheet.inventory.slots import LockedTeeTime
from events.tee_sheet.booking import BookedPlayer, BookingCreated, BookingState, BookingUpdated, SlotBooked
from kit.ids import public_id
from models.clubs.tables import Club
from models.tee_sheet.desk import BookingChange
from models.tee_sheet.tables import Booking, BookingPlayer, Slot, TeeSheet, TeeTime

S = TypeVar("S", bound=BookingState)


def created(
    booking: Booking,
    players: Sequence[BookingPlayer],
    tee_time: TeeTime,
    sheet: TeeSheet,
    club: Club,
    *,
    users: Mapping[UUID | None, str | None],
) -> BookingCreated:
    """State that a booking was made. `users` tells which user the club knows as which player."""
    return BookingCreated(
        club_id=public_id("club", sheet.club_id),
        course_id=public_id("course", sheet.course_id),
        date=sheet.date,
        booking_id=public_id("booking", booking.id),
        tee_time_id=public_id("tee_time", tee_time.id),
        status=booking.status,
        starts_at=tee_time.starts_at,
        holes=booking.holes,
        price_cents=booking.price_cents,
        paid_cents=booking.paid_cents,
        currency=booking.currency,
        payer_first_name=booking.payer_first_name,
        payer_last_name=booking.payer_last_name,
        players=tuple(booked_player(player) for player in players),
        turn_tee_time_id=public_id("tee_time", booking.turn_tee_time_id) if booking.turn_tee_time_id else None,
        name_privacy=club.name_privacy,
        booked_by=booking.booked_by,
        user_ids=tuple(users.get(player.player_id) for player in players),
        group_id=_group(booking),
    )


def booked_player(player: BookingPlayer) -> BookedPlayer:
    """Show a player of a booking as events carry one."""
    return BookedPlayer(
        player_id=public_id("player", player.player_id) if player.player_id else None,
        slot_id=public_id("slot", player.slot_id) if player.slot_id else None,
        position=player.position,
        first_name=player.first_name,
        last_name=player.last_name,
        price_class=player.price_class,
        price_cents=player.price_cents,
        checked_in_at=player.checked_in_at,
        no_show_at=player.no_show_at,
    )


def sold(
    locked: LockedTeeTime,
    slot: Slot,
    booking: Booking,
    player: BookingPlayer,
    club: Club,
    *,
    users: Mapping[UUID | None, str | None],
) -> SlotBooked:
    """State that a place was sold to a player of a booking. `users` tells which user the club knows as which player."""
    return locked.fact(
        SlotBooked,
        slot,
        price_cents=player.price_cents,
        booking_id=public_id("booking", booking.id),
        payer_first_name=booking.payer_first_name,
        payer_last_name=booking.payer_last_name,
        name_privacy=club.name_privacy,
        booked_by=booking.booked_by,
        player=booked_player(player),
        user_id=users.get(player.player_id),
    )


def updated(
    booking: Booking,
    players: Sequence[BookingPlayer],
    locked: LockedTeeTime,
    club: Club,
    changes: Sequence[BookingChange],
    *,
    users: Mapping[UUID | None, str | None],
) -> BookingUpdated:
    """State that a booking on a locked tee time has changed, and how it is now.

    `users` tells which user the club knows as which player.
    """
    return state(BookingUpdated, booking, players, locked, club, users=users, changed=tuple(changes))


def state(
    kind: type[S],
    booking: Booking,
    players: Sequence[BookingPlayer],
    locked: LockedTeeTime,
    club: Club,
    *,
    users: Mapping[UUID | None, str | None],
    **more: Any,
) -> S:
    """State how a booking on a locked tee time is now. `users` tells which user the club knows as which player."""
    return kind(
        club_id=public_id("club", booking.club_id),
        course_id=public_id("course", booking.course_id),
        date=locked.sheet.date,
        booking_id=public_id("booking", booking.id),
        tee_time_id=public_id("tee_time", booking.tee_time_id),
        status=booking.status,
        starts_at=locked.tee_time.starts_at,
        holes=booking.holes,
        price_cents=booking.price_cents,
        paid_cents=booking.paid_cents,
        currency=booking.currency,
        payer_first_name=booking.payer_first_name,
        payer_last_name=booking.payer_last_name,
        players=tuple(booked_player(player) for player in players),
        turn_tee_time_id=public_id("tee_time", booking.turn_tee_time_id) if booking.turn_tee_time_id else None,
        created_at=booking.created_at,
        name_privacy=club.name_privacy,
        booked_by=booking.booked_by,
        user_ids=tuple(users.get(player.player_id) for player in players),
        note=booking.note or "",  # one that was just made has none
        staff_note=booking.staff_note or "",
        group_id=_group(booking),
        **more,
    )


def _group(booking: Booking) -> str | None:
    return public_id("booking_group", booking.group_id) if booking.group_id else None
