"""The key by which push services know this program (VAPID, RFC 8292): its public half is given to browsers."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha512

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kit.errors import SetupError
from kit.settings import Settings

GROUP_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of P-256: private keys are the numbers below it."""
PRIVATE_BYTES = 32
LIFETIME = timedelta(hours=12)
"""How long a push service may take what is signed; RFC 8292 allows a day."""


@dataclass(frozen=True)
class VapidKey:
    """The pair of keys, and whom a push service turns to about what comes from here."""

    private: EllipticCurvePrivateKey
    subject: str

    def __repr__(self) -> str:
        return "<VapidKey>"

    @property
    def public(self) -> str:
        """The public key as browsers take it: the uncompressed point, base64url."""
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return to_base64url(point)

    def authorization(self, origin: str, *, now: datetime) -> str:
        """Write the header that proves to the push service of an origin who is writing."""
        claims = {"aud": origin, "exp": int((now + LIFETIME).timestamp()), "sub": self.subject}
        return f"vapid t={jwt.encode(claims, self.private, algorithm='ES256')}, k={self.public}"


def vapid_key(settings: Settings) -> VapidKey | None:
    """Make the key of what is set; none where nobody could be pushed to."""
    text = settings.vapid_private_key.get_secret_value()
    return _key_of(text, settings.vapid_subject) if text and settings.vapid_subject else None


@lru_cache(maxsize=8)
def _key_of(text: str, subject: str) -> VapidKey:
    number = int.from_bytes(from_base64url(text))
    if not 0 < number < GROUP_ORDER or len(from_base64url(text)) != PRIVATE_BYTES:
        raise SetupError(message="VAPID_PRIVATE_KEY is no private key of P-256: 32 bytes, written as base64url.")
    return VapidKey(derive_private_key(number, SECP256R1()), subject)


def private_from_secret(secret: str) -> str:
    """Derive a private key from a secret, always the same, as VAPID_PRIVATE_KEY would hold it."""
    number = int.from_bytes(sha512(b"vapid " + secret.encode()).digest()) % (GROUP_ORDER - 1) + 1
    return to_base64url(number.to_bytes(PRIVATE_BYTES))


def to_base64url(data: bytes) -> str:
    """Write bytes as base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Read base64url, padded or not; nothing where it is none."""
    try:
        return urlsafe_b64decode(text.encode("ascii").rstrip(b"=") + b"=" * (-len(text.rstrip("=")) % 4))
    except (Error, UnicodeEncodeError, ValueError):
        return b""
