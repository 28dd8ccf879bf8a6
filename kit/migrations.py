"""Bringing the database up to the code: roles, tables, policies."""

from contextlib import suppress
from typing import Any

import asyncpg
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine

from alembic import command
from kit.database import connect
from kit.errors import SetupError
from kit.files import MIGRATIONS

APP_ROLE = "fairway_app"
SYSTEM_ROLE = "fairway_system"

ROLE_SETTINGS = {
    "client_connection_check_interval": "2s",
    "idle_in_transaction_session_timeout": "60s",
    "tcp_keepalives_idle": "10s",
    "tcp_keepalives_interval": "2s",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "10s",
}
"""How the server finds out that a client has gone, so that nothing stays locked for it."""

SET_DIRECT = "Set DATABASE_DIRECT_URL, and DATABASE_OWNER_URL for `fairway migrate`, to addresses of PostgreSQL itself."
NEWER = "The database's schema is newer than the program. Start the version that made it, or a later one."

UNSAFE = text("""
    SELECT r.rolsuper OR r.rolbypassrls AS bypasses,
        EXISTS (
            SELECT FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND pg_has_role(r.oid, c.relowner, 'MEMBER')
        ) AS owns
    FROM pg_roles r WHERE r.rolname = current_user
""")
HAS_ROLE = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1 AND pg_has_role(oid, 'USAGE'))"


def config(connection: Connection | None = None) -> Config:
    """Give Alembic's configuration, for an open connection."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))  # it would be the start of a name
    made.attributes["connection"] = connection
    return made


def _revisions() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}


def newest_revision() -> str:
    """Tell the revision that the code needs."""
    return ScriptDirectory.from_config(config()).get_current_head() or ""


async def upgrade(owner_url: URL, *, app_url: URL, system_url: URL) -> str:
    """Make the roles and bring the tables up to date; gives the revision. Does nothing where nothing is to do.

    Raises SetupError where the tables are newer than the program.
    """
    await _make_roles(owner_url, {APP_ROLE: app_url, SYSTEM_ROLE: system_url})
    engine = create_async_engine(owner_url, hide_parameters=True)
    try:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT pg_advisory_lock(5716)"))  # processes that start at once take turns
            await connection.commit()
            found = await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
            if found is not None and found not in _revisions():
                raise SetupError(message=NEWER)
            await connection.commit()
            await connection.run_sync(lambda sync: command.upgrade(config(sync), "head"))
            await connection.commit()
    finally:
        await engine.dispose()
    return newest_revision()


async def _make_roles(owner_url: URL, logins: dict[str, URL]) -> None:
    connection = await connect(owner_url, purpose="migrations")
    try:
        await _check_way(connection, owner_url, pooled=False)
        await connection.execute("SELECT pg_advisory_lock(5715)")
        for role, url in logins.items():
            login = url.username or role
            await _make_role(connection, role, password=url.password if login == role else None)
            if login != role:
                await connection.execute(f'GRANT {role} TO "{login}"')
            await connection.execute(f'GRANT CONNECT ON DATABASE "{owner_url.database}" TO {role}')
    finally:
        await connection.close()


async def _make_role(connection: Any, role: str, *, password: object) -> None:
    if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
        await connection.execute(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
    if password is not None:
        quoted = await connection.fetchval("SELECT quote_literal($1::text)", str(password))
        await connection.execute(f"ALTER ROLE {role} LOGIN PASSWORD {quoted}")
    for name, value in ROLE_SETTINGS.items():
        with suppress(asyncpg.InsufficientPrivilegeError, asyncpg.InvalidParameterValueError):  # not ours, not there
            await connection.execute(f"ALTER ROLE {role} SET {name} = '{value}'")


async def check_database(app_url: URL, system_url: URL, *, direct_url: URL | None = None, pooled: bool = False) -> None:
    """See to it that the program may run on this database.

    Raises SetupError when the schema is older or newer than the code, when a login of the program could get round
    row-level security, when it lacks the rights that `fairway migrate` gives it, and when there is a pooler of
    connections in between that the settings do not name.
    """
    direct_url = direct_url or system_url
    if pooled and direct_url == system_url:
        raise SetupError(message=f"DATABASE_POOLED is set, and the worker has to listen. {SET_DIRECT}")
    ways = ((app_url, APP_ROLE, pooled), (system_url, SYSTEM_ROLE, pooled), (direct_url, SYSTEM_ROLE, False))
    for url, role, through_pooler in ways if direct_url != system_url else ways[:2]:
        connection = await connect(url, purpose="the program")
        try:
            await _check_way(connection, url, pooled=through_pooler)
            await _check_version(connection)
            await _check_role(connection, url, role)
            await _check_schema(connection)
        finally:
            await connection.close()


async def _check_way(connection: Any, url: URL, *, pooled: bool) -> None:
    """Refuse a pooler where none is expected: it names its clients another process than the one that serves them."""
    if pooled or connection.get_server_pid() == await connection.fetchval("SELECT pg_backend_pid()"):
        return
    raise SetupError(
        message=f"The address of the database user “{url.username}” leads through a pooler of connections such as "
        f"PgBouncer. Set DATABASE_POOLED=true if DATABASE_URL may do so. {SET_DIRECT}"
    )


async def _check_version(connection: Any) -> None:
    if connection.get_server_version().major < 15:
        found = connection.get_server_version().major
        raise SetupError(message=f"PostgreSQL {found} is too old; version 15 or later is needed.")


async def _check_role(connection: Any, url: URL, role: str) -> None:
    bypasses, owns = await connection.fetchrow(UNSAFE.text)
    if bypasses or owns:
        what = "bypasses row-level security" if bypasses else "owns tables"
        raise SetupError(
            message=f"The database user “{url.username}” {what}, so tenants would not be kept apart. Give DATABASE_URL "
            f"and DATABASE_SYSTEM_URL the users {APP_ROLE} and {SYSTEM_ROLE}, DATABASE_OWNER_URL the owner of the "
            "tables, and run `fairway migrate`."
        )
    if not await connection.fetchval(HAS_ROLE, role):
        raise SetupError(
            message=f"The database user “{url.username}” has not the rights of {role}. Run `fairway migrate`, which "
            "gives them, or correct the URL."
        )


async def _check_schema(connection: Any) -> None:
    exists = await connection.fetchval("SELECT to_regclass('public.alembic_version') IS NOT NULL")
    found = await connection.fetchval("SELECT version_num FROM alembic_version") if exists else None
    if found == newest_revision():
        return
    if found is None or found in _revisions():
        raise SetupError(
            message="The database's schema is older than the program. Run `fairway migrate`, then start again."
        )
    raise SetupError(message=NEWER)


async def differences(owner_url: URL, metadata: MetaData, include_object: Any) -> list[Any]:
    """List what the models have and the migrated database has not, or the other way round."""

    def compare(sync: Connection) -> list[Any]:
        context = MigrationContext.configure(sync, opts={"include_object": include_object, "compare_type": True})
        return list(compare_metadata(context, metadata))

    engine = create_async_engine(owner_url, hide_parameters=True)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(compare)
    finally:
        await engine.dispose()
