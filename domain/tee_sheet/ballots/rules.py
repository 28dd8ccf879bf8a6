"""The draw: who chooses before whom, and what each gets. Anyone can recompute it from what is published.

It is a random serial dictatorship (Abdulkadiroğlu and Sönmez, Econometrica 66, 1998): entries choose one after the
other, each the first of its choices with room for its whole party. Nobody gains by not saying what they would like
best, and nobody can be given more without another getting less.

Those whose players have got less come first. Between equals the seed decides: each entry has a ticket, the HMAC
(RFC 2104) with SHA-256 of its id under the seed, and the smallest one chooses first. The seed was made before there was
any entry, and its SHA-256 published then.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from hmac import digest
from secrets import token_hex

from kit.errors import InvalidInput

MOST_CHOICES = 10
"""How many starts an entry names at the most."""
MOST_ENTRIES = 500
"""How many entries a ballot takes: a draw is one transaction."""
SEED_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An entry as the draw sees it."""

    entry_id: str
    """Its public id."""
    got_before: int
    """What its players have got in earlier ballots."""


def new_seed() -> str:
    """Make a seed: 256 random bits, in hexadecimal."""
    return token_hex(SEED_BYTES)


def hash_of(seed: str) -> str:
    """Give the SHA-256 of a seed's text, in hexadecimal: it can be published without telling the seed."""
    return sha256(seed.encode()).hexdigest()


def ticket(seed: str, entry_id: str) -> str:
    """Draw the ticket of an entry: HMAC-SHA-256 with the seed's text as key and the entry's id as message."""
    return digest(seed.encode(), entry_id.encode(), "sha256").hex()


def order_of(candidates: Iterable[Candidate], *, seed: str) -> list[Candidate]:
    """Put entries in the order in which they choose: who got less first, and then by tickets."""
    return sorted(candidates, key=lambda one: (one.got_before, ticket(seed, one.entry_id)))


def points_for(choice: int | None) -> int:
    """Tell how much an entry has got: 10 for its first choice, 9 for its second, 1 for its tenth, 0 for nothing."""
    return 0 if choice is None else MOST_CHOICES + 1 - choice


def check_choices(choices: Sequence[object], *, path: tuple[str, ...]) -> None:
    """Refuse no choices, more than ten, and one named twice. Raises InvalidInput."""
    if not 1 <= len(choices) <= MOST_CHOICES:
        raise InvalidInput(message=f"Choose from 1 to {MOST_CHOICES} starts, the dearest to you first.", path=path)
    if len(set(choices)) < len(choices):
        raise InvalidInput(message="Choose each start once.", path=path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instants:
    """When a ballot opens to entries, closes, is drawn and releases what is left, all in UTC.

    Without an instant of its own the draw is made by the staff, and at the latest by the release.
    """

    opens_at: datetime
    closes_at: datetime
    draws_at: datetime | None
    releases_at: datetime


def check_instants(instants: Instants, *, first_starts_at: datetime) -> None:
    """Refuse instants that do not follow each other, up to the first start. Raises InvalidInput."""
    draws_at = instants.draws_at or instants.releases_at
    for wrong, field, message in (
        (instants.closes_at <= instants.opens_at, "closesAt", "Let entries close after they open."),
        (draws_at < instants.closes_at, "drawsAt", "Let the draw be made when the entries have closed."),
        (instants.releases_at < draws_at, "releasesAt", "Let the rest go on open sale after the draw."),
        (instants.releases_at > first_starts_at, "releasesAt", "Let the rest go on open sale before the first start."),
    ):
        if wrong:
            raise InvalidInput(message=message, path=("input", field))


def first_fitting(
    choices: Sequence[str], *, places: int, left: Mapping[str, int], refused: Mapping[str, str]
) -> int | None:
    """Give the number, from 1, of the first choice with room for a whole party; None where none has.

    `left` has the places left by tee time; one that is not there has none. `refused` holds, by their numbers, choices
    that a rule forbids.
    """
    for number, choice in enumerate(choices, 1):
        if str(number) not in refused and left.get(choice, 0) >= places:
            return number
    return None
