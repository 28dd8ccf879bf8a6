"""Changing who plays on a booking, who pays, and what was paid: one operation, done whole or not at all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import player_of
from domain.tee_sheet.booking_rules import cancellation_deadline, check_group_size
from domain.tee_sheet.bookings import booked_player, find_booking, lock_booking, seat, sold
from domain.tee_sheet.desk_problems import BookingNotChangeable, ChangeTooLate, PlayerCheckedIn
from domain.tee_sheet.parties import NamedPlayer, PlayerWish, party_of
from domain.tee_sheet.problems import SheetOffline, SlotsUnavailable
from domain.tee_sheet.reading import players_of
from domain.tee_sheet.rules import LARGEST_GROUP
from domain.tee_sheet.slots import LockedTeeTime, release_places
from events.log import record
from events.tee_sheet_desk import BookingUpdated
from kit.errors import InvalidInput, NotAllowed, Problem
from kit.ids import public_id
from kit.text import check_range, clean_name
from models.clubs.tables import Club
from models.tee_sheet.desk_values import BookingChange
from models.tee_sheet.tables import Booking, BookingPlayer, Slot
from models.tee_sheet.values import BookingStatus

BEFORE_PLAY = frozenset({BookingStatus.CONFIRMED, BookingStatus.CHECKED_IN})
"""The statuses in which a booking's players and start may be changed."""
HIGHEST_PAID_CENTS = 100_000_000


@dataclass(frozen=True, kw_only=True)
class PlayerChange(PlayerWish):
    """A player of the booking as it shall be: one at a position stays there, one without a position is new."""

    position: int | None = None

    @property
    def says_who(self) -> bool:
        """Whether it names somebody, or a price class."""
        return bool(self.player_id or self.first_name or self.last_name or self.price_class)


@dataclass(frozen=True, kw_only=True)
class ChangeWish:
    """What of a booking shall change; None leaves it as it is. Players are all that the booking shall have."""

    players: Sequence[PlayerChange] | None = None
    payer: tuple[str, str] | None = None
    paid_cents: int | None = None


async def update_booking(
    session: AsyncSession, *, viewer: Viewer, booking_id: UUID, wish: ChangeWish, now: datetime
) -> Booking:
    """Change a booking: its players before they play; payer and paid sum, by staff, as long as it is not cancelled.

    The booker may give up places until the club's notice period, and change the rest until the start.
    Raises NotFound, NotAllowed, InvalidInput, BookingNotChangeable, ChangeTooLate, PlayerCheckedIn, SheetOffline,
    GroupSizeNotAllowed, NotOnSale, SlotsUnavailable.
    """
    booking = await find_booking(session, viewer=viewer, booking_id=booking_id)
    by_staff = refuse_unless_booker(viewer, booking)
    _check_wish(wish, by_staff=by_staff)
    club = await session.get_one(Club, booking.club_id)
    locked = (await lock_booking(session, booking, share=True))[booking.tee_time_id]
    check_changeable(booking, locked, by_staff=by_staff, only_money=wish.players is None, now=now)
    players = (await players_of(session, [booking.id]))[booking.id]
    before, shown = _picture(booking, players), _sales(booking, players)
    if wish.payer is not None:
        booking.payer_first_name, booking.payer_last_name = wish.payer
    if wish.paid_cents is not None:
        booking.paid_cents = wish.paid_cents
    left: list[Slot] = []
    if wish.players is not None:
        desk = _Desk(session, viewer, club, booking, locked, players, now)
        players, left = await desk.change(wish.players)
    await session.flush()
    if changes := [change for change, value in _picture(booking, players).items() if before[change] != value]:
        record(session, updated(booking, players, locked, club, changes), now=now)
    await release_places(session, locked, left, now=now)
    _tell_sales(session, booking, players, locked, club, shown=shown, now=now)
    return booking


def refuse_unless_booker(viewer: Viewer, booking: Booking) -> bool:
    """Let staff and the booker through; tells whether it is staff. Raises NotAllowed."""
    by_staff = viewer.is_staff_of(booking.club_id)
    if not by_staff and booking.booked_by != viewer.user_id:
        raise NotAllowed(message="Only who made the booking, or the club's staff, may change it.")
    return by_staff


def check_changeable(
    booking: Booking, locked: LockedTeeTime, *, by_staff: bool, only_money: bool = False, now: datetime
) -> None:
    """Refuse what comes too late: players, once they play; for the booker all, once one has checked in or it is time.

    Raises BookingNotChangeable.
    """
    if by_staff and only_money and booking.status is not BookingStatus.CANCELLED:
        return
    allowed = BEFORE_PLAY if by_staff else {BookingStatus.CONFIRMED}
    if booking.status not in allowed:
        raise BookingNotChangeable(status=booking.status)
    if not by_staff and locked.tee_time.starts_at < now:
        raise BookingNotChangeable(message="The start has passed; please call the club.", status=booking.status)


