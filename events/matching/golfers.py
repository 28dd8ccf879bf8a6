"""Facts about golfers: to processes that keep them at hand, and to each what concerns them and others."""

from dataclasses import dataclass
from typing import ClassVar

from events.base import Event, event
from events.notifications import UserEvent, user_stream
from events.seen import ForAll
from models.matching.values import ConnectionStatus


def network_room(tenant_id: str) -> str:
    """Name the stream of a tenant's golfers, and the room in which all of them hear of hosted tee times."""
    return f"network:{tenant_id}"


def servers_room(network: str) -> str:
    """Name the room of a tenant's stream in which processes hear of golfers that they have to read anew."""
    return f"{network}:servers"


def golfers_room(stream_id: str) -> str:
    """Name the room of a user's own stream that tells how the user and other golfers stand to each other."""
    return f"{user_stream(stream_id)}:golfers"


@dataclass(frozen=True, kw_only=True)
class NetworkFact(Event):
    """A fact about a tenant's golfers for processes, which read anew what they keep of them."""

    tenant_id: str
    """The tenant."""

    @property
    def stream(self) -> str:
        """The stream of the tenant's golfers."""
        return network_room(self.tenant_id)

    @property
    def rooms(self) -> tuple[str, ...]:
        """The room of the processes."""
        return (servers_room(self.stream),)


@event("golfer.changed", told=False)
class GolferChanged(NetworkFact):
    """What matching asks of a golfer has changed: processes read it anew. It says no more, since no client hears it."""

    golfer_id: str
    """The golfer."""


@event("golfer.industries-related", told=False)
class IndustriesRelated(NetworkFact):
    """Which lines of work are related has changed: processes read it, and all golfers, anew."""


@event("golfer.forgotten", told=False)
class GolferForgotten(NetworkFact):
    """What the stream said of a golfer who hosted, it says no more: processes forget it, and clients were told."""

    rewrites_log: ClassVar[bool] = True

    golfer_id: str
    """The golfer."""


@dataclass(frozen=True, kw_only=True)
class GolferFact(UserEvent):
    """How you and another golfer stand to each other from now on."""

    golfer_id: ForAll[str]
    """The other golfer."""
    golfer_name: ForAll[str]
    """What the other is called."""
    connection: ForAll[ConnectionStatus]
    """How you stand to each other."""
    golfer_picture_id: ForAll[str | None] = None
    """The other's photo, if there is one: with another id it is another photo."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """Your own room of this."""
        return (golfers_room(self.user_id),)


@event("golfer.rating-shown")
class RatingShown(UserEvent):
    """What a golfer with whom you have played gave you is shown."""

    tee_time_id: ForAll[str]
    """The hosted tee time that you played."""
    golfer_id: ForAll[str]
    """Who gave it."""
    golfer_name: ForAll[str]
    """What they are called."""
    stars: ForAll[int]
    """From 1 to 5."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """Your own room of this."""
        return (golfers_room(self.user_id),)


@event("golfer.connection-asked")
class ConnectionAsked(GolferFact):
    """You have asked another golfer to be connected, or were asked."""


@event("golfer.connected")
class GolfersConnected(GolferFact):
    """You and another golfer have both asked, and are connected."""


@event("golfer.disconnected")
class GolfersDisconnected(GolferFact):
    """You and another golfer are connected no more, or a question was taken back."""


@event("golfer.blocked")
class GolferBlocked(GolferFact):
    """You have blocked another golfer, who is not told."""


@event("golfer.unblocked")
class GolferUnblocked(GolferFact):
    """You have blocked another golfer, and do so no more."""


@event("golfer.updated")
class GolferUpdated(GolferFact):
    """A golfer says something else of themselves, you or one whom a list of yours shows: read them anew.

    Your lists are those of your connections, of who asks you for one, and of whom you have blocked.
    """


@event("golfer.erased")
class GolferErased(UserEvent):
    """A golfer was erased, you or one of whom you were told: forget what you keep of them. What was told before says
    nothing of them any more.
    """

    rewrites_log: ClassVar[bool] = True

    golfer_id: ForAll[str]
    """The golfer."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """Your own room of this."""
        return (golfers_room(self.user_id),)
