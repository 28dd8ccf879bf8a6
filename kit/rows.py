"""Changing one row at once."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError


async def change_row(session: AsyncSession, row: Any, changes: Mapping[str, Any]) -> None:
    """Write changes of a row that the session has, now, and show them on it. Rows have an `id`.

    It is for what is done often: to find out what has to be written in which order, as a session does for attributes
    that were set, takes longer than to write one row. Raises StaleDataError where the row is gone.
    """
    entity: Any = type(row)
    done: Any = await session.execute(_update(entity, tuple(changes)), {"row_id": row.id, **changes})
    if done.rowcount != 1:
        raise StaleDataError(f"{entity.__name__} {row.id} is gone")
    for name, value in changes.items():
        set_committed_value(row, name, value)


@cache
def _update(entity: Any, names: tuple[str, ...]) -> Update:
    table = entity.__table__
    return update(table).where(table.c.id == bindparam("row_id")).values({name: bindparam(name) for name in names})
