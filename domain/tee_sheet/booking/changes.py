"""Changing who plays on a booking, who pays, and what was paid: one operation, done whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import player_of, share_course
from domain.tee_sheet.booking.access import find_booking_and_club, lock_row
from domain.tee_sheet.booking.block_sales import BLOCK
from domain.tee_sheet.booking.facts import booked_player, sold, updated
from domain.tee_sheet.booking.ledger import pay
from domain.tee_sheet.booking.limits import Booker, check_limits, take_turns, wanted_start
from domain.tee_sheet.booking.party_changes import NO_MORE, PartyChange, PlayerChange
from domain.tee_sheet.booking.reading import players_of, users_of
from domain.tee_sheet.booking.rules import check_changeable, refuse_unless_booker
from domain.tee_sheet.booking.turns import fit, lock_starts_of, places_at, tell
from domain.tee_sheet.inventory.sale import check_force
from domain.tee_sheet.inventory.slots import LockedTeeTime
from domain.tee_sheet.offers.notices import tell_booked, tell_party
from domain.tee_sheet.offers.places import release_places
from domain.tee_sheet.offers.restrictions import Wanted, check_restrictions
from domain.tee_sheet.offers.waitlist_ends import end_satisfied
from events.log import record
from kit.errors import InvalidInput, NotAllowed
from kit.text import check_range, clean_name
from models.clubs.tables import Club
from models.notifications import NotificationKind
from models.tee_sheet.desk import BookingChange
from models.tee_sheet.tables import Booking, BookingPlayer, Slot

HIGHEST_PAID_CENTS = 100_000_000
TOLD = frozenset({BookingChange.PLAYERS, BookingChange.PAYER})
"""What the party is told of when somebody else changes it; those who were taken off are told as well."""


@dataclass(frozen=True, kw_only=True)
class ChangeWish:
    """What of a booking shall change: players to be changed or added, positions to be given up, payer, paid sum.

    Nobody is taken off who is not named: a list that is a little old can't cost another's new player the place.
    """

    players: Sequence[PlayerChange] = ()
    remove: Sequence[int] = ()
    payer: tuple[str, str] | None = None
    paid_cents: int | None = None

    @property
    def concerns_players(self) -> bool:
        """Whether players shall come, leave or change."""
        return bool(self.players or self.remove)


async def update_booking(
    session: AsyncSession,
    *,
    viewer: Viewer,
    booking_id: UUID,
    wish: ChangeWish,
    block_id: UUID | None = None,
    even_if_closed: bool = False,
    now: datetime,
) -> Booking:
    """Change a booking: its players before they play; payer and paid sum, by staff, as long as it is not cancelled.

    The booker may give up places until the club's notice period, and change the rest until the start. On a closed
    course, more places than the booking has are sold by staff alone, if they say so; these may be of a block.
    Raises NotFound, NotAllowed, InvalidInput, BookingNotChangeable, ChangeTooLate, PlayerCheckedIn, SheetOffline,
    CourseClosed, GroupSizeNotAllowed, NotOnSale, StartRestricted, SlotsUnavailable, RefundTooLarge, RainCheckSpent,
    BookingLimitReached, TurnTaken.
    """
    booking, club = await find_booking_and_club(session, viewer=viewer, booking_id=booking_id)
    by_staff = refuse_unless_booker(viewer, booking)
    check_force(viewer, booking.club_id, even_if_closed=even_if_closed)
    _check_wish(wish, by_staff=by_staff)
    if block_id and not wish.concerns_players:
        raise InvalidInput(message=NO_MORE, path=BLOCK)
    await lock_row(session, booking)
    return await change(
        session, booking, club, viewer=viewer, wish=wish, block_id=block_id, even_if_closed=even_if_closed, now=now
    )


async def change(
    session: AsyncSession,
    booking: Booking,
    club: Club,
    *,
    viewer: Viewer,
    wish: ChangeWish,
    block_id: UUID | None = None,
    even_if_closed: bool = False,
    now: datetime,
) -> Booking:
    """Change a booking that is locked, for somebody who may. Raises as `update_booking` does."""
    by_staff = viewer.is_staff_of(booking.club_id)
    own = None if by_staff else await player_of(session, viewer=viewer, club_id=club.id)
    if wish.players:
        named = [player.player_id for player in wish.players]
        await take_turns(session, viewer=viewer, club=club, own=own, others=named)
    course = await share_course(session, course_id=booking.course_id)
    locked, turn = await lock_starts_of(session, booking)
    check_changeable(booking, locked, by_staff=by_staff, only_money=not wish.concerns_players, now=now)
    players = (await players_of(session, [booking.id]))[booking.id]
    before, shown, were = _picture(booking, players), _sales(booking, players), {row.player_id for row in players}
    taken_back = await _change_payment(session, booking, wish, by=viewer.user_id, now=now)
    left: list[Slot] = []
    if wish.concerns_players:
        desk = PartyChange(session, viewer, club, course, booking, locked, players, block_id, even_if_closed, now)
        players, left = await _change_party(desk, wish, turn)
    if wish.players:
        await check_limits(
            session,
            viewer=viewer,
            club=club,
            booker=Booker(user_id=booking.booked_by, own=own),
            start=wanted_start(course, locked, holes=booking.holes),
            party=players,
            apart_from=booking.id,
            now=now,
        )
    await session.flush()
    users = await users_of(session, were | {row.player_id for row in players})
    changes = [change for change, value in _picture(booking, players).items() if before[change] != value]
    changes += [BookingChange.RAIN_CHECK] if taken_back else []
    if changes:
        record(session, updated(booking, players, locked, club, changes, users=users), now=now)
    if left:
        await release_places(session, locked, left, given_up=True, now=now)
    _tell_sales(session, booking, players, locked, club, users=users, shown=shown, now=now)
    if BookingChange.PAYER in changes:
        tell(session, booking, places_at(turn, booking), club, now=now)
    if wish.players:
        await end_satisfied(session, booking, players, locked, now=now)
    if TOLD.intersection(changes):
        new = [users.get(row.player_id) for row in players if row.player_id not in were]
        booked = await tell_booked(session, booking, locked, new, viewer=viewer, now=now)
        kind, known = NotificationKind.BOOKING_UPDATED, [user for user in users.values() if user]
        await tell_party(session, kind, booking, locked, viewer=viewer, also=known, apart_from=booked, now=now)
    return booking


async def _change_payment(session: AsyncSession, booking: Booking, wish: ChangeWish, *, by: str, now: datetime) -> bool:
    """Change who pays, and what was paid; tells whether a rain check that was issued for it is taken back by that."""
    if wish.payer is not None:
        booking.payer_first_name, booking.payer_last_name = wish.payer
    if wish.paid_cents is None:
        return False
    return await pay(session, booking, wish.paid_cents, by=by, path=("input", "paidCents"), now=now)


async def _change_party(
    desk: PartyChange, wish: ChangeWish, turn: LockedTeeTime | None
) -> tuple[list[BookingPlayer], list[Slot]]:
    """Change who plays, as far as the start allows it; gives the players, and the places that are left over."""
    had, classes = len(desk.players), {player.price_class for player in desk.players}
    players, left = await desk.change(wish.players, wish.remove)
    wanted = Wanted(
        classes={desk.club.goes_by(one) for one in {player.price_class for player in players} - classes},
        players=len(players) if len(players) != had else None,
        is_new=len(players) > had,
    )
    check_restrictions(desk.viewer, desk.locked, wanted, now=desk.now)
    by_staff = desk.viewer.is_staff_of(desk.club.id)
    await fit(desk.session, desk.booking, turn, desk.club, players=len(players), by_staff=by_staff, now=desk.now)
    return players, left


def _check_wish(wish: ChangeWish, *, by_staff: bool) -> None:
    if not wish.concerns_players and wish.payer is None and wish.paid_cents is None:
        raise InvalidInput(message="Say what to change: players, payer, or what was paid.", path=("input",))
    if wish.paid_cents is not None:
        check_range(wish.paid_cents, 0, HIGHEST_PAID_CENTS, path=("input", "paidCents"))
        if not by_staff:
            raise NotAllowed(message="Only the club's staff may note what was paid.")


def clean_payer(first: str, last: str) -> tuple[str, str]:
    """Trim a payer's name. Raises InvalidInput when nothing is left of it."""
    names = (
        clean_name(first, path=("input", "payer", "firstName"), empty=True),
        clean_name(last, path=("input", "payer", "lastName"), empty=True),
    )
    if not any(names):
        raise InvalidInput(message="Say who pays.", path=("input", "payer"))
    return names


