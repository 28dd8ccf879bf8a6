"""What a subscription comes down to, and where its answers go."""

from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from events.cursor import Cursor
from events.log import Logged
from realtime.subscription import Reset

CUT = "Events could not be delivered; connect again with your last cursor"
"""What a client is told that is cut off, where nothing else is said."""


class Ended(Exception):
    """A subscriber may hear no more of a room: its client is cut off, and what it asks for anew is decided anew.

    It says to the client why, in 123 bytes at the most, since that is what a socket can be closed with.
    """


@dataclass(frozen=True, slots=True)
class Summary:
    """What a conflated room shows, as of a place in its stream, as a response."""

    cursor: Cursor
    body: bytes
    lost: bool = False
    """Whether it could not be shown, for a fault of ours, or because the database is away: the body says so."""
    holds: float | None = field(default=None, compare=False)
    """Seconds after which it may be another one by itself, if there is such a moment."""


FAULT = b'{"errors":[{"message":"Something went wrong on our side.","extensions":{"code":"INTERNAL"}}],"data":null}'
"""The answer to what could not be rendered: never silence."""

Item = Logged | Reset
Render = Callable[[Item], bytes | Awaitable[bytes]]
Wanted = Callable[[Logged], bool]
"""The subscriber's own filter. Raises Ended at an event by which the subscriber may hear no more."""
Classify = Callable[[Logged, Collection[Any]], Mapping[Any, Hashable]]
"""Tells in which class each of some members is for an event, by what they say of themselves; one that is left out, or
whose class is None, is not told of it."""


@dataclass(frozen=True, kw_only=True)
class Followed:
    """What a subscription comes down to: a room of a stream, from now on or from a cursor on."""

    stream: str
    room: str
    after: Cursor | None
    key: Hashable
    """Subscribers with equal keys get equal answers."""
    since: Cursor | None = None
    """The place as of which it was decided that the subscriber may follow, where that may end: what has happened since
    is shown to its filter before it takes part."""


@dataclass(frozen=True, kw_only=True)
class Classes:
    """How a room tells its members apart: for each event those of a class are answered alike."""

    classify: Classify
    render: Callable[[Logged, Hashable], bytes | Awaitable[bytes]]
    """Runs the operation on an event for a class."""
    ready: Callable[[Logged], Awaitable[None]] | None = None
    """Waits until all is known by which members are told apart for an event, where that takes a while."""


@dataclass(frozen=True, kw_only=True)
class Feed(Followed):
    """A room whose events are told, each by an answer of its own."""

    wanted: Wanted | None
    """The subscriber's own filter."""
    render: Render
    """Runs the operation on an event, or on a reset; gives the GraphQL response as JSON."""
    classes: Classes | None = None
    """How members are told apart, where they are; then `render` is for resets alone."""
    member: Hashable = None
    """What the subscriber says of itself for that, as its household, or its filter."""


@dataclass(frozen=True, kw_only=True)
class SummaryFeed(Followed):
    """A conflated room: of what happens there the state is told that it leads to, whole, now and then."""

    types: frozenset[str] | None
    """The types of events that can change it; all of the room where it is None."""
    wanted: Wanted | None = None
    """Is shown every event that is heard, and raises Ended when the subscriber may hear no more."""
    pause: float = 1.0
    """Seconds between two answers at the least."""
    read: Callable[[], Awaitable[Summary]]
    """Runs the operation on the state as it is, in one snapshot."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What there is to tell, and the response that it makes."""

    position: int
    """Its place among the answers of its group: that of its event, or the number of a summary."""
    item: Item | Summary
    body: bytes
    generation: int
    """How often the stream had been reset before it: positions of different generations can't be compared."""
    heard_by: frozenset[Any] | None = None
    """The members for whom it is, by what they say of themselves; all where it is None."""

    @property
    def cursor(self) -> Cursor:
        """From where its receiver goes on after it."""
        return self.item.cursor


class Exit:
    """Where finished frames leave for one client: all that those look at who write to thousands."""

    __slots__ = ("rest", "write")

    def __init__(self, write: Callable[[bytes], int] | None, rest: Callable[[bytes], None]) -> None:
        self.write = write
        """Writes frames, and tells how many bytes of them have been taken; None while the client takes no more."""
        self.rest = rest
        """Writes what was left, which has to be done at once, so that nothing comes between."""


class Sink(Protocol):
    """Where the answers of one operation go."""

    prefix: bytes | None
    """The frame's beginning, where finished frames may be written; None where `send` has to be used."""
    exit: Exit | None
    """The short way for finished frames, where there is one."""

    def whose(self) -> Mapping[str, Any]:
        """Tell for the log whose operation it is."""
        ...

    @property
    def ready(self) -> bool:
        """Whether the client takes more at the moment."""
        ...

    def write(self, frames: bytes) -> None:
        """Write finished frames."""
        ...

    def send(self, answers: Sequence[Answer]) -> None:
        """Send answers one by one."""
        ...

    async def drained(self) -> None:
        """Wait until the client is ready for more. Raises ConnectionError when it never will be."""
        ...

    def cut(self, why: str = CUT) -> None:
        """End the connection of a client that nothing can be told: it comes back with its cursor."""
        ...
