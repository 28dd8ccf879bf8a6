"""Compressing answers for clients that take that."""

import gzip

WORTH = 2_000
"""Bytes from which on an answer is worth it."""
LEVEL = 5
"""From here on it takes twice the time to save some percent more."""


def wants_zipped(accept_encoding: str | None, body: bytes) -> bool:
    """Tell whether an answer is to be compressed, by the Accept-Encoding header of who asks."""
    return len(body) >= WORTH and accept_encoding is not None and "gzip" in accept_encoding


def zipped(body: bytes) -> bytes:
    """Compress an answer, to the same bytes each time."""
    return gzip.compress(body, LEVEL, mtime=0)
