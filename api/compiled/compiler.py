"""Compiles an operation: for each object type in it, one function that makes the dictionary of its fields."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.pyutils import Path
from strawberry.schema.schema_converter import GraphQLCoreConverter

from api.compiled.fields import list_in_parts, list_of, never_null, resolved
from api.compiled.leaves import NotCompiled, leaf_of
from api.compiled.run import Complete, Place, Run
from schema.parts import PARTS

Selections = Sequence[SelectionNode]


class Compiler:
    """Compiles one way of an operation."""

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        switched_on: Mapping[str, bool],
    ) -> None:
        self._schema = schema
        self._operation = operation
        self._fragments = fragments
        self._on = switched_on

    def compile(self) -> Complete:
        """Give what completes the whole answer. Raises NotCompiled."""
        kind = self._schema.query_type
        if kind is None or self._operation.operation is not OperationType.QUERY:
            raise NotCompiled
        return self._object(kind, [self._operation.selection_set.selections], None)

    def _collected(self, kind: GraphQLObjectType, sets: Sequence[Selections]) -> dict[str, list[FieldNode]]:
        """Give the fields that are asked of a type, by the names that they have in the answer."""
        found: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for selections in sets:
            for node in self._flat(kind, selections, seen):
                found.setdefault((node.alias or node.name).value, []).append(node)
        return found

    def _flat(self, kind: GraphQLObjectType, selections: Selections, seen: set[str]) -> Iterator[FieldNode]:
        for node in selections:
            if not self._is_on(node):
                continue
            if isinstance(node, FieldNode):
                yield node
                continue
            if isinstance(node, FragmentSpreadNode):
                if node.name.value in seen:
                    continue
                seen.add(node.name.value)
            part = self._fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
            if isinstance(part, InlineFragmentNode | FragmentDefinitionNode) and self._concerns(part, kind):
                yield from self._flat(kind, part.selection_set.selections, seen)

    def _concerns(self, part: InlineFragmentNode | FragmentDefinitionNode, kind: GraphQLObjectType) -> bool:
        if part.type_condition is None:
            return True
        wanted = self._schema.get_type(part.type_condition.name.value)
        return wanted is kind or (is_abstract_type(wanted) and self._schema.is_sub_type(wanted, kind))

    def _is_on(self, node: SelectionNode) -> bool:
        for directive in node.directives or ():
            name, (given_by,) = directive.name.value, directive.arguments or ()
            value = given_by.value
            given = self._on[value.name.value] if isinstance(value, VariableNode) else cast("Any", value).value
            if given is (name == "skip"):
                return False
        return True

    def _object(self, kind: GraphQLObjectType, sets: Sequence[Selections], path: Path | None) -> Complete:
        """Write the function that completes an object of a type: a dictionary, and the calls that fill the rest of it.

        It is written as source, as the standard library writes the methods of a dataclass.
        """
        given: dict[str, Any] = {"origin": _origin(kind), "check": _check_of(kind)}
        shown, rest = [], []
        for n, (key, nodes) in enumerate(self._collected(kind, sets).items()):
            name = nodes[0].name.value
            if name == "__typename":
                shown.append(f"{key!r}: {kind.name!r}")
                continue
            place = self._place(kind, key, name, nodes, path)
            given[f"f{n}"] = complete = self._complete(place.definition.type, place)
            if place.attribute is None:
                given[f"f{n}"] = resolved(place, complete)
                shown.append(f"{key!r}: None")
                rest.append(f"    f{n}(run, o, d)")
            elif plain := leaf_of(place.definition.type):
                given[f"f{n}"] = plain
                shown.append(f"{key!r}: f{n}(o.{place.attribute})")
            else:
                shown.append(f"{key!r}: f{n}(run, o.{place.attribute})")
        lines = ["def complete(run, o):"]
        if kind.is_type_of:
            lines.append("    if o.__class__ is not origin: check(o)")
        lines += [f"    d = {{{', '.join(shown)}}}", *rest, "    return d"]
        exec("\n".join(lines), given)  # noqa: S102 - keys are written by repr, the rest are names of the schema
        return cast("Complete", given["complete"])

    def _place(self, kind: GraphQLObjectType, key: str, name: str, nodes: list[FieldNode], path: Path | None) -> Place:
        definition = kind.fields.get(name)
        if definition is None:  # __schema and __type
            raise NotCompiled
        return Place(key, kind, definition, nodes, Path(path, key, kind.name))

    def _complete(self, kind: GraphQLOutputType, place: Place) -> Complete:
        """Give what completes a value of a type, of the field that stands in a place."""
        if leaf := leaf_of(kind):
            return lambda _run, value: leaf(value)
        if is_non_null_type(kind):
            return never_null(self._complete_some(kind.of_type, place))
        some = self._complete_some(kind, place)
        return lambda run, value: None if value is None else some(run, value)

    def _complete_some(self, kind: Any, place: Place) -> Complete:
        """The same for a value that is there."""
        if is_list_type(kind):
            return self._list(kind.of_type, place)
        sets = self._sets(place)
        if is_abstract_type(kind):
            return self._abstract(kind, sets, place)
        if not isinstance(kind, GraphQLObjectType):
            raise NotCompiled
        return self._object(kind, sets, place.path)

    def _list(self, kind: Any, place: Place) -> Complete:
        one = self._complete(kind, place)
        parts = place.declared.metadata.get(PARTS)
        if parts and self._shown(get_named_type(kind), self._sets(place)) <= parts.shows:
            return list_in_parts(one, parts, tuple(map(str, place.path.as_list())))
        return list_of(one, leaf_of(kind))

    def _shown(self, kind: Any, sets: Sequence[Selections]) -> set[str]:
        """Name the types that objects of a type show with what is asked of them."""
        found = {kind.name}
        if isinstance(kind, GraphQLObjectType):
            for nodes in self._collected(kind, sets).values():
                if (definition := kind.fields.get(nodes[0].name.value)) is not None:
                    shown = get_named_type(definition.type)
                    if not is_leaf_type(shown):
                        found |= self._shown(shown, [n.selection_set.selections for n in nodes if n.selection_set])
        return found

    @staticmethod
    def _sets(place: Place) -> list[Selections]:
        return [node.selection_set.selections for node in place.nodes if node.selection_set]

    def _abstract(self, kind: Any, sets: Sequence[Selections], place: Place) -> Complete:
        """Give what finds out of which type a value is, once for each class, and completes it as that."""
        by_class: dict[type, Complete] = {}
        by_type: dict[str, Complete] = {}

        def find(run: Run, value: Any) -> Complete:
            name = kind.resolve_type(value, run.raw_info(place), kind)
            found = self._schema.get_type(name)
            if not isinstance(found, GraphQLObjectType) or not self._schema.is_sub_type(kind, found):
                raise NotCompiled
            if name not in by_type:
                by_type[name] = self._object(found, sets, place.path)
            if _origin(found) is value.__class__:
                by_class[value.__class__] = by_type[name]
            return by_type[name]

        def complete(run: Run, value: Any) -> Any:
            return (by_class.get(value.__class__) or find(run, value))(run, value)

        return complete


def _origin(kind: GraphQLObjectType) -> type | None:
    """Give the class whose objects are of a type."""
    declared = kind.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    return getattr(declared, "origin", None)


def _check_of(kind: GraphQLObjectType) -> Callable[[Any], None]:
    """Give what refuses an object of another class, unless the type says that it is one of its own."""

    def check(value: Any) -> None:
        if kind.is_type_of is None or kind.is_type_of(value, cast("Any", None)) is not True:
            raise NotCompiled

    return check
