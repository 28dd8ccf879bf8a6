"""A stream as one process follows it: in order, without holes, each event once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

import structlog

from events.log import Head, Logged
from realtime import metrics
from realtime.subscription import ResetReason
from realtime.tail import EVENTS, Tail

PAGE = 250
"""Events that are read from the log at once: a few megabytes, should they be large."""
PATIENCE = 0.01
"""Seconds that a message may be overtaken by its successor before the log is read: commits of one process are told
in any order, milliseconds apart."""

log = structlog.get_logger(__name__)

ReadLog = Callable[..., Awaitable[list[Logged]]]


class Subscriber(Protocol):
    """Who hears a room: one subscription, or a group of clients."""

    room: str

    def prerender(self, message: Logged) -> None:
        """Get ready for an event that may come soon, or never."""
        ...

    def offer(self, message: Logged) -> None:
        """Take a live event. Must not wait."""
        ...

    def reset(self, reason: ResetReason) -> None:
        """Know that what was known can't be brought up to date by events."""
        ...


class Follower:
    """Follows one stream: takes messages as they come, delivers them by position, reads holes from the log."""

    def __init__(
        self, stream: str, read: ReadLog, *, on_rewritten: Callable[[str], None] = lambda _stream: None
    ) -> None:
        self.stream = stream
        self.epoch = ""
        self.position = 0
        self.idle_since: float | None = None
        self.kept_until = 0.0
        self._read = read
        self._on_rewritten = on_rewritten
        self._rewritten = 0
        self._tail = Tail()
        self._recalling = asyncio.Lock()
        self._early: dict[int, Logged] = {}
        self._waiting: list[Logged] | None = []
        self._rooms: dict[str, dict[Subscriber, None]] = {}
        self._repair: asyncio.Task[None] | None = None
        self._wanted = 0

    def start_at(self, head: Head) -> None:
        """Begin where the log stands, with what was heard while that was looked up."""
        self.epoch, self.position = head.epoch, head.position
        waiting, self._waiting = self._waiting, None
        self.take(waiting or [])

    def take(self, messages: Iterable[Logged]) -> None:
        """Take news of the stream, from this process or another, in any order, any number of times."""
        if self._waiting is not None:
            self._waiting.extend(messages)
            return
        for message in messages:
            if message.epoch != self.epoch:
                self.restart(Head(message.epoch, message.position - 1))
            if message.position <= self.position or message.position in self._early:
                metrics.duplicates.inc()
                continue
            self._early[message.position] = message
            self._deliver_early()
        if self._early:
            self._repair_up_to(max(self._early), patience=PATIENCE)

    def subscribers_to(self, message: Logged) -> list[Subscriber]:
        """Tell who would hear an event, if it came now."""
        return [subscriber for room in message.rooms for subscriber in self._rooms.get(room, ())]

    @property
    def head(self) -> Head | None:
        """Where the stream stands; none while it is known that there is more than has been delivered."""
        if self._waiting is not None or self._early or self._wanted > self.position:
            return None
        return Head(self.epoch, self.position)

    def touch(self, *, at: float) -> None:
        """Stay a while longer: somebody is about to listen."""
        if not self._rooms:
            self.idle_since = at

    def look(self, head: Head, *, known: int = 0) -> None:
        """Compare with where the log stands, and read what is missing.

        `known` is the position that was reached before the log was asked. A log that ends before it has lost events, as
        when a replica that lagged behind took over: what it says from there on is new.
        """
        if self._waiting is not None:
            return
        if head.epoch != self.epoch:
            self.restart(head)
        elif head.position < known:
            self.restart(head, reason="AHEAD_OF_LOG")
        elif head.position > self.position:
            self._repair_up_to(head.position)

    def restart(self, head: Head, *, reason: ResetReason = "EPOCH_CHANGED") -> None:
        """Go on elsewhere: positions known so far mean nothing any more, and all who listen are told."""
        fresh = self.epoch == "" and self.position == 0
        self.epoch, self.position = head.epoch, 0 if fresh else head.position
        self._wanted = 0
        self._tail.clear()
        self._early.clear()
        if fresh:
            if head.position:
                self._repair_up_to(head.position)
            return
        self._reset_all(reason)

    def add(self, subscriber: Subscriber) -> None:
        """Let somebody hear a room from now on."""
        self._rooms.setdefault(subscriber.room, {})[subscriber] = None
        self.idle_since = None

    def remove(self, subscriber: Subscriber, *, at: float) -> None:
        """Let a subscriber go. The stream is followed a while longer, for clients that come back."""
        room = self._rooms.get(subscriber.room, {})
        room.pop(subscriber, None)
        if not room:
            self._rooms.pop(subscriber.room, None)
        if not self._rooms:
            self.idle_since = at

    @property
    def subscribers(self) -> int:
        """How many hear the stream at the moment."""
        return sum(map(len, self._rooms.values()))

    def between(self, earlier: Head, later: Head) -> list[Logged] | None:
        """Give all events after one place up to another, where they are in memory."""
        if not earlier.epoch == later.epoch == self.epoch or not earlier.position <= later.position <= self.position:
            return None
        if earlier.position == later.position:
            return []
        return self._tail.between(earlier.position, later.position) if self.remembers(earlier.position) else None

    def remembers(self, position: int) -> bool:
        """Tell whether all that came after a position is still in memory."""
        return self._tail.reaches(position)

    async def recall(self, position: int) -> None:
        """Bring back into memory what came after a position, unless that is long ago.

        Clients that come to a process which has just started, a thousand at once, thus read the log once.
        """
        async with self._recalling:
            while self.position - position <= EVENTS and not self.remembers(position) and not self._tail.full:
                if not await self._read_back():
                    return

    async def _read_back(self) -> bool:
        """Read a page of what lies before the tail, and put it there. Tells whether to go on."""
        epoch, end, rewritten = self.epoch, self._begin, self._rewritten
        page = {"after": max(end - 1 - PAGE, 0), "upto": end - 1, "limit": PAGE}
        found = await self._read(self.stream, epoch=epoch, room=None, **page)
        if rewritten != self._rewritten:  # it may be what the log said before
            return True
        if epoch != self.epoch or not found or found[-1].position + 1 != self._begin:
            return False
        self._tail.put_before(found)
        return True

    @property
    def _begin(self) -> int:
        """The position at which the tail begins, or will begin with the next event."""
        return self._tail.oldest or self.position + 1

    async def page(self, *, room: str, after: int) -> tuple[list[Logged], int]:
        """Give a room's next events after a position, and the position up to which that is all there is.

        Comes from memory where the tail reaches back far enough: a storm of reconnecting clients reads the log once.
        """
        if after < self.position and not self.remembers(after):
            await self.recall(after)
        epoch, upto = self.epoch, self.position
        if after >= upto:
            return [], upto
        if self.remembers(after):
            return self._tail.after(after, room=room), upto
        found = await self._read(self.stream, epoch=epoch, after=after, upto=upto, room=room, limit=PAGE)
        return found, found[-1].position if len(found) == PAGE else upto

    async def stop(self) -> None:
        """Stop repairing."""
        if self._repair:
            self._repair.cancel()
            await asyncio.wait({self._repair})

    def _deliver_early(self) -> None:
        while message := self._early.pop(self.position + 1, None):
            self.position = message.position
            if message.rewrites_log:
                self._forget()
            self._tail.add(message)
            for subscriber in self.subscribers_to(message):
                self._offer(subscriber, message)

    def _forget(self) -> None:
        """Forget what the log said until now: it says less since."""
        self._rewritten += 1
        self._tail.clear()
        self._on_rewritten(self.stream)

    def _offer(self, subscriber: Subscriber, message: Logged) -> None:
        """Hand over an event; who fails at it is told to begin anew, and the others notice nothing."""
        try:
            subscriber.offer(message)
        except Exception:
            log.exception("an event could not be handed over", stream=self.stream, position=message.position)
            self._reset(subscriber, "UNREADABLE")

    def _reset(self, subscriber: Subscriber, reason: ResetReason) -> None:
        try:
            subscriber.reset(reason)
        except Exception:
            log.exception("somebody could not be told to begin anew", stream=self.stream, room=subscriber.room)

    def _reset_all(self, reason: ResetReason) -> None:
        for subscriber in [subscriber for room in self._rooms.values() for subscriber in room]:
            self._reset(subscriber, reason)

    def _repair_up_to(self, position: int, *, patience: float = 0.0) -> None:
        self._wanted = max(self._wanted, position)
        if self._repair is None or self._repair.done():
            self._repair = asyncio.get_running_loop().create_task(self._read_missing(patience))

    async def _read_missing(self, patience: float) -> None:
        await asyncio.sleep(patience)
        while self.position < (wanted := self._wanted):
            epoch, before = self.epoch, self.position
            found = await self._read(self.stream, epoch=epoch, after=before, upto=wanted, room=None, limit=PAGE)
            if epoch != self.epoch:
                continue
            if found:
                self._fill_in(found)
            elif wanted == self._wanted:  # a rumour: nothing of that position is committed; the sweep looks again
                break
        self._wanted = 0

    def _fill_in(self, found: list[Logged]) -> None:
        self._skip_removed(found[0].position)
        for message in found:
            if message.position > self.position:
                metrics.holes_repaired.inc()
                self._early[message.position] = message
        self._deliver_early()

    def _skip_removed(self, oldest: int) -> None:
        if oldest > self.position + 1:  # retention has removed what lies between
            self.position = oldest - 1
            self._tail.clear()
            self._early = {at: message for at, message in self._early.items() if at >= oldest}
            self._reset_all("TOO_OLD")
