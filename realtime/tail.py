"""The newest events of a stream, in memory: who comes back after a moment is not sent to the log."""

from collections import deque
from collections.abc import Sequence

import orjson

from events.log import Logged

EVENTS = 2_000
"""Events that a tail holds at the most."""
BYTES = 4 * 1024 * 1024
"""Size that their data have together at the most, as JSON."""
NOTHING: deque[tuple[Logged, int]] = deque(maxlen=0)
"""What is kept of a stream without news: an empty queue takes 760 bytes, and most streams are one person's."""


class Tail:
    """Events without a hole between them, the oldest first, bounded in number and size."""

    def __init__(self) -> None:
        self._events = NOTHING
        self._size = 0
        self.full = False
        """Whether something has been left out for lack of room."""

    @property
    def oldest(self) -> int | None:
        """The position of the first event; none while it holds none."""
        return self._events[0][0].position if self._events else None

    def add(self, message: Logged) -> None:
        """Take the event that follows the last one; the oldest ones make room."""
        size = self._make_room(message)
        self._events.append((message, size))
        self._size += size
        while len(self._events) > EVENTS or self._size > BYTES:
            self._size -= self._events.popleft()[1]
            self.full = True

    def put_before(self, earlier: Sequence[Logged]) -> None:
        """Take events that lead up to the oldest one, as far as there is room."""
        for message in reversed(earlier):
            size = self._make_room(message)
            if len(self._events) >= EVENTS or self._size + size > BYTES:
                self.full = True
                return
            self._events.appendleft((message, size))
            self._size += size

    def _make_room(self, message: Logged) -> int:
        """Have a place for an event, and tell its size."""
        if self._events is NOTHING:
            self._events = deque()
        return len(orjson.dumps(message.data))

    def clear(self) -> None:
        """Forget all events."""
        self._events = NOTHING
        self._size = 0
        self.full = False

    def reaches(self, position: int) -> bool:
        """Tell whether all that came after a position is here."""
        return bool(self._events) and self._events[0][0].position <= position + 1

    def after(self, position: int, *, room: str) -> list[Logged]:
        """Give a room's events after a position."""
        return [m for m, _ in self._events if m.position > position and room in m.rooms]

    def between(self, position: int, upto: int) -> list[Logged]:
        """Give all events after a position up to another; the newest are looked at first."""
        found = []
        for message, _ in reversed(self._events):
            if message.position <= position:
                break
            if message.position <= upto:
                found.append(message)
        return found[::-1]
