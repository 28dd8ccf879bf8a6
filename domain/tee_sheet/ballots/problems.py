"""The refusals of ballots, each with what a client needs to act on it."""

from datetime import datetime
from typing import ClassVar

from kit.errors import Problem
from models.tee_sheet.ballots import BallotEntryStatus, BallotStatus


class BallotNotOpen(Problem):
    """The ballot takes no entries at this moment; look when it is open."""

    code: ClassVar[str] = "BALLOT_NOT_OPEN"

    status: BallotStatus
    """How far the ballot has come."""
    entries_open_at: datetime
    """From when on it takes entries, in UTC."""
    entries_close_at: datetime
    """Until when, in UTC."""


class BallotOver(Problem):
    """The ballot was drawn or cancelled already; look at its bookings, and change these one by one."""

    code: ClassVar[str] = "BALLOT_OVER"

    status: BallotStatus
    """How far the ballot has come."""


class BallotWasDrawn(Problem):
    """The draw was made, and stays; move its bookings or cancel them, one by one, and release the rest now."""

    code: ClassVar[str] = "BALLOT_WAS_DRAWN"

    booking_ids: list[str]
    """Public ids of the bookings that it made and that are not cancelled, in the order in which they were drawn."""
    releases_at: datetime
    """When the rest goes on open sale, in UTC."""


class BallotStillOpen(Problem):
    """Entries are still taken; wait until they close, or let them close earlier."""

    code: ClassVar[str] = "BALLOT_STILL_OPEN"

    entries_close_at: datetime
    """When they close, in UTC."""


class BallotFull(Problem):
    """The ballot has as many entries as it takes; wait for what goes on open sale after the draw."""

    code: ClassVar[str] = "BALLOT_FULL"

    most: int
    """How many entries it takes."""
    releases_at: datetime
    """When the rest goes on open sale, in UTC."""


class AlreadyInBallot(Problem):
    """One of these players is in an entry of this ballot already; leave or withdraw that one first."""

    code: ClassVar[str] = "ALREADY_IN_BALLOT"

    positions: list[int]
    """The positions of those players in the entry that was wanted, from 1."""


class BallotEntryEnded(Problem):
    """The entry waits for the draw no more; give another one as long as entries are taken."""

    code: ClassVar[str] = "BALLOT_ENTRY_ENDED"

    status: BallotEntryStatus
    """What became of it."""


class StartsInBallot(Problem):
    """Another ballot sells some of these starts; choose others, or cancel that ballot."""

    code: ClassVar[str] = "STARTS_IN_BALLOT"

    ballot_id: str
    """Public id of that ballot."""