def _picture(booking: Booking, players: Sequence[BookingPlayer]) -> dict[BookingChange, object]:
    return {
        BookingChange.PLAYERS: [booked_player(player) for player in players],
        BookingChange.PAYER: (booking.payer_first_name, booking.payer_last_name),
        BookingChange.PAID: booking.paid_cents,
    }


def _sales(booking: Booking, players: Sequence[BookingPlayer]) -> dict[UUID | None, object]:
    """Note what the sheet shows of each place of a booking, to whose it is and to all: price, payer and player."""
    payer = (booking.payer_first_name, booking.payer_last_name)
    return {row.slot_id: (row.price_cents, payer, row.player_id, row.first_name, row.last_name) for row in players}


def _tell_sales(
    session: AsyncSession,
    booking: Booking,
    players: Sequence[BookingPlayer],
    locked: LockedTeeTime,
    club: Club,
    *,
    users: Mapping[UUID | None, str | None],
    shown: dict[UUID | None, object],
    now: datetime,
) -> None:
    """Tell of each place that is new, or is shown with another price, payer or player than before."""
    slots = {slot.id: slot for slot in locked.slots}
    for player in players:
        if player.slot_id and _sales(booking, [player])[player.slot_id] != shown.get(player.slot_id):
            record(session, sold(locked, slots[player.slot_id], booking, player, club, users=users), now=now)
