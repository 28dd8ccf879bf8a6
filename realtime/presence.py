"""Who is connected to this process: sockets are counted by address and by user, and refused beyond a limit."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any


class TooManyConnections(Exception):
    """A connection more than a limit allows. `limit` names it for the metric, the sentence is for the client."""

    def __init__(self, limit: str, sentence: str) -> None:
        super().__init__(sentence)
        self.limit = limit


@dataclass(frozen=True, kw_only=True)
class SocketLimits:
    """How many connections a process takes at the same time."""

    in_all: int = 20_000
    per_address: int = 500
    per_user: int = 50


class Census:
    """Counts the connections of this process."""

    def __init__(self, limits: SocketLimits) -> None:
        self._limits = limits
        self._in_all = 0
        self._addresses: Counter[str] = Counter()
        self._users: Counter[Hashable] = Counter()

    @property
    def counted(self) -> int:
        """How many are connected."""
        return self._in_all

    def enter(self, address: str) -> None:
        """Count a connection from an address. Raises TooManyConnections, and then does not count it."""
        limits = self._limits
        if self._in_all >= limits.in_all:
            raise TooManyConnections("all", "Too many connections to this server; try again later or elsewhere")
        if self._addresses[address] >= limits.per_address:
            raise TooManyConnections("address", f"At most {limits.per_address} connections from an address")
        self._in_all += 1
        self._addresses[address] += 1

    def identify(self, user: Hashable) -> None:
        """Count a connection that was entered as a user's. Raises TooManyConnections, and then does not count it."""
        if self._users[user] >= self._limits.per_user:
            raise TooManyConnections("user", f"At most {self._limits.per_user} connections of a user")
        self._users[user] += 1

    def leave(self, address: str, user: Hashable | None) -> None:
        """Forget a connection from an address, and of a user where it was identified."""
        self._in_all -= 1
        _count_down(self._addresses, address)
        if user is not None:
            _count_down(self._users, user)


def _count_down(counter: Counter[Any], key: Hashable) -> None:
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]
