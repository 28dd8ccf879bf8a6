"""Encryption of push messages for one device (RFC 8291 with the coding aes128gcm of RFC 8188), in one record."""

from secrets import token_bytes

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

MOST = 3_993
"""Bytes of a message: with its header and what seals it, it stays within the 4,096 that every push service takes."""
RECORD = 4_096
SALT = 16
LAST_RECORD = b"\x02"


def encrypt(
    message: bytes,
    *,
    p256dh: bytes,
    auth: bytes,
    salt: bytes | None = None,
    sender: EllipticCurvePrivateKey | None = None,
) -> bytes:
    """Encrypt a message for the device with these keys. Salt and sender's key are made anew for each, unless given.

    Raises ValueError for a message that is too long, or a key that is no point of P-256.
    """
    if len(message) > MOST:
        raise ValueError(f"a push message has at most {MOST} bytes")
    salt, sender = salt or token_bytes(SALT), sender or generate_private_key(SECP256R1())
    device = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), p256dh)
    own = sender.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = sender.exchange(ECDH(), device)
    secret = _derived(shared, salt=auth, info=b"WebPush: info\x00" + p256dh + own, length=32)
    key = _derived(secret, salt=salt, info=b"Content-Encoding: aes128gcm\x00", length=16)
    nonce = _derived(secret, salt=salt, info=b"Content-Encoding: nonce\x00", length=12)
    header = salt + RECORD.to_bytes(4) + len(own).to_bytes(1) + own
    return header + AESGCM(key).encrypt(nonce, message + LAST_RECORD, None)


def _derived(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)
