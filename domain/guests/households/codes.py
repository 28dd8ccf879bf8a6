"""Codes of invitations: 13 signs of Crockford's base 32, which are 65 bits that nobody can guess."""

from secrets import randbits

from kit.crockford import BITS, write

SIGNS = 13


def new_code() -> str:
    """Make up a code."""
    return write(randbits(BITS * SIGNS), signs=SIGNS)
