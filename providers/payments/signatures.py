"""Signatures of webhooks: `t=…,v1=…`, an HMAC with SHA-256 of the moment, a dot and the body as it came.

The scheme is Stripe's (https://docs.stripe.com/webhooks/signature); the twin signs by it too.
"""

import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from kit.paying import SignatureRefused

TOLERANCE = timedelta(minutes=5)
"""How far a signature's moment may be from now: an older one may be a replay."""
MOST_PARTS = 20


def signed(body: bytes, secret: str, *, now: datetime) -> str:
    """Sign a body at a moment."""
    at = int(now.timestamp())
    return f"t={at},v1={_mac(body, secret, at)}"


def check_signature(body: bytes, header: str, secrets: Iterable[str], *, now: datetime) -> None:
    """Accept a body that was signed just now by one of these secrets. Raises SignatureRefused."""
    parts = [part.strip().partition("=") for part in header.split(",")[:MOST_PARTS]]
    given = [value for name, _, value in parts if name == "v1" and value.isascii()]
    at = next((int(value) for name, _, value in parts if name == "t" and value.isascii() and value.isdigit()), None)
    if at is None or not given:
        raise SignatureRefused("it is not signed")
    matches = [hmac.compare_digest(_mac(body, secret, at), value) for secret in secrets for value in given]
    if not any(matches):
        raise SignatureRefused("its signature is not the provider's")
    if abs(now.timestamp() - at) > TOLERANCE.total_seconds():
        raise SignatureRefused("it was signed too long ago, or lies ahead: look at the clock")


def _mac(body: bytes, secret: str, at: int) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()
