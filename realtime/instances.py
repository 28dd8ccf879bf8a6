"""The processes that serve together: what each is called, and what it has counted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kit.clock import Clock
from realtime import metrics
from realtime.presence import Census

Rooms = Mapping[str, Mapping[str, int]]
"""Subscriptions by stream and by room."""
Broadcaster = Literal["memory", "ok", "away"]
"""How news travels between processes: not at all, by Redis, or by the sweep of the log while Redis is away."""


@dataclass(frozen=True, kw_only=True)
class Instance:
    """A process, and what it has counted. Tenants are given by their ids as text."""

    name: str
    heard_at: datetime
    """When it told of itself last."""
    broadcaster: Broadcaster
    transports: Mapping[str, Mapping[str, int]]
    """Connections by tenant and by transport."""
    users: Mapping[str, Mapping[str, int]]
    """Connections by tenant and by user."""
    rooms: Rooms
    figures: Mapping[str, float]
    """What its engine has done since it was started, by the names of `realtime.metrics.figures`."""


class Instances:
    """The one process that there is, where nothing carries counts to others."""

    def __init__(
        self,
        name: str,
        *,
        census: Census,
        rooms: Callable[[], Rooms],
        broadcaster: Callable[[], Broadcaster],
        clock: Clock,
    ) -> None:
        self.name = name
        self._census = census
        self._broadcaster = broadcaster
        self._rooms = rooms
        self._clock = clock

    async def all(self) -> list[Instance]:
        """Give all processes, this one first."""
        return [self.own()]

    def own(self) -> Instance:
        """Give this process, as it stands now."""
        census = self._census
        return Instance(
            name=self.name,
            heard_at=self._clock(),
            broadcaster=self._broadcaster(),
            transports={str(tenant): {**counted} for tenant, counted in census.transports.items()},
            users={str(tenant): {**counted} for tenant, counted in census.users.items()},
            rooms=self._rooms(),
            figures=metrics.figures(),
        )
