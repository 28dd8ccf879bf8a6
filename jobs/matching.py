"""Telling golfers of tee times, as jobs: each is one call of the domain, in a transaction of its own."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.matching import forgetting, hiding, shown, telling
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


async def hide_tee_times(runtime: Runtime, *, tenant_id: UUID, id: str) -> None:
    """Find the tee times that a golfer may follow and may not know of any more."""

    async def work(change: Change) -> None:
        await hiding.hide_all(change.session, golfer_id=UUID(id))

    await runtime.work.run(tenant_id, work)


async def hide_some_tee_times(runtime: Runtime, *, tenant_id: UUID, ids: Sequence[str], golfer_id: str) -> None:
    """Hide some of them from the golfer."""
    tee_time_ids = [UUID(one) for one in ids]
    await _change(runtime, tenant_id, hiding.hide_some, tee_time_ids=tee_time_ids, golfer_id=UUID(golfer_id))


async def tell_those_who_know(runtime: Runtime, *, tenant_id: UUID, id: str) -> None:
    """Find those who have a golfer in a list of theirs, and see another there now."""

    async def work(change: Change) -> None:
        await shown.find_knowing(change.session, golfer_id=UUID(id))

    await runtime.work.run(tenant_id, work)


async def tell_some_who_know(runtime: Runtime, *, tenant_id: UUID, ids: Sequence[str], golfer_id: str) -> None:
    """Tell some of them how the golfer is now."""
    given = {"ids": [UUID(one) for one in ids], "golfer_id": UUID(golfer_id)}
    await _change(runtime, tenant_id, shown.tell_some, **given)


async def forget_golfer(runtime: Runtime, *, tenant_id: UUID, id: str, stream_id: str) -> None:
    """Find what was told of a golfer who was erased."""

    async def work(change: Change) -> None:
        await forgetting.find_what_was_told(change.session, golfer_id=UUID(id), stream_id=stream_id)

    await runtime.work.run(tenant_id, work)


async def forget_golfer_in_stream(
    runtime: Runtime, *, tenant_id: UUID, id: str, golfer_id: str, told: Sequence[str], is_theirs: bool
) -> None:
    """Take a golfer who was erased out of one stream."""
    given = {"stream": id, "golfer_id": UUID(golfer_id), "told": told, "is_theirs": is_theirs}
    await _change(runtime, tenant_id, forgetting.forget_in, **given)


async def _change(runtime: Runtime, tenant_id: UUID, decide: Callable[..., Awaitable[None]], /, **given: Any) -> None:
    async def work(change: Change) -> None:
        await decide(change.session, **given, now=runtime.clock())

    await runtime.work.run(tenant_id, work)
