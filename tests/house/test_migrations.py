import asyncio
import importlib
import json
import pkgutil
import subprocess
import sys
import traceback
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import create_async_engine

import models
from alembic import command
from kit.database import connect
from kit.errors import SetupError
from kit.ids import public_id
from kit.migrations import check_database, config, differences, newest_revision, upgrade
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct-horse-battery-staple"
PICTURE = """
    SELECT 'column', attrelid::regclass::text, attname, format_type(atttypid, atttypmod) || attnotnull
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
    UNION ALL SELECT 'table', relname, relowner::regrole::text, format('%s %s', relrowsecurity, relacl)
    FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'policy', tablename, policyname, format('%s %s %s %s', roles, cmd, qual, with_check)
    FROM pg_policies WHERE schemaname = 'public'
    UNION ALL SELECT 'function', proname, prosrc, proacl::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'type', typname, '', '' FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'
    ORDER BY 1, 2, 3, 4
"""

CADDIE = """INSERT INTO caddies VALUES ($3, $4, $5, 'ABSENT', NULL, NULL, true, 1, NULL, now(), now(), $1, $2)"""
TURN = """INSERT INTO caddie_turns
    (id, tenant_id, club_id, caddie_id, list_number, day, status, recorded_by, created_at)
    VALUES ($1, $2, $3, $4, $5, now(), 'SKIPPED', 'staff', now())"""
EVENT = """INSERT INTO events (stream_id, position, id, tenant_id, type, rooms, data, occurred_at)
    VALUES (1, $1, $2, $3, 'caddie:status_changed', '{}', $4, now())"""


@asynccontextmanager
async def as_owner(postgres, database=None):
    connection = await connect(
        postgres.owner_url.set(database=database or postgres.owner_url.database), purpose="tests"
    )
    try:
        yield connection
    finally:
        await connection.close()


@pytest_asyncio.fixture
async def scratch(postgres):
    """An empty database beside the tests' own."""
    name = f"scratch_{uuid4().hex}"
    async with as_owner(postgres) as owner:
        await owner.execute(f"CREATE DATABASE {name}")
        yield name
        await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture
async def stranger(postgres):
    """A login without any rights."""
    name = f"stranger_{uuid4().hex}"
    async with as_owner(postgres) as owner:
        await owner.execute(f"CREATE ROLE {name} LOGIN")
        yield name
        await owner.execute(f"DROP OWNED BY {name} CASCADE")
        await owner.execute(f"DROP ROLE {name}")


def urls(postgres, database):
    return {
        "app_url": postgres.app_url.set(database=database),
        "system_url": postgres.system_url.set(database=database),
    }


async def migrate(postgres, database):
    return await upgrade(postgres.owner_url.set(database=database), **urls(postgres, database))


async def picture(postgres, database):
    async with as_owner(postgres, database) as owner:
        return [tuple(row) for row in await owner.fetch(PICTURE)]


async def refusal(app_url, system_url):
    """Give the sentence with which a database is refused. It is shown to people, so it holds no password."""
    with pytest.raises(SetupError) as caught:
        await check_database(app_url, system_url)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert PASSWORD not in shown
    assert caught.value.message.endswith(".")
    return caught.value.message


async def test_the_migrations_make_what_the_models_say(postgres):
    assert await differences(postgres.owner_url, models.metadata, models.is_ours) == []


def test_whoever_imports_the_models_knows_all_tables():
    """In a process of its own: in this one, something else has imported them."""
    look = "import models; print(sorted(models.metadata.tables))"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    for found in pkgutil.walk_packages(models.__path__, "models."):
        importlib.import_module(found.name)
    assert done.stdout.strip() == str(sorted(models.metadata.tables))


async def test_upgrading_twice_changes_nothing(postgres, scratch):
    assert await migrate(postgres, scratch) == newest_revision()
    before = await picture(postgres, scratch)
    assert await migrate(postgres, scratch) == newest_revision()
    assert await picture(postgres, scratch) == before


async def test_processes_that_start_at_once_take_turns(postgres, scratch):
    revisions = await asyncio.gather(*(migrate(postgres, scratch) for _ in range(3)))
    assert set(revisions) == {newest_revision()}
    await check_database(**urls(postgres, scratch))


async def test_what_was_migrated_can_be_taken_back(postgres, scratch):
    await migrate(postgres, scratch)
    before = await picture(postgres, scratch)
    engine = create_async_engine(postgres.owner_url.set(database=scratch))
    async with engine.connect() as connection:
        await connection.run_sync(lambda sync: command.downgrade(config(sync), "base"))
        await connection.commit()
    await engine.dispose()
    left = {(kind, name) for kind, name, *_ in await picture(postgres, scratch)}
    assert {name.removesuffix("_pkc") for _, name in left} == {"alembic_version"}
    await migrate(postgres, scratch)
    assert await picture(postgres, scratch) == before


