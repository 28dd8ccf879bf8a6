"""Entries of a ballot: made, changed and withdrawn until they close."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import player_of, refuse_unless_player
from domain.notifications.notifications import notify
from domain.tee_sheet.ballots.asking import EntryWish, as_wished, ask_for, choose, classes_of, rows_of
from domain.tee_sheet.ballots.ballots import BEFORE_DRAW, about
from domain.tee_sheet.ballots.facts import entry_fact
from domain.tee_sheet.ballots.problems import BallotEntryEnded, BallotFull, BallotNotOpen
from domain.tee_sheet.ballots.reading import find_ballot, find_entry, lock_ballot, players_of_entries
from domain.tee_sheet.ballots.rules import MOST_ENTRIES
from domain.tee_sheet.booking.parties import PlayerWish
from domain.tee_sheet.booking.reading import users_of
from events.log import record
from events.tee_sheet.ballots import BallotEntered, BallotEntryEvent, BallotEntryUpdated, BallotEntryWithdrawn
from kit.errors import NotAllowed
from kit.ids import new_id, public_id
from models.clubs.tables import Player
from models.notifications import NotificationKind
from models.tee_sheet.ballots import Ballot, BallotEntry, BallotEntryStatus, BallotPlayer, BallotStatus


async def enter_ballot(
    session: AsyncSession, *, viewer: Viewer, ballot_id: UUID, wish: EntryWish, now: datetime
) -> BallotEntry:
    """Ask for a start of a ballot, for a party that oneself is in; by staff, for any. All in it are told.

    Raises NotFound, NotAllowed, InvalidInput, BallotNotOpen, BallotFull, GroupSizeNotAllowed, NotOnSale,
    StartRestricted, AlreadyInBallot.
    """
    ballot = await _lock_open(session, viewer=viewer, ballot_id=ballot_id, now=now)
    if ballot.entries >= MOST_ENTRIES:
        raise BallotFull(most=MOST_ENTRIES, releases_at=ballot.releases_at)
    own = await _own_player(session, viewer, ballot)
    by_staff = viewer.is_staff_of(ballot.club_id)
    entry = BallotEntry(
        id=new_id(),
        tenant_id=ballot.tenant_id,
        ballot_id=ballot.id,
        club_id=ballot.club_id,
        status=BallotEntryStatus.ENTERED,
        entered_by=viewer.user_id,
        by_staff=by_staff,
        entered_at=now,
        refused={},
    )
    party = await ask_for(session, ballot, entry, wish, viewer=viewer, own=own, now=now)
    if by_staff and party[0].user_id:
        entry.entered_by = party[0].user_id  # what is booked by it is theirs, too
    session.add(entry)
    await session.flush()
    players = rows_of(ballot, entry, party, viewer=viewer, own=own)
    session.add_all(players)
    ballot.entries, ballot.places_wanted = ballot.entries + 1, ballot.places_wanted + entry.places
    await _told(session, BallotEntered, ballot, entry, players, now=now)
    users = {one.user_id for one in party if one.user_id} - {viewer.user_id}
    await _notify(session, NotificationKind.BALLOT_ENTERED, ballot, users, now=now)
    return entry


async def update_entry(
    session: AsyncSession,
    *,
    viewer: Viewer,
    ballot_entry_id: UUID,
    tee_time_ids: Sequence[UUID] | None = None,
    places: int | None = None,
    players: Sequence[PlayerWish] | None = None,
    now: datetime,
) -> BallotEntry:
    """Change what an entry asks for, or who is in it, while entries are taken. Its ticket in the draw stays the same.

    Raises NotFound, NotAllowed, InvalidInput, BallotNotOpen, BallotEntryEnded, GroupSizeNotAllowed, NotOnSale,
    StartRestricted, AlreadyInBallot.
    """
    ballot, entry = await _lock_entry(session, viewer=viewer, entry_id=ballot_entry_id, now=now)
    _refuse_others(viewer, entry)
    own = await _own_player(session, viewer, ballot)
    had, before = (await players_of_entries(session, [entry.id]))[entry.id], entry.places
    choices = entry.choices if tee_time_ids is None else tee_time_ids
    if players is None and places is None:
        await choose(session, ballot, entry, choices, classes=classes_of(had, own), now=now, viewer=viewer)
        await _told(session, BallotEntryUpdated, ballot, entry, had, now=now)
        return entry
    wished = [as_wished(one, viewer, ballot) for one in had] if players is None else players
    wish = EntryWish(tee_time_ids=choices, places=places, players=wished)
    there = [one.player_id for one in had]
    party = await ask_for(session, ballot, entry, wish, viewer=viewer, own=own, partners=there, now=now)
    await session.execute(delete(BallotPlayer).where(BallotPlayer.entry_id == entry.id))
    for one in had:
        session.expunge(one)
    rows = rows_of(ballot, entry, party, viewer=viewer, own=own)
    session.add_all(rows)
    ballot.places_wanted += entry.places - before
    await _told(session, BallotEntryUpdated, ballot, entry, rows, now=now)
    added = {one.user_id for one in party if one.user_id and one.player_id not in there} - {viewer.user_id}
    await _notify(session, NotificationKind.BALLOT_ENTERED, ballot, added, now=now)
    return entry


async def withdraw_entry(session: AsyncSession, *, viewer: Viewer, ballot_entry_id: UUID, now: datetime) -> BallotEntry:
    """Withdraw a whole entry while entries are taken; by staff, until the draw. The others in it are told.

    Raises NotFound, NotAllowed, BallotNotOpen, BallotEntryEnded.
    """
    ballot, entry = await _lock_entry(session, viewer=viewer, entry_id=ballot_entry_id, now=now, until_draw=True)
    _refuse_others(viewer, entry)
    await _withdraw(session, ballot, entry, viewer=viewer, now=now)
    return entry


async def leave_entry(session: AsyncSession, *, viewer: Viewer, ballot_entry_id: UUID, now: datetime) -> BallotEntry:
    """Take oneself off an entry that another has made, while entries are taken; the others ask for one place less.

    Raises NotFound, NotAllowed, InvalidInput, BallotNotOpen, BallotEntryEnded.
    """
    ballot, entry = await _lock_entry(session, viewer=viewer, entry_id=ballot_entry_id, now=now)
    own = await player_of(session, viewer=viewer, club_id=ballot.club_id)
    party = (await players_of_entries(session, [entry.id]))[entry.id]
    mine = next((one for one in party if own and one.player_id == own.id), None)
    if mine is None:
        raise NotAllowed(message="You are not in this entry; who has made it, or the club's staff, may change it.")
    rest = [one for one in party if one is not mine]
    if entry.entered_by == viewer.user_id or not rest:
        await _withdraw(session, ballot, entry, viewer=viewer, now=now)
        return entry
    await session.execute(delete(BallotPlayer).where(BallotPlayer.id == mine.id))
    session.expunge(mine)
    entry.places, ballot.places_wanted = entry.places - 1, ballot.places_wanted - 1
    await _told(session, BallotEntryUpdated, ballot, entry, rest, now=now)
    return entry


async def _own_player(session: AsyncSession, viewer: Viewer, ballot: Ballot) -> Player | None:
    """Find the player that the viewer is; who may not be booked any more enters as whom the club does not know."""
    own = await player_of(session, viewer=viewer, club_id=ballot.club_id)
    return own if own and own.is_active else None


async def _lock_open(session: AsyncSession, *, viewer: Viewer, ballot_id: UUID, now: datetime) -> Ballot:
    """Lock a ballot that takes entries, so that they close behind whoever has come in time.

    Raises NotFound, NotAllowed, BallotNotOpen.
    """
    found = await find_ballot(session, viewer=viewer, ballot_id=ballot_id)
    refuse_unless_player(viewer, found.club_id)
    ballot = await lock_ballot(session, found.id) or found
    _refuse_closed(ballot, now=now)
    return ballot


def _refuse_closed(ballot: Ballot, *, now: datetime) -> None:
    is_open = ballot.status in {BallotStatus.ANNOUNCED, BallotStatus.OPEN}
    if not is_open or not ballot.opens_at <= now < ballot.closes_at:
        raise BallotNotOpen(status=ballot.status, entries_open_at=ballot.opens_at, entries_close_at=ballot.closes_at)


async def _lock_entry(
    session: AsyncSession, *, viewer: Viewer, entry_id: UUID, now: datetime, until_draw: bool = False
) -> tuple[Ballot, BallotEntry]:
    """Lock the ballot of an entry that waits for the draw, and with it the entry.

    Raises NotFound, BallotNotOpen, BallotEntryEnded.
    """
    entry = await find_entry(session, viewer=viewer, entry_id=entry_id)
    ballot = await lock_ballot(session, entry.ballot_id)
    if ballot is None:
        raise RuntimeError("an entry has a ballot")
    await session.refresh(entry)
    if entry.status is not BallotEntryStatus.ENTERED:
        raise BallotEntryEnded(status=entry.status)
    if not (until_draw and viewer.is_staff_of(ballot.club_id) and ballot.status in BEFORE_DRAW):
        _refuse_closed(ballot, now=now)
    return ballot, entry


def _refuse_others(viewer: Viewer, entry: BallotEntry) -> None:
    if entry.entered_by != viewer.user_id and not viewer.is_staff_of(entry.club_id):
        raise NotAllowed(message="Only who has made the entry, or the club's staff, may do this; you may leave it.")


async def _withdraw(
    session: AsyncSession, ballot: Ballot, entry: BallotEntry, *, viewer: Viewer, now: datetime
) -> None:
    party = (await players_of_entries(session, [entry.id]))[entry.id]
    for one in party:
        one.is_in = False
    entry.status, entry.ended_at = BallotEntryStatus.WITHDRAWN, now
    ballot.entries, ballot.places_wanted = ballot.entries - 1, ballot.places_wanted - entry.places
    users = await _told(session, BallotEntryWithdrawn, ballot, entry, party, now=now)
    await _notify(session, NotificationKind.BALLOT_WITHDRAWN, ballot, users - {viewer.user_id}, now=now)


async def _told(
    session: AsyncSession,
    kind: type[BallotEntryEvent],
    ballot: Ballot,
    entry: BallotEntry,
    players: Sequence[BallotPlayer],
    *,
    now: datetime,
) -> set[str]:
    """Record a fact about an entry; gives the users who are in it."""
    users = await users_of(session, [one.player_id for one in players])
    said = entry_fact(kind, ballot, entry, players, users=users)
    record(session, said, now=now)
    return set(said.user_ids)


async def _notify(
    session: AsyncSession, kind: NotificationKind, ballot: Ballot, users: set[str], *, now: datetime
) -> None:
    if users:
        data = await about(session, ballot) | {"ballot_id": public_id("ballot", ballot.id)}
        await notify(session, tenant_id=ballot.tenant_id, kind=kind, data=data, users=users, now=now)
