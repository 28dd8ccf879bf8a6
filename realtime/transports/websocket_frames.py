"""The frames that a client sends (RFC 6455, 5), read from the bytes of its connection.

No extension is ever agreed on, so the reserved bits are never set, and nothing is deflated.
"""

from collections.abc import Iterator
from enum import IntEnum

from websockets.exceptions import ProtocolError
from websockets.frames import Close

try:
    from websockets.speedups import apply_mask
except ImportError:  # where its C part could not be built
    from websockets.utils import apply_mask

FIN, RESERVED, OPCODE, CONTROL = 0x80, 0x70, 0x0F, 0x08
"""Of a frame's first byte."""
MASKED, LENGTH = 0x80, 0x7F
"""Of its second."""
MAX_CONTROL = 125
"""Bytes that a control frame may carry; a greater length of any frame stands in bytes of its own."""


class Opcode(IntEnum):
    """What a frame is."""

    CONTINUATION = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


KNOWN = frozenset(Opcode)


class FrameRefused(Exception):
    """The client broke the protocol; the connection is to be closed with a code (RFC 6455, 7.4.1)."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class FrameReader:
    """Puts a client's bytes together to whole messages and control frames, whatever pieces they come in."""

    def __init__(self, max_size: int) -> None:
        """Take the size that a message may have at most, in bytes."""
        self._max_size = max_size
        self._rest = bytearray()
        self._needed = 0
        """Bytes that `_rest` has to have before it is looked at again: a long frame is not tried for each of them."""
        self._begun = Opcode.CONTINUATION
        """What the message is whose first fragments have come; CONTINUATION where there is none."""
        self._fragments = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Give what is complete, one after the other, with its opcode; text is UTF-8. Raises FrameRefused."""
        if self._rest:
            self._rest += data
            if len(self._rest) < self._needed:
                return
            data = bytes(self._rest)
            self._rest.clear()
        at = 0
        while frame := self._frame(data, at):
            opcode, final, payload, at = frame
            if opcode & CONTROL:
                yield opcode, payload if opcode != Opcode.CLOSE else _close_checked(payload)
            elif message := self._message(opcode, final, payload):
                yield message
        self._rest += data[at:]

    def _frame(self, data: bytes, at: int) -> tuple[int, int, bytes, int] | None:
        """Read the frame that begins at a place: its opcode, whether it is the last one, its payload, and its end.

        None where it has not come as a whole; then `_needed` says how much of it there has to be first.
        """
        start = at + 2
        if len(data) < start:
            self._needed = 2
            return None
        first, second = data[at], data[at + 1]
        opcode, size = first & OPCODE, second & LENGTH
        if first & RESERVED or opcode not in KNOWN or not second & MASKED:
            raise FrameRefused(1002, "Not a frame of a client: see RFC 6455, 5.2")
        if opcode & CONTROL and (size > MAX_CONTROL or not first & FIN):
            raise FrameRefused(1002, "A control frame is one frame of at most 125 bytes")
        if size > MAX_CONTROL:
            start += 2 if size == MAX_CONTROL + 1 else 8
            if len(data) < start:
                self._needed = start - at
                return None
            size = int.from_bytes(data[at + 2 : start], "big")
        if not opcode & CONTROL and len(self._fragments) + size > self._max_size:
            raise FrameRefused(1009, f"A message has at most {self._max_size} bytes")
        end = start + 4 + size
        if len(data) < end:
            self._needed = end - at
            return None
        return opcode, first & FIN, apply_mask(data[start + 4 : end], data[start : start + 4]), end

    def _message(self, opcode: int, final: int, payload: bytes) -> tuple[int, bytes] | None:
        """Add a frame to the message that it is of; gives the message where this is its last one."""
        if (opcode == Opcode.CONTINUATION) is (self._begun == Opcode.CONTINUATION):
            raise FrameRefused(1002, "Fragments of one message follow each other")
        if not final:
            self._begun = self._begun or Opcode(opcode)
            self._fragments += payload
            return None
        if self._begun:
            opcode, payload = self._begun, bytes(self._fragments + payload)
            self._begun, self._fragments = Opcode.CONTINUATION, bytearray()
        if opcode == Opcode.TEXT and not payload.isascii():
            _refuse_no_text(payload)
        return opcode, payload


def close_frame(code: int, reason: str) -> bytes:
    """Write a close frame."""
    payload = Close(code, reason).serialize()
    return bytes((FIN | Opcode.CLOSE, len(payload))) + payload


def control_frame(opcode: Opcode, payload: bytes) -> bytes:
    """Write a control frame."""
    return bytes((FIN | opcode, len(payload))) + payload


def _close_checked(payload: bytes) -> bytes:
    """Check a close frame's payload (RFC 6455, 5.5.1): nothing, or a code that may be sent, and a reason."""
    try:
        Close.parse(payload)
    except ProtocolError as error:
        raise FrameRefused(1002, str(error)) from None
    except UnicodeDecodeError:
        raise FrameRefused(1007, "Text is UTF-8") from None
    return payload


def _refuse_no_text(payload: bytes) -> None:
    try:
        payload.decode()
    except UnicodeDecodeError:
        raise FrameRefused(1007, "Text is UTF-8") from None
