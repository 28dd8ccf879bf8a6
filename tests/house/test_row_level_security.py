from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.app import create_app
from kit.database import Database, connect
from kit.jobs import defer
from kit.migrations import SYSTEM_ROLE
from tests.harness import MORNING, HeldClock, found_world, serving
from tests.house.inventory import one_of_each

TENANT = {"tenants": "id", "pgqueuer": "(headers->>'tenant')::uuid"}
"""How a row tells its tenant where it has no column of that name."""
QUEUE = {"pgqueuer_log", "pgqueuer_schedules", "pgqueuer_statistics"}
OF_NO_TENANT = {"alembic_version", "last_runs", "restorations", *QUEUE}
OF_GOLFERS = ("tee-time:%", "user:%", "network:%")
"""Streams of which a golfer who is erased is taken out."""
REFUSED = "42501"
"""insufficient_privilege: no right to do it, or a policy that forbids it."""
TABLES = """
    SELECT relname, relrowsecurity, ARRAY(
        SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
    ) AS columns
    FROM pg_class c
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY relname
"""
FOREIGN_KEYS = """
    SELECT conname, conrelid::regclass::text AS child, confrelid::regclass::text AS parent,
        ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS k (n, i)
              JOIN pg_attribute ON attrelid = conrelid AND attnum = n ORDER BY i) AS columns,
        ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY AS k (n, i)
              JOIN pg_attribute ON attrelid = confrelid AND attnum = n ORDER BY i) AS targets
    FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
"""
GRANTS = """
    SELECT table_name, string_agg(privilege_type, ' ' ORDER BY privilege_type) AS rights
    FROM information_schema.table_privileges WHERE table_schema = 'public' AND grantee = ANY ($1) GROUP BY table_name
"""
MAY = {
    "fairway_app": {
        "alembic_version": "SELECT",
        "restorations": "SELECT",
        "tenants": "INSERT SELECT",
        "events": "INSERT SELECT",
        "pgqueuer": "INSERT SELECT",
        "pgqueuer_log": "INSERT",
        "notifications": "DELETE INSERT SELECT UPDATE",
        **dict.fromkeys(("booking_players", "rounds", "completed_holes"), "DELETE INSERT SELECT UPDATE"),
        "buddies": "DELETE INSERT SELECT UPDATE",
        **dict.fromkeys(
            ("occasion_planners", "occasion_parts", "households", "guests", "dining_tables", "attendances"),
            "DELETE INSERT SELECT UPDATE",
        ),
        **dict.fromkeys(("seating_rules", "applied_plans", "letters"), "DELETE INSERT SELECT UPDATE"),
        **dict.fromkeys(("push_devices", "suppressed_addresses"), "DELETE INSERT SELECT UPDATE"),
        **dict.fromkeys(("pictures", "posts", "music_votes", "guest_requests"), "DELETE INSERT SELECT UPDATE"),
        **dict.fromkeys(("golfer_connections", "golfer_blocks", "messages"), "DELETE INSERT SELECT UPDATE"),
        "ballot_players": "DELETE INSERT SELECT UPDATE",
        **dict.fromkeys(("tee_time_news", "news_windows", "golfer_ratings", "contacts"), "DELETE INSERT SELECT UPDATE"),
        **dict.fromkeys(
            ("tee_times", "slots", "holds", "block_slots", "sheet_templates"), "DELETE INSERT SELECT UPDATE"
        ),
        "course_status_changes": "INSERT SELECT",
        "ledger_entries": "INSERT SELECT",
        "history_entries": "INSERT SELECT",
        "standing_dates": "INSERT SELECT",
        "payment_events": "INSERT SELECT",
        "course_threshold_changes": "INSERT SELECT",
    },
    "fairway_system": {
        "alembic_version": "SELECT",
        "restorations": "SELECT",
        "sheet_templates": "SELECT",
        "holds": "SELECT",
        "rounds": "SELECT",
        "notifications": "SELECT",
        "caddie_queues": "SELECT",
        "streams": "SELECT",
        "last_runs": "INSERT SELECT UPDATE",
        "events": "DELETE SELECT",
        "idempotency_keys": "DELETE SELECT",
        "revocations": "DELETE SELECT",
        "payment_events": "DELETE SELECT",
        "pgqueuer": "DELETE INSERT SELECT UPDATE",
        "pgqueuer_log": "DELETE INSERT SELECT UPDATE",
        "pgqueuer_schedules": "DELETE INSERT SELECT UPDATE",
        "pgqueuer_statistics": "DELETE INSERT SELECT UPDATE",
    },
}
"""What the program's roles may do. The first may also read, insert and update all other tables, tenant by tenant."""


@dataclass
class Two:
    """Two tenants with something in every table: what `mine` does must never reach `other`."""

    mine: UUID
    other: UUID
    tables: dict[str, str]
    owner: asyncpg.Connection
    database: Database


@pytest_asyncio.fixture(scope="module")
async def owner(postgres):
    connection = await connect(postgres.owner_url, purpose="tests")
    yield connection
    await connection.close()


