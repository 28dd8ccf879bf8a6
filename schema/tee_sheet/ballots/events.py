"""Events of ballots: players are told that somebody entered, staff who it was."""

import strawberry

from auth.viewer import Viewer
from events.tee_sheet.ballots import (
    BallotAnnounced,
    BallotCancelled,
    BallotClosed,
    BallotDrawn,
    BallotEntered,
    BallotEntryEvent,
    BallotEntryUpdated,
    BallotEntryWithdrawn,
    BallotOpened,
    BallotReleased,
    BallotUpdated,
)
from schema.events import carried, shows
from schema.tee_sheet.ballots.types import Ballot

STEPS = (
    BallotAnnounced,
    BallotUpdated,
    BallotOpened,
    BallotClosed,
    BallotDrawn,
    BallotReleased,
    BallotCancelled,
)
ENTRIES = (BallotEntered, BallotEntryUpdated, BallotEntryWithdrawn)
FACTS = (*STEPS, *ENTRIES)


def own_entry(fact: BallotEntryEvent, viewer: Viewer) -> strawberry.ID | None:
    """The entry, where you have made it or are in it; none otherwise."""
    is_own = viewer.user_id in {fact.entered_by, *fact.user_ids}
    return strawberry.ID(fact.ballot_entry_id) if is_own else None


BALLOT = carried("ballot", Ballot, face="BallotEvent", always=True)

shows(*STEPS, carries=[BALLOT])
shows(*ENTRIES, carries=[BALLOT], for_viewer={"own_ballot_entry_id": own_entry})
