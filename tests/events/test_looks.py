"""What a look at the log finds: whatever has moved, however late it was committed."""

import asyncio
import random
from contextlib import asynccontextmanager

import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from events.log import read_heads, record
from events.looks import look
from events.work import UnitOfWork
from kit.database import Database, connect
from kit.ids import new_id
from tests.databases import settings_beside
from tests.harness import MORNING
from tests.patience import PATIENCE
from tests.realtime.support import Numbered, silence

ALL = text("SELECT name FROM streams")


@pytest_asyncio.fixture
async def own(postgres, settings):
    """A database of the test's own, where nothing else moves."""
    async with settings_beside(postgres, settings) as given:
        database = Database(given.app_url, given.system_url, pool_size=15)
        yield database
        await database.close()


@asynccontextmanager
async def moment(database):
    """A session in which all statements see the same moment."""
    async with database.system.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ")
        async with AsyncSession(connection) as session:
            yield session


async def test_what_commits_late_is_found_late_and_what_moved_before_is_not_found_again(own):
    early, late = Numbered(own, silence), Numbered(own, silence)
    async with own.across_tenants() as session:
        first = await look(session, since=None, streams=[])
        async with UnitOfWork(own, silence).change(late.tenant_id) as change:
            record(change.session, late.fact(1), now=MORNING)
            await change.write()  # its transaction has a number now, lower than that of the next one
            await early.happen(1, 2)
            await session.rollback()
            second = await look(session, since=first.horizon, streams=[])
        await session.rollback()
        third = await look(session, since=second.horizon, streams=[])
        await session.rollback()
        fourth = await look(session, since=third.horizon, streams=[early.stream, "club:unknown"])
    assert first.heads == {}
    assert {stream: head.position for stream, head in second.heads.items()} == {early.stream: 2}
    assert third.heads[late.stream].position == 1
    assert set(fourth.heads) == {early.stream}


async def test_looks_together_know_at_any_moment_where_every_stream_stands(own):
    streams, dice = [Numbered(own, silence) for _ in range(6)], random.Random(7)
    tenant_id, work, done = new_id(), UnitOfWork(own, silence), asyncio.Event()

    async def write():
        async with work.change(tenant_id) as change:
            some = dice.sample(streams, dice.randint(1, 6))
            record(change.session, *(one.fact(1) for one in some for _ in range(dice.randint(1, 2))), now=MORNING)
            await change.write()
            for _ in range(dice.randint(0, 3)):  # others commit before it, where they are not locked out
                await change.session.execute(text("SELECT 1"))

    async def watch():
        since, known, looks = None, {}, 0
        while True:
            finished = done.is_set()
            async with moment(own) as session:
                seen = await look(session, since=since, streams=[])
                heads = await read_heads(session, list(await session.scalars(ALL)))
            known = heads if since is None else known | seen.heads  # the first look tells of nothing before it
            since, looks = seen.horizon, looks + 1
            assert known == heads
            if finished:
                return looks

    watching = asyncio.create_task(watch())
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(write() for _ in range(60)))
        done.set()
        assert await watching > 1


async def test_events_of_a_backup_whose_transactions_lie_ahead_of_this_server_s_are_no_news(own, postgres):
    numbered = Numbered(own, silence)
    await numbered.happen(1)
    owner = await connect(postgres.owner_url.set(database=own.app.url.database), purpose="the tests")
    await owner.execute("UPDATE events SET transaction_id = transaction_id + 1000000")
    await owner.close()
    async with own.across_tenants() as session:
        assert (await look(session, since=0, streams=[])).heads == {}
    await numbered.happen(2)
    async with own.across_tenants() as session:
        assert (await look(session, since=0, streams=[])).heads[numbered.stream].position == 2
