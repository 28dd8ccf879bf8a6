"""The sweep: compares what is followed with the log, and so finds what no message has told.

It asks what has moved since it looked last, not where everything stands. Asked for by name are only those streams of
which that would not be enough: all of them when there was no last look, or the log is another one than before; and
those that were just being opened, or brought up, when the last answer came.
"""

from collections.abc import Mapping

import structlog

from events.looks import Look, look
from kit.database import Database
from realtime.follower import Follower

log = structlog.get_logger(__name__)


class Sweep:
    """The looks that a process takes at the log, one after the other."""

    def __init__(self, database: Database, followers: Mapping[str, Follower]) -> None:
        """Take what is followed, as it is at any moment."""
        self._database = database
        self._followers = followers
        self._since: int | None = None
        """From where the log has to be looked at; None after a look that failed: nothing is certain then."""
        self._lineage = ""
        self._doubtful: set[str] = set()

    async def look(self) -> None:
        """Compare all that is followed with the log. Raises what the database does."""
        known = {stream: follower.position for stream, follower in self._followers.items()}
        since, self._since = self._since, None
        streams = known if since is None else self._doubtful
        async with self._database.across_tenants() as session:
            seen = await look(session, since=since, streams=streams)
        anew = since is not None and (seen.lineage != self._lineage or seen.horizon < since)
        self._lineage = seen.lineage
        if anew:
            log.warning("the log is another one than before, as when a backup was restored")
            await self.look()
            return
        self._compare(seen, known)
        self._since = seen.horizon

    def _compare(self, seen: Look, known: Mapping[str, int]) -> None:
        """Bring up what has moved. Who opened a stream while the log was asked may have looked at it before that."""
        for stream, head in seen.heads.items():
            if follower := self._followers.get(stream):
                follower.look(head, known=known.get(stream, 0))
        followed = self._followers.items()
        self._doubtful = {stream for stream, it in followed if stream not in known or it.head is None}
