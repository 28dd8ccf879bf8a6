"""How work is tried: a job several times, with growing waits; what the clock asks for, at its next time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import orjson
import structlog
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job
from sqlalchemy import text

from events import figures
from kit.database import is_unreachable
from kit.errors import FairwayError
from kit.faults import named
from kit.jobs import TENANT
from realtime.runtime import Runtime

ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=1)
"""Between the first two attempts; each further wait is twice as long, so that the last attempt is two minutes later."""
LOOK = 1.0
"""Seconds between looks at a database that is away."""

FREE_NAME = text("UPDATE pgqueuer SET dedupe_key = NULL WHERE id = :id AND dedupe_key IS NOT NULL")

Deferred = Callable[..., Awaitable[None]]
Scheduled = Callable[[Runtime], Awaitable[None]]

log = structlog.get_logger(__name__)


class Later(Exception):
    """A job is to be done again after a while, however often it was done: it knows itself when that is enough."""

    def __init__(self, *, delay: timedelta, reason: str) -> None:
        """Take how long to wait, and why, in words that hold nothing personal."""
        super().__init__(reason)
        self.delay = max(delay, timedelta())


class JobFailed(Exception):
    """A job has failed for good. Its words are repeated in the queue's own notes: they hold nothing personal."""


async def attempt(runtime: Runtime, task: Deferred, job: Job) -> None:
    """Work off a job. Where that fails, the queue is asked to try it again later, or to put it aside for good.

    A worker that stops meanwhile, and a database that goes away, leave the job to be done by whoever comes next.
    """
    arguments = orjson.loads(job.payload or b"{}")
    try:
        await _free_name(runtime, job)
        await task(runtime, tenant_id=UUID(str((job.headers or {})[TENANT])), **arguments)
    except asyncio.CancelledError:
        raise RetryRequested(reason="the worker stops") from None
    except Later as later:
        raise RetryRequested(delay=later.delay, reason=str(later)) from None
    except Exception as error:
        if is_unreachable(error):
            await _until_back(runtime)
            raise RetryRequested(reason=named(error)) from None
        raise _again_or_never(job, error) from None


async def try_once(runtime: Runtime, name: str, run: Scheduled) -> None:
    """Do what the clock asks for. A fault is logged and counted; the next time comes by itself."""
    try:
        await run(runtime)
    except Exception as error:
        if is_unreachable(error):
            raise
        figures.failed_jobs.labels(name).inc()
        log.exception("what is done by the clock failed; it is tried again at its next time", task=name)


async def _free_name(runtime: Runtime, job: Job) -> None:
    """Let others ask for the same again from now on: what they change, this job may already not see any more.

    Who has just asked, and been told that it waits, has its row locked until its change is committed.
    """
    async with runtime.database.across_tenants() as session:
        await session.execute(FREE_NAME, {"id": job.id})
        await session.commit()


def _again_or_never(job: Job, error: Exception) -> RetryRequested | JobFailed:
    about = {"task": job.entrypoint, "job": job.id, "attempt": job.attempts + 1}
    if job.attempts + 1 >= ATTEMPTS:
        figures.failed_jobs.labels(job.entrypoint).inc()
        log.error("a job has failed for good", exc_info=error, **about)
        return JobFailed(named(error))
    figures.retried_jobs.labels(job.entrypoint).inc()
    log.warning("a job failed; it is tried again", error=error, **about)
    return RetryRequested(delay=FIRST_WAIT * 2**job.attempts, reason=named(error))


async def _until_back(runtime: Runtime) -> None:
    """Wait until the database is there again: without it, the queue could not note that a job is to be tried again."""
    while True:
        try:
            return await runtime.database.check()
        except FairwayError:
            await asyncio.sleep(LOOK)
