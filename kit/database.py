"""The way to PostgreSQL: transactions of one tenant, snapshots to read from, and work across tenants."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, time
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from kit.connections import Answering
from kit.errors import SetupError, Unavailable
from kit.plans import Plans
from kit.sessions import HurriedSession, TenantAccess
from kit.transactions import (
    CHANGE,
    SNAPSHOT,
    TenantConnection,
    begin_for,
    forget_unused,
    leave_the_silent,
)

WITHIN = 5.0
CHECK_SECONDS = 2.0
NEAR = 0.9
CONNECTIONS = """
    SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
        (SELECT sum(numbackends)::int - 1 FROM pg_stat_database)
"""


class DatabaseUnavailable(Unavailable):
    """The database cannot be reached at the moment; try again shortly."""


UNREACHABLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InsufficientResourcesError,  # no connections left, no disk, no memory
    asyncpg.InterfaceError,
    TimeoutError,
    PoolTimeout,
    PendingRollbackError,  # what comes after any of these on the same connection
    DatabaseUnavailable,
)


def few_of(pool_size: int) -> int:
    """Tell how many connections there are for work across tenants, and for what is public, beside those for tenants."""
    return max(2, pool_size // 3)


class Database:
    """Two roles for one database: one that serves one tenant at a time, and one that looks across them.

    Neither owns a table or bypasses row-level security. What is public is read by connections of its own, as the first.
    """

    def __init__(
        self, app_url: URL, system_url: URL, *, pool_size: int = 10, within: float = WITHIN, pooled: bool = False
    ) -> None:
        """Take the seconds within which a connection has to be there and to answer, and each statement after that.

        Whoever waits longer gets an error that `is_unreachable`. Where connections are `pooled` by somebody in between,
        no statement is prepared under a name: the next transaction may come to another server process.
        """
        self._answering = Answering(within)
        few = few_of(pool_size)
        how: Any = {"answering": self._answering, "pooled": pooled}
        self.app = _engine(app_url, pool_size=pool_size, **how)
        self.public = _engine(app_url, pool_size=few, **how)
        self.system = _engine(system_url, pool_size=few, **how)
        self._plans = {engine: Plans(engine.dialect) for engine in (self.app, self.public)}
        self._at_once = self.system.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def tenant(self, tenant_id: UUID) -> AsyncIterator[AsyncSession]:
        """Open a transaction that sees one tenant's rows. Nothing is kept unless the caller commits."""
        async with self._session(self.app, tenant_id, CHANGE) as session:
            yield session

    @asynccontextmanager
    async def snapshot(self, tenant_id: UUID) -> AsyncIterator[AsyncSession]:
        """Open a read-only transaction in which all statements see the same moment of one tenant's rows."""
        async with self._session(self.app, tenant_id, SNAPSHOT) as session:
            yield session

    @asynccontextmanager
    async def public_snapshot(self, tenant_id: UUID) -> AsyncIterator[AsyncSession]:
        """Open a snapshot for what anybody may know of a tenant: those who show no token take no connection of others.

        It is to be read at once and let go: who holds it must wait for nothing else.
        """
        async with self._session(self.public, tenant_id, SNAPSHOT) as session:
            yield session

    @asynccontextmanager
    async def across_tenants(self) -> AsyncIterator[AsyncSession]:
        """Open a transaction of the role for work across tenants: streams, events, jobs, and what is due."""
        self._refuse_while_away()
        options: Any = {"info": {"answering": self._answering}, "sync_session_class": HurriedSession}
        async with AsyncSession(self.system, expire_on_commit=False, **options) as session:
            yield session

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection of that role for single statements: each sees all that is committed when it begins.

        Without a transaction around it, a statement is one way to PostgreSQL and back.
        """
        self._refuse_while_away()
        self._answering.hurry()
        async with self._at_once.connect() as connection:
            yield connection

    def _session(self, engine: AsyncEngine, tenant_id: UUID, begin: str) -> AsyncSession:
        self._refuse_while_away()
        info = {
            "tenant_id": tenant_id,
            "begin": begin_for(tenant_id, begin),
            "answering": self._answering,
            "plans": self._plans[engine],
        }
        return TenantAccess(engine, expire_on_commit=False, info=info)

    def _refuse_while_away(self) -> None:
        if self._answering.away:
            raise DatabaseUnavailable

    async def check(self) -> None:
        """Ask the database for a sign of life. Raises DatabaseUnavailable within two seconds."""
        asked = asyncio.create_task(self._ask(), name="ask the database")
        await asyncio.wait({asked}, timeout=CHECK_SECONDS)
        if not asked.done():
            asked.cancel()  # which takes its time where nothing comes back
            raise DatabaseUnavailable
        if error := asked.exception():
            raise DatabaseUnavailable from error

    async def _ask(self) -> None:
        self._answering.hurry()
        async with self.app.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Close all pools."""
        await self.app.dispose()
        await self.public.dispose()
        await self.system.dispose()