@pytest_asyncio.fixture(scope="module")
async def two(settings, owner):
    clock = HeldClock()
    async with serving(create_app(settings, with_jobs=False, clock=clock), clock) as server:
        mine, other = await found_world(server), await found_world(server)
        for one in (mine, other):
            await one_of_each(one)
        rows = await owner.fetch(TABLES)
        tables = {r["relname"]: TENANT.get(r["relname"], "tenant_id") for r in rows if r["relname"] not in OF_NO_TENANT}
        yield Two(mine.tenant_id, other.tenant_id, tables, owner, server.runtime.database)


@asynccontextmanager
async def as_app(postgres, tenant_id=None):
    """Open a transaction as the application's role, for one tenant or for none."""
    connection = await connect(postgres.app_url, purpose="tests")
    try:
        async with connection.transaction():
            if tenant_id:
                await connection.execute("SELECT set_config('fairway.tenant', $1, true)", str(tenant_id))
            yield connection
    finally:
        await connection.close()


async def attempt(connection, statement, *values):
    """Run a statement in a savepoint: the number of rows that it reached, or why it was refused."""
    try:
        async with connection.transaction():
            return int((await connection.execute(statement, *values)).split()[-1])
    except asyncpg.PostgresError as error:
        return error.sqlstate


async def rows_of(two, tenant_id):
    return {
        table: await two.owner.fetchval(f"SELECT count(*) FROM {table} WHERE {column} = $1", tenant_id)
        for table, column in two.tables.items()
    }


async def test_every_table_keeps_tenants_apart(owner):
    tables = await owner.fetch(TABLES)
    assert [t["relname"] for t in tables if not t["relrowsecurity"]] == ["alembic_version"]
    unknown = {t["relname"] for t in tables if "tenant_id" not in t["columns"]} - OF_NO_TENANT - set(TENANT)
    assert unknown == set(), "say in TENANT how a row tells its tenant"


@pytest.mark.parametrize("role", sorted(MAY))
async def test_a_role_of_the_program_owns_nothing_and_gets_round_nothing(owner, role):
    row = await owner.fetchrow("SELECT * FROM pg_roles WHERE rolname = $1", role)
    assert not any(row[name] for name in ("rolsuper", "rolbypassrls", "rolcreatedb", "rolcreaterole", "rolreplication"))
    owned = "SELECT count(*) FROM pg_shdepend WHERE refobjid = $1::text::regrole AND deptype = 'o'"
    assert await owner.fetchval(owned, role) == 0
    member_of = "SELECT rolname FROM pg_roles WHERE rolname <> $1 AND pg_has_role($1, oid, 'MEMBER')"
    assert await owner.fetch(member_of, role) == []


@pytest.mark.parametrize("role", sorted(MAY))
async def test_a_role_of_the_program_may_do_what_it_needs_and_no_more(owner, role):
    granted = {r["table_name"]: r["rights"] for r in await owner.fetch(GRANTS, [role, "PUBLIC"])}
    wanted = dict(MAY[role])
    if role != SYSTEM_ROLE:
        tables = {t["relname"] for t in await owner.fetch(TABLES)} - OF_NO_TENANT
        wanted = dict.fromkeys(tables, "INSERT SELECT UPDATE") | wanted
    assert granted == wanted


async def test_without_a_tenant_no_table_shows_a_row(postgres, two):
    async with as_app(postgres) as app:
        seen = {table: await app.fetchval(f"SELECT count(*) FROM {table}") for table in two.tables}
    assert set(seen.values()) == {0}


async def test_a_tenant_sees_its_own_rows_and_none_of_another(postgres, two):
    before = await rows_of(two, two.mine)
    assert [table for table, count in before.items() if not count] == [], "make some in tests/house/inventory.py"
    async with as_app(postgres, two.mine) as app:
        for table, column in two.tables.items():
            assert await app.fetchval(f"SELECT count(*) FROM {table}") == before[table], table
            assert await app.fetchval(f"SELECT count(*) FROM {table} WHERE {column} = $1", two.other) == 0, table


async def test_a_tenant_can_neither_change_nor_remove_rows_of_another(postgres, two):
    before = await rows_of(two, two.other)
    async with as_app(postgres, two.mine) as app:
        for table, column in two.tables.items():
            changed = (await columns_of(two, table))[-1]
            update = f"UPDATE {table} SET {changed} = {changed} WHERE {column} = $1"
            assert await attempt(app, update, two.other) in {0, REFUSED}, table
            assert await attempt(app, f"DELETE FROM {table} WHERE {column} = $1", two.other) in {0, REFUSED}, table
            assert await attempt(app, f"TRUNCATE {table} CASCADE") == REFUSED, table
    assert await rows_of(two, two.other) == before


async def columns_of(two, table):
    return {r["relname"]: r["columns"] for r in await two.owner.fetch(TABLES)}[table]


