"""What is kept of a player: each field checked, and how players are found by it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypedDict
from uuid import UUID

from kit.errors import InvalidInput
from kit.fault_codes import Fault
from kit.spreadsheets import plain
from kit.text import PHONE_SIGNS, camel, check_key, clean_email, clean_name, clean_phone, clean_text
from models.clubs.tables import Player
from models.tee_sheet.values import PriceClass

LONGEST = {"first_name": 100, "last_name": 100, "member_number": 40, "household": 60}
LONGEST_NOTES = 2000
LONGEST_SORT_NAME = 200
EARLIEST_BIRTH = date(1900, 1, 1)
NEEDED = ("first_name", "last_name", "price_class")
"""What a player always has; None leaves it as it is."""


class PlayerDetails(TypedDict, total=False):
    """What a club may know of a player; what is left out stays, and None unsets it."""

    member_number: str | None
    phone: str | None
    email: str | None
    birth_date: date | None
    household: str | None
    host_id: UUID | None
    user_id: str | None
    notes: str | None


class PlayerData(PlayerDetails, total=False):
    """The same with what a player always has; None leaves that as it is."""

    first_name: str | None
    last_name: str | None
    price_class: PriceClass | None


def cleaned(values: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """Check what is to be kept of a player. Raises InvalidInput for the first wrong value, with its place."""
    given = {name: value for name, value in values.items() if value is not None or name not in NEEDED}
    return {name: clean_field(name, value, path=("input", camel(name)), now=now) for name, value in given.items()}


def clean_field(name: str, value: Any, *, path: tuple[str, ...], now: datetime) -> Any:
    """Check one field. Raises InvalidInput."""
    if name in LONGEST:
        return clean_name(value or "", path=path, longest=LONGEST[name], empty=name not in NEEDED) or None
    if name == "notes":
        return clean_text(value or "", path=path, longest=LONGEST_NOTES, empty=True)
    if name in {"phone", "email"}:
        return (clean_phone if name == "phone" else clean_email)(value, path=path)
    if name == "birth_date" and value is not None and not EARLIEST_BIRTH <= value <= now.date():
        message, values = "Give a day of birth from 1900 on that has passed.", (EARLIEST_BIRTH.isoformat(),)
        raise InvalidInput(message=message, path=path, fault=Fault.NOT_A_BIRTH, fault_values=values)
    if name == "user_id" and value is not None:
        check_key(value, path=path)
    return value


def apply(player: Player, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Set what differs, and how the player is found by it; gives the fields that changed."""
    changed = tuple(name for name, value in values.items() if getattr(player, name) != value)
    for name in changed:
        setattr(player, name, values[name])
    player.sort_name = plain(f"{player.last_name} {player.first_name}")[:LONGEST_SORT_NAME]
    player.search_text = " ".join(_found_by(player))
    return changed


def _found_by(player: Player) -> Iterable[str]:
    yield plain(f"{player.first_name} {player.last_name}")
    if player.member_number:
        yield plain(player.member_number)
    if player.phone:
        yield digits(player.phone)


def digits(text: str) -> str:
    """Give the digits of a phone number, however it is written."""
    return "".join(sign for sign in text if "0" <= sign <= "9")


def words_of(search: str) -> list[tuple[str, ...]]:
    """Give the words of a search as players are found by them: each word in the ways in which it may be meant."""
    return [ways for word in search.split() if (ways := _ways(word))]


def _ways(word: str) -> tuple[str, ...]:
    ways = {plain(word)}
    if PHONE_SIGNS.issuperset(word) and digits(word):
        ways.add(digits(word))
    return tuple(sorted(ways - {""}))
