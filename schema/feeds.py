"""What a subscription's resolver gives instead of events: where they are to be heard, and by whom."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from events.cursor import Cursor
from events.log import EventUnreadable, Logged
from realtime.subscription import Reset
from realtime.unreadable import note_unreadable
from schema.context import Context
from schema.events import StreamEvent, StreamReset, show_event, show_reset
from schema.sight import Audience, told_type

M = TypeVar("M", bound=Hashable)
C = TypeVar("C", bound=Hashable)


@dataclass(frozen=True, kw_only=True)
class Classes(Generic[M, C]):
    """How a room tells those apart who follow it: for each event, those of a class are answered alike.

    They are functions of a module, or of what the process holds for all, and no closures over somebody: they see the
    event and what members say of themselves, and nobody.
    """

    classify: Callable[[Logged, Collection[M]], Mapping[M, C | None]]
    """Tells the class of each of some members for an event, by what they say of themselves. One that is left out, or
    whose class is None, is not told of the event."""
    audience: Callable[[C], Audience] | None = None
    """Tells what a class may see, where that is not the same for all."""
    ready: Callable[[Logged], Awaitable[None]] | None = None
    """Waits until all is known by which they are told apart for an event, where that takes a while."""


@dataclass(frozen=True, kw_only=True)
class RoomFeed:
    """A room, followed from a cursor on by somebody of an audience, who may want some types of events only.

    The engine hands it to the fan-out, which hears the room once for all who are answered alike. It counts as a stream
    for the GraphQL library, which asks for one; nobody iterates over it.
    """

    stream: str
    room: str
    after: Cursor | None
    wanted: frozenset[str] | None
    audience: Audience
    concerns: Callable[[Logged], bool] | None = None
    """What else an event of the room must meet to be sent to this subscriber, where the room alone does not decide."""
    classes: Classes[Any, Any] | None = None
    """How the room tells its subscribers apart, if it does."""
    member: Hashable = None
    """What this subscriber says of itself for that."""
    since: Cursor | None = None
    """The place as of which it was decided that the subscriber may follow, where `concerns` may end that."""

    def show(self, item: Logged | Reset) -> StreamEvent | StreamReset:
        """Give the object that shows an event. One that can't be shown is told as a reset: never silence."""
        return show_reset(item) if isinstance(item, Reset) else self._shown(item, self.audience)

    def show_to(self, event: Logged, class_: Hashable) -> StreamEvent | StreamReset:
        """Give the object that shows an event to a class of subscribers."""
        return self._shown(event, self.audience_of(class_), class_)

    def audience_of(self, class_: Hashable) -> Audience:
        """Tell what a class of subscribers may see."""
        tells = self.classes and self.classes.audience
        return tells(class_) if tells else self.audience

    def _shown(self, event: Logged, audience: Audience, class_: Hashable = None) -> StreamEvent | StreamReset:
        try:
            return show_event(event, audience, class_)
        except Exception as error:
            note_unreadable(event, error)
            return show_reset(Reset("UNREADABLE", event.cursor))

    def wants(self, event: Logged) -> bool:
        """Tell whether an event passes the subscriber's own filter; one that can't be read might concern anybody."""
        try:
            concerned = self.concerns is None or self.concerns(event)  # it may follow what is not wanted, too
        except EventUnreadable:
            concerned = True
        return concerned and (self.wanted is None or told_type(event, self.audience) in self.wanted)

    @property
    def has_filter(self) -> bool:
        """Whether the subscriber wants less than the whole room."""
        return self.wanted is not None or self.concerns is not None

    def __aiter__(self) -> AsyncIterator[object]:
        raise TypeError("a room is followed by the fan-out")


class State(Protocol):
    """What a conflated room shows: an object of the schema, as of its cursor."""

    cursor: str
    """Where the room's stream stood in the snapshot that it was read in."""


@dataclass(frozen=True, kw_only=True)
class SummaryRoom:
    """A conflated room: followed by those who want to know how it is, and not what happened there.

    The engine hands it to the fan-out, which has the state read once for all who are answered alike. It counts as a
    stream for the GraphQL library, as `RoomFeed` does.
    """

    stream: str
    room: str
    after: Cursor | None
    types: frozenset[str] | None
    """The types of events that can change the state; all of the room where it is None."""
    tenant_id: UUID
    """Whose rows are read."""
    of: Hashable
    """What is shown, and for whom: all that `read` may make a difference by. Followers with equal ones share it."""
    concerns: Callable[[Logged], bool] | None
    """Is shown every event that is heard, and raises Ended when the subscriber may hear no more."""
    since: Cursor | None
    """The place as of which it was decided that the subscriber may follow, where `concerns` may end that."""
    read: Callable[[Context, Any], Awaitable[State]]
    """Reads the state of what `of` says, from the context's snapshot. A function of a module, and no closure: those who
    share an answer share it too."""

    def __aiter__(self) -> AsyncIterator[object]:
        raise TypeError("a room is followed by the fan-out")
