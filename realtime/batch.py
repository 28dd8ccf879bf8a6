"""Answers on their way: put together once for all who want the same of them."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from time import perf_counter
from typing import Protocol

from events.cursor import Cursor
from events.log import Logged
from realtime import metrics
from realtime.feed import Answer, Ended, Exit, Sink, Wanted
from realtime.follower import Subscriber
from realtime.frames import FrameCache
from realtime.subscription import Reset
from realtime.throttle import WriteLoad
from realtime.unreadable import note_unreadable

CHUNK = 512
"""Members that are written to before others get a turn on the event loop."""
CACHED = 2_000
"""Answers that a group keeps for members that catch up: as many as the tail has events. One less than is read again in
their order, by one member after the other, would be of no use at all."""
CACHED_BYTES = 2 * 1024 * 1024
"""Size that they have together at the most."""


EVERYBODY = object()
"""Stands for those of whom nothing is said by themselves."""


class Undecided(Exception):
    """Whether an event concerns a subscriber could not be found out; the log has the fault."""


class Group(Subscriber, Protocol):
    """All who get the same answers from a room."""

    key: Hashable
    stream: str
    generation: int
    """How often the stream had been reset."""
    members: dict["Member", None]
    """Those who take what they are given."""
    lagging: dict["Member", None]
    """Those who are behind."""

    def join(self, member: "Member", *, after: Cursor | None) -> None:
        """Let a member take part, from now on or from a cursor on."""
        ...

    def leave(self, member: "Member") -> None:
        """Let a member go."""
        ...

    def stop(self) -> None:
        """End the group's work."""
        ...


class Member:
    """One subscriber of a group. `position` is the last event that it was given, or that its filter passed over.

    `about` is what it says of itself where members are told apart. `exit` is the short way to its client, while the
    member hears what happens as it happens.
    """

    __slots__ = ("about", "catching_up", "exit", "generation", "group", "position", "prefix", "sink", "wanted")

    def __init__(self, group: Group, sink: Sink, wanted: Wanted | None, about: Hashable = None) -> None:
        self.group = group
        self.sink = sink
        self.exit: Exit | None = None
        self.prefix = sink.prefix or b""
        self.wanted = wanted
        self.about = about
        self.position = 0
        self.generation = group.generation
        self.catching_up: asyncio.Task[None] | None = None


class AnswerCache:
    """The newest answers, by their events, bounded in number and size."""

    def __init__(self) -> None:
        self._bodies: OrderedDict[Hashable, bytes] = OrderedDict()
        self._size = 0

    def get(self, event: Hashable) -> bytes | None:
        """Give the answer to an event, if it is still known."""
        return self._bodies.get(event)

    def clear(self) -> None:
        """Forget all answers."""
        self._bodies.clear()
        self._size = 0

    def add(self, event: Hashable, body: bytes) -> None:
        """Keep an answer, and evict the oldest ones where there are too many."""
        if event in self._bodies:
            return
        self._bodies[event] = body
        self._size += len(body)
        while len(self._bodies) > CACHED or self._size > CACHED_BYTES:
            _, evicted = self._bodies.popitem(last=False)
            self._size -= len(evicted)


