"""Who is connected: sockets and HTTP streams, counted by address and by user, and refused beyond a limit.

A process counts its own exactly, and waits for nobody. What other processes count it knows as of a moment ago (see
`realtime/instances_redis.py`), and adds that when it compares with the limits of a user and of an address.
"""

import asyncio
from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

Transport = Literal["websocket", "sse", "multipart"]
User = tuple[UUID, str]
"""A tenant, and the name that somebody has within it."""
CURE = "close one, or try again later"


class TooManyConnections(Exception):
    """A connection more than a limit allows. `limit` names it for the metric, the sentence is for the client."""

    def __init__(self, limit: str, sentence: str) -> None:
        super().__init__(sentence)
        self.limit = limit


@dataclass(frozen=True, kw_only=True)
class SocketLimits:
    """How many connections there may be at the same time: in a process, and from an address and of a user in all."""

    in_all: int = 20_000
    per_address: int = 500
    per_user: int = 50


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """What another process has counted, as of its last word."""

    addresses: Mapping[str, int]
    users: Mapping[str, Mapping[str, int]]
    """By the tenant's id as text, and the user's name within it."""


class Census:
    """Counts the connections of this process, and compares them with the limits."""

    def __init__(self, limits: SocketLimits) -> None:
        self.elsewhere: Collection[Elsewhere] = ()
        """What the other processes have counted, as far as this one has heard."""
        self.doubt = asyncio.Event()
        """Set when somebody was refused for what is counted elsewhere, which may be over by now."""
        self._limits = limits
        self._in_all = 0
        self._addresses: Counter[str] = Counter()
        self._users: dict[UUID, Counter[str]] = {}
        self._transports: dict[UUID, Counter[str]] = {}

    @property
    def counted(self) -> int:
        """How many are connected to this process."""
        return self._in_all

    @property
    def addresses(self) -> Mapping[str, int]:
        """How many connections there are from each address."""
        return self._addresses

    @property
    def users(self) -> Mapping[UUID, Mapping[str, int]]:
        """How many connections each user has, by tenant. Who has shown no token is of no tenant."""
        return self._users

    @property
    def transports(self) -> Mapping[UUID, Mapping[str, int]]:
        """How many connections users have by each transport, by tenant."""
        return self._transports

    def enter(self, address: str) -> None:
        """Count a connection from an address. Raises TooManyConnections, and then does not count it."""
        limits = self._limits
        if self._in_all >= limits.in_all:
            raise TooManyConnections("all", "Too many connections to this server; try again later or elsewhere")
        there = sum(other.addresses.get(address, 0) for other in self.elsewhere)
        if self._addresses[address] + there >= limits.per_address:
            self._doubt(there)
            raise TooManyConnections("address", f"At most {limits.per_address} connections from an address; {CURE}")
        self._in_all += 1
        self._addresses[address] += 1

    def identify(self, user: User, *, by: Transport = "websocket") -> None:
        """Count a connection that was entered as a user's. Raises TooManyConnections, and then does not count it."""
        tenant, name = user
        there = self._elsewhere_of(tenant, name) if self.elsewhere else 0
        here = self._users.get(tenant)
        if (here[name] if here else 0) + there >= self._limits.per_user:
            self._doubt(there)
            raise TooManyConnections("user", f"At most {self._limits.per_user} connections of a user; {CURE}")
        self._users.setdefault(tenant, Counter())[name] += 1
        self._transports.setdefault(tenant, Counter())[by] += 1

    def leave(self, address: str, user: User | None, *, by: Transport = "websocket") -> None:
        """Forget a connection from an address, and of a user where it was identified."""
        self._in_all -= 1
        count_down(self._addresses, address)
        if user is not None:
            tenant, name = user
            _count_down_within(self._users, tenant, name)
            _count_down_within(self._transports, tenant, by)

    @contextmanager
    def counting(self, address: str, user: User | None, *, by: Transport) -> Iterator[None]:
        """Count a connection for as long as the block lasts. Raises TooManyConnections at its beginning."""
        self.enter(address)
        known = None
        try:
            if user is not None:
                self.identify(user, by=by)
                known = user
            yield
        finally:
            self.leave(address, known, by=by)

    def _doubt(self, there: int) -> None:
        if there:
            self.doubt.set()

    def _elsewhere_of(self, tenant: UUID, name: str) -> int:
        written = str(tenant)
        return sum(other.users.get(written, {}).get(name, 0) for other in self.elsewhere)


def count_down(counter: Counter[Any], key: Hashable) -> None:
    """Count one less of something, and keep no zero."""
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]


def _count_down_within(counters: dict[UUID, Counter[Any]], tenant: UUID, key: Hashable) -> None:
    count_down(counters[tenant], key)
    if not counters[tenant]:
        del counters[tenant]
