"""The draw of a ballot: one transaction, in which each entry gets its start, or none. It is made once, and stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Date, Text, Uuid, any_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Role, Viewer
from domain.clubs.access import price_class_of, refuse_unless_staff, share_course
from domain.clubs.closures import closed_until
from domain.notifications.notifications import notify
from domain.tee_sheet.ballots.ballots import BEFORE_DRAW, about, plan_next, tell_entrants
from domain.tee_sheet.ballots.facts import fact
from domain.tee_sheet.ballots.problems import BallotOver, BallotStillOpen
from domain.tee_sheet.ballots.reading import find_ballot, lock_ballot, players_of_entries, starts_of, waiting_entries
from domain.tee_sheet.ballots.rules import Candidate, first_fitting, order_of
from domain.tee_sheet.booking.limits import Booker, check_limits, take_turns, wanted_start
from domain.tee_sheet.booking.parties import NamedPlayer, PlayerWish, party_of
from domain.tee_sheet.booking.sales import BookingWish, sell
from domain.tee_sheet.inventory.sale import refuse_offline
from domain.tee_sheet.inventory.slots import FRESH, LockedTeeTime, lock_tee_times
from domain.tee_sheet.offers.restrictions import Wanted, check_restrictions
from domain.tee_sheet.offers.waitlist_ends import end_satisfied
from events.log import record
from events.tee_sheet.ballots import BallotDrawn, DrawnEntry
from kit.errors import Problem
from kit.ids import public_id
from models.clubs.tables import Club, Course, Player
from models.notifications import NotificationKind
from models.tee_sheet.ballots import Ballot, BallotEntry, BallotEntryStatus, BallotPlayer, BallotStatus
from models.tee_sheet.tables import Booking, Slot
from models.tee_sheet.values import SlotStatus

GOT = (
    select(BallotPlayer.player_id, BallotPlayer.user_id, func.sum(11 - BallotEntry.choice))
    .join(BallotEntry, BallotEntry.id == BallotPlayer.entry_id)
    .where(
        BallotPlayer.club_id == bindparam("club_id", type_=Uuid),
        BallotPlayer.date >= bindparam("since", type_=Date),
        BallotPlayer.ballot_id != bindparam("ballot_id", type_=Uuid),
        BallotEntry.status == BallotEntryStatus.DRAWN,
        or_(
            BallotPlayer.player_id == any_(bindparam("player_ids", type_=ARRAY(Uuid))),
            BallotPlayer.user_id == any_(bindparam("user_ids", type_=ARRAY(Text))),
        ),
    )
    .group_by(BallotPlayer.player_id, BallotPlayer.user_id)
)
KNOWN = (
    select(Player)
    .where(Player.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(Player.id)
    .with_for_update(read=True, key_share=True)
    .execution_options(**FRESH)
)
"""Nobody merges them into others meanwhile."""


async def draw_ballot(session: AsyncSession, *, viewer: Viewer, ballot_id: UUID, now: datetime) -> Ballot:
    """Make the draw by hand, once the entries have closed. It cannot be taken back.

    Raises NotFound, NotAllowed, BallotOver, BallotStillOpen, SheetOffline.
    """
    found = await find_ballot(session, viewer=viewer, ballot_id=ballot_id)
    refuse_unless_staff(viewer, found.club_id)
    ballot = await lock_ballot(session, found.id) or found
    if ballot.status not in BEFORE_DRAW:
        raise BallotOver(status=ballot.status)
    if now < ballot.closes_at:
        raise BallotStillOpen(entries_close_at=ballot.closes_at)
    await draw(session, ballot, now=now)
    return ballot


async def draw(session: AsyncSession, ballot: Ballot, *, now: datetime) -> None:
    """Make the draw of a ballot that is locked, and whose entries have closed. Raises SheetOffline."""
    drawing = await _begin(session, ballot, now=now)
    candidates = [
        Candidate(entry_id=public_id("ballot_entry", one.id), got_before=drawing.got_before(one))
        for one in drawing.entries
    ]
    by_id = {public_id("ballot_entry", one.id): one for one in drawing.entries}
    with session.no_autoflush:  # nobody is in two entries: what one gets is written with what all get
        for rank, candidate in enumerate(order_of(candidates, seed=ballot.seed), 1):
            entry = by_id[candidate.entry_id]
            entry.rank, entry.got_before = rank, candidate.got_before
            await drawing.choose(entry)
    ballot.status, ballot.drawn_at = BallotStatus.DRAWN, now
    await session.flush()
    ranked = sorted(drawing.entries, key=lambda one: one.rank or 0)
    told = fact(
        BallotDrawn,
        ballot,
        seed=ballot.seed,
        drawn=tuple(_drawn(one) for one in ranked),
        places_given=sum(one.drawn_places or 0 for one in ranked if one.choice),
    )
    record(session, told, now=now)
    await drawing.tell()
    await plan_next(session, ballot, now=now)


def _drawn(entry: BallotEntry) -> DrawnEntry:
    got = entry.choices[entry.choice - 1] if entry.choice else None
    return DrawnEntry(
        ballot_entry_id=public_id("ballot_entry", entry.id),
        rank=entry.rank or 0,
        choice=entry.choice,
        drawn_tee_time_id=public_id("tee_time", got) if got else None,
    )


async def _begin(session: AsyncSession, ballot: Ballot, *, now: datetime) -> "Drawing":
    """Lock all that a draw gives, in the order of every sale, and read all that it goes by."""
    club = await session.get_one(Club, ballot.club_id)
    entries = await waiting_entries(session, ballot)
    players = await players_of_entries(session, [one.id for one in entries])
    known = await _known(session, players)
    everybody = [one.player_id for party in players.values() for one in party]
    desk = _as(ballot, ballot.announced_by, Role.STAFF, now=now)
    caller = _as(ballot, ballot.announced_by, Role.PLAYER, now=now)
    if entries:
        await take_turns(session, viewer=caller, club=club, own=None, others=everybody)
    course = await share_course(session, course_id=ballot.course_id)
    locked = await lock_tee_times(session, [row.id for row in await starts_of(session, ballot)])
    if locked:
        refuse_offline(next(iter(locked.values())).sheet)
    until = closed_until(course, now=now)
    free = {key: _free(one, after=max(now, until or now)) for key, one in locked.items()}
    starts = sorted(locked.values(), key=lambda one: (one.tee_time.starts_at, one.tee_time.tee))
    ballot.starts = [{"tee_time_id": str(one.tee_time.id), "places": len(free[one.tee_time.id])} for one in starts]
    got = await _got(session, ballot, players)
    return Drawing(session, ballot, club, course, desk, now, entries, players, known, locked, free, got, [])


def _free(locked: LockedTeeTime, *, after: datetime) -> list[Slot]:
    """Give the places that the ballot alone covers; none of a start that has been, or that a closure covers."""
    if locked.tee_time.starts_at < after:
        return []
    return [slot for slot in locked.slots if slot.status is SlotStatus.BLOCKED and slot.blocks == 1]


async def _known(session: AsyncSession, players: Mapping[UUID, Sequence[BallotPlayer]]) -> dict[UUID, Player]:
    ids = [one.player_id for party in players.values() for one in party if one.player_id]
    return {row.id: row for row in await session.scalars(KNOWN, {"ids": ids})} if ids else {}


async def _got(
    session: AsyncSession, ballot: Ballot, players: Mapping[UUID, Sequence[BallotPlayer]]
) -> dict[UUID | str, int]:
    """Read how many points players, and users, have got in ballots of the club that were drawn before, in its span."""
    party = [one for party in players.values() for one in party]
    keys = {
        "club_id": ballot.club_id,
        "ballot_id": ballot.id,
        "since": ballot.date - timedelta(days=ballot.lookback_days),
        "player_ids": [one.player_id for one in party if one.player_id],
        "user_ids": [one.user_id for one in party if one.user_id],
    }
    rows = await session.execute(GOT, keys)
    return {player_id or user_id or "": points or 0 for player_id, user_id, points in rows}


def _as(ballot: Ballot, user_id: str, role: Role, *, now: datetime, player_id: UUID | None = None) -> Viewer:
    """Act for somebody: for the club's staff, or for who has entered."""
    return Viewer(
        user_id=user_id,
        tenant_id=ballot.tenant_id,
        club_ids=frozenset({ballot.club_id}),
        player_id=player_id,
        roles=frozenset({role}),
        caddie_lists=frozenset(),
        household_id=None,
        expires_at=now,
    )


