"""Ballots, their entries, and their draws."""

import datetime as dt
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.history import histories_of
from domain.tee_sheet.ballots import reading, rules
from domain.tee_sheet.inventory.reading import tee_times_by_id
from kit.ids import public_id
from models.tee_sheet import ballots as tables
from models.tee_sheet.ballots import BallotEntryStatus, BallotStatus
from schema.context import Info
from schema.describe import enum, field, list_field, listed, output
from schema.history import HistoryEntry, shown_history
from schema.nodes import Node, finds
from schema.tee_sheet.inventory.types import TeeTime

enum(BallotStatus)
enum(BallotEntryStatus)


@output
class BallotStart:
    """A start of a ballot, as its draw found it."""

    tee_time_id: strawberry.ID
    """The tee time."""
    places: int
    """How many places there were to be given."""


@output
class RefusedChoice:
    """A choice that a rule of the club forbade, though there was room: the draw went on to the next one."""

    choice: int
    """Its number, from 1."""
    code: str
    """The code of the refusal, as in `problems`."""


@output
class BallotResult:
    """An entry as the draw saw it, and what it got. Nobody is named."""

    ballot_entry_id: strawberry.ID
    """The entry; who is in it knows it by this."""
    rank: int
    """Which one it was to choose, from 1."""
    got_before: int
    """What its players had got in earlier ballots: the most that one of them had, in points."""
    ticket: str
    """Its ticket, by which equals were ordered: HMAC-SHA-256 of its id under the seed, in hexadecimal."""
    places: int
    """How many places it wanted; without those who may not be booked any more."""
    tee_time_ids: list[strawberry.ID]
    """Its choices, in order."""
    refused: list[RefusedChoice] = listed(entries=1)
    """Choices that a rule forbade."""
    choice: int | None
    """The number of the choice that it got; none where it got none."""

    @classmethod
    def of(cls, row: tables.BallotEntry, seed: str) -> Self:
        """Show what an entry got."""
        key = public_id("ballot_entry", row.id)
        return cls(
            ballot_entry_id=strawberry.ID(key),
            rank=row.rank or 0,
            got_before=row.got_before or 0,
            ticket=rules.ticket(seed, key),
            places=row.drawn_places or 0,
            tee_time_ids=_ids(row.choices),
            refused=[RefusedChoice(choice=int(n), code=code) for n, code in sorted(row.refused.items())],
            choice=row.choice,
        )


@output
class BallotDraw:
    """All that a draw went by, and what it gave: by this anyone recomputes it."""

    row: strawberry.Private[tables.Ballot]
    seed: str
    """The seed. Its SHA-256 is the ballot's `seedHash`, which was told when it was announced."""
    drawn_at: dt.datetime
    """When it was made, in UTC."""
    starts: list[BallotStart] = listed(entries=60)
    """The starts that it gave places of, by time."""

    @list_field(entries=200)
    async def results(self, info: Info) -> list[BallotResult]:
        """What each entry got, by rank."""
        rows = await info.context.load(reading.drawn_entries, self.row.id)
        return [BallotResult.of(row, self.seed) for row in rows]


@output
class Ballot(Node):
    """Starts of a day that are sold by draw: entries are taken until a time, then drawn, and the rest is released."""

    row: strawberry.Private[tables.Ballot]
    course_id: strawberry.ID
    """The course."""
    date: dt.date
    """The date on the course's calendar."""
    name: str
    """What it is called; empty if it has no name."""
    status: BallotStatus
    """How far it has come."""
    first_start: dt.time
    """The first start that it sells, on the course's clock."""
    last_start: dt.time
    """The last one, itself included."""
    entries_open_at: dt.datetime
    """From when on entries are taken, in UTC."""
    entries_close_at: dt.datetime
    """Until when, in UTC."""
    draws_at: dt.datetime | None
    """When the draw is made by itself, in UTC; none where the staff make it, or the release does."""
    releases_at: dt.datetime
    """When what is left goes on open sale, in UTC."""
    seed_hash: str
    """The SHA-256 of the seed's text, in hexadecimal: nobody can choose another seed after this was told."""
    entry_count: int
    """How many entries there are."""
    places_wanted: int
    """How many places they want."""

    @classmethod
    def of(cls, row: tables.Ballot) -> Self:
        """Show a ballot."""
        return cls(
            id=strawberry.ID(public_id("ballot", row.id)),
            row=row,
            course_id=strawberry.ID(public_id("course", row.course_id)),
            date=row.date,
            name=row.name,
            status=row.status,
            first_start=row.first_start,
            last_start=row.last_start,
            entries_open_at=row.opens_at,
            entries_close_at=row.closes_at,
            draws_at=row.draws_at,
            releases_at=row.releases_at,
            seed_hash=row.seed_hash,
            entry_count=row.entries,
            places_wanted=row.places_wanted,
        )

    @field
    async def holes(self) -> int:
        """How many holes its rounds have: 9 or 18."""
        return self.row.holes

    @field
    async def lookback_days(self) -> int:
        """For how many days before its own date it counts what players got in earlier ballots."""
        return self.row.lookback_days

    @field
    async def block_id(self) -> strawberry.ID:
        """The block that keeps its starts out of sale; staff sell from it, by `bookSlots`, as from any other."""
        return strawberry.ID(public_id("block", self.row.block_id))

    @field
    async def cancelled_reason(self) -> str:
        """Why it was cancelled; empty if it was not, or nobody said why."""
        return self.row.cancelled_reason

    @field
    async def places(self, info: Info) -> int:
        """How many places its starts have, those that were sold before included."""
        return (await info.context.load(reading.places_of, self.row.id)).total

    @field
    async def places_left(self, info: Info) -> int:
        """How many of them the draw can give, or has left; once released, how many are free."""
        return (await info.context.load(reading.places_of, self.row.id)).left

    @field
    async def draw(self) -> BallotDraw | None:
        """What the draw went by and gave; none before it was made."""
        row = self.row
        if row.drawn_at is None or row.starts is None:
            return None
        starts = [
            BallotStart(tee_time_id=_id("tee_time", UUID(one["tee_time_id"])), places=one["places"])
            for one in row.starts
        ]
        return BallotDraw(row=row, seed=row.seed, drawn_at=row.drawn_at, starts=starts)

    @list_field(entries=6)
    async def history(self, info: Info) -> list[HistoryEntry] | None:
        """What happened to it, in its order, who did it, and what that changed: for staff."""
        if not info.context.viewer.is_staff_of(self.row.club_id):
            return None
        return shown_history(await info.context.load(histories_of, self.row.id))


