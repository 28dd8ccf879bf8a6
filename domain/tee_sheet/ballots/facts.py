"""What facts say of a ballot and of its entries."""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from events.tee_sheet.ballots import BallotEntryEvent, BallotEvent
from kit.ids import public_id
from models.tee_sheet.ballots import Ballot, BallotEntry, BallotPlayer

B = TypeVar("B", bound=BallotEvent)
E = TypeVar("E", bound=BallotEntryEvent)


def fact(kind: type[B], ballot: Ballot, **more: Any) -> B:
    """State a fact about a ballot as it is by now."""
    return kind(
        club_id=public_id("club", ballot.club_id),
        course_id=public_id("course", ballot.course_id),
        date=ballot.date,
        ballot_id=public_id("ballot", ballot.id),
        name=ballot.name,
        status=ballot.status,
        first_start=ballot.first_start,
        last_start=ballot.last_start,
        entries_open_at=ballot.opens_at,
        entries_close_at=ballot.closes_at,
        draws_at=ballot.draws_at,
        releases_at=ballot.releases_at,
        seed_hash=ballot.seed_hash,
        entry_count=ballot.entries,
        places_wanted=ballot.places_wanted,
        **more,
    )


def entry_fact(
    kind: type[E],
    ballot: Ballot,
    entry: BallotEntry,
    players: Iterable[BallotPlayer],
    *,
    users: dict[UUID | None, str | None],
) -> E:
    """State a fact about an entry as it is by now. `users` are the accounts of its players, by player."""
    party = list(players)
    known = {users.get(one.player_id) or one.user_id for one in party}
    return fact(
        kind,
        ballot,
        ballot_entry_id=public_id("ballot_entry", entry.id),
        entry_status=entry.status,
        entry_places=entry.places,
        entrants=tuple(name for one in party if (name := f"{one.first_name} {one.last_name}".strip())),
        wished_tee_time_ids=tuple(public_id("tee_time", key) for key in entry.choices),
        entered_by=entry.entered_by,
        user_ids=tuple(sorted(one for one in known if one)),
    )
