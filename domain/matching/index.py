"""The golfers who follow the feed in this process: whom a tee time concerns, and how well it suits each of them.

What a golfer's score depends on is read when they begin to follow, and again when it has changed. Until that is read,
nobody is told of what came after it: who has just blocked another hears nothing of them.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID
from weakref import WeakValueDictionary, finalize

import numpy as np

from domain.matching.crowd import COLUMNS, Crowd, Matches, Numbers, Scored, chords, industries
from domain.matching.facts import INDUSTRIES, mask_of
from domain.matching.feed import FeedFilter
from domain.matching.places import Point
from domain.matching.reading import Followed, Reading
from domain.matching.score import LEVELS, RELATIONS, Match, Relations
from events.figures import matching
from events.log import Logged
from events.matching.feed import FeedFact, FeedOutdated, Listing, NewTeeTimeInFeed

ANY = -1
WANTED: Mapping[str, tuple[type, Any]] = {
    "hidden": (np.bool_, True),
    "mask": (np.int32, 0),
    "near_x": (np.float64, np.nan),
    "near_y": (np.float64, np.nan),
    "near_z": (np.float64, np.nan),
    "within": (np.float64, np.inf),
    "first": (np.float64, -np.inf),
    "last": (np.float64, np.inf),
    "wanted_level": (np.int8, ANY),
}
Read = Callable[[Sequence[str]], Awaitable[Reading]]
"""Reads golfers as they are by now."""


@dataclass(frozen=True, slots=True)
class Heard:
    """As what golfers hear of a tee time: how well it suits them; nothing of that where it is none for them now."""

    match: Match | None

    @property
    def in_feed(self) -> bool:
        """Whether it is in their feed."""
        return self.match is not None


OUT = Heard(None)


class Follower:
    """A golfer with a filter, as one row of the index. There is one for however many windows of theirs are open."""

    __slots__ = ("__weakref__", "row")

    def __init__(self, row: int) -> None:
        self.row = row


@dataclass
class Following(Crowd):
    """Golfers, and what each wants to hear of, a row each."""

    relations: Relations = field(default_factory=lambda: RELATIONS)
    """Which lines of work are related."""

    def kinds(self) -> Mapping[str, tuple[type, Any]]:
        """Say what is kept of each."""
        return {**COLUMNS, **WANTED}

    def want(self, row: int, wanted: FeedFilter) -> None:
        """Note what somebody wants to hear of."""
        self.make_room(row)
        near = wanted.near or Point(np.nan, np.nan, np.nan)
        values = {
            "hidden": True,
            "mask": mask_of(wanted.industries),
            **{f"near_{name}": getattr(near, name) for name in "xyz"},
            "within": np.inf if wanted.within is None else wanted.within,
            "first": -np.inf if wanted.first is None else wanted.first.timestamp(),
            "last": np.inf if wanted.last is None else wanted.last.timestamp(),
            "wanted_level": ANY if wanted.skill_level is None else LEVELS.index(wanted.skill_level),
        }
        for name, value in values.items():
            self.columns[name][row] = value

    def passes(self, rows: Numbers, fact: FeedFact, state: Listing | None, *, at: float) -> Numbers:
        """Tell for whom a tee time is that is listed so, by what each wants to hear of."""
        starts = state.starts_at.timestamp() if state else 0.0
        if state is None or starts <= at:
            return np.zeros(len(rows), np.bool_)
        own = {name: column[rows] for name, column in self.columns.items()}
        points = industries(frozenset(state.industries), fact.host_industry, self.relations)[own["industry"]]
        found = np.where(own["mask"] == 0, points > 0, own["mask"] & mask_of(state.wanted) != 0)
        found &= (own["first"] <= starts) & (starts <= own["last"]) & ~own["hidden"]
        if state.skill_level is not None:
            found &= np.isin(own["wanted_level"], (ANY, LEVELS.index(state.skill_level)))
        middle = {name: own[f"near_{name}"] for name in "xyz"}
        apart = chords(middle, point_of(fact) or (np.nan, np.nan, np.nan))
        nearby: Numbers = found & (np.isinf(own["within"]) | (apart <= own["within"]))
        return nearby


@dataclass
class FeedIndex:
    """Who follows the feed of one tenant here."""

    read: Read
    _rows: Following = field(default_factory=Following)
    _used: int = 0
    _free: deque[int] = field(default_factory=deque)
    _gone: deque[tuple[str, int]] = field(default_factory=deque)
    """Rows whose followers have gone, to be freed when nobody looks at them."""
    _members: WeakValueDictionary[tuple[str, FeedFilter], Follower] = field(default_factory=WeakValueDictionary)
    _of: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _known: dict[str, Followed] = field(default_factory=dict)
    _knowing: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By a golfer, those of the followers who are connected with that golfer."""
    _away: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By a golfer, those of the followers who have nothing to do with that golfer."""
    _stale: set[str] = field(default_factory=set)
    _reading: asyncio.Task[None] | None = None

    async def join(self, golfer_id: str, wanted: FeedFilter) -> Follower:
        """Let a golfer follow; what is needed of them has been read when this is done."""
        self._let_go()
        key = (golfer_id, wanted)
        follower = self._members.get(key)
        if follower is None:
            follower = self._members[key] = Follower(self._take_row())
            self._rows.want(follower.row, wanted)
            self._of[golfer_id].add(follower.row)
            finalize(follower, self._gone.append, (golfer_id, follower.row))
            self.changed([golfer_id])
        await self.up_to_date()
        return follower

    def _take_row(self) -> int:
        if self._free:
            return self._free.popleft()
        self._used += 1
        return self._used - 1

    def _let_go(self) -> None:
        """Free the rows of those who have gone."""
        while self._gone:
            golfer_id, row = self._gone.popleft()
            self._free.append(row)
            self._of[golfer_id].discard(row)
            if not self._of[golfer_id]:
                del self._of[golfer_id]
                self._forget(golfer_id)

    def _forget(self, golfer_id: str) -> None:
        if known := self._known.pop(golfer_id, None):
            for others, lists in ((known.connected, self._knowing), (known.away, self._away)):
                for other in others:
                    lists[other].discard(golfer_id)
                    if not lists[other]:
                        del lists[other]

    def changed(self, golfers: Iterable[str]) -> None:
        """Have golfers read anew who follow: something about them has changed."""
        self._stale |= {one for one in golfers if one in self._of}
        if self._stale and (self._reading is None or self._reading.done()):
            self._reading = asyncio.get_running_loop().create_task(self._read_stale(), name="followers of the feed")

    def all_changed(self) -> None:
        """Have all read anew: nobody knows what has changed."""
        self.changed(list(self._of))

    async def up_to_date(self) -> None:
        """Wait until all that is known to have changed has been read."""
        while self._reading is not None and not self._reading.done():
            await asyncio.shield(self._reading)

    async def ready_for(self, _logged: Logged) -> None:
        """Wait until what came before an event has been read."""
        await self.up_to_date()

    def stop(self) -> None:
        """Read no more."""
        if self._reading:
            self._reading.cancel()

    async def _read_stale(self) -> None:
        while self._stale:
            wanted, self._stale = self._stale, set()
            reading = await self.read(sorted(wanted))
            self._rows.relations = reading.relations
            found = {one.golfer_id: one for one in reading.followed}
            for golfer_id in wanted & self._of.keys():
                self._forget(golfer_id)
                if golfer_id in found:
                    self._note(found[golfer_id])
                else:
                    self._rows.columns["hidden"][list(self._of[golfer_id])] = True

    def _note(self, known: Followed) -> None:
        self._known[known.golfer_id] = known
        for other in known.connected:
            self._knowing[other].add(known.golfer_id)
        for other in known.away:
            self._away[other].add(known.golfer_id)
        for row in self._of[known.golfer_id]:
            self._rows.put(row, known.seeker)
            self._rows.columns["hidden"][row] = known.is_suspended

    def classify(self, logged: Logged, members: Collection[Follower]) -> Mapping[Follower, Heard]:
        """Tell as what each of some followers hears of a tee time; who is left out is not told of it."""
        fact = logged.event
        if isinstance(fact, FeedOutdated):
            return dict.fromkeys(self._whose_is_outdated(fact, members), OUT)
        if not isinstance(fact, FeedFact):
            return {}
        with matching.labels("live").time():
            return self._classify(fact, list(members), logged)

    def _classify(self, fact: FeedFact, members: Sequence[Follower], logged: Logged) -> Mapping[Follower, Heard]:
        rows = np.fromiter((one.row for one in members), np.int64, len(members))
        host, at = fact.host_id, logged.occurred_at.timestamp()
        away = self._marked({host} | self._away.get(host, set()))[rows]
        now, before = (
            self._rows.passes(rows, fact, state, at=at) & ~away & ~self._taken_by(state)[rows]
            for state in (fact.listing, fact.before)
        )
        is_news = isinstance(fact, NewTeeTimeInFeed) or bool(getattr(fact, "changes", ()))
        heard = np.flatnonzero(now | before if is_news else now ^ before)
        acquainted = self._marked(self._acquainted(host, fact.host_knows))[rows]
        matches = self._rows.match(
            rows[heard], _scored(fact), acquainted[heard], now=logged.occurred_at, relations=self._rows.relations
        )
        return _classes(members, heard, now[heard], matches)

    def _whose_is_outdated(self, fact: FeedOutdated, members: Collection[Follower]) -> Collection[Follower]:
        """Find those whose feed is another one, by what is known of all by now."""
        found = self._marked({*fact.golfers, *self._connected_with(fact.golfers if fact.with_connected else ())})
        if fact.industries:
            found |= np.isin(self._rows.columns["industry"], [INDUSTRIES.index(one) for one in fact.industries])
        return [one for one in members if found[one.row]]

    def _connected_with(self, golfers: Iterable[str]) -> set[str]:
        return {one for golfer in golfers for one in self._knowing.get(golfer, ())}

    def _acquainted(self, host: str, host_knows: Iterable[str]) -> set[str]:
        """Name those who are connected with the host, or with somebody who is."""
        return self._connected_with([host, *host_knows])

    def _taken_by(self, state: Listing | None) -> Numbers:
        return self._marked(state.taken_by if state else ())

    def _marked(self, golfers: Iterable[str]) -> Numbers:
        marked = np.zeros(len(self._rows.columns["industry"]), np.bool_)
        for one in golfers:
            marked[list(self._of.get(one, ()))] = True
        return marked


def point_of(fact: FeedFact) -> Point | None:
    """Tell where a tee time is."""
    known = fact.x is not None and fact.y is not None and fact.z is not None
    return Point(fact.x, fact.y, fact.z) if known else None  # type: ignore[arg-type]  # or it is not known


def _scored(fact: FeedFact) -> Scored:
    return Scored(
        named=frozenset(fact.industries),
        host_industry=fact.host_industry,
        city_key=fact.city_key,
        place=point_of(fact),
        skill_level=fact.skill_level,
        starts_at=fact.starts_at,
        open_places=fact.open_places,
        host_points=fact.host_points,
    )


def _classes(members: Sequence[Follower], heard: Numbers, now: Numbers, matches: Matches) -> Mapping[Follower, Heard]:
    """Put together who is answered alike: of ten thousand some thirty differ."""
    codes, first, which = np.unique(np.where(now, matches.code(), -1), return_index=True, return_inverse=True)
    kinds = [
        OUT if code < 0 else Heard(matches.of(row)) for code, row in zip(codes.tolist(), first.tolist(), strict=True)
    ]
    return {members[at]: kinds[kind] for at, kind in zip(heard.tolist(), which.tolist(), strict=True)}


class Feeds(Protocol):
    """The indexes of a process, by tenant."""

    async def of(self, tenant_id: UUID) -> FeedIndex:
        """Give a tenant's, which hears of what changes."""
        ...
