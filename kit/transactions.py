"""Transactions of one tenant: they begin, and are told whose rows they see, in one way to PostgreSQL and back."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, ExceptionContext, event, text
from sqlalchemy.orm import SessionTransaction

from kit.connections import Answering, WatchedConnection
from kit.sessions import TenantSession

CHANGE = "BEGIN; SET LOCAL plan_cache_mode = force_generic_plan"
"""A change asks by ids, and a plan for some is right for all. PostgreSQL would plan most of it anew each time: it takes
a list of ids that it does not know for ten of them, so that the one or two that it knows look cheaper."""
SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
PLAN_FOR_VALUES = text("SET LOCAL plan_cache_mode = auto")
"""Goes before the statement of a change that searches: how it is asked best depends on what is looked for."""


@lru_cache(maxsize=1_000)
def begin_for(tenant_id: UUID, begin: str) -> str:
    """Write the commands that begin a transaction of a tenant. The setting ends with the transaction.

    Raises ValueError for an id that is none: it becomes part of the text.
    """
    return f"{begin}; SET LOCAL fairway.tenant = '{UUID(str(tenant_id))}'"


@event.listens_for(TenantSession, "after_begin")
def _say_how_to_begin(session: TenantSession, transaction: SessionTransaction, connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    if not transaction.nested:
        driver.begin_next_by(session.info["begin"], session.info["answering"])


def forget_unused(engine: Engine) -> None:
    """See to it that a connection which a session took, but ran no statement on, does not begin so for the next one."""

    @event.listens_for(engine, "checkin")
    def _forget(_dbapi_connection: object, record: Any) -> None:
        if record.driver_connection is not None:
            record.driver_connection.forget_begin()


def leave_the_silent(engine: Engine) -> None:
    """See to it that a connection which did not answer in time is closed at once: to say goodbye would wait again."""

    @event.listens_for(engine, "handle_error")
    def _leave(context: ExceptionContext) -> None:
        if context.connection is None or not isinstance(context.original_exception, TimeoutError):
            return
        driver: Any = context.connection.connection.driver_connection
        driver.terminate()
        context.is_disconnect = True
        context.invalidate_pool_on_disconnect = False  # the others may be well: it may have waited for a lock


class TenantConnection(WatchedConnection):
    """A connection to PostgreSQL whose next transaction may begin by commands of ours."""

    _begin: tuple[str, Answering] | None = None

    def begin_next_by(self, commands: str, answering: Answering) -> None:
        """Let the next transaction, and only that one, begin by these commands, which are answered at once."""
        self._begin = commands, answering

    def forget_begin(self) -> None:
        """Let the next transaction begin as transactions usually do."""
        self._begin = None

    def transaction(self, **options: Any) -> Any:
        """Give a transaction to be started. Options are asyncpg's, and do not count where commands are set."""
        begin, self._begin = self._begin, None
        return super().transaction(**options) if begin is None else _Transaction(self, *begin)


class _Transaction:
    """A transaction that begins by commands of ours. It has what SQLAlchemy uses of asyncpg's own."""

    def __init__(self, connection: TenantConnection, begin: str, answering: Answering) -> None:
        self._connection = connection
        self._begin = begin
        self._answering = answering

    async def start(self) -> None:
        """Begin. Where that fails, nobody knows what holds on the connection, so it is closed."""
        try:
            with self._answering.asked() as seconds:
                await self._connection.execute(self._begin, timeout=seconds)
        except BaseException:
            self._connection.terminate()
            raise

    async def commit(self) -> None:
        """Keep what was changed."""
        await self._connection.execute("COMMIT")

    async def rollback(self) -> None:
        """Let go what was changed."""
        await self._connection.execute("ROLLBACK")
