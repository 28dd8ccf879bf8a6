"""Payloads about players."""

import strawberry

from schema.describe import output
from schema.payloads import Payload
from schema.players.types import Buddy, Player, PlayerImport, PlayerImportReport


@output
class AddPlayerPayload(Payload):
    """The answer to `addPlayer`."""

    results = ("player",)
    player: Player | None = None
    """The player."""


@output
class UpdatePlayerPayload(Payload):
    """The answer to `updatePlayer`."""

    player: Player | None = None
    """The player."""


@output
class DeactivatePlayerPayload(Payload):
    """The answer to `deactivatePlayer`."""

    player: Player | None = None
    """The player; bookings that they have stay as they are."""


@output
class ReactivatePlayerPayload(Payload):
    """The answer to `reactivatePlayer`."""

    player: Player | None = None
    """The player."""


@output
class AskBuddyPayload(Payload):
    """The answer to `askBuddy`."""

    buddy: Buddy | None = None
    """What was asked; agreed at once, where they had asked before."""


@output
class AnswerBuddyPayload(Payload):
    """The answer to `answerBuddy`."""

    buddy: Buddy | None = None
    """The buddy; none where the viewer did not agree."""


@output
class RemoveBuddyPayload(Payload):
    """The answer to `removeBuddy`."""

    buddy_id: strawberry.ID | None = None
    """The buddy who is none any more."""


@output
class MergePlayersPayload(Payload):
    """The answer to `mergePlayers`."""

    player: Player | None = None
    """The player who stays."""


@output
class ImportPlayersPayload(Payload):
    """The answer to `importPlayers`."""

    results = ("player_import",)
    report: PlayerImportReport | None = None
    """What became of the file, or would; none in the answer to a repeat."""
    player_import: PlayerImport | None = None
    """What was taken in; none where it was only looked at."""
