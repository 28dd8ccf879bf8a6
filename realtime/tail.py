"""The newest events of a stream, in memory: who comes back after a moment is not sent to the log."""

from collections import deque
from collections.abc import Sequence

import orjson

from events.log import Logged

EVENTS = 2_000
"""Events that a tail holds at the most."""
BYTES = 4 * 1024 * 1024
"""Size that their data have together at the most, as JSON."""


class Tail:
    """Events without a hole between them, the oldest first, bounded in number and size."""

    def __init__(self) -> None:
        self._events: deque[Logged] = deque()
        self._sizes: deque[int] = deque()
        self._size = 0
        self.full = False
        """Whether something has been left out for lack of room."""

    @property
    def oldest(self) -> int | None:
        """The position of the first event; none while it holds none."""
        return self._events[0].position if self._events else None

    def add(self, message: Logged) -> None:
        """Take the event that follows the last one; the oldest ones make room."""
        size = len(orjson.dumps(message.data))
        self._events.append(message)
        self._sizes.append(size)
        self._size += size
        while len(self._events) > EVENTS or self._size > BYTES:
            self._events.popleft()
            self._size -= self._sizes.popleft()
            self.full = True

    def put_before(self, earlier: Sequence[Logged]) -> None:
        """Take events that lead up to the oldest one, as far as there is room."""
        for message in reversed(earlier):
            size = len(orjson.dumps(message.data))
            if len(self._events) >= EVENTS or self._size + size > BYTES:
                self.full = True
                return
            self._events.appendleft(message)
            self._sizes.appendleft(size)
            self._size += size

    def clear(self) -> None:
        """Forget all events."""
        self._events.clear()
        self._sizes.clear()
        self._size = 0
        self.full = False

    def reaches(self, position: int) -> bool:
        """Tell whether all that came after a position is here."""
        return bool(self._events) and self._events[0].position <= position + 1

    def after(self, position: int, *, room: str) -> list[Logged]:
        """Give a room's events after a position."""
        return [m for m in self._events if m.position > position and room in m.rooms]
