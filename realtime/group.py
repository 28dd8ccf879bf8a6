"""A group: all who get the same answers to the events of a room.

For each event it runs one GraphQL execution and one serialisation, and hands the finished bytes to its members, whose
own operation id is all that differs. A member whose client does not take what it is given leaves the group, catches up
from the log when the client is ready again, and joins anew: coming back with a cursor and being slow are the same
thing.
"""

import asyncio
import inspect
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from functools import partial
from typing import Any

import structlog

from events.cursor import Cursor
from events.log import Logged
from kit.clock import utc_now
from realtime import metrics
from realtime.batch import AnswerCache, Batch, Member, Undecided, give_in_turns
from realtime.feed import FAULT, Answer, Ended, Feed, Item
from realtime.follower import Follower
from realtime.hub import Hub
from realtime.subscription import Reset, ResetReason
from realtime.throttle import Throttle, WriteLoad

ROUND = 50
"""Events that are merged into one write at the most."""
ROUND_BYTES = 512 * 1024
"""Size of the answers from which on no more are merged into one write: it bounds what waits for a client."""
REPLAY_BYTES = 65_536
"""The same for members that catch up. With more waiting, a client with a small receive window took a page of large
events twenty times slower."""
PENDING = 1_000
"""Events that a group has still to answer at the most; with more to come, it reads them itself from the tail or the log
when it is done with these."""
RETRY_SECONDS = 1.0
"""Seconds until a member that could not catch up is tried again."""

NOTHING: deque[tuple[Item, int]] = deque(maxlen=0)
"""What a group has to answer that has nothing to: an empty queue takes 760 bytes, and most groups are one person's."""

log = structlog.get_logger(__name__)


