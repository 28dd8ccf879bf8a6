"""Connections over HTTP from their first byte on: how many an address may have, and how long each may say nothing.

A connection counts for the address that it comes from, until it becomes a socket, which is counted as such
(`realtime/presence.py`), or until a trusted proxy says on it whom it speaks for. One too many may still say what it
wants: it may become a socket, speak for somebody else, or be told why it is refused. But it has not long.
"""

from collections import Counter
from dataclasses import dataclass

from realtime import metrics
from realtime.fair_queue import FairQueue
from realtime.presence import CURE, TooManyConnections, count_down

SURPLUS_SECONDS = 1.0
"""How long one too many may take to say what it wants. After a restart, all clients come in the same instant."""

HANDSHAKES = 8
"""WebSockets that are opened before others get a turn on the event loop."""


@dataclass(kw_only=True)
class Admission:
    """Counts the connections over HTTP of this process, and says how long they are waited for; times in seconds."""

    in_all: int = 20_000
    per_address: int = 500
    head_seconds: float = 10.0
    """From the connection, or from the first byte of a later request, to the end of a request's head."""
    body_seconds: float = 30.0
    """From there to the end of its body."""

    def __post_init__(self) -> None:
        """Begin with nobody."""
        self._addresses: Counter[str] = Counter()
        self._counted = 0
        self._surplus = 0
        self.handshakes = FairQueue(HANDSHAKES)
        """Of WebSockets that are opened."""

    @property
    def counted(self) -> int:
        """How many connections over HTTP there are, those that are one too many left out."""
        return self._counted

    def arrive(self, address: str) -> "Arrival":
        """Count a connection from an address, if it may be had."""
        arrival = Arrival(self, address)
        arrival.try_again()
        return arrival

    def count(self, address: str) -> None:
        """Count one more. Raises TooManyConnections, and then does not count it."""
        if self._counted >= self.in_all:
            raise TooManyConnections("all", "Too many connections to this server; try again later or elsewhere")
        if self._addresses[address] >= self.per_address:
            raise TooManyConnections("address", f"At most {self.per_address} connections from an address; {CURE}")
        self._counted += 1
        self._addresses[address] += 1

    def forget(self, address: str) -> None:
        """Count one less."""
        self._counted -= 1
        count_down(self._addresses, address)

    def tolerate(self, step: int) -> None:
        """Count one too many, or one less of those."""
        self._surplus += step

    @property
    def full(self) -> bool:
        """Whether nobody can be told any more why it is refused: as many wait for that as there may be in all."""
        return self._surplus > self.in_all


class Arrival:
    """What one connection counts as."""

    __slots__ = ("_address", "_admission", "_counted", "refused")

    def __init__(self, admission: Admission, address: str) -> None:
        self._admission, self._address = admission, address
        self._counted = False
        self.refused: TooManyConnections | None = None
        """Why it is one too many, if it is."""

    @property
    def hopeless(self) -> bool:
        """Whether it is to be cut at once."""
        return self.refused is not None and self._admission.full

    @property
    def patience(self) -> float:
        """Seconds for which its first request is waited for."""
        return SURPLUS_SECONDS if self.refused else self._admission.head_seconds

    def turned_away(self) -> None:
        """Note that it is refused, if it is one too many."""
        if self.refused:
            metrics.refused_sockets.labels(self.refused.limit).inc()

    def try_again(self) -> None:
        """Count it: it is new, or somebody may have left since it was refused."""
        try:
            self._admission.count(self._address)
        except TooManyConnections as error:
            self._refuse(error)
        else:
            self.leave()
            self._counted = True

    def speak_for(self, address: str) -> None:
        """Note whom a request is from. Where a proxy speaks for others, it has no limit of its own."""
        if address != self._address:
            self.leave()
        elif self.refused:
            self.try_again()

    def leave(self) -> None:
        """Count it no more: it has gone, or is counted as something else."""
        if self.refused:
            self._admission.tolerate(-1)
        elif self._counted:
            self._admission.forget(self._address)
        self.refused, self._counted = None, False

    def _refuse(self, error: TooManyConnections) -> None:
        if not self.refused:
            self._admission.tolerate(1)
        self.refused = error