@dataclass
class Drawing:
    """A draw that is under way."""

    session: AsyncSession
    ballot: Ballot
    club: Club
    course: Course
    desk: Viewer
    now: datetime
    entries: list[BallotEntry]
    players: Mapping[UUID, list[BallotPlayer]]
    known: Mapping[UUID, Player]
    locked: Mapping[UUID, LockedTeeTime]
    free: dict[UUID, list[Slot]]
    got: Mapping[UUID | str, int]
    winners: list[tuple[BallotEntry, Booking, LockedTeeTime, set[str]]]

    def got_before(self, entry: BallotEntry) -> int:
        """Tell what an entry's players have got: as much as the one of them who has got the most."""
        return max((self.got.get(one.player_id or one.user_id or "", 0) for one in self.players[entry.id]), default=0)

    async def choose(self, entry: BallotEntry) -> None:
        """Give an entry the first of its choices with room for it, that no rule forbids, and book that."""
        party = [one for one in self.players[entry.id] if not self._is_gone(one)]
        entry.drawn_places = entry.places - (len(self.players[entry.id]) - len(party))
        entry.status, entry.ended_at, entry.refused = BallotEntryStatus.NOT_DRAWN, self.now, {}
        left = {str(key): len(free) for key, free in self.free.items()}
        choices = [str(key) for key in entry.choices]
        while party and (number := first_fitting(choices, places=entry.drawn_places, left=left, refused=entry.refused)):
            start = self.locked[entry.choices[number - 1]]
            try:
                booking = await self._book(entry, party, start)
            except Problem as problem:
                entry.refused = entry.refused | {str(number): problem.code}
                continue
            entry.status, entry.choice, entry.booking_id = BallotEntryStatus.DRAWN, number, booking.id
            del self.free[start.tee_time.id][: entry.drawn_places]
            return

    def _is_gone(self, one: BallotPlayer) -> bool:
        """Tell whether somebody may not be booked any more: the others play without them."""
        player = self.known.get(one.player_id) if one.player_id else None
        return player is not None and not player.is_active

    async def _book(self, entry: BallotEntry, party: Sequence[BallotPlayer], start: LockedTeeTime) -> Booking:
        """Book a start for an entry, as the desk would, by the rules that hold for who has entered."""
        session, now, holes = self.session, self.now, self.ballot.holes
        named = await party_of(
            session,
            viewer=self.desk,
            club=self.club,
            own=None,
            sheet=start.sheet,
            at=start.tee_time.local_time,
            wishes=[_wish(one) for one in party],
            places=entry.drawn_places or 0,
            holes=holes,
            locked=self.known,
        )
        if not entry.by_staff:
            await self._check_rules(entry, party, named, start)
        free = self.free[start.tee_time.id]
        payer = next((one for one in named if one.first_name or one.last_name), named[0])
        wish = BookingWish(holes=holes, payer_first_name=payer.first_name, payer_last_name=payer.last_name)
        booking = sell(
            session,
            start,
            free,
            viewer=self.desk,
            club=self.club,
            wish=wish,
            party=named,
            hold=None,
            booked_by=entry.entered_by,
            now=now,
        )
        await end_satisfied(session, booking, named, start, now=now)
        users = {one.user_id for one in named if one.user_id} | {one.user_id for one in party if one.user_id}
        self.winners.append((entry, booking, start, users | (set() if entry.by_staff else {entry.entered_by})))
        return booking

    async def _check_rules(
        self, entry: BallotEntry, party: Sequence[BallotPlayer], named: Sequence[NamedPlayer], start: LockedTeeTime
    ) -> None:
        """Ask the club's restrictions and limits. Raises StartRestricted, BookingLimitReached."""
        own = next((self.known[one.player_id] for one in party if one.player_id and self._is_of(one, entry)), None)
        viewer = _as(self.ballot, entry.entered_by, Role.PLAYER, now=self.now, player_id=own.id if own else None)
        classes = {self.club.goes_by(one) for one in (price_class_of(own), *(one.price_class for one in named))}
        wanted = Wanted(classes=classes, players=len(named), holes=self.ballot.holes, is_new=False)
        check_restrictions(viewer, start, wanted, now=self.now)
        await check_limits(
            self.session,
            viewer=viewer,
            club=self.club,
            booker=Booker(user_id=entry.entered_by, own=own),
            start=wanted_start(self.course, start, holes=self.ballot.holes),
            party=named,
            now=self.now,
        )

    def _is_of(self, one: BallotPlayer, entry: BallotEntry) -> bool:
        return bool(one.player_id) and self.known[one.player_id].user_id == entry.entered_by  # type: ignore[index]

    async def tell(self) -> None:
        """Tell all who are in the entries what became of theirs."""
        data = await about(self.session, self.ballot)
        for entry, booking, start, users in self.winners:
            more = {
                "time": f"{start.tee_time.local_time:%H:%M}",
                "tee_time_id": public_id("tee_time", start.tee_time.id),
                "booking_id": public_id("booking", booking.id),
            }
            given = {"tenant_id": entry.tenant_id, "kind": NotificationKind.BALLOT_DRAWN, "data": data | more}
            await notify(self.session, users=users, now=self.now, **given)  # type: ignore[arg-type]
        lost = [one for one in self.entries if one.status is BallotEntryStatus.NOT_DRAWN]
        await tell_entrants(self.session, self.ballot, lost, NotificationKind.BALLOT_NOT_DRAWN)


def _wish(one: BallotPlayer) -> PlayerWish:
    """Name somebody as the desk does: by the id at their class of today, by name at the class that was told."""
    return PlayerWish(
        player_id=one.player_id,
        first_name=one.first_name,
        last_name=one.last_name,
        price_class=None if one.player_id else one.price_class,
    )
