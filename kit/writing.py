"""What a session has made and changed goes to PostgreSQL as one statement, however many rows of however many tables.

SQLAlchemy's own way is a statement for each table and each set of columns, and half a millisecond of Python for each of
them. Which rows are new, and what has changed in the others, is still SQLAlchemy's to know; the rows travel as JSON.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import Column, Table, TextClause, bindparam, inspect, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import InstanceState, Session

Row = dict[str, Any]


class Group(NamedTuple):
    """Rows that are written alike: the same columns of the same table. Those that change come before new ones."""

    is_new: bool
    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Changes:
    """What a session has made and changed, and the statement that writes it."""

    states: set[InstanceState[Any]]
    """All of which the session thought so, though some are as they were."""
    groups: tuple[Group, ...]
    rows: dict[str, list[Row]]
    """The rows of each group, as the statement takes them; none where nothing is to be written."""

    @property
    def statement(self) -> TextClause:
        """It gives how many rows it has written: fewer than there are where one is gone, or another tenant's."""
        return _statement(self.groups)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(map(len, self.rows.values()))

    @property
    def tables(self) -> str:
        """The tables of each group."""
        return ", ".join(group.table for group in self.groups)


def changes_of(session: Session) -> Changes:
    """Find all rows of a session that are new, and those that have changed."""
    pending = [(inspect(row), True) for row in session.new] + [(inspect(row), False) for row in session.dirty]
    groups: defaultdict[Group, list[Row]] = defaultdict(list)
    for state, is_new in pending:
        if values := _values_of(state) if is_new else _changes_of(state):
            groups[Group(is_new, _table_of(state).name, tuple(values))].append(values | {"id": state.dict["id"]})
    ordered = sorted(groups.items())
    rows = {f"rows_{number}": rows for number, (_, rows) in enumerate(ordered)}
    return Changes({state for state, _ in pending}, tuple(group for group, _ in ordered), rows)


def _values_of(state: InstanceState[Any]) -> Row:
    """Give all that a new row has. What was left out becomes its default or None, but for what PostgreSQL fills in."""
    known = state.dict
    for column in _columns_of(_table_of(state)):
        if column.key not in known and (column.default or not column.server_default):
            known[column.key] = _default_of(column)
    return {column.key: known[column.key] for column in _columns_of(_table_of(state)) if column.key in known}


def _default_of(column: Column[Any]) -> Any:
    default: Any = column.default
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg


def _changes_of(state: InstanceState[Any]) -> Row:
    before, now = state.committed_state, state.dict
    names = (column.key for column in _columns_of(_table_of(state)))
    return {name: now[name] for name in names if name in before and before[name] != now[name]}


def _table_of(state: InstanceState[Any]) -> Table:
    return cast("Table", state.mapper.local_table)


@cache
def _columns_of(table: Table) -> tuple[Column[Any], ...]:
    return tuple(table.columns)


@lru_cache(maxsize=1_000)
def _statement(groups: tuple[Group, ...]) -> TextClause:
    """Write the statement for these groups once. It counts what it has written.

    PostgreSQL promises no order among the parts of a statement. So new rows are selected only where all of their table
    that change have been counted, and what a row lets go, as its place in a unique index, can be another's at once.
    """
    parts = [
        f"w{number} AS ({_part(group, f'rows_{number}')}{_behind(group, groups)} RETURNING 1)"
        for number, group in enumerate(groups)
    ]
    written = " UNION ALL ".join(f"TABLE w{number}" for number in range(len(groups)))
    query = text(f"WITH {', '.join(parts)} SELECT count(*) FROM ({written}) AS written")  # names are the models' own
    return query.bindparams(*(bindparam(f"rows_{number}", type_=JSONB) for number in range(len(groups))))


def _behind(group: Group, groups: tuple[Group, ...]) -> str:
    """Have new rows wait for the rows of their table that change."""
    changing = [n for n, other in enumerate(groups) if other.table == group.table and not other.is_new]
    if not group.is_new or not changing:
        return ""
    return " WHERE " + " AND ".join(
        f"(SELECT count(*) FROM w{number}) = jsonb_array_length(:rows_{number})" for number in changing
    )


def _part(group: Group, rows: str) -> str:
    table, names = f'"{group.table}"', [f'"{name}"' for name in group.columns]
    given = f"jsonb_populate_recordset(CAST(NULL AS {table}), :{rows}) AS n"
    if group.is_new:
        return f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(names)} FROM {given}"
    ids = f"ARRAY(SELECT CAST(e->>'id' AS uuid) FROM jsonb_array_elements(:{rows}) AS e)"
    values = ", ".join(f"{name} = n.{name}" for name in names)
    return f"UPDATE {table} AS t SET {values} FROM {given} WHERE t.id = n.id AND t.id = ANY ({ids})"
