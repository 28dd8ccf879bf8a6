"""Statements that are asked again: compiled once, with the order of their values and the way to read their rows.

For each asking SQLAlchemy works out a key, by which it finds the text that it has compiled, makes an object for the
asking, one for its result and one for that one's columns, and sets up anew how rows become objects. A plan is what all
askings of one statement have in common. What SQLAlchemy has compiled is what is sent, and values pass by its types.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Select, TextClause
from sqlalchemy.engine import Dialect, IteratorResult, Result
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.orm import Session
from sqlalchemy.orm.context import _ColumnEntity, _MapperEntity, _ORMSelectCompileState

from kit.objects import Convert, Entity, Read, Row, is_plain

MAY_SAY = frozenset({"populate_existing"})
"""What a statement may have among its options: a plan does as these say."""


class Unplanned(Exception):
    """A statement has something that plans do not know of."""


class Value(NamedTuple):
    """One of the values of a statement."""

    key: str
    name: str
    required: bool
    default: Any
    convert: Convert | None

    def of(self, given: Mapping[str, Any]) -> Any:
        """Give it as it goes to the driver. Raises KeyError where it is missing."""
        if self.key in given:
            value = given[self.key]
        elif self.name in given or self.required:
            value = given[self.name]
        else:
            value = self.default
        return value if self.convert is None else self.convert(value)


class Plan:
    """What all askings of one statement have in common."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        """Compile a statement. Raises Unplanned."""
        compiled: Any = statement.compile(dialect=dialect)
        self.text: str = compiled.string
        self._values = _values_of(compiled)
        self._dialect = dialect
        self._types = [column.type for column in compiled._result_columns]
        self._fresh = bool(statement.get_execution_options().get("populate_existing"))
        self._shown: list[Entity | int] = []
        self._named: tuple[Any, ...] | None = ([column.keyname for column in compiled._result_columns],)
        if isinstance(compiled.compile_state, _ORMSelectCompileState):
            self._shown, self._named = _shown_by(compiled)
        elif not self._types:
            self._named = None
        self._is_single = len(self._shown) == 1 and isinstance(self._shown[0], Entity)
        self._columns: SimpleResultMetaData | None = None
        self._names: list[str] = []
        self._converts: list[Convert | None] = []

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """Give the values of one asking in their order. Raises KeyError where one is missing."""
        return [value.of(given) for value in self._values]

    def result(self, session: Session, rows: Sequence[Row], attributes: Sequence[Any]) -> Result[Any]:
        """Give the rows of one asking, whose columns are these for PostgreSQL, as SQLAlchemy does.

        Objects among them are the session's from now on.
        """
        columns = self._columns
        if columns is None or (self._named is None and self._names != [column.name for column in attributes]):
            columns = self._learn(attributes)
        if self._is_single:
            read = self._read(self._shown[0], session)
            return IteratorResult(columns, iter([read(row) for row in rows]), _source_supports_scalars=True)
        if self._shown:
            reads = [self._read(shown, session) for shown in self._shown]
            return IteratorResult(columns, iter([tuple([read(row) for read in reads]) for row in rows]))
        return IteratorResult(columns, iter([self._plain(row) for row in rows]))

    def _learn(self, attributes: Sequence[Any]) -> SimpleResultMetaData:
        """Find out once what becomes of each column, by its type and by what PostgreSQL sends. A text has no types."""
        self._converts = [None] * len(attributes)
        if self._types:
            sent = zip(self._types, attributes, strict=True)
            self._converts = [kind._cached_result_processor(self._dialect, column.type.oid) for kind, column in sent]
        for shown in self._shown:
            if isinstance(shown, Entity):
                shown.learn(self._converts)
        self._names = [column.name for column in attributes]
        self._columns = SimpleResultMetaData(*(self._named or (self._names,)))
        return self._columns

    def _plain(self, row: Row) -> tuple[Any, ...]:
        pairs = zip(row, self._converts, strict=True)
        return tuple([value if convert is None else convert(value) for value, convert in pairs])

    def _read(self, shown: Entity | int, session: Session) -> Read:
        if isinstance(shown, Entity):
            return shown.reader(session, fresh=self._fresh)
        at, convert = shown, self._converts[shown]
        return (lambda row: row[at]) if convert is None else lambda row: convert(row[at])


class Plans:
    """The plans of a dialect. A statement gets one when it is asked the second time: many are made for one asking."""

    def __init__(self, dialect: Dialect) -> None:
        """Take the dialect that statements are compiled for."""
        self._dialect = dialect
        self._known: WeakKeyDictionary[Any, Plan | bool] = WeakKeyDictionary()
        """By the statement its plan; or else whether it may have one."""

    def of(self, statement: Any) -> Plan | None:
        """Give a statement's plan; none where it has none yet, or cannot have one."""
        known = self._known.get(statement)
        if isinstance(known, Plan):
            return known
        if known:
            return self.at_once(statement)
        if known is None:
            self._known[statement] = _may_have_one(statement)
        return None

    def at_once(self, statement: Any) -> Plan | None:
        """Give a statement's plan the first time already; none where it cannot have one."""
        known = self._known.get(statement)
        if isinstance(known, Plan) or known is False:
            return known or None
        try:
            plan = self._known[statement] = Plan(statement, self._dialect)
        except Unplanned:
            self._known[statement] = False
            return None
        return plan


def _may_have_one(statement: Any) -> bool:
    if isinstance(statement, TextClause):
        return statement.text.lstrip()[:6].upper().startswith(("SELECT", "WITH"))
    return (
        isinstance(statement, Select)
        and not statement._with_options
        and not statement._memoized_select_entities
        and statement.get_execution_options().keys() <= MAY_SAY
    )


def _values_of(compiled: Any) -> list[Value]:
    if compiled.literal_execute_params or compiled.post_compile_params or compiled.escaped_bind_names:
        raise Unplanned
    values = []
    for name in compiled.positiontup or ():
        bound = compiled.binds[name]
        if bound.callable:
            raise Unplanned
        values.append(Value(bound.key, name, bound.required, bound.value, compiled._bind_processors.get(name)))
    return values


def _shown_by(compiled: Any) -> tuple[list[Entity | int], tuple[Any, ...]]:
    """Tell what each row shows, in order, and by which names and expressions it is found in the result."""
    places: dict[Any, int] = {}
    for place, column in enumerate(compiled._result_columns):
        for one in column.objects:
            places.setdefault(one, place)
    entities = compiled.compile_state._entities
    shown = [_entity(compiled.compile_state, one, places) for one in entities]
    return shown, ([one._label_name for one in entities], [one._extra_entities for one in entities])


def _entity(state: Any, entity: Any, places: Mapping[Any, int]) -> Entity | int:
    try:
        if isinstance(entity, _ColumnEntity):
            return places[entity._fetch_column]  # type: ignore[attr-defined]  # each kind of it has one
        if isinstance(entity, _MapperEntity) and is_plain(entity.mapper):
            columns = entity.path.get(state.attributes, "memoized_setups", {})
            by_name = {name: places[columns[one]] for name, one in entity.mapper.column_attrs.items()}
            ident = [by_name[entity.mapper.get_property_by_column(one).key] for one in entity.mapper.primary_key]
            return Entity(entity.mapper, by_name, ident)
    except KeyError:
        pass
    raise Unplanned
