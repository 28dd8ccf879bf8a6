"""Rooms whose members are told apart: an event is executed and written once for each class of them.

A member says of itself what its class depends on, as its household. For each event the room says which of these are in
which class, and who hears nothing of it. So one group serves all households of an occasion: what one of them answers is
two executions, its own and that of the others, however many listen.
"""

from collections.abc import Collection, Hashable, Sequence
from enum import Enum, auto

from events.log import Logged
from realtime import metrics
from realtime.batch import Member
from realtime.feed import Answer, Classes, Feed, Item
from realtime.follower import Follower
from realtime.group import ROUND, ROUND_BYTES, FanoutGroup
from realtime.hub import Hub
from realtime.subscription import Reset
from realtime.throttle import WriteLoad
from realtime.unreadable import note_unreadable

PRERENDERED = 4
"""Classes that are answered before an event is committed, at the most."""
NOBODY: frozenset[Hashable] = frozenset()
FEW = 1_000
"""Members that may differ, for that to be begun: to find out their classes takes time too."""


class Unclear(Enum):
    """A class of those whose class could not be found out: they read the state anew."""

    UNCLEAR = auto()


Heard = dict[Hashable, frozenset[Hashable]]
"""Classes, and for each what those members say of themselves who are in it."""


class ClassGroup(FanoutGroup):
    """All who follow a room that tells them apart."""

    def __init__(self, feed: Feed, classes: Classes, hub: Hub, follower: Follower, load: WriteLoad) -> None:
        super().__init__(feed, hub, follower, load)
        self._classify, self._render_for, self._ready = classes.classify, classes.render, classes.ready
        self._abouts: dict[Hashable, int] = {}
        """What the members say of themselves, and how many say it."""

    def prerender(self, message: Logged) -> None:
        """Have the first answers to an event that is about to be committed."""
        if not self._abouts or len(self._abouts) > FEW or self._reads_more:
            return
        for class_ in list(self._heard(message, self._abouts.keys()))[:PRERENDERED]:
            if class_ is not Unclear.UNCLEAR and not self._reads_more:
                self._keep_ahead((message.id, class_), self._render_for(message, class_))

    def _let_in(self, member: Member) -> None:
        if member not in self.members:
            self._abouts[member.about] = self._abouts.get(member.about, 0) + 1
        super()._let_in(member)

    def _let_out(self, member: Member) -> None:
        if member in self.members:
            self._abouts[member.about] -= 1
            if not self._abouts[member.about]:
                del self._abouts[member.about]
        super()._let_out(member)

    async def _next_round(self) -> list[Answer]:
        answers: list[Answer] = []
        events = size = 0
        while self._pending and events < ROUND and size < ROUND_BYTES:
            item, generation = self._pending.popleft()
            found = await self._apart(item, generation, self._abouts.keys())
            if isinstance(item, Logged):
                metrics.feed_classes.observe(len(found))
                found = found or [Answer(item.position, item, b"", generation, NOBODY)]  # all have come past it
            answers += found
            events += 1
            size += sum(len(answer.body) for answer in found)
        return answers

    async def _answers_to(self, member: Member, item: Item) -> Sequence[Answer]:
        return await self._apart(item, self.generation, (member.about,))

    async def _apart(self, item: Item, generation: int, abouts: Collection[Hashable]) -> list[Answer]:
        """Give the answers to an event, each with those who hear it."""
        if isinstance(item, Reset):
            return [await self._answer(item, generation)]
        heard = self._heard(item, abouts) if await self._is_ready(item) else {Unclear.UNCLEAR: frozenset(abouts)}
        return [
            Answer(item.position, item, await self._body(item, class_), generation, heard_by)
            for class_, heard_by in heard.items()
        ]

    async def _is_ready(self, event: Logged) -> bool:
        """Wait until members can be told apart for an event; tells whether they can."""
        try:
            if self._ready:
                await self._ready(event)
        except Exception as error:
            note_unreadable(event, error)
            return False
        return True

    async def _body(self, event: Logged, class_: Hashable) -> bytes:
        body = self._cache.get((event.id, class_))
        if body is None:
            if class_ is Unclear.UNCLEAR:
                body = await self._execute(self._render, Reset("UNREADABLE", event.cursor))
            else:
                body = await self._execute(self._render_for, event, class_)
            self._keep(event, (event.id, class_), body)
        return body

    def _heard(self, event: Logged, abouts: Collection[Hashable]) -> Heard:
        """Tell who is in which class for an event. One whose class can't be found out does not touch the others."""
        try:
            return self._classes(event, abouts)
        except Exception as error:
            note_unreadable(event, error)
        if len(abouts) == 1:
            return {Unclear.UNCLEAR: frozenset(abouts)}
        each: dict[Hashable, set[Hashable]] = {}
        for about in list(abouts):
            for class_ in self._heard(event, (about,)):
                each.setdefault(class_, set()).add(about)
        return {class_: frozenset(those) for class_, those in each.items()}

    def _classes(self, event: Logged, abouts: Collection[Hashable]) -> Heard:
        found: dict[Hashable, set[Hashable]] = {}
        for about, class_ in self._classify(event, abouts).items():
            if class_ is not None:
                found.setdefault(class_, set()).add(about)
        return {class_: frozenset(those) for class_, those in found.items()}
