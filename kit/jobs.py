"""Background work, put down in the transaction that needs it: none is lost, and none runs for a change rolled back."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import orjson
from pgqueuer.adapters.persistence.qb import QueryQueueBuilder
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

TENANT = "tenant"
AT_ONCE = 200
"""How many things one job is about at the most: each job is a transaction of its own."""


@cache
def _enqueuing() -> TextClause:
    """Give the queue's own statement, with names for its values: so it goes by a plan, as others do."""
    query = QueryQueueBuilder().build_enqueue_query(on_conflict="update_priority")
    return text(re.sub(r"\$(\d)::(\w+\[\])", r"CAST(:\1 AS \2)", query))


async def _enqueue(session: AsyncSession, *values: list[Any]) -> None:
    """Put jobs into the queue in the session's transaction, by the statement's columns; nothing else is written."""
    with session.no_autoflush:
        await session.execute(_enqueuing(), {str(number): column for number, column in enumerate(values, 1)})


async def defer(
    session: AsyncSession, task: str, *, at: datetime, now: datetime, once: str | None = None, **arguments: Any
) -> None:
    """Have the worker run a task of the session's tenant, not before `at`.

    It goes through the session: through its raw connection it might be committed at once, whatever becomes of the
    change. A task that waits already under the name `once` is not added: it
    waits until this change is committed too, so that it sees what the change did. One that runs already counts for
    nothing, since it may not.
    """
    delay = max(at - now, timedelta())
    headers = {TENANT: str(session.info["tenant_id"])}
    name = f"{headers[TENANT]}:{once}" if once else None  # the queue's names are one space for all tenants
    payload = orjson.dumps(arguments)
    await _enqueue(session, [0], [task], [payload], [delay], [name], [orjson.dumps(headers).decode()])


def gather(session: AsyncSession, task: str, things: Iterable[str], *, each: bool = False, **arguments: Any) -> None:
    """Have the worker run a task about things that this change has made, once it is committed.

    All that a change gathers is put down by one statement, by `write_jobs`. A task gets its things as `ids`, up to 200
    at a time, or one by one as `id`.
    """
    size = 1 if each else AT_ONCE
    waiting = session.info.setdefault("gathered", {})
    waiting.setdefault((task, size, orjson.dumps(arguments)), []).extend(things)


async def write_jobs(session: AsyncSession) -> None:
    """Put down what the change has gathered."""
    waiting: dict[tuple[str, int, bytes], list[str]] = session.info.pop("gathered", {})
    jobs = [
        (task, orjson.dumps(orjson.loads(more) | _about(things[first : first + size], size)))
        for (task, size, more), things in waiting.items()
        for first in range(0, len(things), size)
    ]
    if not jobs:
        return
    headers = orjson.dumps({TENANT: str(session.info["tenant_id"])}).decode()
    tasks, payloads = (list(values) for values in zip(*jobs, strict=True))
    none: list[None] = [None] * len(jobs)
    count = len(jobs)
    await _enqueue(session, [0] * count, tasks, payloads, [timedelta()] * count, none, [headers] * count)


def _about(things: list[str], size: int) -> dict[str, Any]:
    return {"id": things[0]} if size == 1 else {"ids": things}
