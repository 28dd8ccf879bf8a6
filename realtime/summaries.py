"""Conflated rooms: of what happens there only the state counts that it leads to.

All who follow a summary form a group. What is heard in the room makes the group read the state anew, in one snapshot,
once for all: at once where it has not told anything lately, else a second after it did. So a burst of changes costs one
answer a second, and the last change is always told. A client that takes no more is given the newest answer when it
does, and none of those between.
"""

import asyncio
from functools import partial

import structlog

from events.cursor import Cursor
from events.log import Logged
from realtime import metrics
from realtime.batch import Batch, Member, give_in_turns
from realtime.feed import FAULT, Answer, Ended, Summary, SummaryFeed
from realtime.follower import Follower
from realtime.subscription import ResetReason
from realtime.throttle import WriteLoad
from realtime.unreadable import note_unreadable

LONGEST_PAUSE = 10.0
"""Seconds between two tries at the most while the state can't be read; each pause is twice as long as the last."""
RETRY_SECONDS = 1.0
"""Seconds until a member that an answer could not be written to is given one again."""
NOWHERE = "none"
"""The epoch of an answer that shows no state: its cursor continues nothing."""

log = structlog.get_logger(__name__)


class SummaryGroup:
    """All who get the same summary of a room. It listens to the room's follower as one.

    Its answers are numbered; a member's `position` is the number of the last one that it has.
    """

    def __init__(self, feed: SummaryFeed, follower: Follower, load: WriteLoad) -> None:
        self.key, self.stream, self.room = feed.key, feed.stream, feed.room
        self.generation = 0
        self.members: dict[Member, None] = {}
        self.lagging: dict[Member, None] = {}
        self._types, self._read, self._pause = feed.types, feed.read, feed.pause
        self._follower = follower
        self._load = load
        self._number = 0
        self._newest: Answer | None = None
        self._lost = 0
        """How often in a row the state could not be read."""
        self._due = False
        """Whether the newest answer is not known to show what there is."""
        self._heard: Cursor | None = None
        """The newest event that made it so; none where it was something else."""
        self._free_at = float("-inf")
        self._worker: asyncio.Task[None] | None = None
        self._turns: asyncio.TimerHandle | None = None

    def prerender(self, message: Logged) -> None:
        """Do nothing: a snapshot shows what is committed."""

    def offer(self, message: Logged) -> None:
        """Take an event from the follower: the state has changed."""
        for member in (*self.members, *self.lagging):
            if member.wanted is not None:
                self._end_if_over(member, message)
        if self._types is None or message.type in self._types:
            self._change(message.cursor)

    def _end_if_over(self, member: Member, message: Logged) -> None:
        try:
            if member.wanted is not None:
                member.wanted(message)
        except Ended as ended:
            self._let_out(member)
            member.sink.cut(str(ended))
        except Exception as error:  # of an event that can't be read, nothing is known
            note_unreadable(message, error)

    def reset(self, reason: ResetReason) -> None:  # noqa: ARG002 - whatever it was, all is told anew
        """Know that the state may be any other one."""
        self._change(None)

    def join(self, member: Member, *, after: Cursor | None) -> None:
        """Let a member take part. It gets an answer at once, unless it has the state already."""
        self._let_in(member)
        if self._due:
            self._begin()
        if self._is_shown(after):
            member.position = self._number
        elif self._newest and not _is_ahead(after, self._newest) and not (self._due and self._is_free):
            batch = Batch([self._newest])
            metrics.deliveries.inc(self._give(batch, member))
            metrics.messages_sent.labels("next").inc(batch.framed)
        elif after or not self._worker:  # else what is being read is for this member too
            self._change(after)

    def leave(self, member: Member) -> None:
        """Let a member go."""
        self._let_out(member)
        self.lagging.pop(member, None)
        if member.catching_up:
            member.catching_up.cancel()

    def stop(self) -> None:
        """End the group's work."""
        if self._worker:
            self._worker.cancel()
        if self._turns:
            self._turns.cancel()

    def _is_shown(self, after: Cursor | None) -> bool:
        """Tell whether one who knows the state as of a cursor knows all that there is, as far as was heard."""
        if after is None:
            return False
        head = self._follower.head
        if head is not None and after == Cursor(self.stream, head.epoch, head.position):
            return True
        return self._newest is not None and after == self._newest.cursor

    def _change(self, heard: Cursor | None) -> None:
        """Have the state read anew; what was heard may be in what is being read just now."""
        self._heard = _later(self._heard, heard) if self._due else heard
        self._due = True
        self._begin()

    @property
    def _is_free(self) -> bool:
        return self._free_at <= asyncio.get_running_loop().time()

    def _begin(self) -> None:
        if self._worker is None and self.members:
            self._worker = asyncio.get_running_loop().create_task(self._work())

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._due and self.members:  # without anybody to be told, the next who takes something begins again
                await asyncio.sleep(max(self._free_at - loop.time(), 0))
                self._due = False
                await self._tell(await self._summary())
        finally:
            self._worker = None

    async def _summary(self) -> Summary:
        metrics.executions.inc()
        try:
            summary = await self._read()
        except Exception:
            log.exception("a summary could not be rendered", stream=self.stream, room=self.room)
            summary = Summary(Cursor(self.stream, NOWHERE, 0), FAULT, lost=True)
        if self._due and _covers(summary, self._heard):
            self._due = False
        return summary

    async def _tell(self, summary: Summary) -> None:
        """Give the members a summary; that there is none to be had they are told once, until there is."""
        self._lost = self._lost + 1 if summary.lost else 0
        if self._lost <= 1:
            if self._newest is None or self._newest.item != summary:  # else those who have it hear nothing
                self._number += 1
            self._newest = Answer(self._number, summary, summary.body, self.generation)
            batch = Batch([self._newest])
            await give_in_turns(batch, list(self.members), else_by=partial(self._give, batch), load=self._load)
        self._free_at = asyncio.get_running_loop().time() + min(self._pause * 2**self._lost, LONGEST_PAUSE)
        if summary.lost:
            self._due, self._heard = True, None
        if self._turns:
            self._turns.cancel()
        if summary.holds is not None:
            loop = asyncio.get_running_loop()
            self._turns = loop.call_later(max(summary.holds, 0), self._change, None)

    def _give(self, batch: Batch, member: Member) -> int:
        """Give a member an answer; one who cannot be given it does not touch the others."""
        if member not in self.members:
            return 0
        if not member.sink.ready:
            metrics.slow_clients.inc()
            self._wait_for(member)
            return 0
        try:
            return batch.give(member)
        except Exception:
            log.exception("a subscriber could not be given a summary", room=self.room, **member.sink.whose())
            self._wait_for(member, failed=True)
        return 0

    def _wait_for(self, member: Member, *, failed: bool = False) -> None:
        self._let_out(member)
        self.lagging[member] = None
        member.catching_up = asyncio.get_running_loop().create_task(self._catch_up(member, failed=failed))

    async def _catch_up(self, member: Member, *, failed: bool) -> None:
        """Let a member in again when its client takes something, with the newest answer, unless a newer one is due."""
        try:
            if failed:
                await asyncio.sleep(RETRY_SECONDS)
            await member.sink.drained()
            if self._newest and (failed or not self._due):
                batch = Batch([self._newest])
                metrics.deliveries.inc(batch.give(member))
                metrics.messages_sent.labels("next").inc(batch.framed)
            self._let_in(member)
            self._begin()
        except ConnectionError:  # the client has gone, and its transport tells who has to know
            pass
        except Exception:
            log.exception("a subscriber could not catch up", room=self.room, **member.sink.whose())
            member.sink.cut()
        member.catching_up = None

    def _let_in(self, member: Member) -> None:
        self.lagging.pop(member, None)
        self.members[member] = None
        member.exit = member.sink.exit

    def _let_out(self, member: Member) -> None:
        self.members.pop(member, None)
        member.exit = None


def _is_ahead(after: Cursor | None, answer: Answer) -> bool:
    """Tell whether somebody knows the state as of a later place than an answer shows, or of another numbering."""
    if after is None:
        return False
    return after.epoch != answer.cursor.epoch or after.position > answer.cursor.position


def _later(one: Cursor | None, other: Cursor | None) -> Cursor | None:
    """Give the later of two places; none where that can't be told."""
    if one is None or other is None or one.epoch != other.epoch:
        return None
    return max(one, other, key=lambda cursor: cursor.position)


def _covers(summary: Summary, heard: Cursor | None) -> bool:
    """Tell whether a summary shows what was heard while it was read."""
    if heard is None or heard.epoch != summary.cursor.epoch:
        return False
    return heard.position <= summary.cursor.position
