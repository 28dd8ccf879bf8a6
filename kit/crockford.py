"""Numbers as people read them to each other: Crockford's base 32, which has no I, L, O and U to be mistaken.

https://www.crockford.com/base32.html, without its check sign.
"""

from unicodedata import category

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS = 5
"""Bits that a sign holds."""
_MEANT = str.maketrans("OIL", "011")
LONGEST = 100
"""Signs that somebody may type for a code, with all that parts it."""


def write(number: int, *, signs: int) -> str:
    """Write a number from 0 on by so many signs. Raises ValueError for one that needs more."""
    if not 0 <= number < 1 << BITS * signs:
        raise ValueError(f"{signs} signs do not hold this number")
    return "".join(ALPHABET[number >> BITS * place & 31] for place in reversed(range(signs)))


def read(code: str) -> int:
    """Read the number that a code of the alphabet's signs stands for."""
    number = 0
    for sign in code:
        number = number << BITS | ALPHABET.index(sign)
    return number


def clean(typed: str, *, signs: int) -> str | None:
    """Give what was typed as a code of so many signs; none for what cannot be meant as one.

    Small letters, hyphens and spaces do not matter, nor O for 0, nor I and L for 1.
    """
    if len(typed) > LONGEST:
        return None
    code = "".join(sign for sign in typed if not _parts(sign)).upper().translate(_MEANT)
    return code if len(code) == signs and all(sign in ALPHABET for sign in code) else None


def _parts(sign: str) -> bool:
    return sign.isspace() or category(sign) == "Pd"  # dashes of any length


def grouped(code: str, *, by: int = 4) -> str:
    """Write a code in groups, as it is easiest to type."""
    return "-".join(code[at : at + by] for at in range(0, len(code), by))