def check_notice(locked: LockedTeeTime, club: Club, *, now: datetime) -> None:
    """Refuse a booker who gives up places after the deadline of a cancellation. Raises ChangeTooLate."""
    deadline = cancellation_deadline(locked.tee_time.starts_at, club.cancellation_notice_hours)
    if now > deadline:
        raise ChangeTooLate(notice_hours=club.cancellation_notice_hours, deadline=deadline)


def updated(
    booking: Booking,
    players: Sequence[BookingPlayer],
    locked: LockedTeeTime,
    club: Club,
    changes: Sequence[BookingChange],
) -> BookingUpdated:
    """State that a booking on a locked tee time has changed, and how it is now."""
    return BookingUpdated(
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
        created_at=booking.created_at,
        name_privacy=club.name_privacy,
        changed=tuple(changes),
    )


def _check_wish(wish: ChangeWish, *, by_staff: bool) -> None:
    if wish == ChangeWish():
        raise InvalidInput(message="Say what to change: players, payer, or what was paid.", path=("input",))
    if wish.paid_cents is not None:
        check_range(wish.paid_cents, 0, HIGHEST_PAID_CENTS, path=("input", "paidCents"))
        if not by_staff:
            raise NotAllowed(message="Only the club's staff may note what was paid.")
    if wish.players is not None and not wish.players:
        message = "Keep at least one player; cancel the booking if nobody plays."
        raise InvalidInput(message=message, path=("input", "players"))


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
    """Note what the sheet shows of each place of a booking: its price, and who pays."""
    payer = (booking.payer_first_name, booking.payer_last_name)
    return {player.slot_id: (player.price_cents, payer) for player in players}


def _tell_sales(
    session: AsyncSession,
    booking: Booking,
    players: Sequence[BookingPlayer],
    locked: LockedTeeTime,
    club: Club,
    *,
    shown: dict[UUID | None, object],
    now: datetime,
) -> None:
    """Tell of each place that is new, or is shown with another price or payer than before."""
    slots = {slot.id: slot for slot in locked.slots}
    for player in players:
        if player.slot_id and _sales(booking, [player])[player.slot_id] != shown.get(player.slot_id):
            record(session, sold(locked, slots[player.slot_id], booking, player, club), now=now)


