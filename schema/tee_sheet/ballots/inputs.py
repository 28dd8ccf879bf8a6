"""Inputs of ballots."""

import datetime as dt
from typing import Any

import strawberry

from domain.tee_sheet.ballots.asking import EntryWish
from domain.tee_sheet.ballots.ballots import BallotWish
from kit.ids import parse_id
from schema.describe import input_type
from schema.inputs import Input
from schema.tee_sheet.booking.inputs import PlayerInput, wished_players


@input_type
class AnnounceBallotInput(Input):
    """Starts of a day to be sold by draw."""

    course_id: strawberry.ID
    """The course."""
    date: dt.date
    """The date on the course's calendar; its tee sheet has to be there."""
    first_start: dt.time
    """The first start, on the course's clock."""
    last_start: dt.time
    """The last start, itself included."""
    closes_at: dt.datetime
    """Until when entries are taken, in UTC."""
    releases_at: dt.datetime
    """When what is left goes on open sale, in UTC; not after the first start."""
    opens_at: dt.datetime | None = None
    """From when on entries are taken, in UTC; now if left out."""
    draws_at: dt.datetime | None = None
    """When the draw is made by itself, in UTC; when entries close, if left out."""
    by_hand: bool = False
    """Whether the staff make the draw by `drawBallot`. It is made at the release where they have not."""
    name: str = ""
    """What it is called, at most 100 characters."""
    holes: int | None = None
    """9 or 18; a full round if left out. Not 18 on a course of nine."""
    lookback_days: int = 56
    """For how many days before its own date it counts what players got in earlier ballots, 0 to 366."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the course, the day and the wish."""
        wish = BallotWish(
            first_start=self.first_start,
            last_start=self.last_start,
            closes_at=self.closes_at,
            releases_at=self.releases_at,
            opens_at=self.opens_at,
            draws_at=self.draws_at,
            by_hand=self.by_hand,
            name=self.name,
            holes=self.holes,
            lookback_days=self.lookback_days,
        )
        return {"course_id": self._read("course_id", self.course_id, path), "day": self.date, "wish": wish}


@input_type
class UpdateBallotInput(Input):
    """What of a ballot shall change; what is left out stays as it is. A moment that has passed means now."""

    ballot_id: strawberry.ID
    """The ballot."""
    name: str | None = None
    """What it is called."""
    closes_at: dt.datetime | None = None
    """Until when entries are taken, in UTC."""
    draws_at: dt.datetime | None = None
    """When the draw is made by itself, in UTC."""
    releases_at: dt.datetime | None = None
    """When what is left goes on open sale, in UTC."""


@input_type
class CancelBallotInput(Input):
    """A ballot to be cancelled before its draw."""

    ballot_id: strawberry.ID
    """The ballot."""
    reason: str = ""
    """Why, for all who have entered, at most 500 characters."""


@input_type
class DrawBallotInput(Input):
    """A ballot to be drawn now."""

    ballot_id: strawberry.ID
    """The ballot."""


@input_type
class EnterBallotInput(Input):
    """What a party asks for."""

    ballot_id: strawberry.ID
    """The ballot."""
    tee_time_ids: list[strawberry.ID]
    """1 to 10 tee times of the ballot, the dearest to you first."""
    places: int | None = None
    """1 to 4; as many as there are players, if left out."""
    players: list[PlayerInput] = strawberry.field(default_factory=list)
    """Who plays, yourself among them; you alone if left out. Places without a name are for guests."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the ballot and the wish."""
        wish = EntryWish(
            tee_time_ids=_tee_times(self.tee_time_ids, path),
            places=self.places,
            players=wished_players(self.players, path=path),
        )
        return {"ballot_id": self._read("ballot_id", self.ballot_id, path), "wish": wish}


@input_type
class UpdateBallotEntryInput(Input):
    """What of an entry shall change; what is left out stays as it is."""

    ballot_entry_id: strawberry.ID
    """The entry."""
    tee_time_ids: list[strawberry.ID] | None = None
    """1 to 10 tee times of the ballot, the dearest to you first."""
    places: int | None = None
    """1 to 4."""
    players: list[PlayerInput] | None = None
    """Who plays, all of them: who is not named any more is in it no longer."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the entry, and what shall change."""
        return {
            "ballot_entry_id": self._read("ballot_entry_id", self.ballot_entry_id, path),
            "tee_time_ids": None if self.tee_time_ids is None else _tee_times(self.tee_time_ids, path),
            "places": self.places,
            "players": None if self.players is None else wished_players(self.players, path=path),
        }


@input_type
class WithdrawBallotEntryInput(Input):
    """An entry that shall not be in the draw."""

    ballot_entry_id: strawberry.ID
    """The entry."""


@input_type
class LeaveBallotEntryInput(Input):
    """An entry that the viewer shall not be in any more."""

    ballot_entry_id: strawberry.ID
    """The entry."""


def _tee_times(ids: list[strawberry.ID], path: tuple[str, ...]) -> list[Any]:
    return [parse_id("tee_time", one, path=(*path, "teeTimeIds", str(n))) for n, one in enumerate(ids)]
