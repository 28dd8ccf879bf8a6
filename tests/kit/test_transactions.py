"""How transactions of a tenant begin: on one connection, so that whatever one leaves behind is found by the next."""

import asyncio
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from sqlalchemy import ARRAY, Uuid, any_, bindparam, event, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from kit.connections import Answering
from kit.database import Database
from kit.ids import new_id
from kit.sessions import TenantSession
from kit.transactions import CHANGE, PLAN_FOR_VALUES, SNAPSHOT, begin_for
from models.clubs.tables import Club, Tenant

TENANT = text("SELECT NULLIF(current_setting('fairway.tenant', true), '')")
SETTING = text("SHOW plan_cache_mode")
BACKEND = text("SELECT pg_backend_pid()")
READ_ONLY, DIVISION_BY_ZERO = "25006", "22012"


@pytest_asyncio.fixture
async def database(settings):
    opened = Database(settings.app_url, settings.system_url, pool_size=1)
    yield opened
    await opened.close()


@asynccontextmanager
async def listening(session):
    """Note the commands that go to PostgreSQL beside prepared statements; to be opened before the first of these."""
    connection = (await (await session.connection()).get_raw_connection()).driver_connection
    heard = []

    def note(query):
        heard.append(query.query)

    with connection.query_logger(note):
        yield heard
        await asyncio.sleep(0)  # asyncpg tells of a command at the loop's next turn


async def tenant_of_no_session(database):
    async with database.app.connect() as connection:
        return await connection.scalar(TENANT)


async def test_a_transaction_begins_and_names_its_tenant_in_one_way_to_the_server(database):
    tenant_id = new_id()
    async with database.tenant(tenant_id) as session, listening(session) as heard:
        assert await session.scalar(TENANT) == str(tenant_id)
        await session.commit()
    assert heard == [begin_for(tenant_id, CHANGE), "COMMIT"]


async def test_a_session_without_a_statement_leaves_nothing_for_who_comes_next(database):
    async with database.tenant(new_id()) as session:
        await session.connection()
    assert await tenant_of_no_session(database) is None


async def test_each_transaction_of_a_session_sees_its_tenant(database):
    tenant_id = new_id()
    async with database.tenant(tenant_id) as session:
        for end in (session.commit, session.rollback, session.commit):
            assert await session.scalar(TENANT) == str(tenant_id)
            await end()
            assert await tenant_of_no_session(database) is None


async def test_a_savepoint_is_undone_alone(database):
    tenant_id, other = new_id(), new_id()
    async with database.tenant(tenant_id) as session, listening(session) as heard:
        async with session.begin_nested() as savepoint:
            await session.execute(text(f"SET LOCAL fairway.tenant = '{other}'"))
            await savepoint.rollback()
        assert await session.scalar(TENANT) == str(tenant_id)
        assert heard == [begin_for(tenant_id, CHANGE)]
        await session.commit()
    assert await tenant_of_no_session(database) is None


async def test_a_failed_statement_ends_its_transaction_and_no_other(database):
    tenant_id = new_id()
    async with database.tenant(tenant_id) as session:
        backend = await session.scalar(BACKEND)
        with pytest.raises(DBAPIError):
            await session.execute(text("SELECT 1 / 0"))
    async with database.tenant(tenant_id) as session:
        assert (await session.scalar(BACKEND), await session.scalar(TENANT)) == (backend, str(tenant_id))


async def test_a_snapshot_can_write_nothing_and_sees_one_moment(database):
    tenant_id = new_id()
    async with database.snapshot(tenant_id) as session:
        assert await session.scalar(text("SHOW transaction_isolation")) == "repeatable read"
        with pytest.raises(DBAPIError) as refused:
            await session.execute(text("CREATE TEMPORARY TABLE notes (line text)"))
        assert refused.value.orig.sqlstate == READ_ONLY
    async with database.tenant(tenant_id) as session:
        assert await session.scalar(text("SHOW transaction_isolation")) == "read committed"
        assert await session.scalar(text("SHOW transaction_read_only")) == "off"


async def test_a_change_plans_its_statements_once_however_many_values_they_are_asked_with(database):
    counted = "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
    known = text(f"{counted} WHERE statement LIKE 'SELECT clubs.name%ANY%'")
    asked = select(Club.name).where(Club.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    async with database.snapshot(new_id()) as session:
        assert await session.scalar(SETTING) == "auto"
    async with database.tenant(new_id()) as session:
        assert await session.scalar(SETTING) == "force_generic_plan"
        for _ in range(8):
            assert (await session.execute(asked, {"ids": [new_id()]})).all() == []
        assert [tuple(row) for row in await session.execute(known)] == [(8, 0)]
        await session.execute(PLAN_FOR_VALUES)
        assert await session.scalar(SETTING) == "auto"
        await session.execute(asked, {"ids": [new_id()]})
        assert [tuple(row) for row in await session.execute(known)] == [(8, 1)]
        await session.commit()
        assert await session.scalar(SETTING) == "force_generic_plan"
    async with database.app.connect() as connection:
        assert await connection.scalar(SETTING) == "auto"


async def test_a_connection_on_which_no_transaction_can_begin_is_given_up(database):
    tenant_id = new_id()
    async with database.tenant(tenant_id) as session:
        backend = await session.scalar(BACKEND)
    info = {"begin": "BEGIN; SELECT no_such_function()", "answering": Answering(5)}
    async with AsyncSession(database.app, info=info, sync_session_class=TenantSession) as session:
        with pytest.raises(DBAPIError):
            await session.execute(TENANT)
    async with database.tenant(tenant_id) as session:
        assert await session.scalar(TENANT) == str(tenant_id)
        assert await session.scalar(BACKEND) != backend


def test_nothing_but_an_id_becomes_part_of_the_commands():
    with pytest.raises(ValueError):
        begin_for("'; SET ROLE postgres; --", CHANGE)
    with pytest.raises(ValueError):
        begin_for(None, SNAPSHOT)


async def test_a_row_that_the_session_has_is_not_asked_for_again(database):
    tenant_id, asked = new_id(), []
    event.listen(database.app.sync_engine, "before_cursor_execute", lambda *how: asked.append(how[2].split()[0]))
    async with database.tenant(tenant_id) as session:
        session.add(Tenant(id=tenant_id, name="A"))
        tenant = await session.get(Tenant, tenant_id)  # what was added is there to be found
        assert asked == ["WITH", "SELECT"]
        assert await session.get(Tenant, tenant_id) is tenant
        assert asked == ["WITH", "SELECT"]
        assert await session.get(Tenant, tenant_id, populate_existing=True) is tenant
        assert asked == ["WITH", "SELECT", "SELECT"]
        assert await session.get(Club, tenant_id) is None
