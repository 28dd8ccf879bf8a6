"""Selling places of a locked tee time to a party."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.tee_sheet.booking.facts import created, sold
from domain.tee_sheet.booking.ledger import entry_for
from domain.tee_sheet.booking.parties import NamedPlayer, PlayerWish
from domain.tee_sheet.booking.turns import Turn, take
from domain.tee_sheet.inventory.slots import LockedTeeTime
from domain.tee_sheet.offers.problems import SlotsUnavailable
from domain.tee_sheet.offers.reservations import end_hold
from events.log import record
from kit.errors import InvalidInput, NotAllowed
from kit.ids import new_id
from kit.text import check_range, clean_name
from models.clubs.tables import Club
from models.tee_sheet.ledger import LedgerKind
from models.tee_sheet.tables import Booking, BookingPlayer, Hold, Slot
from models.tee_sheet.values import BookingStatus, HoldStatus, SlotStatus

NOBODY = ""
"""The booker of what the club books by itself; nobody's token is of such a user."""


@dataclass(frozen=True, kw_only=True)
class BookingWish:
    """What somebody asks for when they book: who plays, how many holes, who pays."""

    players: Sequence[PlayerWish] = ()
    places: int | None = None
    holes: int | None = None
    payer_first_name: str = ""
    payer_last_name: str = ""
    paid_cents: int = 0
    by_club: bool = False
    """Whether nobody is its booker, as the club books it by itself: only its staff and its players have to do with it.
    """


def sell(
    session: AsyncSession,
    locked: LockedTeeTime,
    free: Sequence[Slot],
    *,
    viewer: Viewer,
    club: Club,
    wish: BookingWish,
    party: list[NamedPlayer],
    hold: Hold | None,
    turn: Turn | None = None,
    booking_id: UUID | None = None,
    booked_by: str | None = None,
    group_id: UUID | None = None,
    now: datetime,
) -> Booking:
    """Make a booking of a party on a locked tee time, in the first places that are `free` to it: a hold's, or others.

    Those of its turn are taken along.

    Its id is a new one, and who has made it is the viewer, unless others are given.
    Raises InvalidInput, NotAllowed, SlotsUnavailable.
    """
    slots = free[: len(party)]
    if len(slots) < len(party):
        raise SlotsUnavailable(places_left=len(slots))
    first, last = _payer(wish, party)
    booking = Booking(
        id=booking_id or new_id(),
        tenant_id=viewer.tenant_id,
        club_id=club.id,
        course_id=locked.sheet.course_id,
        tee_time_id=locked.tee_time.id,
        turn_tee_time_id=turn.start.tee_time.id if turn else None,
        status=BookingStatus.CONFIRMED,
        booked_by=NOBODY if wish.by_club else booked_by or viewer.user_id,
        payer_first_name=first,
        payer_last_name=last,
        holes=wish.holes or locked.sheet.holes,
        price_cents=sum(player.price_cents for player in party),
        paid_cents=_paid(wish, viewer, club),
        currency=locked.sheet.currency,
        group_id=group_id,
        has_deposit=bool(club.deposits.get("rules")),
        created_at=now,
    )
    session.add(booking)
    if booking.paid_cents:
        session.add(entry_for(booking, LedgerKind.PAYMENT, booking.paid_cents, by=viewer.user_id, now=now))
    if hold:
        end_hold(hold, HoldStatus.BOOKED, now=now)
    players = [seat(booking, slot, player, n) for n, (slot, player) in enumerate(zip(slots, party, strict=True), 1)]
    session.add_all(players)
    users = {player.player_id: player.user_id for player in party}
    record(session, created(booking, players, locked.tee_time, locked.sheet, club, users=users), now=now)
    for slot, player in zip(slots, players, strict=True):
        record(session, sold(locked, slot, booking, player, club, users=users), now=now)
    take(session, booking, turn, club, now=now)
    return booking


def _payer(wish: BookingWish, party: list[NamedPlayer]) -> tuple[str, str]:
    first = clean_name(wish.payer_first_name, path=("input", "payer", "firstName"), empty=True)
    last = clean_name(wish.payer_last_name, path=("input", "payer", "lastName"), empty=True)
    if first or last:
        return first, last
    named = next((player for player in party if player.first_name or player.last_name), None)
    if named is None:
        raise InvalidInput(message="Say who pays: give a payer, or name a player.", path=("input", "payer"))
    return named.first_name, named.last_name


def _paid(wish: BookingWish, viewer: Viewer, club: Club) -> int:
    check_range(wish.paid_cents, 0, 100_000_000, path=("input", "paidCents"))
    if wish.paid_cents and not viewer.is_staff_of(club.id):
        raise NotAllowed(message="Only the club's staff may note what was paid.")
    return wish.paid_cents


def seat(booking: Booking, slot: Slot, player: NamedPlayer, position: int) -> BookingPlayer:
    """Give a place to a player of a booking; position is 1 to 4."""
    slot.status, slot.hold_id, slot.booking_id = SlotStatus.BOOKED, None, booking.id
    return BookingPlayer(
        id=new_id(),
        tenant_id=booking.tenant_id,
        booking_id=booking.id,
        position=position,
        slot_id=slot.id,
        player_id=player.player_id,
        first_name=player.first_name,
        last_name=player.last_name,
        price_class=player.price_class,
        price_cents=player.price_cents,
    )