async def test_turns_of_before_take_the_name_that_their_list_was_told(postgres, scratch):
    await migrate(postgres, scratch)
    engine = create_async_engine(postgres.owner_url.set(database=scratch))
    async with engine.connect() as connection:
        await connection.run_sync(lambda sync: command.downgrade(config(sync), "0008"))
        await connection.commit()
    await engine.dispose()
    tenant, club, moved, stays = (uuid4() for _ in range(4))
    told = {"caddie_id": public_id("caddie", moved), "list_number": 1, "name": "Ana"}
    async with as_owner(postgres, scratch) as owner:
        await owner.execute("SET session_replication_role = replica")  # rows without all that they point to
        for caddie_id, name in ((moved, "Secret"), (stays, "Bea")):
            await owner.execute(CADDIE, caddie_id, tenant, club, name, 2 if caddie_id == moved else 1)
            for number in (1, 2):
                await owner.execute(TURN, uuid4(), tenant, club, caddie_id, number)
        for position, fact in enumerate(({**told, "name": "Old"}, told, told | {"list_number": 2, "name": "New"}), 1):
            await owner.execute(EVENT, position, uuid4(), tenant, json.dumps(fact))
    await migrate(postgres, scratch)
    async with as_owner(postgres, scratch) as owner:
        rows = await owner.fetch("SELECT caddie_id, list_number, caddie_name FROM caddie_turns WHERE list_number = 1")
    assert {(row["caddie_id"], row["caddie_name"]) for row in rows} == {(moved, "Ana"), (stays, "Bea")}


async def test_a_migrated_database_is_accepted(postgres):
    await check_database(postgres.app_url, postgres.system_url)


async def test_the_owners_login_is_refused(postgres):
    for changed in ({"app_url": postgres.owner_url}, {"system_url": postgres.owner_url}):
        message = await refusal(**(urls(postgres, postgres.app_url.database) | changed))
        assert "“postgres” bypasses row-level security" in message
        assert "fairway_app and fairway_system" in message


@pytest.mark.parametrize("through", ["itself", "a role that it is a member of"])
async def test_a_login_that_owns_tables_is_refused(postgres, scratch, stranger, through):
    await migrate(postgres, scratch)
    async with as_owner(postgres, scratch) as owner:
        holder = stranger if through == "itself" else f"holder_{uuid4().hex}"
        if holder != stranger:
            await owner.execute(f"CREATE ROLE {holder}; GRANT {holder} TO {stranger}")
        await owner.execute(f"ALTER TABLE clubs OWNER TO {holder}; GRANT fairway_app TO {stranger}")
        given = urls(postgres, scratch)
        assert "owns tables" in await refusal(given["app_url"].set(username=stranger), given["system_url"])
        await owner.execute("ALTER TABLE clubs OWNER TO postgres")
        if holder != stranger:
            await owner.execute(f"DROP ROLE {holder}")


async def test_a_login_without_rights_is_refused(postgres, stranger):
    given = urls(postgres, postgres.app_url.database)
    message = await refusal(given["app_url"].set(username=stranger), given["system_url"])
    assert f"“{stranger}” has not the rights of fairway_app" in message
    assert "has not the rights of fairway_system" in await refusal(given["app_url"], given["app_url"])


async def test_a_login_of_another_name_gets_the_rights_by_migrating(postgres, scratch, stranger):
    given = urls(postgres, scratch)
    given["app_url"] = given["app_url"].set(username=stranger)
    await upgrade(postgres.owner_url.set(database=scratch), **given)
    await check_database(**given)


async def test_an_empty_database_is_older(postgres, scratch):
    assert "older than the program" in await refusal(**urls(postgres, scratch))


async def test_a_revision_that_is_not_known_is_newer(postgres, scratch):
    await migrate(postgres, scratch)
    async with as_owner(postgres, scratch) as owner:
        await owner.execute("UPDATE alembic_version SET version_num = 'of tomorrow'")
    assert "newer than the program" in await refusal(**urls(postgres, scratch))
    with pytest.raises(SetupError, match="newer than the program"):
        await migrate(postgres, scratch)


@pytest.mark.parametrize("where", [{"query": {"host": "/nowhere"}}, {"query": {}, "host": "127.0.0.1", "port": 1}])
async def test_a_server_that_is_not_there_is_named(postgres, where):
    url = postgres.app_url.set(password=PASSWORD, **where)
    message = await refusal(url, url)
    assert "could not be reached for the program" in message
    assert "fairway_app:***@" in message


async def test_a_database_that_does_not_exist_is_named(postgres):
    url = postgres.app_url.set(database="elsewhere", password=PASSWORD)
    assert "elsewhere" in await refusal(url, url)


async def test_a_login_that_does_not_exist_is_refused(postgres):
    url = postgres.app_url.set(username="nobody_here", password=PASSWORD)
    message = await refusal(url, url)
    assert "refused the login" in message
    assert "nobody_here" in message


@asynccontextmanager
async def asking_for_passwords(postgres, database):
    """Have the server ask for a password wherever somebody logs in to one database."""
    async with as_owner(postgres) as owner:
        file = await owner.fetchval("SHOW hba_file")
        rules = await asyncio.to_thread(Path(file).read_text)
        try:
            await asyncio.to_thread(Path(file).write_text, f"local {database} fairway_app scram-sha-256\n{rules}")
            await owner.execute("SELECT pg_reload_conf()")
            yield
        finally:
            await asyncio.to_thread(Path(file).write_text, rules)
            await owner.execute("SELECT pg_reload_conf()")


async def test_a_wrong_password_is_refused_and_not_shown(postgres, scratch):
    url, message = postgres.app_url.set(database=scratch, password=PASSWORD), ""
    async with asking_for_passwords(postgres, scratch), asyncio.timeout(PATIENCE):
        while "refused the login" not in message:  # the server takes a moment to read its file again
            message = await refusal(url, url)
    assert "fairway_app:***@" in message
