"""Jobs: tried again, put aside, done once more when asked for once more, and whether anybody hears of them."""

import asyncio
from collections import Counter
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from itertools import pairwise

import asyncpg
import pytest
import pytest_asyncio
from pgqueuer import PgQueuer
from pgqueuer.errors import FailingListenerError
from sqlalchemy import text

from events import figures
from jobs.attempts import ATTEMPTS, try_once
from jobs.listening import APART, Listening, Together, watch
from jobs.worker import first_to_end, work_off
from kit.connections import WatchedConnection
from kit.ids import new_id
from kit.jobs import defer
from tests.patience import PATIENCE

MARK = "Quetzalcoatl"
STATES = text("SELECT status, attempts FROM pgqueuer WHERE entrypoint = :task ORDER BY id")
NOTES = text("SELECT string_agg(traceback::text, '') FROM pgqueuer_log WHERE entrypoint = :task")
TRIED = text("UPDATE pgqueuer SET attempts = :tried WHERE entrypoint = :task")


@pytest.fixture
def task():
    """The name of a task that no other test has."""
    return f"task_{new_id().hex}"


@pytest_asyncio.fixture
async def pool(settings):
    url = settings.system_url.set(drivername="postgresql").render_as_string(hide_password=False)
    async with asyncpg.create_pool(url, min_size=2, max_size=4, connection_class=WatchedConnection) as opened:
        yield opened


@asynccontextmanager
async def working(runtime, pool, name, function):
    """A worker that knows one task, until the block ends."""
    queue = PgQueuer(Listening(pool))
    work_off(queue, runtime, name, function)
    running = asyncio.create_task(first_to_end(queue.run(), drain=1))
    try:
        async with asyncio.timeout(PATIENCE):
            yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def ask(runtime, task, *, once=None, tenant_id=None, **arguments):
    async with runtime.database.tenant(tenant_id or new_id()) as session:
        await defer(session, task, at=runtime.clock(), now=runtime.clock(), once=once, **arguments)
        await session.commit()


async def rows(runtime, statement, **given):
    async with runtime.database.across_tenants() as session:
        return [tuple(row) for row in await session.execute(statement, given)]


async def until(runtime, task, wanted):
    """Wait until the jobs of a task stand so; the queue writes it down shortly after it was done."""
    found = await rows(runtime, STATES, task=task)
    while found != wanted:
        await asyncio.sleep(0.02)
        found = await rows(runtime, STATES, task=task)


async def test_a_job_that_fails_is_tried_again_and_put_aside_for_good_after_the_last_time(server, pool, task):
    def count(figure):
        return figure.labels(task)._value.get()

    async def fail(_runtime, *, tenant_id, who):
        raise ValueError(f"{who} of {tenant_id}")

    runtime = server.runtime
    async with working(runtime, pool, task, fail):
        await ask(runtime, task, who=MARK)
        await until(runtime, task, [("queued", 1)])
        assert (count(figures.retried_jobs), count(figures.failed_jobs)) == (1, 0)
    [(later,)] = await rows(runtime, text("SELECT execute_after > now() FROM pgqueuer WHERE entrypoint = :t"), t=task)
    assert later
    async with runtime.database.across_tenants() as session:
        await session.execute(TRIED, {"task": task, "tried": ATTEMPTS - 1})
        await session.execute(text("UPDATE pgqueuer SET execute_after = now() WHERE entrypoint = :t"), {"t": task})
        await session.commit()
    async with working(runtime, pool, task, fail):
        await until(runtime, task, [("failed", ATTEMPTS - 1)])
    assert (count(figures.retried_jobs), count(figures.failed_jobs)) == (1, 1)
    [(notes,)] = await rows(runtime, NOTES, task=task)
    assert "ValueError" in notes
    assert MARK not in notes


async def test_a_worker_that_stops_leaves_its_job_to_the_next_one(server, pool, task):
    began, done = asyncio.Event(), asyncio.Event()

    async def never(_runtime, **_given):
        began.set()
        await asyncio.Event().wait()

    async def end(_runtime, **_given):
        done.set()

    async with working(server.runtime, pool, task, never):
        await ask(server.runtime, task)
        await began.wait()
    assert await rows(server.runtime, STATES, task=task) == [("queued", 1)]
    async with working(server.runtime, pool, task, end):
        await done.wait()
        await until(server.runtime, task, [])


