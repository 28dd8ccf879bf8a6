"""How the realtime engine does, as admins may see it: their own tenant's part, and sums that name nobody."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Self

import strawberry

from auth.viewer import Viewer
from events.clubs import club_room
from kit.enums import DescribedEnum
from kit.errors import InvalidInput
from realtime.instances import Instance
from schema.describe import argument, enum, field, listed, output

MOST_ROOMS = 500


@enum
class RealtimeTransport(DescribedEnum):
    """How a client is connected."""

    WEBSOCKET = "WEBSOCKET", "By a socket, with the protocol graphql-transport-ws."
    SSE = "SSE", "By an event stream over HTTP."
    MULTIPART = "MULTIPART", "By a multipart response over HTTP."


@enum
class BroadcasterState(DescribedEnum):
    """How news travels between the processes."""

    MEMORY = "MEMORY", "No Redis is set: other processes hear of news by their sweep of the log."
    OK = "OK", "Redis carries the news."
    AWAY = "AWAY", "Redis is away: the sweep of the log delivers, a little later."


@output
class TransportConnections:
    """The connections by one transport."""

    transport: RealtimeTransport
    """How they are connected."""
    connections: int
    """How many are open."""


@output
class ConnectionFigures:
    """Who of the tenant is connected, over all processes."""

    total: int
    """Connections that are open, by whatever transport."""
    by_transport: list[TransportConnections] = listed(entries=3)
    """The same by transport."""
    users: int
    """Users who are connected, each counted once."""

    @classmethod
    def of(cls, tenant: str, instances: Sequence[Instance]) -> Self:
        """Add up the connections of a tenant."""
        counted: Counter[str] = Counter()
        for instance in instances:
            counted.update(instance.transports.get(tenant, {}))
        users = set().union(*(instance.users.get(tenant, {}) for instance in instances))
        by = [
            TransportConnections(transport=kind, connections=counted[kind.value.lower()]) for kind in RealtimeTransport
        ]
        return cls(total=counted.total(), by_transport=by, users=len(users))


@output
class RoomSubscriptions:
    """The subscriptions to one room, over all processes."""

    room: str
    """What is followed, as in club:club_01h455vb4pex5vsknk084sn02q."""
    club_id: strawberry.ID
    """The club that the room belongs to."""
    subscriptions: int
    """How many are open."""


@output
class RealtimeInstance:
    """A process that serves."""

    name: str
    """What it is called in acknowledgements and logs."""
    connections: int
    """Connections of the tenant's users to it."""
    broadcaster: BroadcasterState
    """How news reaches it."""
    heard_at: datetime
    """When it told of itself last; it does so every five seconds, and one that died is listed for fifteen."""

    @classmethod
    def of(cls, tenant: str, instance: Instance) -> Self:
        """Show a process to a tenant."""
        return cls(
            name=instance.name,
            connections=sum(instance.transports.get(tenant, {}).values()),
            broadcaster=BroadcasterState(instance.broadcaster.upper()),
            heard_at=instance.heard_at,
        )


@output
class EngineFigures:
    """What the engines of all processes have done since each was started, for all tenants together."""

    events: float
    """Events that were logged and told."""
    executions: float
    """GraphQL executions for events; one serves all who are answered alike."""
    deliveries: float
    """Answers to events that were handed to subscribers."""
    slow_clients: float
    """Times that a subscriber fell behind and went on from the log."""
    replays: float
    """Times that a subscriber was brought up from a cursor: one who came back, or who had fallen behind."""
    holes_repaired: float
    """Events that were read from the log because their message had not arrived."""

    @classmethod
    def of(cls, instances: Sequence[Instance]) -> Self:
        """Add up the figures of all processes."""
        totals: Counter[str] = Counter()
        for instance in instances:
            totals.update(instance.figures)
        return cls(**{name: float(totals[name]) for name in cls.__annotations__})


@output
class RealtimeStats:
    """How the realtime engine does. An admin of clubs sees their rooms, an admin of the tenant all that is here."""

    found: strawberry.Private[list[RoomSubscriptions]]
    broadcaster: BroadcasterState
    """How news reaches the process that answers."""
    subscriptions: int
    """Subscriptions that are open to rooms of the viewer's clubs."""
    connections: ConnectionFigures | None
    """The tenant's connections; null unless the viewer runs the whole tenant."""
    instances: list[RealtimeInstance] | None = listed(entries=10)
    """The processes that serve, the one that answers first; null unless the viewer runs the whole tenant.

    While Redis is away, or none is set, only the one that answers is known."""
    engine: EngineFigures | None
    """Sums over all tenants, which name nobody; null unless the viewer runs the whole tenant."""

    @field
    async def rooms(
        self, first: Annotated[int, argument("How many rooms at the most, 1 to 500.")] = 100
    ) -> list[RoomSubscriptions]:
        """The rooms of the viewer's clubs that somebody follows, those with the most subscriptions first."""
        if not 1 <= first <= MOST_ROOMS:
            raise InvalidInput(message=f"Ask for 1 to {MOST_ROOMS} rooms.", path=("first",))
        return self.found[:first]

    @classmethod
    def of(cls, viewer: Viewer, clubs: Sequence[str], instances: Sequence[Instance]) -> Self:
        """Show what a viewer may see: of rooms, those of these clubs."""
        found = [room for club in clubs for room in _rooms_of(club, instances)]
        tenant, whole = str(viewer.tenant_id), viewer.is_tenant_admin
        return cls(
            found=sorted(found, key=lambda room: (-room.subscriptions, room.room)),
            broadcaster=BroadcasterState(instances[0].broadcaster.upper()),
            subscriptions=sum(room.subscriptions for room in found),
            connections=ConnectionFigures.of(tenant, instances) if whole else None,
            instances=[RealtimeInstance.of(tenant, instance) for instance in instances] if whole else None,
            engine=EngineFigures.of(instances) if whole else None,
        )


def _rooms_of(club: str, instances: Sequence[Instance]) -> list[RoomSubscriptions]:
    """Add up the subscriptions to the rooms of a club's stream. Other streams have no rooms that clubs may see."""
    totals: Counter[str] = Counter()
    for instance in instances:
        rooms: Mapping[str, int] = instance.rooms.get(club_room(club), {})
        totals.update(rooms)
    return [
        RoomSubscriptions(room=room, club_id=strawberry.ID(club), subscriptions=count)
        for room, count in totals.items()
        if count
    ]
