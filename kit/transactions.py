"""Transactions of one tenant: they begin, and are told whose rows they see, in one way to PostgreSQL and back."""

from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Connection, Engine, Select, bindparam, event, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction

CHANGE = "BEGIN"
SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


@lru_cache(maxsize=1_000)
def begin_for(tenant_id: UUID, begin: str) -> str:
    """Write the commands that begin a transaction of a tenant. The setting ends with the transaction.

    Raises ValueError for an id that is none: it becomes part of the text.
    """
    return f"{begin}; SET LOCAL fairway.tenant = '{UUID(str(tenant_id))}'"


class TenantSession(Session):
    """A session whose transactions begin by the commands that its `info` has under `begin`.

    Nothing goes to PostgreSQL before the first statement does.
    """

    def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        """Find a row by its id, as any session does. For the plain case, SQLAlchemy's own way takes half as long again.

        It writes a statement for each call; here that is written once for each table.
        """
        key = inspect(entity).identity_key_from_primary_key((ident,))
        if isinstance(ident, tuple | dict) or any(options.values()) or key in self.identity_map:
            return super().get(entity, ident, **options)
        return self.scalar(_by_id(entity), {"id": ident})


@cache
def _by_id(entity: Any) -> Select[Any]:
    (column,) = inspect(entity).primary_key
    return select(entity).where(column == bindparam("id"))


@event.listens_for(TenantSession, "after_begin")
def _say_how_to_begin(session: TenantSession, transaction: SessionTransaction, connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    if not transaction.nested:
        driver.begin_next_by(session.info["begin"])


def forget_unused(engine: Engine) -> None:
    """See to it that a connection which a session took, but ran no statement on, does not begin so for the next one."""

    @event.listens_for(engine, "checkin")
    def _forget(_dbapi_connection: object, record: Any) -> None:
        if record.driver_connection is not None:
            record.driver_connection.begin_next_by(None)


class TenantConnection(asyncpg.Connection):  # type: ignore[misc]
    """A connection to PostgreSQL whose next transaction may begin by commands of ours."""

    _begin: str | None = None

    def begin_next_by(self, commands: str | None) -> None:
        """Let the next transaction, and only that one, begin by these commands; by None as transactions usually do."""
        self._begin = commands

    def transaction(self, **options: Any) -> Any:
        """Give a transaction to be started. Options are asyncpg's, and do not count where commands are set."""
        begin, self._begin = self._begin, None
        return super().transaction(**options) if begin is None else _Transaction(self, begin)


class _Transaction:
    """A transaction that begins by commands of ours. It has what SQLAlchemy uses of asyncpg's own."""

    def __init__(self, connection: TenantConnection, begin: str) -> None:
        self._connection = connection
        self._begin = begin

    async def start(self) -> None:
        """Begin. Where that fails, nobody knows what holds on the connection, so it is closed."""
        try:
            await self._connection.execute(self._begin)
        except BaseException:
            self._connection.terminate()
            raise

    async def commit(self) -> None:
        """Keep what was changed."""
        await self._connection.execute("COMMIT")

    async def rollback(self) -> None:
        """Let go what was changed."""
        await self._connection.execute("ROLLBACK")


async def fetch_row(session: AsyncSession, query: str, *values: Any) -> Any:
    """Run a statement of the driver's own (`$1`) in the session's transaction. Gives its first row, or None.

    It is for the one that ends every change: through the session it would take twice as long. Raises DBAPIError.
    """
    driver = await session.run_sync(_driver)
    if not driver.is_in_transaction():
        await session.execute(select(1))  # SQLAlchemy begins at its own first statement
    try:
        return await driver.fetchrow(query, *values)
    except asyncpg.PostgresError as error:
        raise DBAPIError(query, None, error) from error


def _driver(session: Session) -> Any:
    return session.connection().connection.driver_connection
