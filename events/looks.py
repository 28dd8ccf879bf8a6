"""A look at the whole log: where those streams stand that have moved since the last one.

An event carries the number of the transaction that wrote it. Numbers are given out in another order than transactions
commit, so a look also tells the lowest number of all that were under way: whatever was written below it was to be seen,
and the next look begins there. What commits late is thus found late, and never missed; some is found twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import BigInteger, Text

from events.log import EPOCH, HERE, Head

LOOK = text(f"""
    WITH {HERE}, now AS MATERIALIZED (SELECT pg_current_snapshot() AS snapshot), moved AS (
        SELECT stream_id AS id FROM events, now
        WHERE transaction_id >= :since AND transaction_id < pg_snapshot_xmax(now.snapshot)::text::bigint
        UNION SELECT id FROM streams WHERE name = ANY (:names)
    )
    SELECT pg_snapshot_xmin(now.snapshot)::text::bigint AS horizon, here.lineage, s.name, {EPOCH} AS epoch, s.position
    FROM now CROSS JOIN here LEFT JOIN moved ON true LEFT JOIN streams s ON s.id = moved.id
""").bindparams(bindparam("since", type_=BigInteger), bindparam("names", type_=ARRAY(Text)))
"""Events of a backup bear numbers of the server that it was made on: those that lie ahead are of no account."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the log has shown."""

    lineage: str
    """Which database it is: another one after a backup was restored, or a replica took over."""
    horizon: int
    """From where the next look has to begin."""
    heads: dict[str, Head]
    """Where the streams stand that have moved or were named, whoever follows them."""


async def look(session: AsyncSession, *, since: int | None, streams: Iterable[str]) -> Look:
    """Look where those streams stand that have moved since the horizon of another look, and some that are named.

    Without a horizon, the named ones alone.
    """
    values = {"since": since, "names": list(streams)}
    rows = (await session.execute(LOOK, values)).all()
    heads = {row.name: Head(row.epoch, row.position) for row in rows if row.name is not None}
    return Look(rows[0].lineage, rows[0].horizon, heads)
