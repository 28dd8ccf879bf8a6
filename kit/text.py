"""What people type, made safe to keep: names, phone numbers, keys, time zones, currencies, ranges."""

import re
from functools import cache
from unicodedata import bidirectional, category, combining, normalize
from zoneinfo import available_timezones

from kit.errors import InvalidInput
from kit.fault_codes import Fault

COUNTRY_LENGTH = 2
CURRENCY_CODE_LENGTH = 3
PHONE_SIGNS = frozenset("+-/(). 0123456789")
LONGEST_PHONE = 30
FEWEST_DIGITS = 3
LONGEST_EMAIL = 254
EMAIL = re.compile(r"[^\s@,;:<>()\[\]\\\"]{1,64}@(?:[^\s@,;:<>()\[\]\\\".]+\.)+[^\s@,;:<>()\[\]\\\".]{2,}")
"""One @, a name before it, and a domain of at least two labels behind it (RFC 5321, without what is quoted)."""
LINE_ENDS = re.compile("\r\n|[\n\r\u2028\u2029]")
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co"})
"""Categories of signs that show nothing: controls, formats, halves of pairs, private ones."""
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Signs of other categories that show nothing: fillers, and a pattern without dots."""
STYLES = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""Signs that choose how the one before them is drawn."""
EMOJI_STYLE = "\ufe0f"
JOINERS = frozenset("\u200c\u200d")
VIRAMA = 9
"""The combining class of the sign behind which a joiner shapes letters of India's scripts."""


def clean_name(value: str, *, path: tuple[str, ...], longest: int = 100, empty: bool = False) -> str:
    """Trim a name, or another text of one line, and write it in Unicode's form NFC: two that look alike are one.

    Every text that people type passes here before it is kept. Raises InvalidInput when it is empty, too long, or has a
    sign in it that nobody can see.
    """
    trimmed = " ".join(normalize("NFC", value).split())
    if not trimmed and not empty:
        raise InvalidInput(message="Give a name.", path=path, fault=Fault.EMPTY)
    if len(trimmed) > longest:
        raise _too_long(longest, path)
    for at, sign in enumerate(trimmed):
        if _shows_nothing(sign) and not _shapes(trimmed, at):
            code = f"U+{ord(sign):04X}"
            message = f"Remove the character {code}, which nobody can see."
            raise InvalidInput(message=message, path=path, fault=Fault.UNSEEN, fault_values=(code,))
    if category(trimmed[:1] or "-").startswith("M"):
        message = "Begin with a letter, a digit or a sign, and not with an accent alone."
        raise InvalidInput(message=message, path=path, fault=Fault.ACCENT_FIRST)
    return trimmed


def clean_text(value: str, *, path: tuple[str, ...], longest: int, empty: bool = False) -> str:
    """Clean a text of several lines, each as a name is; of empty lines, one is left between others.

    Raises InvalidInput as `clean_name` does.
    """
    lines = [clean_name(line, path=path, longest=longest, empty=True) for line in LINE_ENDS.split(value)]
    text = "\n".join(line for line, before in zip(lines, ["", *lines], strict=False) if line or before).strip("\n")
    if not text and not empty:
        raise InvalidInput(message="Write something.", path=path, fault=Fault.EMPTY)
    if len(text) > longest:
        raise _too_long(longest, path)
    return text


def _too_long(longest: int, path: tuple[str, ...]) -> InvalidInput:
    message = f"Use at most {longest} characters."
    return InvalidInput(message=message, path=path, fault=Fault.TOO_LONG, fault_values=(str(longest),))


def _shows_nothing(sign: str) -> bool:
    return category(sign) in UNSEEN or sign in BLANK or sign in STYLES


