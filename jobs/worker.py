"""The worker: runs what changes have deferred, and what the clock asks for."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import asyncpg
import orjson
import structlog
from pgqueuer import PgQueuer
from pgqueuer.models import Job, Schedule

from domain.course.status import ALL_CLEAR, EXPIRE_OVERRIDE
from domain.tee_sheet.offers.reservations import EXPIRE_HOLD
from jobs import tasks
from jobs.weather import watch_weather
from kit.jobs import TENANT
from realtime.runtime import Runtime

EVERY_MINUTE = "* * * * *"
SCHEDULES: dict[str, tuple[str, Callable[[Runtime], Awaitable[None]]]] = {
    "sweep_holds": (EVERY_MINUTE, tasks.sweep_holds),
    "watch_pace": (EVERY_MINUTE, tasks.watch_pace),
    "sweep_courses": (EVERY_MINUTE, tasks.sweep_courses),
    "generate_sheets": ("17 * * * *", tasks.generate_sheets),
    "begin_caddie_days": ("* * * * *", tasks.begin_caddie_days),
    "remove_old": ("43 3 * * *", tasks.remove_old),
    "remove_old_notifications": ("53 3 * * *", tasks.remove_old_notifications),
}
"""What runs when, in UTC. Sheets are looked after every hour: it is midnight somewhere at each of them."""
DEFERRED: dict[str, Callable[..., Awaitable[None]]] = {
    EXPIRE_HOLD: tasks.expire_one_hold,
    EXPIRE_OVERRIDE: tasks.expire_override,
    ALL_CLEAR: tasks.all_clear,
}
RETRY = 2.0

log = structlog.get_logger(__name__)


async def work_off_jobs(runtime: Runtime) -> None:
    """Work until cancelled. A database that goes away is waited for."""
    async with asyncio.TaskGroup() as both:
        both.create_task(watch_weather(runtime), name="weather")
        both.create_task(_work_off_queue(runtime), name="queue")


async def _work_off_queue(runtime: Runtime) -> None:
    while True:
        try:
            await _work(runtime)
        except Exception as error:
            log.warning("the worker lost its database; trying again", error=error)
        await asyncio.sleep(RETRY)


async def _work(runtime: Runtime) -> None:
    url = runtime.settings.system_url.set(drivername="postgresql").render_as_string(hide_password=False)
    async with asyncpg.create_pool(url, min_size=2, max_size=4, timeout=5) as pool:
        queue = PgQueuer.from_asyncpg_pool(pool)
        register(queue, runtime)
        await asyncio.gather(*(run(runtime) for _, run in SCHEDULES.values()))  # what fell due while nobody worked
        await queue.run(shutdown_on_listener_failure=True)


def register(queue: PgQueuer, runtime: Runtime) -> None:
    """Tell the queue which function works off which task."""
    for name, task in DEFERRED.items():
        queue.entrypoint(name)(_deferred(runtime, task))
    for name, (expression, run) in SCHEDULES.items():
        queue.schedule(name, expression, clean_old=True)(_scheduled(runtime, run))


def _deferred(runtime: Runtime, task: Callable[..., Awaitable[None]]) -> Callable[[Job], Awaitable[None]]:
    async def work(job: Job) -> None:
        headers, arguments = job.headers or {}, orjson.loads(job.payload or b"{}")
        await task(runtime, tenant_id=UUID(str(headers[TENANT])), **arguments)

    return work


def _scheduled(runtime: Runtime, run: Callable[[Runtime], Awaitable[None]]) -> Callable[[Schedule], Awaitable[None]]:
    async def work(_: Schedule) -> None:
        await run(runtime)

    return work
