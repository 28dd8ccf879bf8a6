"""A cursor: the opaque name of a place in a stream."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from kit.errors import InvalidInput

PREFIX = "f1"
MAX_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Cursor:
    """A position of a stream, in the epoch of the stream in which it was given out."""

    stream: str
    epoch: str
    position: int

    def __str__(self) -> str:
        return urlsafe_b64encode(f"{PREFIX}|{self.stream}|{self.epoch}|{self.position}".encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str, *, stream: str) -> "Cursor":
        """Read a cursor of a stream. Raises InvalidInput when it is malformed or of another stream."""
        if len(text) > MAX_LENGTH:
            raise InvalidInput(
                message="This cursor is malformed; use one that a query or an event gave.", path=("after",)
            )
        try:
            prefix, name, epoch, position = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split("|")
            cursor = cls(name, epoch, int(position))
        except ValueError:
            cursor, prefix = cls("", "", -1), ""
        if prefix != PREFIX or cursor.position < 0 or str(cursor) != text:
            raise InvalidInput(
                message="This cursor is malformed; use one that a query or an event gave.", path=("after",)
            )
        if cursor.stream != stream:
            raise InvalidInput(message="This cursor belongs to another stream.", path=("after",))
        return cursor
