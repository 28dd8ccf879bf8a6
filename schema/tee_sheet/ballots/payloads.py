"""Payloads of ballots."""

from schema.describe import output
from schema.payloads import Payload
from schema.tee_sheet.ballots.types import Ballot, BallotEntry


@output
class AnnounceBallotPayload(Payload):
    """The answer to `announceBallot`."""

    results = ("ballot",)
    ballot: Ballot | None = None
    """The ballot."""


@output
class UpdateBallotPayload(Payload):
    """The answer to `updateBallot`."""

    ballot: Ballot | None = None
    """The ballot."""


@output
class CancelBallotPayload(Payload):
    """The answer to `cancelBallot`."""

    ballot: Ballot | None = None
    """The ballot, cancelled."""


@output
class DrawBallotPayload(Payload):
    """The answer to `drawBallot`."""

    ballot: Ballot | None = None
    """The ballot, drawn."""


@output
class EnterBallotPayload(Payload):
    """The answer to `enterBallot`."""

    results = ("ballot_entry",)
    ballot_entry: BallotEntry | None = None
    """The entry."""


@output
class UpdateBallotEntryPayload(Payload):
    """The answer to `updateBallotEntry`."""

    ballot_entry: BallotEntry | None = None
    """The entry."""


@output
class WithdrawBallotEntryPayload(Payload):
    """The answer to `withdrawBallotEntry`."""

    ballot_entry: BallotEntry | None = None
    """The entry, which is in the draw no more."""


@output
class LeaveBallotEntryPayload(Payload):
    """The answer to `leaveBallotEntry`."""

    ballot_entry: BallotEntry | None = None
    """The entry, without yourself."""