async def test_a_tenant_can_neither_insert_rows_of_another_nor_give_its_own_away(postgres, two):
    async with as_app(postgres, two.mine) as app:
        for table, column in two.tables.items():
            copy = f"SELECT to_jsonb({table})::text FROM {table} WHERE {column} = $1 LIMIT 1"
            row = await two.owner.fetchval(copy, two.other)
            insert = f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(null::{table}, $1)).*"
            assert await attempt(app, insert, row) == REFUSED, table
            if column.isidentifier():
                give = f"UPDATE {table} SET {column} = $2 WHERE {column} = $1"
                assert await attempt(app, give, two.mine, two.other) == REFUSED, table


async def test_every_foreign_key_names_the_tenant(owner):
    tables = {r["relname"]: r["columns"] for r in await owner.fetch(TABLES)}
    keys = [k for k in await owner.fetch(FOREIGN_KEYS) if "tenant_id" in tables[k["parent"]]]
    assert len(keys) > 15
    for key in keys:
        pairs = dict(zip(key["columns"], key["targets"], strict=True))
        assert pairs.get("tenant_id") == "tenant_id", key["conname"]


async def test_a_row_cannot_point_to_another_tenants(postgres, two):
    """Foreign keys are checked without row-level security: only the tenant in the key keeps them at home."""
    club = await two.owner.fetchval("SELECT id FROM clubs WHERE tenant_id = $1", two.other)
    async with as_app(postgres, two.mine) as app:
        assert await attempt(app, "UPDATE courses SET club_id = $1", club) == "23503"
        assert await attempt(app, "UPDATE players SET club_id = $1 WHERE user_id IS NULL", club) == "23503"
        stream = await two.owner.fetchval("SELECT id FROM streams WHERE tenant_id = $1", two.other)
        append = """INSERT INTO events (stream_id, position, id, tenant_id, type, rooms, data, occurred_at)
            VALUES ($1, 1000000, $2, $3, 'slot.held', '{}', '{}', now())"""
        assert await attempt(app, append, stream, uuid4(), two.mine) == "23503"


async def test_of_what_is_logged_the_data_of_occasions_and_golfers_may_change_and_nothing_else(postgres, two):
    query = """SELECT count(*) FROM events JOIN streams s ON s.id = stream_id
        WHERE name LIKE ANY($1) AND s.tenant_id = $2"""
    may_change = await two.owner.fetchval(query, ["occasion:%", *OF_GOLFERS], two.mine)
    for name in OF_GOLFERS:
        assert 0 < await two.owner.fetchval(query, [name], two.mine) < may_change
    assert may_change < await two.owner.fetchval(query, ["%"], two.mine)
    async with as_app(postgres, two.mine) as app:
        assert await attempt(app, "UPDATE events SET data = data") == may_change
        assert await attempt(app, "UPDATE events SET data = data, position = position + 1") == REFUSED
        assert await attempt(app, "UPDATE events SET type = 'slot.held'") == REFUSED
        assert await attempt(app, "DELETE FROM events") == REFUSED


async def test_the_tenant_of_a_transaction_is_forgotten_with_it(settings, two):
    database = Database(settings.app_url, settings.system_url, pool_size=1)
    look = text("SELECT pg_backend_pid(), current_setting('fairway.tenant', true), (SELECT count(*) FROM clubs)")
    backends = set()
    for how in (database.tenant, database.snapshot):
        for end in ("commit", "rollback"):
            async with how(two.mine) as session:
                backend, tenant, clubs = (await session.execute(look)).one()
                assert (tenant, clubs) == (str(two.mine), 1)
                await getattr(session, end)()
            async with database.app.connect() as connection:
                after, tenant, clubs = (await connection.execute(look)).one()
                assert (tenant or "", clubs) == ("", 0)
            backends |= {backend, after}
    assert len(backends) == 1, "this shows nothing unless it is the same connection"
    await database.close()


async def test_a_job_carries_the_tenant_of_the_change_that_put_it_down(two):
    jobs = await two.owner.fetch("SELECT entrypoint, payload, headers->>'tenant' AS tenant FROM pgqueuer")
    holds = await two.owner.fetch("SELECT id, tenant_id FROM holds WHERE tenant_id IN ($1, $2)", two.mine, two.other)
    for hold in holds:
        [job] = [j for j in jobs if str(hold["id"]).encode() in j["payload"]]
        assert (job["entrypoint"], job["tenant"]) == ("expire_hold", str(hold["tenant_id"]))


async def test_a_change_cannot_put_down_a_job_of_another_tenant(two):
    async with two.database.tenant(two.mine) as session:
        session.info["tenant_id"] = two.other
        with pytest.raises(DBAPIError) as caught:
            await defer(session, "expire_hold", at=MORNING, now=MORNING, hold_id="any")
    assert caught.value.orig.sqlstate == REFUSED


@pytest.mark.parametrize("headers", [None, "{}", '{"tenant": null}'])
async def test_a_change_cannot_put_down_a_job_of_no_tenant(postgres, headers):
    async with as_app(postgres, uuid4()) as app:
        insert = "INSERT INTO pgqueuer (priority, entrypoint, status, headers) VALUES (0, 'x', 'queued', $1)"
        assert await attempt(app, insert, headers) == REFUSED
