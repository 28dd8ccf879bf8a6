"""Background work, put down in the transaction that needs it: none is lost, and none runs for a change rolled back."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

import orjson
from pgqueuer.adapters.persistence.qb import QueryQueueBuilder
from sqlalchemy.ext.asyncio import AsyncSession

TENANT = "tenant"


@cache
def _enqueue_query() -> str:
    return QueryQueueBuilder().build_enqueue_query(on_conflict="update_priority")


async def defer(
    session: AsyncSession, task: str, *, at: datetime, now: datetime, once: str | None = None, **arguments: Any
) -> None:
    """Have the worker run a task of the session's tenant, not before `at`.

    It goes through the session's own connection after its own first statement: through a raw connection it would be
    committed at once, whatever becomes of the change. A task that waits already under the name `once` is not added: it
    waits until this change is committed too, so that it sees what the change did. One that runs already counts for
    nothing, since it may not.
    """
    delay = max(at - now, timedelta())
    headers = {TENANT: str(session.info["tenant_id"])}
    name = f"{headers[TENANT]}:{once}" if once else None  # the queue's names are one space for all tenants
    values = ([0], [task], [orjson.dumps(arguments)], [delay], [name], [orjson.dumps(headers).decode()])
    connection = await session.connection()
    await connection.exec_driver_sql(_enqueue_query(), values)
