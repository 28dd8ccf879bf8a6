"""Facts about messages in the room of a hosted tee time: for those who take part, and nobody else."""

from dataclasses import dataclass
from typing import ClassVar

from events.base import event
from events.matching.hosted import HostedFact, host_room
from events.seen import ForAll, ForParticipants, ForServer
from models.matching.values import MessageStatus


@dataclass(frozen=True, kw_only=True)
class RoomFact(HostedFact):
    """A fact for those who take part."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """The rooms of the participants and of the host."""
        return (self.stream, host_room(self.tee_time_id))


@dataclass(frozen=True, kw_only=True)
class MessageFact(RoomFact):
    """A message that can be read."""

    message_id: ForAll[str]
    """The message."""
    number: ForAll[int]
    """Its number in the room, from 1 on."""
    golfer_id: ForParticipants[str | None]
    """Who wrote it."""
    golfer_name: ForParticipants[str | None]
    """What they are called."""
    text: ForAll[str]
    """What they wrote: plain text of several lines."""
    hidden_from: ForServer[tuple[str, ...]] = ()
    """Golfers who have nothing to do with who wrote it; they do not hear it."""


@event("tee-time:message")
class MessageSent(MessageFact):
    """A golfer wrote to the others."""


@event("tee-time:message-shown")
class MessageShown(MessageFact):
    """Those who run the clubs had hidden the message, and let it be read again."""


@event("tee-time:message-removed")
class MessageRemoved(RoomFact):
    """Nobody reads the message any more, nor what was told of it before: forget what you keep of it."""

    rewrites_log: ClassVar[bool] = True

    message_id: ForAll[str]
    """The message."""
    number: ForAll[int]
    """Its number in the room."""
    status: ForAll[MessageStatus]
    """Whether who wrote it has deleted it, or those who run the clubs have hidden it."""


@event("tee-time:archived")
class RoomArchived(RoomFact):
    """The round was long ago: its messages are gone, in what was told before, too, and nobody writes any more."""

    rewrites_log: ClassVar[bool] = True


@event("tee-time:golfer-erased")
class TeeTimeGolferErased(RoomFact):
    """A golfer who takes part, or did, was erased: forget what you keep of them. What was told before says nothing of
    them any more; their messages were removed.
    """

    rewrites_log: ClassVar[bool] = True

    golfer_id: ForParticipants[str | None]
    """The golfer."""


@event("tee-time:messages-read")
class MessagesRead(RoomFact):
    """You have read messages, on whatever screen; the others do not hear it."""

    number: ForAll[int]
    """Up to this one they are read."""
    unread: ForAll[int]
    """How many are unread still."""
    golfer_id: ForServer[str]
    """Who has read them."""
