"""The sweep: what no message has told is found, whatever else happens, by a question that does not grow."""

import asyncio
import random
from contextlib import asynccontextmanager

from sqlalchemy import event, text

from events.log import record
from events.work import UnitOfWork
from kit.ids import new_id
from tests.harness import MORNING
from tests.patience import PATIENCE
from tests.realtime.support import Numbered, running_hub, silence, take, until


@asynccontextmanager
async def questions(database):
    """Note how many streams each look at the log names."""
    asked = []

    def note(_connection, _cursor, statement, parameters, *_more):
        if "pg_current_snapshot" in statement:
            asked.append(max(len(value) for value in parameters if isinstance(value, list)))

    event.listen(database.system.sync_engine, "before_cursor_execute", note)
    yield asked
    event.remove(database.system.sync_engine, "before_cursor_execute", note)


async def test_it_names_no_stream_that_it_has_seen_however_many_are_followed(database):
    async with running_hub(database, degraded_sweep_seconds=0.02) as hub, questions(database) as asked:
        streams = [Numbered(database, silence) for _ in range(200)]
        followers = await asyncio.gather(*(hub.follow(one.stream) for one in streams))
        await until(lambda: asked and asked[-1] == 0)
        await streams[7].happen(1, 2)
        await until(lambda: followers[7].position == 2)
        looks = len(asked)
        await until(lambda: len(asked) > looks + 2)
        assert asked[-1] == 0
        assert max(asked[asked.index(0) :]) <= 1  # one that is being brought up


async def test_whenever_changes_commit_and_streams_are_opened_each_event_is_heard_once_and_in_order(database):
    dice, streams = random.Random(11), [Numbered(database, silence) for _ in range(8)]
    tenant_id, work, written = new_id(), UnitOfWork(database, silence), {one.stream: 0 for one in streams}

    async def write():
        async with work.change(tenant_id) as change:
            await change.session.execute(text("SELECT pg_current_xact_id()"))  # a number, long before it commits
            for _ in range(dice.randint(0, 8)):
                await change.session.execute(text("SELECT 1"))
            some = dice.sample(streams, dice.randint(1, 3))
            record(change.session, *(one.fact(0) for one in some), now=MORNING)
            for one in some:
                written[one.stream] += 1

    async def follow(hub, one, after):
        await until(lambda: sum(written.values()) >= after)
        async with hub.subscribe(one.stream, room=one.stream, after=None) as subscription:
            begin = subscription.position
            await until(done.is_set)
            heard = await positions(subscription, written[one.stream] - begin)
        assert heard == list(range(begin + 1, written[one.stream] + 1))
        return len(heard)

    async def positions(subscription, count):
        async with asyncio.timeout(PATIENCE):
            return [(await anext(items)).position for items in [aiter(subscription)] for _ in range(count)]

    done = asyncio.Event()
    async with running_hub(database, degraded_sweep_seconds=0.01, linger_seconds=0.0) as hub:
        following = [asyncio.create_task(follow(hub, one, dice.randint(0, 60))) for one in streams for _ in range(2)]
        for _ in range(4):
            await asyncio.gather(*(write() for _ in range(12)))
        done.set()
        assert sum(await asyncio.gather(*following)) > 0


async def test_after_a_look_that_failed_all_is_compared(database):
    async with running_hub(database, degraded_sweep_seconds=60) as hub:
        numbered = Numbered(database, silence)
        async with hub.subscribe(numbered.stream, room=numbered.stream, after=None) as subscription:
            await hub._sweep.look()
            hub._sweep._database = Broken()
            await asyncio.gather(hub._sweep.look(), return_exceptions=True)
            hub._sweep._database = database
            async with questions(database) as asked:
                await numbered.happen(1)
                await hub._sweep.look()
                assert await take(subscription, 1) == [1]
                assert asked == [1]


class Broken:
    """A database that is away."""

    def across_tenants(self):
        raise ConnectionError