@dataclass
class _Desk:
    """One change of a booking's players, under the lock of its tee time."""

    session: AsyncSession
    viewer: Viewer
    club: Club
    booking: Booking
    locked: LockedTeeTime
    players: list[BookingPlayer]
    now: datetime

    async def change(self, wishes: Sequence[PlayerChange]) -> tuple[list[BookingPlayer], list[Slot]]:
        """Bring the players to what is wished; gives them in their order, and the places that are left over."""
        at = {player.position: player for player in self.players}
        self._check_positions(wishes, at)
        check_group_size(len(wishes), allowed=self.locked.sheet.group_sizes, path=("input", "players"))
        leaving = [player for player in self.players if player.position not in {wish.position for wish in wishes}]
        new = [wish for wish in wishes if wish.position is None]
        self._check_places(leaving, new)
        named = await self._named(wishes, at)
        spare = await self._take_off(leaving)
        for number, wish in enumerate(wishes):
            if wish.position is not None and number in named:
                _rename(at[wish.position], named[number])
        staying = [player for player in self.players if player not in leaving]
        added = self._add([named[n] for n, wish in enumerate(wishes) if wish.position is None], spare, staying)
        self.booking.price_cents = sum(player.price_cents for player in [*staying, *added])
        return sorted([*staying, *added], key=lambda player: player.position), spare[len(added) :]

    def _check_positions(self, wishes: Sequence[PlayerChange], at: Collection[int]) -> None:
        seen: set[int] = set()
        for number, wish in enumerate(wishes):
            path = ("input", "players", str(number), "position")
            if wish.position is not None and wish.position not in at:
                raise InvalidInput(message="The booking has no player at this position.", path=path)
            if wish.position in seen:
                raise InvalidInput(message="Name each position once.", path=path)
            if wish.position is not None:
                seen.add(wish.position)

    def _check_places(self, leaving: Sequence[BookingPlayer], new: Sequence[PlayerChange]) -> None:
        if checked_in := next((player for player in leaving if player.checked_in_at), None):
            raise PlayerCheckedIn(position=checked_in.position, path=("input", "players"))
        if len(leaving) > len(new) and not self.viewer.is_staff_of(self.club.id):
            check_notice(self.locked, self.club, now=self.now)
        if len(new) > len(leaving):
            if not self.locked.sheet.is_online:
                raise SheetOffline
            if len(new) - len(leaving) > len(self.locked.free):
                raise SlotsUnavailable(places_left=len(self.locked.free), path=("input", "players"))

    async def _named(self, wishes: Sequence[PlayerChange], at: dict[int, BookingPlayer]) -> dict[int, NamedPlayer]:
        """Work out who the new and the changed players are, by their number in the wish."""
        named = {n: _renamed(wish, at, n) for n, wish in enumerate(wishes) if _is_new_name_alone(wish, at)}
        asked = {
            n: _wish_for(wish, at)
            for n, wish in enumerate(wishes)
            if n not in named and (wish.position is None or wish.says_who)
        }
        if asked:
            named |= dict(zip(asked, await self._party(asked), strict=True))
        _refuse_doubles(wishes, at, named)
        return named

    async def _party(self, asked: dict[int, PlayerWish]) -> list[NamedPlayer]:
        try:
            return await party_of(
                self.session,
                viewer=self.viewer,
                own=await player_of(self.session, viewer=self.viewer, club_id=self.club.id),
                sheet=self.locked.sheet,
                wishes=list(asked.values()),
                places=len(asked),
                holes=self.booking.holes,
            )
        except Problem as problem:  # it counts those that it was asked for alone
            match problem.path:
                case ("input", "players", number, *rest):
                    problem.path = ("input", "players", str(list(asked)[int(number)]), *rest)
            raise

    async def _take_off(self, leaving: Sequence[BookingPlayer]) -> list[Slot]:
        """Take players off the booking; gives their places, which others may have at once."""
        if not leaving:
            return []
        slots = {slot.id: slot for slot in self.locked.slots}
        spare = [slots[player.slot_id] for player in leaving if player.slot_id]
        await self.session.execute(delete(BookingPlayer).where(BookingPlayer.id.in_([row.id for row in leaving])))
        return spare

    def _add(
        self, named: Sequence[NamedPlayer], spare: Sequence[Slot], staying: Sequence[BookingPlayer]
    ) -> list[BookingPlayer]:
        taken = {player.position for player in staying}
        positions = (position for position in range(1, LARGEST_GROUP + 1) if position not in taken)
        places = [*spare, *self.locked.free]
        added = [
            seat(self.booking, slot, player, position)
            for player, slot, position in zip(named, places, positions, strict=False)
        ]
        self.session.add_all(added)
        return added


def _is_new_name_alone(wish: PlayerChange, at: dict[int, BookingPlayer]) -> bool:
    """Tell whether somebody whom the club does not know is called otherwise, and nothing else: the price stays."""
    if wish.position is None or wish.player_id or wish.price_class:
        return False
    return bool(wish.first_name or wish.last_name) and at[wish.position].player_id is None


def _renamed(wish: PlayerChange, at: dict[int, BookingPlayer], number: int) -> NamedPlayer:
    row, path = at[wish.position or 0], ("input", "players", str(number))
    return NamedPlayer(
        player_id=None,
        first_name=clean_name(wish.first_name, path=(*path, "firstName"), empty=True),
        last_name=clean_name(wish.last_name, path=(*path, "lastName"), empty=True),
        price_class=row.price_class,
        price_cents=row.price_cents,
    )


def _wish_for(wish: PlayerChange, at: dict[int, BookingPlayer]) -> PlayerWish:
    """Say who is meant; another price class alone leaves the player who they are."""
    if wish.position is not None and not (wish.player_id or wish.first_name or wish.last_name):
        row = at[wish.position]
        return replace(wish, player_id=row.player_id, first_name=row.first_name, last_name=row.last_name)
    return wish


def _rename(row: BookingPlayer, player: NamedPlayer) -> None:
    row.player_id, row.first_name, row.last_name = player.player_id, player.first_name, player.last_name
    row.price_class, row.price_cents = player.price_class, player.price_cents


def _refuse_doubles(
    wishes: Sequence[PlayerChange], at: dict[int, BookingPlayer], named: dict[int, NamedPlayer]
) -> None:
    ids = [named[n].player_id if n in named else at[wish.position or 0].player_id for n, wish in enumerate(wishes)]
    known = [player_id for player_id in ids if player_id]
    if len(set(known)) < len(known):
        raise InvalidInput(message="Name each player once.", path=("input", "players"))