async def test_what_is_asked_for_once_is_done_again_where_it_was_asked_for_while_it_ran(server, pool, task):
    began, go_on, times = asyncio.Event(), asyncio.Event(), Counter()
    runtime, tenant_id = server.runtime, new_id()

    async def note(_runtime, **_given):
        times["run"] += 1
        began.set()
        await go_on.wait()

    for _ in range(3):
        await ask(runtime, task, once="it", tenant_id=tenant_id)
    assert await rows(runtime, STATES, task=task) == [("queued", 0)]
    async with working(runtime, pool, task, note):
        await began.wait()
        await ask(runtime, task, once="it", tenant_id=tenant_id)
        go_on.set()
        await until(runtime, task, [])
    assert times["run"] == 2


async def test_a_job_waits_for_the_change_that_has_asked_for_it_though_it_was_waiting_already(server, pool, task):
    runtime, tenant_id, seen = server.runtime, new_id(), asyncio.Event()

    async def see(_runtime, **_given):
        assert committed
        seen.set()

    committed = False
    await ask(runtime, task, once="it", tenant_id=tenant_id)
    async with runtime.database.tenant(tenant_id) as session:
        await defer(session, task, at=runtime.clock(), now=runtime.clock(), once="it")
        async with working(runtime, pool, task, see):
            await ask(runtime, task)  # another tenant's: whoever works it off has looked at what waits
            await rows(runtime, text("SELECT 1"))
            committed = True
            await session.commit()
            await seen.wait()
            await until(runtime, task, [])


async def test_what_the_clock_asks_for_fails_by_itself(server):
    async def fail(_runtime):
        raise ValueError(MARK)

    await try_once(server.runtime, "broken by a test", fail)
    assert figures.failed_jobs.labels("broken by a test")._value.get() == 1


async def test_the_worker_asks_whether_it_hears_once_it_listens_and_notices_when_it_does_not(server, pool, task):
    driver = Listening(pool)
    queue = PgQueuer(driver)
    work_off(queue, server.runtime, task, try_once)
    watching = asyncio.create_task(watch(queue, driver, every=PATIENCE))
    await rows(server.runtime, text("SELECT 1"))
    assert queue.qm.pending_health_check == {}
    running = asyncio.create_task(first_to_end(queue.run(), drain=1))
    try:
        await asyncio.wait_for(driver.listens.wait(), PATIENCE)
        assert await queue.qm.listener_healthy(timedelta(seconds=PATIENCE))
        assert not watching.done()
        await driver._listener_connection.execute("UNLISTEN *")
        with pytest.raises(FailingListenerError):
            await watch(queue, driver, every=0.1)
    finally:
        running.cancel()
        watching.cancel()
        await asyncio.gather(running, watching, return_exceptions=True)


async def test_changes_of_the_queue_are_told_together_and_all_else_at_once():
    loop, heard, seen = asyncio.get_running_loop(), [], asyncio.Event()

    def hear(told):
        heard.append((told, loop.time()))
        seen.set()

    together = Together(hear)
    for number in range(3):
        seen.clear()
        for _ in range(100):
            together('{"type":"table_changed_event"}')
        together(f'{{"type":"cancellation_event","ids":[{number}]}}')
        assert "cancellation" in heard[-1][0]
        seen.clear()
        await asyncio.wait_for(seen.wait(), PATIENCE)
    changes = [at for told, at in heard if "changed" in told]
    assert len(heard) == 6
    assert len(changes) == 3
    assert all(later - earlier >= APART / 2 for earlier, later in pairwise(changes))


def test_a_job_is_tried_for_about_two_minutes():
    waits = [timedelta(seconds=1) * 2**attempt for attempt in range(ATTEMPTS - 1)]
    assert sum(waits, timedelta()) == timedelta(seconds=127)
