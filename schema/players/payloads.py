"""Payloads about players."""

from schema.describe import output
from schema.payloads import Payload
from schema.players.types import Player


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