def _shapes(text: str, at: int) -> bool:
    """Tell whether an unseen sign is needed where it stands: a joiner of letters (as by RFC 5892), an emoji's style."""
    before, sign, after = text[max(at - 1, 0) : at], text[at], text[at + 1 : at + 2]
    if sign in JOINERS and before and after:
        return combining(before) == VIRAMA or bidirectional(before) == bidirectional(after) == "AL"
    return sign == EMOJI_STYLE and category(before or "-") == "So"


def check_key(value: str, *, path: tuple[str, ...], longest: int = 200) -> str:
    """Accept what a machine has made up, such as a user's id or an idempotency key, as it is. Raises InvalidInput."""
    if not 0 < len(value) <= longest or not value.isprintable():
        message = f"Use 1 to {longest} printable characters."
        raise InvalidInput(message=message, path=path, fault=Fault.NOT_PRINTABLE, fault_values=(str(longest),))
    return value


def clean_phone(value: str | None, *, path: tuple[str, ...]) -> str | None:
    """Trim a phone number; none for an empty one. Raises InvalidInput for what cannot be dialled."""
    trimmed = " ".join((value or "").split())
    if not trimmed:
        return None
    wrong = len(trimmed) > LONGEST_PHONE or not PHONE_SIGNS.issuperset(trimmed)
    if wrong or sum(sign.isdigit() for sign in trimmed) < FEWEST_DIGITS:
        message = "Write a phone number with digits, spaces and + - / ( ) . alone."
        raise InvalidInput(message=message, path=path, fault=Fault.NOT_A_PHONE)
    return trimmed


def clean_email(value: str | None, *, path: tuple[str, ...]) -> str | None:
    """Trim an e-mail address; none for an empty one. Raises InvalidInput for what no server would take.

    What is left to the servers on the way is whether the address is anybody's.
    """
    trimmed = clean_name(value or "", path=path, longest=LONGEST_EMAIL, empty=True)
    if not trimmed:
        return None
    if not EMAIL.fullmatch(trimmed):
        message = "Write an e-mail address like ana@example.com."
        raise InvalidInput(message=message, path=path, fault=Fault.NOT_AN_EMAIL)
    return trimmed


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def check_zone(value: str, *, path: tuple[str, ...]) -> str:
    """Accept the name of an IANA time zone. Raises InvalidInput."""
    if value not in _zones():
        raise InvalidInput(message=f"“{value[:64]}” is no IANA time zone; use one like Europe/Madrid.", path=path)
    return value


def check_country(value: str, *, path: tuple[str, ...]) -> str:
    """Accept a code of the form that ISO 3166-1 gives: two capitals, or nothing. Raises InvalidInput."""
    fits = len(value) == COUNTRY_LENGTH and value.isascii() and value.isalpha() and value.isupper()
    if value and not fits:
        raise InvalidInput(message="Use a country code of two capitals, like ES.", path=path)
    return value


def check_currency(value: str, *, path: tuple[str, ...]) -> str:
    """Accept a code of the form that ISO 4217 gives: three capitals. Raises InvalidInput."""
    if len(value) != CURRENCY_CODE_LENGTH or not (value.isascii() and value.isalpha() and value.isupper()):
        raise InvalidInput(message="Use a currency code of three capitals, like EUR.", path=path)
    return value


def check_range(value: float, lowest: float, highest: float, *, path: tuple[str, ...]) -> None:
    """Accept a number within bounds, both included. Raises InvalidInput."""
    if not lowest <= value <= highest:
        ends = _written(lowest), _written(highest)
        message = f"Choose a value from {ends[0]} to {ends[1]}."
        raise InvalidInput(message=message, path=path, fault=Fault.NOT_IN_RANGE, fault_values=ends)


def _written(bound: float) -> str:
    """Write a bound as people do: 10,000,000 and 54.5, neither 1e+07 nor 54.0."""
    return f"{int(bound):,}" if bound == int(bound) else f"{bound:g}"


def camel(name: str) -> str:
    """Write a field's name as the schema does."""
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)


def printable(text: str) -> str:
    """Write signs that are not for reading by their codes: a terminal would do what they say."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