class Batch:
    """Answers to be handed to many: their frames are put together once for all who want the same of them."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self._answers = answers
        self._first, self._last = answers[0].position, answers[-1].position
        self._frames = FrameCache([answer.body for answer in answers])
        self._all = tuple(range(len(answers)))
        self._generation = answers[-1].generation
        self._plain = answers[0].generation == self._generation
        self._apart = any(answer.heard_by is not None for answer in answers)
        self._theirs: dict[Hashable, tuple[int, ...]] | None = None
        self.framed = 0
        """Messages that went out as finished frames."""

    def give_all(self, members: Iterable[Member], *, else_by: Callable[[Member], int]) -> int:
        """Give members what they have not had; tell how many answers that were.

        Most want everything and take finished frames. With a thousand of them, what is looked at costs more than what
        is done, for none of it is in the processor's cache any more: so no more is touched than the member, its prefix
        and its exit. All others are given their answers by `else_by`.
        """
        first, last, generation = self._first, self._last, self._generation if self._plain and not self._apart else None
        quick, others, length, pieces = 0, 0, -1, [b""]
        for member in members:
            exit_ = member.exit
            write = exit_.write if exit_ else None
            if (
                exit_
                and write
                and member.wanted is None
                and member.position < first
                and member.generation == generation
            ):
                prefix = member.prefix
                if len(prefix) != length:
                    length = len(prefix)
                    pieces = self._frames.pieces(length, self._all)
                frames = prefix.join(pieces)
                try:
                    if (taken := write(frames)) != len(frames):
                        exit_.rest(frames[taken:])
                    member.position = last
                    quick += 1
                    continue
                except Exception:  # noqa: S110 - `else_by` sees, and tells, what is wrong with it
                    pass
            others += else_by(member)
        quick *= len(self._all)
        self.framed += quick
        return others + quick

    def give(self, member: Member) -> int:
        """Give a member what it has not had and wants; tell how many that were. Raises Undecided, Ended."""
        chosen, position, generation = self._all, max(member.position, self._last), member.generation
        if not self._plain or generation != self._generation:
            chosen, position, generation = self._across_a_reset(member)
        else:
            if self._apart:
                chosen = self._what_is_told(member.about)
            if member.wanted is not None or member.position >= self._first:
                chosen = tuple(n for n in chosen if _wants(member, self._answers[n], member.position))
        self._write(member, chosen)
        member.position, member.generation = position, generation  # not before: one who was not given them is behind
        return len(chosen)

    def _write(self, member: Member, chosen: tuple[int, ...]) -> None:
        if chosen and member.sink.prefix is not None:
            member.sink.write(self._frames.for_prefix(member.sink.prefix, chosen))
            self.framed += len(chosen)
        elif chosen:
            member.sink.send([self._answers[n] for n in chosen])

    def _across_a_reset(self, member: Member) -> tuple[tuple[int, ...], int, int]:
        """Choose where positions start anew on the way: a member of an older generation hears of it first.

        Gives what is chosen, and where the member stands after it.
        """
        chosen, known, generation = [], member.position, member.generation
        position = known
        for n, answer in enumerate(self._answers):
            anew = isinstance(answer.item, Reset) and answer.generation > generation
            if anew:
                known = position = answer.position
                generation = answer.generation
            if anew or (answer.generation == generation and _wants(member, answer, known)):
                chosen.append(n)
            if answer.generation == generation:
                position = max(position, answer.position)
        return tuple(chosen), position, generation

    def _what_is_told(self, about: Hashable) -> tuple[int, ...]:
        """Name the answers for one that has missed nothing and wants everything; found out once for all."""
        if self._theirs is None:
            apart: dict[Hashable, list[int]] = {EVERYBODY: []}
            for answer in self._answers:
                apart.update((one, []) for one in answer.heard_by or () if one not in apart)
            for n, answer in enumerate(self._answers):
                for one in apart if answer.heard_by is None else answer.heard_by:
                    apart[one].append(n)
            self._theirs = {one: tuple(chosen) for one, chosen in apart.items()}
        return self._theirs.get(about, self._theirs[EVERYBODY])


async def give_in_turns(
    batch: Batch, members: Sequence[Member], *, else_by: Callable[[Member], int], load: WriteLoad
) -> None:
    """Give many members what they have not had, with turns for others in between; count that, and the time it took."""
    given = 0
    for start in range(0, len(members), CHUNK):
        began = perf_counter()
        given += batch.give_all(members[start : start + CHUNK], else_by=else_by)
        load.wrote(perf_counter() - began)
        await asyncio.sleep(0)
    metrics.deliveries.inc(given)
    metrics.messages_sent.labels("next").inc(batch.framed)


def _wants(member: Member, answer: Answer, position: int) -> bool:
    """Tell whether an answer is news to a member at a position, and passes its filter. Raises Undecided, Ended."""
    if answer.position <= position or not (answer.heard_by is None or member.about in answer.heard_by):
        return False
    if member.wanted is None or not isinstance(answer.item, Logged):
        return True
    try:
        return member.wanted(answer.item)
    except Ended:
        raise
    except Exception as error:
        note_unreadable(answer.item, error)
        raise Undecided from error
