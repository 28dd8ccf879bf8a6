"""Inputs about players."""

import datetime as dt
from types import MappingProxyType

import strawberry

from models.guests.values import Duplicates
from models.tee_sheet.values import PriceClass
from schema.describe import input_type
from schema.inputs import Input

UNSET = strawberry.UNSET
HOST = MappingProxyType({"host_id": "player"})


@input_type
class AddPlayerInput(Input):
    """Somebody whom a club shall know."""

    kinds = HOST
    club_id: strawberry.ID
    """The club."""
    first_name: str
    """First name."""
    last_name: str
    """Last name."""
    price_class: PriceClass
    """What the player pays by, and how far ahead the player may book."""
    member_number: str | None = UNSET
    """The member number, at most 40 characters; one player's alone."""
    phone: str | None = UNSET
    """The phone number."""
    email: str | None = UNSET
    """The e-mail address."""
    birth_date: dt.date | None = UNSET
    """When the player was born."""
    household: str | None = UNSET
    """What the club calls the household, at most 60 characters; players with the same one may book for each other."""
    host_id: strawberry.ID | None = UNSET
    """The player whose guest they are."""
    user_id: str | None = None
    """The `sub` of the player's tokens, if the player has an account."""
    notes: str | None = UNSET
    """What the staff note of the player, at most 2000 characters."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class UpdatePlayerInput(Input):
    """What changes about a player; what is left out stays, and null removes what may be missing."""

    kinds = HOST
    player_id: strawberry.ID
    """The player."""
    first_name: str | None = UNSET
    """First name."""
    last_name: str | None = UNSET
    """Last name."""
    price_class: PriceClass | None = UNSET
    """What the player pays by from now on, and how far ahead the player may book; what is booked keeps its price."""
    member_number: str | None = UNSET
    """The member number, at most 40 characters; one player's alone."""
    phone: str | None = UNSET
    """The phone number."""
    email: str | None = UNSET
    """The e-mail address."""
    birth_date: dt.date | None = UNSET
    """When the player was born."""
    household: str | None = UNSET
    """What the club calls the household, at most 60 characters; players with the same one may book for each other."""
    host_id: strawberry.ID | None = UNSET
    """The player whose guest they are."""
    user_id: str | None = UNSET
    """The `sub` of the player's tokens; null if the player has no account any more."""
    notes: str | None = UNSET
    """What the staff note of the player, at most 2000 characters."""


@input_type
class DeactivatePlayerInput(Input):
    """A player who shall not be booked any more."""

    player_id: strawberry.ID
    """The player."""


@input_type
class ReactivatePlayerInput(Input):
    """A player who may be booked again."""

    player_id: strawberry.ID
    """The player."""


@input_type
class AskBuddyInput(Input):
    """A player whom the viewer asks to be their buddy: both number and name have to be right."""

    club_id: strawberry.ID
    """The club."""
    member_number: str
    """Their member number."""
    last_name: str
    """Their last name, with or without accents."""


@input_type
class AnswerBuddyInput(Input):
    """An answer to who asks to be the viewer's buddy."""

    buddy_id: strawberry.ID
    """What was asked."""
    accept: bool
    """Whether the viewer agrees; if not, the request is gone."""


@input_type
class RemoveBuddyInput(Input):
    """A buddy who shall be none any more, or was asked in vain."""

    buddy_id: strawberry.ID
    """The buddy."""


@input_type
class MergePlayersInput(Input):
    """Two entries of one person; it cannot be taken back."""

    kinds = MappingProxyType({"other_player_id": "player"})
    player_id: strawberry.ID
    """The player who stays."""
    other_player_id: strawberry.ID
    """The player whose bookings, waitlist entries, buddies and guests go to the one who stays."""


@input_type
class ImportPlayersInput(Input):
    """Players as a file."""

    names = MappingProxyType({"csv": "csv_text", "apply": "apply_it"})
    club_id: strawberry.ID
    """The club."""
    csv: str
    """The file's text: a heading of columns as `playersCsv` writes them, of which names and class are needed."""
    duplicates: Duplicates = Duplicates.REFUSE
    """What becomes of players whom the club knows: by number, or else account, or else name and contact."""
    apply: bool = False
    """Whether to take the file in; if not, it is only told what would become of it."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""
