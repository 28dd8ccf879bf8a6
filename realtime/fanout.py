"""Fan-out: what happens is executed and written once for all who would get the same answer.

Subscribers with the same document, variables, room and audience form a group. Which kind of group it is, is said by
what they follow: the events of a room, the same where it tells its members apart, or the state that a room shows.
"""

from collections.abc import Hashable

from realtime import metrics
from realtime.batch import Group, Member
from realtime.classes import ClassGroup
from realtime.fair_queue import FairQueue
from realtime.feed import Ended, Feed, Followed, Sink, SummaryFeed, Wanted
from realtime.follower import Follower
from realtime.group import FanoutGroup
from realtime.hub import Hub
from realtime.summaries import SummaryGroup
from realtime.throttle import WriteLoad
from realtime.unreadable import note_unreadable

OPENINGS = 8
"""Operations that are opened on sockets before others get a turn on the event loop."""


async def _look_back(wanted: Wanted, follower: Follower, *, room: str, after: int) -> tuple[Ended | None, int]:
    """Show a filter what a room heard after a position; gives what ended it, if anything did, and how far it has seen.

    Between the decision that somebody may follow and their taking part, it may have come to be another one.
    """
    found, upto = await follower.page(room=room, after=after)
    for event in found:
        try:
            wanted(event)
        except Ended as ended:
            return ended, upto
        except Exception as error:  # of an event that can't be read, nothing is known
            note_unreadable(event, error)
    return None, upto


class Fanout:
    """The groups of a process."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._groups: dict[Hashable, Group] = {}
        self._load = WriteLoad()
        self.openings = FairQueue(OPENINGS)
        """Of operations on sockets that are opened."""

    async def join(self, feed: Followed, sink: Sink) -> Member:
        """Let a subscriber take part from now on, or without a gap from its cursor on."""
        wanted = feed.wanted if isinstance(feed, Feed | SummaryFeed) else None
        follower = await self._hub.follow(feed.stream)
        position = feed.since.position if feed.since and wanted else follower.position
        ended = None
        while wanted and not ended and position < follower.position:
            ended, position = await _look_back(wanted, follower, room=feed.room, after=position)
            follower = await self._hub.follow(feed.stream)  # it may have been let go meanwhile
        group = self._groups.get(feed.key) or self._begin(feed, follower)
        about = feed.member if isinstance(feed, Feed) else None
        member = Member(group, sink, wanted, about)
        if ended:
            sink.cut(str(ended))
        else:
            group.join(member, after=feed.after)
        metrics.room_subscriptions.inc()
        return member

    def _begin(self, feed: Followed, follower: Follower) -> Group:
        group: Group
        if isinstance(feed, SummaryFeed):
            group = SummaryGroup(feed, follower, self._load)
        elif isinstance(feed, Feed) and feed.classes:
            group = ClassGroup(feed, feed.classes, self._hub, follower, self._load)
        elif isinstance(feed, Feed):
            group = FanoutGroup(feed, self._hub, follower, self._load)
        else:
            raise TypeError(f"nobody can follow {feed}")
        self._groups[feed.key] = group
        follower.add(group)
        return group

    def leave(self, member: Member) -> None:
        """Let a subscriber go, and its group with the last one."""
        group = member.group
        group.leave(member)
        metrics.room_subscriptions.dec()
        if not (group.members or group.lagging) and self._groups.get(group.key) is group:
            del self._groups[group.key]
            group.stop()
            self._hub.unfollow(group.stream, group)

    def census(self) -> dict[str, dict[str, int]]:
        """Count the subscriptions that are open, by stream and by room."""
        counted: dict[str, dict[str, int]] = {}
        for group in self._groups.values():
            rooms = counted.setdefault(group.stream, {})
            rooms[group.room] = rooms.get(group.room, 0) + len(group.members) + len(group.lagging)
        return counted
