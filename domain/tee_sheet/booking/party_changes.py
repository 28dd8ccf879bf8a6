"""Changing who plays on a booking: some stay, some leave, some come, and each has a place."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import player_of
from domain.tee_sheet.booking.block_sales import BLOCK, places_for_sale
from domain.tee_sheet.booking.notice import check_notice
from domain.tee_sheet.booking.parties import NamedPlayer, PlayerWish, party_of
from domain.tee_sheet.booking.problems import PlayerCheckedIn
from domain.tee_sheet.booking.rules import status_of
from domain.tee_sheet.booking.sales import seat
from domain.tee_sheet.inventory.limits import LARGEST_GROUP
from domain.tee_sheet.inventory.sale import check_on_sale
from domain.tee_sheet.inventory.slots import LockedTeeTime
from domain.tee_sheet.offers.held_back import check_free
from domain.tee_sheet.offers.holds import end_due_holds
from domain.tee_sheet.offers.rules import check_group_size
from kit.errors import InvalidInput, Problem
from kit.text import clean_name
from models.clubs.tables import Club, Course
from models.tee_sheet.tables import Booking, BookingPlayer, Slot

NO_MORE = "The booking needs no place beyond its own; leave the block out."


@dataclass(frozen=True, kw_only=True)
class PlayerChange(PlayerWish):
    """A player of the booking: one at a position is changed, one without a position is new."""

    position: int | None = None

    @property
    def says_who(self) -> bool:
        """Whether it names somebody, or a price class."""
        return bool(self.player_id or self.first_name or self.last_name or self.price_class)


@dataclass
class PartyChange:
    """One change of a booking's players, under the lock of its tee time and a share of its course."""

    session: AsyncSession
    viewer: Viewer
    club: Club
    course: Course
    booking: Booking
    locked: LockedTeeTime
    players: list[BookingPlayer]
    block_id: UUID | None
    even_if_closed: bool
    now: datetime
    more: list[Slot] = field(default_factory=list)
    """The places that new players may have beside those of who leaves."""

    async def change(
        self, wishes: Sequence[PlayerChange], remove: Sequence[int]
    ) -> tuple[list[BookingPlayer], list[Slot]]:
        """Bring the players to what is wished; gives them in their order, and the places that are left over."""
        at = {player.position: player for player in self.players}
        self._check_positions(wishes, remove, at)
        leaving = [player for player in self.players if player.position in remove]
        staying = [player for player in self.players if player.position not in remove]
        new = [wish for wish in wishes if wish.position is None]
        await self._check_places(staying, leaving, new)
        named = await self._named(wishes, at)
        _refuse_doubles(wishes, staying, named)
        spare = await self._take_off(leaving)
        for number, wish in enumerate(wishes):
            if wish.position is not None and number in named:
                _rename(at[wish.position], named[number])
        added = self._add([named[n] for n, wish in enumerate(wishes) if wish.position is None], spare, staying)
        party = sorted([*staying, *added], key=lambda player: player.position)
        self.booking.price_cents = sum(player.price_cents for player in party)
        self.booking.status = status_of(party)
        return party, spare[len(added) :]

    def _check_positions(self, wishes: Sequence[PlayerChange], remove: Sequence[int], at: Collection[int]) -> None:
        places: list[tuple[int | None, tuple[str, ...]]] = [
            (wish.position, ("players", str(n), "position")) for n, wish in enumerate(wishes)
        ]
        places += [(position, ("removePositions", str(n))) for n, position in enumerate(remove)]
        seen: set[int] = set()
        for position, where in places:
            if position is None:
                continue
            if position not in at:
                raise InvalidInput(
                    message="The booking has no player at this position; choose another.", path=("input", *where)
                )
            if position in seen:
                raise InvalidInput(message="Name each position once.", path=("input", *where))
            seen.add(position)

    async def _check_places(
        self, staying: Sequence[BookingPlayer], leaving: Sequence[BookingPlayer], new: Sequence[PlayerChange]
    ) -> None:
        if not staying and not new:
            message = "Keep at least one player; cancel the booking if nobody plays."
            raise InvalidInput(message=message, path=("input", "removePositions"))
        path = ("input", "players")
        if not self.viewer.is_staff_of(self.club.id):
            check_group_size(len(staying) + len(new), allowed=self.locked.sheet.group_sizes, path=path)
        elif len(staying) + len(new) > LARGEST_GROUP:
            check_group_size(len(staying) + len(new), allowed=range(1, LARGEST_GROUP + 1), path=path)
        if checked_in := next((player for player in leaving if player.checked_in_at), None):
            raise PlayerCheckedIn(position=checked_in.position, path=("input", "removePositions"))
        if len(leaving) > len(new) and not self.viewer.is_staff_of(self.club.id):
            await check_notice(self.session, self.booking, self.locked, self.club, now=self.now)
        if len(new) > len(leaving):
            check_on_sale(self.locked, self.course, even_if_closed=self.even_if_closed, now=self.now)
            more = len(new) - len(leaving)
            for_staff = more if self.viewer.is_staff_of(self.club.id) and not self.block_id else 0
            await end_due_holds(self.session, self.locked, for_staff=for_staff, now=self.now)
            free = await places_for_sale(self.session, self.locked, viewer=self.viewer, block_id=self.block_id)
            self.more = await check_free(self.session, self.locked, more, among=free, path=path)
        elif self.block_id:
            raise InvalidInput(message=NO_MORE, path=BLOCK)

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
        return named

    async def _party(self, asked: dict[int, PlayerWish]) -> list[NamedPlayer]:
        try:
            return await party_of(
                self.session,
                viewer=self.viewer,
                club=self.club,
                own=await player_of(self.session, viewer=self.viewer, club_id=self.club.id),
                sheet=self.locked.sheet,
                at=self.locked.tee_time.local_time,
                wishes=list(asked.values()),
                places=len(asked),
                holes=self.booking.holes,
                partners=[player.player_id for player in self.players],
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
        places = [*spare, *self.more]
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
        user_id=None,
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


def _is_somebody_else(row: BookingPlayer, player: NamedPlayer) -> bool:
    """Tell whether a player is replaced: by another whom the club knows, or by a name that has nothing of theirs."""
    if row.player_id and player.player_id:
        return row.player_id != player.player_id
    before = {name.casefold() for name in (row.first_name, row.last_name) if name}
    return bool(before) and before.isdisjoint({player.first_name.casefold(), player.last_name.casefold()})


def _rename(row: BookingPlayer, player: NamedPlayer) -> None:
    if _is_somebody_else(row, player):
        row.checked_in_at = row.no_show_at = None
    row.player_id, row.first_name, row.last_name = player.player_id, player.first_name, player.last_name
    row.price_class, row.price_cents = player.price_class, player.price_cents


def _refuse_doubles(
    wishes: Sequence[PlayerChange], staying: Sequence[BookingPlayer], named: dict[int, NamedPlayer]
) -> None:
    changed = {wish.position for n, wish in enumerate(wishes) if n in named}
    ids = [player.player_id for player in named.values()]
    ids += [player.player_id for player in staying if player.position not in changed]
    known = [player_id for player_id in ids if player_id]
    if len(set(known)) < len(known):
        raise InvalidInput(message="Name each player once.", path=("input", "players"))
