"""Facts of ballots. Who has entered, and for what, is for staff; the others are told how many have."""

from dataclasses import dataclass
from datetime import datetime, time

from events.base import event
from events.seen import ForAll, ForServer, ForStaff
from events.tee_sheet.base import SheetEvent
from models.tee_sheet.ballots import BallotEntryStatus, BallotStatus


@dataclass(frozen=True, kw_only=True)
class BallotEvent(SheetEvent):
    """Something happened to a ballot, which is so from then on."""

    ballot_id: ForAll[str]
    """The ballot."""
    name: ForAll[str]
    """What it is called; empty if it has no name."""
    status: ForAll[BallotStatus]
    """How far it has come."""
    first_start: ForAll[time]
    """The first start that it sells, on the course's clock."""
    last_start: ForAll[time]
    """The last one, itself included."""
    entries_open_at: ForAll[datetime]
    """From when on entries are taken, in UTC."""
    entries_close_at: ForAll[datetime]
    """Until when, in UTC."""
    draws_at: ForAll[datetime | None]
    """When the draw is made by itself, in UTC; none where the staff make it, or the release does."""
    releases_at: ForAll[datetime]
    """When what is left goes on open sale, in UTC."""
    seed_hash: ForAll[str]
    """The SHA-256 of the seed, in hexadecimal."""
    entry_count: ForAll[int]
    """How many entries there are."""
    places_wanted: ForAll[int]
    """How many places they want."""


@dataclass(frozen=True, kw_only=True)
class BallotStep(BallotEvent):
    """A step of a ballot, which stands in its history; who entered stands with the entry."""

    @property
    def kept_for(self) -> str | None:
        """The ballot."""
        return self.ballot_id


@event("ballot.announced")
class BallotAnnounced(BallotStep):
    """Starts are sold by draw: from now on nobody books them otherwise."""


@event("ballot.updated")
class BallotUpdated(BallotStep):
    """Its name or its instants changed."""


@event("ballot.opened")
class BallotOpened(BallotStep):
    """Entries are taken from now on."""


@event("ballot.closed")
class BallotClosed(BallotStep):
    """No entry is taken, changed or withdrawn any more."""


@event("ballot.released")
class BallotReleased(BallotStep):
    """What was left goes on open sale: its places are told as available, one by one, before this."""

    places_released: ForAll[int]
    """How many places that are."""


@event("ballot.cancelled")
class BallotCancelled(BallotStep):
    """It was cancelled before its draw: its entries have ended, and its starts are on open sale."""

    cancelled_reason: ForAll[str]
    """Why, in the words of the club."""


@dataclass(frozen=True)
class DrawnEntry:
    """What the draw gave an entry. Names are not told: an entry is known by its id to those who are in it."""

    ballot_entry_id: str
    """The entry."""
    rank: int
    """Its rank, from 1: which one it was to choose."""
    choice: int | None
    """The number of the choice that it got, from 1; none where it got none."""
    drawn_tee_time_id: str | None
    """The start that it got."""


@event("ballot.drawn")
class BallotDrawn(BallotStep):
    """The draw was made. The bookings that it made are told before this, as all bookings."""

    seed: ForAll[str]
    """The seed, whose hash was told before: by it anyone recomputes the draw."""
    drawn: ForAll[tuple[DrawnEntry, ...]]
    """What each entry got, in the order of their ranks."""
    places_given: ForAll[int]
    """How many places were given."""


@dataclass(frozen=True, kw_only=True)
class BallotEntryEvent(BallotEvent):
    """Something happened to an entry of a ballot."""

    ballot_entry_id: ForStaff[str]
    """The entry."""
    entry_status: ForStaff[BallotEntryStatus]
    """What became of it."""
    entry_places: ForStaff[int]
    """How many places it wants, 1 to 4."""
    entrants: ForStaff[tuple[str, ...]]
    """The names of who plays, as far as they are named."""
    wished_tee_time_ids: ForStaff[tuple[str, ...]]
    """The tee times that it would like, in order."""
    entered_by: ForServer[str]
    """The user who has made it."""
    user_ids: ForServer[tuple[str, ...]]
    """The users who are in it."""


@event("ballot.entered")
class BallotEntered(BallotEntryEvent):
    """A party asks for a start."""


@event("ballot.entry-updated")
class BallotEntryUpdated(BallotEntryEvent):
    """A party has changed what it asks for, or who is in it."""


@event("ballot.entry-withdrawn")
class BallotEntryWithdrawn(BallotEntryEvent):
    """A party asks no more."""
