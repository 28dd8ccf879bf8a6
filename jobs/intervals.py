"""Work that is done once in an interval, by whichever of several workers comes first."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import text

from realtime.runtime import Runtime

LOOK = 60.0
"""Seconds after which it is asked again whether work is due, at the latest: who was at it may have died."""
SHORTEST = 0.01

TAKE_TURN = text("SELECT pg_try_advisory_xact_lock(hashtextextended('fairway ' || :name, 0))")
NEVER_TIRE = text("SET LOCAL idle_in_transaction_session_timeout = 0")
LAST = text("SELECT began_at FROM last_runs WHERE name = :name")
NOTE = text("""
    INSERT INTO last_runs (name, began_at) VALUES (:name, :at)
    ON CONFLICT (name) DO UPDATE SET began_at = excluded.began_at
""")


async def run_when_due(
    runtime: Runtime, *, name: str, interval: timedelta, run: Callable[[], Awaitable[None]]
) -> float:
    """Do the work, unless it was begun less than an interval ago or somebody is at it.

    Gives the seconds after which to ask again. Whoever does it holds a lock meanwhile, which ends with its connection:
    what a worker leaves half done when it dies, or raises, is due at once. A last time that lies further in the future
    than an interval was noted by a clock that was wrong, and counts for nothing.
    """
    async with runtime.database.across_tenants() as session:
        if not await session.scalar(TAKE_TURN, {"name": name}):
            return LOOK
        now = runtime.clock()
        last = await session.scalar(LAST, {"name": name})
        if last is None or abs(now - last) >= interval:
            await session.execute(NEVER_TIRE)  # the lock is this transaction's, which has nothing else to do
            await run()
            await session.execute(NOTE, {"name": name, "at": now})
            await session.commit()
            last = now
    left: timedelta = last + interval - runtime.clock()
    return min(max(left.total_seconds(), SHORTEST), LOOK)