def _engine(url: URL, *, pool_size: int, answering: Answering, pooled: bool) -> AsyncEngine:
    unnamed = {"statement_cache_size": 0, "prepared_statement_cache_size": 0} if pooled else {}
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        hide_parameters=True,
        pool_timeout=answering.within,
        pool_pre_ping=False,
        pool_recycle=1800,
        pool_use_lifo=True,  # the one that was used last still has all at hand, here and at PostgreSQL
        json_serializer=_json,
        json_deserializer=orjson.loads,
        connect_args={
            "async_creator_fn": answering.connect,
            "command_timeout": answering.within,
            "connection_class": TenantConnection,
            "server_settings": {"application_name": "fairway", "timezone": "UTC"},
            **unnamed,
        },
    )
    forget_unused(engine.sync_engine)
    leave_the_silent(engine.sync_engine)
    return engine


def _json(value: object) -> str:
    """Write a value as JSON. Moments are written here: orjson ends the process where a time zone raises."""
    return orjson.dumps(value, default=_written, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()


def _written(value: object) -> str:
    if isinstance(value, date | time):  # a datetime is a date
        return value.isoformat()
    if isinstance(value, UUID):  # asyncpg's own kind, which is what ids of rows that were read are
        return str(value)
    raise TypeError


def is_unreachable(error: BaseException | None) -> bool:
    """Tell whether an error means that the database is away, not that a statement was wrong."""
    while error is not None:
        if isinstance(error, UNREACHABLE) or (isinstance(error, DBAPIError) and error.connection_invalidated):
            return True
        error = error.__cause__ or (error.orig if isinstance(error, DBAPIError) and error.orig is not error else None)
    return False


def is_conflict(error: DBAPIError) -> bool:
    """Tell whether PostgreSQL gave up a transaction for the sake of another, so that a second try may pass."""
    return getattr(error.orig, "sqlstate", None) in {"40001", "40P01"}


async def connect(url: URL, *, purpose: str) -> asyncpg.Connection:
    """Open one plain connection. Raises SetupError that says what could not be reached, without the password."""
    where = url.render_as_string(hide_password=True).replace("+asyncpg", "")
    try:
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        return await asyncpg.connect(address, timeout=5, statement_cache_size=0)
    except (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError) as error:
        raise SetupError(
            message=f"PostgreSQL refused the login {where} for {purpose}: {error}. "
            "Run `fairway migrate`, or correct the URL."
        ) from error
    except asyncpg.InvalidCatalogNameError as error:
        raise SetupError(message=f"The database in {where} does not exist. Create it, or correct the URL.") from error
    except (*UNREACHABLE, ValueError) as error:
        raise SetupError(
            message=f"PostgreSQL at {where} could not be reached for {purpose}: {error or type(error).__name__}."
        ) from error


async def crowded(url: URL, *, wanted: int) -> str:
    """Say so where PostgreSQL has hardly as many connections left as the program may want; else nothing."""
    connection = await connect(url, purpose="the program")
    try:
        most, taken = await connection.fetchrow(CONNECTIONS)
    finally:
        await connection.close()
    if taken + wanted <= most * NEAR:
        return ""
    return (
        f"PostgreSQL takes {most} connections, others have {taken} of them, and this program may want {wanted}. "
        "Lower DATABASE_POOL_SIZE or --workers, or raise PostgreSQL's max_connections."
    )
