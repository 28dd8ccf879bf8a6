"""WebSocket frames of answers, put together once for many sockets.

Everything of a `next` message but the operation's id is the same for all. Ids of equal length share the frame headers
as well, so `prefix.join(pieces)` makes the frames of any number of events in one call.
"""

from collections.abc import Sequence

import orjson

TEXT = 0x81
"""First byte of an unfragmented text frame (RFC 6455, section 5.2)."""


def prefix_of(operation: str) -> bytes:
    """Begin the messages of an operation; its id is the client's choice, so it is escaped here, once."""
    return b'{"id":' + orjson.dumps(operation)


def header(length: int) -> bytes:
    """Write the header of an unmasked text frame of so many bytes (RFC 6455, section 5.2)."""
    if length < 126:
        return bytes((TEXT, length))
    if length < 65_536:
        return bytes((TEXT, 126)) + length.to_bytes(2, "big")
    return bytes((TEXT, 127)) + length.to_bytes(8, "big")


def tail_of(answer: bytes) -> bytes:
    """End a `next` message with its answer."""
    return b',"type":"next","payload":' + answer + b"}"


class FrameCache:
    """The frames of some answers, for prefixes of any length and any choice among the answers."""

    def __init__(self, answers: Sequence[bytes]) -> None:
        self._tails = [tail_of(answer) for answer in answers]
        self._pieces: dict[tuple[int, tuple[int, ...]], list[bytes]] = {}

    def for_prefix(self, prefix: bytes, chosen: tuple[int, ...]) -> bytes:
        """Give the frames of the chosen answers for one operation."""
        return prefix.join(self.pieces(len(prefix), chosen))

    def pieces(self, length: int, chosen: tuple[int, ...]) -> list[bytes]:
        """Give what is to be joined by a prefix of some length, for the frames of the chosen answers."""
        key = (length, chosen)
        pieces = self._pieces.get(key)
        if pieces is None:
            pieces = self._pieces[key] = self._cut(*key)
        return pieces

    def _cut(self, length: int, chosen: tuple[int, ...]) -> list[bytes]:
        """Cut the frames where the prefix goes: header | tail + header | tail + header | … | tail."""
        pieces, before = [], b""
        for n in chosen:
            pieces.append(before + header(length + len(self._tails[n])))
            before = self._tails[n]
        return [*pieces, before]
