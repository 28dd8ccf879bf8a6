"""Codes that stand for somebody: a household by its invitation, a guest at the door.

An invitation's code is random, and is looked up. A guest's code at the door is worked out: it says who it is, and
proves it by a key that the occasion has. So nobody has to store codes, and a new one is but a number that was raised.
"""

import secrets
from dataclasses import dataclass
from hmac import compare_digest, digest
from typing import Self

from kit import crockford

INVITATION_SIGNS = 13
"""65 bits: who tries a thousand codes a second for ten years finds one of a million households by a chance of 1 %."""
CHECK_IN_SIGNS = 16
"""As many as a QR code of version 1 holds at level Q, which can be read with a quarter of it gone."""
NUMBER_BITS, ROTATION_BITS, PROOF_BITS = 20, 12, 48
MOST_GUESTS = 1 << NUMBER_BITS
MOST_ROTATIONS = 1 << ROTATION_BITS
KEY_BYTES = 32
_PURPOSE = b"check-in:"


def new_invitation_code() -> str:
    """Make up the code of a household."""
    return crockford.write(secrets.randbits(INVITATION_SIGNS * crockford.BITS), signs=INVITATION_SIGNS)


def clean_invitation_code(typed: str) -> str | None:
    """Read the code of a household as somebody typed it; none for what can be none."""
    return crockford.clean(typed, signs=INVITATION_SIGNS)


def new_check_in_key() -> bytes:
    """Make up the key of an occasion's codes at the door."""
    return secrets.token_bytes(KEY_BYTES)


@dataclass(frozen=True, slots=True)
class CheckInCode:
    """What a guest's code at the door says: which guest of the occasion, and the how manieth code of that guest."""

    number: int
    """From 0 to below MOST_GUESTS, unlike any other guest's of the occasion, also of those who are no more."""
    rotation: int
    """From 0 to below MOST_ROTATIONS; a code with another than the guest's present one has ended."""

    def written(self, key: bytes) -> str:
        """Write the code. Raises ValueError for numbers that it does not hold."""
        if not (0 <= self.number < MOST_GUESTS and 0 <= self.rotation < MOST_ROTATIONS):
            raise ValueError("no code holds these numbers")
        said = self.number << ROTATION_BITS | self.rotation
        return crockford.write(said << PROOF_BITS | _proof(said, key), signs=CHECK_IN_SIGNS)

    @classmethod
    def read(cls, typed: str, key: bytes) -> Self | None:
        """Read a code as it was scanned or typed; none for one that the key has not signed."""
        code = clean_check_in_code(typed)
        if code is None:
            return None
        found = cls(*divmod(crockford.read(code) >> PROOF_BITS, MOST_ROTATIONS))
        return found if compare_digest(found.written(key), code) else None


def clean_check_in_code(typed: str) -> str | None:
    """Read what was typed as the code of a guest, whose proof is not asked; none for what can be none."""
    return crockford.clean(typed, signs=CHECK_IN_SIGNS)


def _proof(said: int, key: bytes) -> int:
    told = _PURPOSE + said.to_bytes((NUMBER_BITS + ROTATION_BITS) // 8, "big")
    return int.from_bytes(digest(key, told, "sha256")[: PROOF_BITS // 8], "big")
