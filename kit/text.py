"""What people type, made safe to keep: names, time zones, currencies, coordinates."""

from functools import cache
from unicodedata import category
from zoneinfo import available_timezones

from kit.errors import InvalidInput

CURRENCY_CODE_LENGTH = 3


def clean_name(value: str, *, path: tuple[str, ...], longest: int = 100, empty: bool = False) -> str:
    """Trim a name. Raises InvalidInput when it is empty, too long, or has control characters in it."""
    trimmed = " ".join(value.split())
    if not trimmed and not empty:
        raise InvalidInput(message="Give a name.", path=path)
    if len(trimmed) > longest:
        raise InvalidInput(message=f"Use at most {longest} characters.", path=path)
    if any(category(sign) in {"Cc", "Cs", "Co"} for sign in trimmed):
        raise InvalidInput(message="Use letters, digits and punctuation only.", path=path)
    return trimmed


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def check_zone(value: str, *, path: tuple[str, ...]) -> str:
    """Accept the name of an IANA time zone. Raises InvalidInput."""
    if value not in _zones():
        raise InvalidInput(message=f"“{value[:64]}” is no IANA time zone; use one like Europe/Madrid.", path=path)
    return value


def check_currency(value: str, *, path: tuple[str, ...]) -> str:
    """Accept a code of the form that ISO 4217 gives: three capitals. Raises InvalidInput."""
    if len(value) != CURRENCY_CODE_LENGTH or not (value.isascii() and value.isalpha() and value.isupper()):
        raise InvalidInput(message="Use a currency code of three capitals, like EUR.", path=path)
    return value


def check_range(value: float, lowest: float, highest: float, *, path: tuple[str, ...]) -> None:
    """Accept a number within bounds, both included. Raises InvalidInput."""
    if not lowest <= value <= highest:
        raise InvalidInput(message=f"Choose a value from {lowest:g} to {highest:g}.", path=path)


def camel(name: str) -> str:
    """Write a field's name as the schema does."""
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)