class FanoutGroup:
    """All who get the same answers from a room. It listens to the room's follower as one."""

    def __init__(self, feed: Feed, hub: Hub, follower: Follower, load: WriteLoad) -> None:
        self.key, self.stream, self.room = feed.key, feed.stream, feed.room
        self.members: dict[Member, None] = {}
        self.lagging: dict[Member, None] = {}
        self._hub = hub
        self._follower = follower
        self._render = feed.render
        self._reads_more: asyncio.Future[bytes] | None = None
        """An answer that took more than its event: of such a group nothing is rendered before it is committed."""
        self.generation = 0
        self._pending = NOTHING
        self._reached = 0
        """The position up to which events have been taken."""
        self._lags = False
        """Whether there are more than have been taken, which are read when these are answered."""
        self._cache = AnswerCache()
        self._rewritten_at = 0
        """The position at which earlier events came to say less: what one of these said may be on its way still."""
        self._load = load
        self._throttle = Throttle(load)
        self._worker: asyncio.Task[None] | None = None

    def prerender(self, message: Logged) -> None:
        """Have the answer to an event that is about to be committed, if the event has all that is needed for it."""
        if not self.members or self._reads_more:
            return
        self._keep_ahead(message.id, self._render(message))

    def _keep_ahead(self, key: Hashable, rendered: bytes | Awaitable[bytes]) -> None:
        if isinstance(rendered, bytes):
            metrics.executions.inc()
            self._cache.add(key, rendered)
        else:  # it would read the rows as they were before
            self._reads_more = asyncio.ensure_future(rendered)
            self._reads_more.add_done_callback(lambda answer: answer.cancelled() or answer.exception())

    def offer(self, message: Logged) -> None:
        """Take an event from the follower. The work is done in turns of its own, merged with what comes meanwhile."""
        if message.rewrites_log:
            self._cache.clear()
            self._rewritten_at = message.position
        if len(self._pending) >= PENDING:
            self._lags = True
        if not self._lags:
            self._put(message)
            self._reached = message.position

    def reset(self, reason: ResetReason) -> None:
        """Tell the members that they have to read the state anew; those that catch up hear of it on their way."""
        self._pending.clear()
        self._lags = False
        self.generation += 1
        self._put(Reset(reason, self._head()))
        metrics.resets.labels(reason).inc(len(self.members))

    def join(self, member: Member, *, after: Cursor | None) -> None:
        """Let a member take part, from now on or from a cursor on."""
        if after is None:
            self._let_in(member)
        else:
            self._send_back(member, after)

    def leave(self, member: Member) -> None:
        """Let a member go."""
        self._let_out(member)
        self.lagging.pop(member, None)
        if member.catching_up:
            member.catching_up.cancel()

    def stop(self) -> None:
        """End the group's work."""
        self._pending.clear()
        if self._worker:
            self._worker.cancel()

    async def _read_on(self) -> None:
        """Take the next events from the tail or the log, once for all members. Where it fails, each goes on by itself.

        What came meanwhile is in the log as well. A reset that came meanwhile has ended the lag.
        """
        metrics.group_lags.inc()
        try:
            found, upto = await self._follower.page(room=self.room, after=self._reached)
        except Exception:
            log.exception("a group could not read on", stream=self.stream, room=self.room)
            if self._lags:
                self._lags = False
                self._send_all_back()
            return
        if self._lags:
            self._pending.extend((event, self.generation) for event in found)
            self._reached = max(upto, self._reached)
            self._lags = self._reached < self._follower.position  # nothing was awaited since the page was read: no gap

    def _send_all_back(self) -> None:
        for member in list(self.members):
            self._send_back(member, self._place_of(member))

    def _overflow(self, member: Member) -> None:
        metrics.slow_clients.inc()
        self._send_back(member, self._place_of(member))

    def _head(self) -> Cursor:
        return Cursor(self.stream, self._follower.epoch, self._follower.position)

    def _let_in(self, member: Member) -> None:
        member.position, member.generation = self._follower.position, self.generation
        self.lagging.pop(member, None)
        self.members[member] = None
        member.exit = member.sink.exit

    def _let_out(self, member: Member) -> None:
        self.members.pop(member, None)
        member.exit = None

    def _send_back(self, member: Member, after: Cursor, *, anew: bool = False) -> None:
        self._let_out(member)
        self.lagging[member] = None
        member.catching_up = asyncio.get_running_loop().create_task(self._catch_up(member, after, anew=anew))

    async def _catch_up(self, member: Member, after: Cursor, *, anew: bool) -> None:
        """Bring a member from a cursor up to the head of the stream, or let it begin anew there.

        A fault on the way is never silence, and not tried for ever: who could not be brought up is told to begin anew,
        and one who could not even be told that is cut off, to come back with its cursor.
        """
        member.position = after.position
        while True:
            try:
                await self._read_up(member, after, anew=anew)
            except ConnectionError:  # the client has gone, and its transport tells who has to know
                break
            except Ended as ended:
                member.sink.cut(str(ended))
                break
            except Undecided:
                anew = True
            except Exception:
                log.exception("a subscriber could not catch up", room=self.room, anew=anew, **member.sink.whose())
                if anew:
                    member.sink.cut()
                    break
                await asyncio.sleep(RETRY_SECONDS)
                anew = True
            else:
                break
        member.catching_up = None

    async def _read_up(self, member: Member, after: Cursor, *, anew: bool) -> None:
        """Give a member what came after a cursor, as fast as its client takes it, then let it in."""
        async with self._hub.subscribe(self.stream, room=self.room, after=None if anew else after) as subscription:
            if anew:
                subscription.reset("UNREADABLE")
            answers: list[Answer] = []
            size, place = 0, self._load.replays.place()
            while True:
                async for item in subscription.behind():
                    if isinstance(item, Reset):
                        await self._replay(member, answers, place)
                        member.position, member.generation = item.cursor.position - 1, self.generation
                    found = await self._answers_to(member, item)
                    answers += found
                    size = sum((len(answer.body) for answer in found), size if len(answers) > len(found) else 0)
                    if len(answers) >= ROUND or size >= REPLAY_BYTES:
                        await self._replay(member, answers, place)
                if answers:
                    await self._replay(member, answers, place)
                elif member.sink.ready:
                    break
                else:
                    await member.sink.drained()
            self._let_in(member)  # nothing was awaited since the subscription was live: no gap
            member.position = max(member.position, subscription.position)  # a cursor may be ahead of this process

    async def _replay(self, member: Member, answers: list[Answer], place: int) -> None:
        """Give a member what it has missed, and empty the list."""
        if answers:
            await self._load.replays.wait(place)
            await member.sink.drained()
            batch = Batch(answers)
            member.generation = answers[-1].generation
            metrics.deliveries.inc(batch.give(member))
            metrics.messages_sent.labels("next").inc(batch.framed)
            answers.clear()

    async def _answers_to(self, member: Member, item: Item) -> Sequence[Answer]:  # noqa: ARG002 - all are answered alike
        """Give what a member that catches up is told of an event."""
        return (await self._answer(item, self.generation),)

    async def _answer(self, item: Item, generation: int) -> Answer:
        """Give the answer to an event: the one that was made already, or a new one."""
        if isinstance(item, Reset):
            return Answer(item.cursor.position, item, await self._execute(self._render, item), generation)
        body = self._cache.get(item.id)
        if body is None:
            body = await self._execute(self._render, item)
            self._keep(item, item.id, body)
        return Answer(item.position, item, body, generation)

    def _keep(self, event: Logged, key: Hashable, body: bytes) -> None:
        if event.position > self._rewritten_at:
            self._cache.add(key, body)

    async def _execute(self, render: Callable[..., bytes | Awaitable[bytes]], *what: Any) -> bytes:
        metrics.executions.inc()
        try:
            rendered = render(*what)
            return await rendered if inspect.isawaitable(rendered) else rendered
        except Exception:
            log.exception("an event could not be rendered", stream=self.stream, room=self.room)
            return FAULT

    def _put(self, item: Item) -> None:
        if self._pending is NOTHING:
            self._pending = deque()
        self._pending.append((item, self.generation))
        if self._worker is None:
            self._worker = asyncio.get_running_loop().create_task(self._work())

    async def _work(self) -> None:
        try:
            while self._pending or self._lags:
                if not self._pending:
                    await self._read_on()
                    continue
                await self._throttle.wait()
                await self._hand_out(await self._next_round())
            self._pending = NOTHING
        finally:
            self._worker = None

    async def _next_round(self) -> list[Answer]:
        """Answer the next events: as many as may go out in one write."""
        answers: list[Answer] = []
        size = 0
        while self._pending and len(answers) < ROUND and size < ROUND_BYTES:
            answers.append(await self._answer(*self._pending.popleft()))
            size += len(answers[-1].body)
        return answers

    def _place_of(self, member: Member) -> Cursor:
        """Tell from where a member goes on; one that has missed a reset, from nowhere."""
        epoch = self._follower.epoch if member.generation == self.generation else "missed"
        return Cursor(self.stream, epoch, member.position)

    async def _hand_out(self, answers: list[Answer]) -> None:
        batch = Batch(answers)
        await give_in_turns(batch, list(self.members), else_by=partial(self._give, batch), load=self._load)
        newest = answers[-1].item
        if isinstance(newest, Logged):
            metrics.commit_to_send.observe(max((utc_now() - newest.occurred_at).total_seconds(), 0))

    def _give(self, batch: Batch, member: Member) -> int:
        """Give a member its answers; one who cannot be given them does not touch the others."""
        if member not in self.members:
            return 0
        if not member.sink.ready:
            self._overflow(member)
            return 0
        try:
            return batch.give(member)
        except Ended as ended:
            self._let_out(member)
            member.sink.cut(str(ended))
        except Undecided:
            self._send_back(member, self._place_of(member), anew=True)
        except Exception:
            log.exception("a subscriber could not be given its events", room=self.room, **member.sink.whose())
            self._send_back(member, self._place_of(member))
        return 0