@output
class BallotEntrant:
    """Who plays by an entry of a ballot."""

    position: int
    """Their place in the party, 1 to 4."""
    player_id: strawberry.ID | None
    """The player, if the club knows them."""
    first_name: str
    """First name; empty for a guest without one."""
    last_name: str
    """Last name."""


@output
class BallotEntry(Node):
    """A party that asks for a start of a ballot: for staff, and for who is in it."""

    row: strawberry.Private[tables.BallotEntry]
    ballot_id: strawberry.ID
    """The ballot."""
    status: BallotEntryStatus
    """What became of it."""
    places: int
    """How many places it wants, 1 to 4."""
    tee_time_ids: list[strawberry.ID]
    """The tee times that it would like, in order."""
    entered_at: dt.datetime
    """When it was made, in UTC."""
    rank: int | None
    """Which one it was to choose in the draw, from 1; none before the draw."""
    got_before: int | None
    """What its players had got in earlier ballots, in points; none before the draw."""
    choice: int | None
    """The number of the choice that it got, from 1."""
    booking_id: strawberry.ID | None
    """The booking that was made for it."""

    @classmethod
    def of(cls, row: tables.BallotEntry) -> Self:
        """Show an entry."""
        return cls(
            id=_id("ballot_entry", row.id),
            row=row,
            ballot_id=_id("ballot", row.ballot_id),
            status=row.status,
            places=row.places,
            tee_time_ids=_ids(row.choices),
            entered_at=row.entered_at,
            rank=row.rank,
            got_before=row.got_before,
            choice=row.choice,
            booking_id=_id("booking", row.booking_id) if row.booking_id else None,
        )

    @list_field(entries=4)
    async def players(self, info: Info) -> list[BallotEntrant]:
        """Who plays. Once it is long ago that is forgotten, and nobody is named."""
        return [
            BallotEntrant(
                position=one.position,
                player_id=_id("player", one.player_id) if one.player_id else None,
                first_name=one.first_name,
                last_name=one.last_name,
            )
            for one in await info.context.load(reading.players_of_entries, self.row.id)
        ]

    @field
    async def tee_time(self, info: Info) -> TeeTime | None:
        """The tee time that it got; none where it got none."""
        if self.row.choice is None:
            return None
        return TeeTime.of(await info.context.load(tee_times_by_id, self.row.choices[self.row.choice - 1]))


def _id(kind: str, value: UUID) -> strawberry.ID:
    return strawberry.ID(public_id(kind, value))


def _ids(choices: list[UUID]) -> list[strawberry.ID]:
    return [_id("tee_time", key) for key in choices]


@finds("ballot")
async def find_ballot(session: AsyncSession, viewer: Viewer, value: UUID) -> Ballot:
    """Find a ballot."""
    return Ballot.of(await reading.find_ballot(session, viewer=viewer, ballot_id=value))


@finds("ballot_entry")
async def find_ballot_entry(session: AsyncSession, viewer: Viewer, value: UUID) -> BallotEntry:
    """Find an entry of a ballot."""
    return BallotEntry.of(await reading.find_entry(session, viewer=viewer, entry_id=value))
