"""Telling golfers of tee times, as jobs: each is one call of the domain, in a transaction of its own."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.matching import telling
from events.work import Change
from models.matching.values import Industry
from realtime.runtime import Runtime


async def find_whom_to_tell(runtime: Runtime, *, tenant_id: UUID, id: str) -> None:
    """Find those who are to be told of a new tee time."""
    await _change(runtime, tenant_id, telling.find_whom, tee_time_id=UUID(id))


async def tell_of_new_tee_time(
    runtime: Runtime, *, tenant_id: UUID, ids: Sequence[str], tee_time_id: str, industry: str
) -> None:
    """Tell some of them: at once, or with what comes next."""
    await _change(
        runtime,
        tenant_id,
        telling.tell_of_new,
        golfer_ids=[UUID(one) for one in ids],
        tee_time_id=UUID(tee_time_id),
        industry=Industry(industry),
        within=runtime.settings.notification_batch,
    )


async def tell_of_tee_times_together(runtime: Runtime, *, tenant_id: UUID, ids: Sequence[str], since: str) -> None:
    """Tell some golfers of what was gathered for them since a moment."""
    golfer_ids = [UUID(one) for one in ids]
    await _change(runtime, tenant_id, telling.tell_together, golfer_ids=golfer_ids, since=datetime.fromisoformat(since))


async def tell_of_free_place(runtime: Runtime, *, tenant_id: UUID, id: str, since: str) -> None:
    """Tell those whom a place suits best that came free."""
    await _change(runtime, tenant_id, telling.tell_of_place, tee_time_id=UUID(id), since=since)


async def _change(runtime: Runtime, tenant_id: UUID, decide: Callable[..., Awaitable[None]], /, **given: Any) -> None:
    async def work(change: Change) -> None:
        await decide(change.session, **given, now=runtime.clock())

    await runtime.work.run(tenant_id, work)
