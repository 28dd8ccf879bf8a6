"""Rows that become objects of a session: as SQLAlchemy makes them, by a way that is found out once for a statement."""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy.orm import ColumnProperty, Mapper, RelationshipProperty, Session
from sqlalchemy.orm.attributes import instance_state

Row = Sequence[Any]
Convert = Callable[[Any], Any]
Read = Callable[[Row], Any]


class Entity:
    """A table's objects, as the rows of one statement have them."""

    def __init__(self, mapper: Mapper[Any], places: Mapping[str, int], ident: Sequence[int]) -> None:
        """Take where the row has each attribute's value, and where it has the values of the primary key."""
        self._kind: Any = mapper.class_
        self._make: Callable[[], Any] = mapper.class_manager.new_instance
        self._names = tuple(sorted(places, key=places.__getitem__))
        self._all = frozenset(places)
        self._pick = _picked([places[name] for name in self._names])
        self._places = places
        self._ident = ident
        self._loaded = [one.key for one in mapper.relationships]
        self._converts: list[tuple[str, Convert]] = []

    def learn(self, converts: Sequence[Convert | None]) -> None:
        """Take how the value at each place of a row becomes the attribute's; none where it is that already."""
        self._converts = [(name, convert) for name in self._names if (convert := converts[self._places[name]])]

    def reader(self, session: Session, *, fresh: bool) -> Read:
        """Give what makes an object of each row of one result, or finds the one that the session has.

        `fresh` has the one that it has read anew, once for all rows that show it; otherwise it stays as it is, but for
        attributes that it does not have yet. A row without the object, as of an outer join, gives None.
        """
        kind, make, single = self._kind, self._make, self._ident[0] if len(self._ident) == 1 else None
        known, add, session_id = session.identity_map.get, session.identity_map._add_unpresent, session.hash_key
        seen: set[Any] = set()

        def read(row: Row) -> Any:
            ident = (row[single],) if single is not None else tuple([row[at] for at in self._ident])
            key = (kind, ident, None)
            found = known(key)
            if found is None:
                if ident.count(None) == len(ident):
                    return None
                found = make()
                state = instance_state(found)
                state.key, state.session_id = key, session_id
                add(state, key)
                found.__dict__.update(self._values(row))
            elif fresh and key not in seen:
                self._read_anew(session, found, row)
            elif not found.__dict__.keys() >= self._all:
                self._complete(found, row)
            if fresh:
                seen.add(key)
            return found

        return read

    def _values(self, row: Row) -> dict[str, Any]:
        values = dict(zip(self._names, self._pick(row), strict=True))
        for name, convert in self._converts:
            values[name] = convert(values[name])
        return values

    def _read_anew(self, session: Session, found: Any, row: Row) -> None:
        state = instance_state(found)
        for name in self._loaded:
            state._reset(state.dict, name)
        state.dict.update(self._values(row))
        state._commit_all(state.dict, session.identity_map)

    def _complete(self, found: Any, row: Row) -> None:
        state, values = instance_state(found), self._values(row)
        missing = self._all - state.dict.keys()
        state.dict.update({name: values[name] for name in missing})
        state._commit(state.dict, missing)


def is_plain(mapper: Mapper[Any]) -> bool:
    """Tell whether a table's objects have columns and nothing that is loaded by itself, and nobody hears of a load."""
    heard = mapper.class_manager.dispatch
    special = mapper.polymorphic_on is not None, mapper.version_id_col is not None, mapper.always_refresh
    return not (any(special) or heard.load or heard.refresh) and all(map(_is_plain, mapper.attrs))


def _is_plain(attribute: Any) -> bool:
    if isinstance(attribute, RelationshipProperty):
        return attribute.lazy == "raise"
    return isinstance(attribute, ColumnProperty) and len(attribute.columns) == 1 and not attribute.deferred


def _picked(places: Sequence[int]) -> Callable[[Row], Sequence[Any]]:
    """Give what picks the values at some places of a row, in their order."""
    first, last = places[0], places[-1]
    if list(places) == list(range(first, last + 1)):
        return itemgetter(slice(first, last + 1))
    return itemgetter(*places)
