"""Sessions of one tenant: what is asked again goes to the driver by a plan, and what was made is written at once."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, event, inspect, select
from sqlalchemy.engine import Result
from sqlalchemy.exc import NoResultFound
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.util import await_, greenlet_spawn

from kit.plans import Plan
from kit.writing import changes_of

Fetched = tuple[Sequence[Any], Sequence[Any]]
"""Rows, and the columns that they have for PostgreSQL."""


class HurriedSession(Session):
    """A session that has a connection and its first answer within the time that its `info` has under `answering`."""


@event.listens_for(HurriedSession, "after_transaction_create", propagate=True)
def _hurry(session: HurriedSession, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info["answering"].hurry()


class TenantSession(HurriedSession):
    """A session whose transactions begin by the commands that its `info` has under `begin`.

    Nothing goes to PostgreSQL before the first statement does. `plans` of its `info` are those of its dialect.
    """

    _begun: SessionTransaction | None = None
    _connection: Connection

    def flush(self, objects: Any = None) -> None:
        """Write what is new and what has changed, by one statement. Rows are removed by statements, never one by one.

        It holds for whatever has SQLAlchemy flush a session: a query, a commit, a call.
        """
        if objects is not None:
            raise NotImplementedError("rows are written all at once")
        if not self._is_clean():
            await_(self.write())

    async def write(self) -> None:
        """Do the same where no greenlet is. Raises StaleDataError where a row is gone, or another tenant's."""
        if self.deleted:
            raise NotImplementedError("rows are removed by statements of their own")
        if self._is_clean():
            return
        changes = changes_of(self)
        if changes.rows:
            plan = self.info["plans"].at_once(changes.statement)
            ([[written]], _) = await self._fetch(plan, plan.values(changes.rows))
            if written != changes.count:
                raise StaleDataError(f"of the rows of {changes.tables}, {written} were there")
        self._register_persistent(changes.states)

    async def ask(self, plan: Plan, values: list[Any]) -> Result[Any]:
        """Ask by a plan; what is pending is written before, as ever."""
        if self.autoflush and not self._is_clean():
            await self.write()
        return plan.result(self, *await self._fetch(plan, values))

    async def _fetch(self, plan: Plan, values: list[Any]) -> Fetched:
        """Run a plan on the driver's connection, in the transaction. What goes wrong is told as SQLAlchemy tells it."""
        connection = await self._way()
        try:
            if connection._has_events or connection.engine._has_events:
                for hear in connection.dispatch.before_cursor_execute:
                    hear(connection, None, plan.text, values, None, False)  # noqa: FBT003 as SQLAlchemy says it
            return await _fetch(connection.connection.dbapi_connection, connection.dialect, plan.text, values)
        except BaseException as error:
            await greenlet_spawn(_tell, connection, error, plan.text, values)
            raise

    async def _way(self) -> Connection:
        """Give the connection of the transaction, which the first statement begins."""
        transaction = self._transaction
        if transaction is None or transaction is not self._begun or not transaction.is_active:
            self._connection = await greenlet_spawn(self.connection)
            self._begun = self._transaction
        return self._connection


async def _fetch(driver: Any, dialect: Any, text: str, values: list[Any]) -> Fetched:
    """Do what SQLAlchemy's cursor does: take a turn, begin, prepare a text once, and have asyncpg run it."""
    async with driver._execute_mutex:
        if driver._transaction is None:
            await driver._start_transaction()
        try:
            prepared, attributes = await driver._prepare(text, dialect._invalidate_schema_cache_asof)
            return await prepared.fetch(*values), attributes
        except Exception as error:
            driver._handle_exception(error)
            raise AssertionError("unreachable") from error


class _Asking:
    """What SQLAlchemy has to know of an asking that went wrong."""

    executemany = False

    def __init__(self, dialect: Any) -> None:
        self._dialect = dialect

    def handle_dbapi_exception(self, error: BaseException) -> None:
        """Have statements prepared anew where a table has changed its shape since."""
        known = self._dialect.dbapi
        if isinstance(error, known.InvalidCachedStatementError | known.InternalServerError):
            self._dialect._invalidate_schema_cache()


def _tell(connection: Any, error: BaseException, text: str, values: list[Any]) -> None:
    """Raise what SQLAlchemy raises for an error; of a connection that is gone, it lets go."""
    try:
        raise error  # noqa: TRY301 SQLAlchemy takes it as the one that is handled
    except BaseException as raised:
        connection._handle_dbapi_exception(raised, text, values, None, _Asking(connection.dialect))


class TenantAccess(AsyncSession):
    """The way to a tenant's rows. Statements that are asked again go by their plans, all else SQLAlchemy's way."""

    sync_session_class = TenantSession
    sync_session: TenantSession

    async def execute(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """Ask a statement."""
        plain = not any(options.values()) and (params is None or type(params) is dict)
        plan = self.info["plans"].of(statement) if plain else None
        if plan is not None:
            try:
                values = plan.values(params or {})
            except Exception:
                plan = None  # a value is missing, or of another kind: SQLAlchemy says so
        if plan is None:
            return await super().execute(statement, params, **options)
        return await self.sync_session.ask(plan, values)

    async def scalar(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """Give the first value of the first row."""
        return (await self.execute(statement, params, **options)).scalar()

    async def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        """Find a row by its id; one that the session has is not asked for again."""
        if any(options.values()) or isinstance(ident, tuple | dict):
            return await super().get(entity, ident, **options)
        key = inspect(entity).identity_key_from_primary_key((ident,))
        known = self.sync_session.identity_map.get(key)
        if known is None:
            return await self.scalar(_by_id(entity), {"id": ident})
        return await super().get(entity, ident) if instance_state(known).expired else known

    async def get_one(self, entity: Any, ident: Any, **options: Any) -> Any:
        """Find a row by its id. Raises NoResultFound."""
        found = await self.get(entity, ident, **options)
        if found is None:
            raise NoResultFound("No row was found when one was required")
        return found

    async def refresh(self, instance: Any, attribute_names: Any = None, with_for_update: Any = None) -> None:
        """Read a row anew that the session has, once what is pending is written. Raises as SQLAlchemy's own does."""
        state = inspect(instance)
        is_known = self.sync_session.identity_map.get(state.key) is instance
        plain = is_known and attribute_names is None and with_for_update is None and len(state.identity) == 1
        if not plain or await self.scalar(_anew(state.class_), {"id": state.identity[0]}) is not instance:
            await super().refresh(instance, attribute_names, with_for_update)

    async def flush(self, objects: Any = None) -> None:
        """Write what is new and what has changed."""
        if objects is not None:
            raise NotImplementedError("rows are written all at once")
        await self.sync_session.write()

    async def __aexit__(self, type_: Any, value: Any, traceback: Any) -> None:  # noqa: PYI036 as the base class has it
        """Close the session. One that has committed has nothing to say any more, and nobody to wait for."""
        if self.sync_session.in_transaction():
            await super().__aexit__(type_, value, traceback)
        else:
            self.sync_session.close()


@cache
def _by_id(entity: Any) -> Select[Any]:
    (column,) = inspect(entity).primary_key
    return select(entity).where(column == bindparam("id"))


@cache
def _anew(entity: Any) -> Select[Any]:
    return _by_id(entity).execution_options(populate_existing=True)
