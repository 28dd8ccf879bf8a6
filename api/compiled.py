"""An operation, compiled into functions that complete its answer: what graphql-core finds out for every value, once.

graphql-core stays the reference. What is compiled gives answers without errors and nothing else: as soon as anything
goes wrong, or is not understood, it gives up by `NotCompiled` or whatever was raised, and graphql-core answers.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any, cast

import strawberry
from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    VariableNode,
    Visitor,
    get_argument_values,
    get_variable_values,
    is_abstract_type,
    is_list_type,
    is_non_null_type,
    visit,
)
from graphql.execution.values import VariableValues
from graphql.pyutils import Path
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from api.leaves import Leaf, NotCompiled, leaf_of
from schema.context import Context, Info

VARIANTS = 16
"""Ways in which the variables of an operation may switch its fields on and off, and each way still be compiled."""

SWITCHES = frozenset({"skip", "include"})

Complete = Callable[["Run", Any], Any]
Selections = Sequence[SelectionNode]


@dataclass(slots=True, eq=False)
class Run:
    """One execution: what is asked with, and what is waited for."""

    context: Context
    values: VariableValues
    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]
    infos: dict["Place", Info] = field(default_factory=dict)
    arguments: dict["Place", dict[str, Any]] = field(default_factory=dict)
    waiting: list[tuple[Awaitable[Any], dict[str, Any], str, Complete]] = field(default_factory=list)

    def info(self, place: "Place") -> Info:
        """Tell a resolver where it is asked, and with what."""
        if place not in self.infos:
            self.infos[place] = strawberry.Info(_raw_info=self.raw_info(place), _field=place.declared)
        return self.infos[place]

    def raw_info(self, place: "Place") -> GraphQLResolveInfo[Context]:
        """Tell the same in the words of graphql-core. The path has no indexes of lists: no resolver asks for them."""
        return GraphQLResolveInfo(
            place.nodes[0].name.value,
            place.nodes,
            place.definition.type,
            place.parent,
            place.path,
            self.schema,
            self.fragments,
            None,
            self.operation,
            self.values,
            self.context,
            cast("Any", isawaitable),
            None,
            cast("Any", None),
        )

    async def finish(self) -> None:
        """Wait for what resolvers promised, all that one level of the answer asks for at once, until nothing is left.

        Raises what one of them raised, once nothing of it goes on.
        """
        while self.waiting:
            level, self.waiting = self.waiting, []
            found = await asyncio.gather(*(promised for promised, *_ in level), return_exceptions=True)
            for value, (_, into, key, complete) in zip(found, level, strict=True):
                if isinstance(value, BaseException):
                    raise value
                into[key] = complete(self, value)

    def give_up(self) -> None:
        """Let go what was promised and never waited for."""
        for promised, *_ in self.waiting:
            if asyncio.iscoroutine(promised):
                promised.close()


class Compiled:
    """The compiled ways of an operation, one for each way in which its variables switch fields on and off."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> None:
        self._schema = schema
        self._operation = operation
        fragments = [node for node in document.definitions if isinstance(node, FragmentDefinitionNode)]
        self._fragments = {node.name.value: node for node in fragments}
        self._switches = _switches_in(operation, fragments)
        self._variants: dict[tuple[bool, ...], Complete] = {}

    async def run(self, context: Context, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Give the data of the answer. Raises NotCompiled, or whatever a resolver raised."""
        values = get_variable_values(self._schema, self._operation.variable_definitions or (), dict(variables))
        if isinstance(values, list):
            raise NotCompiled
        run = Run(context, values, self._schema, self._operation, self._fragments)
        try:
            data = self._variant(values.coerced)(run, None)
            await run.finish()
        finally:
            run.give_up()
        return cast("dict[str, Any]", data)

    def _variant(self, values: Mapping[str, Any]) -> Complete:
        switched = tuple(values.get(name) is True for name in self._switches)
        if switched not in self._variants:
            if len(self._variants) == VARIANTS or any(values.get(name) is None for name in self._switches):
                raise NotCompiled
            on = dict(zip(self._switches, switched, strict=True))
            self._variants[switched] = _never  # unless what follows goes well
            self._variants[switched] = Compiler(self._schema, self._operation, self._fragments, on).compile()
        return self._variants[switched]


@dataclass(frozen=True, eq=False)
class Place:
    """A field where it stands in an operation."""

    key: str
    parent: GraphQLObjectType
    definition: GraphQLField
    nodes: list[FieldNode]
    path: Path

    @property
    def declared(self) -> StrawberryField:
        """The field as it was declared."""
        found = self.definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        if not isinstance(found, StrawberryField):
            raise NotCompiled
        return found

    @property
    def attribute(self) -> str | None:
        """The attribute that the field shows, if it does no more than that."""
        return self.declared.python_name if getattr(self.definition.resolve, "_is_default", False) else None


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
                given[f"f{n}"] = _resolved(place, complete)
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
            return _never_null(self._complete_some(kind.of_type, place))
        some = self._complete_some(kind, place)
        return lambda run, value: None if value is None else some(run, value)

    def _complete_some(self, kind: Any, place: Place) -> Complete:
        """The same for a value that is there."""
        if is_list_type(kind):
            return _list_of(self._complete(kind.of_type, place), leaf_of(kind.of_type))
        sets = [node.selection_set.selections for node in place.nodes if node.selection_set]
        if is_abstract_type(kind):
            return self._abstract(kind, sets, place)
        if not isinstance(kind, GraphQLObjectType):
            raise NotCompiled
        return self._object(kind, sets, place.path)

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


def _resolved(place: Place, complete: Complete) -> Callable[[Run, Any, dict[str, Any]], None]:
    """Give what asks a field's resolver, and puts the completed value where it belongs, at once or when it is there."""
    key, call = place.key, _call_of(place)

    def later(run: Run, source: Any, into: dict[str, Any]) -> None:
        run.waiting.append((call(run, source), into, key, complete))

    def now(run: Run, source: Any, into: dict[str, Any]) -> None:
        into[key] = complete(run, call(run, source))

    return later if place.declared.is_async else now


def _call_of(place: Place) -> Complete:
    """Give what asks a field's resolver: past the library's way where the resolver takes no arguments."""
    declared, definition, node = place.declared, place.definition, place.nodes[0]
    resolver = declared.base_resolver
    plain = resolver and not declared.extensions and not (resolver.parent_parameter or resolver.root_parameter)
    if resolver and plain and resolver.self_parameter and not definition.args:
        function: Any = resolver.wrapped_func
        if resolver.info_parameter is None:
            return lambda _run, source: function(source)
        name = resolver.info_parameter.name
        return lambda run, source: function(source, **{name: run.info(place)})

    def call(run: Run, source: Any) -> Any:
        if place not in run.arguments:
            run.arguments[place] = get_argument_values(definition, node, run.values)
        return definition.resolve(source, run.raw_info(place), **run.arguments[place])  # type: ignore[misc]

    return call


def _never(_run: Run, _value: Any) -> Any:
    raise NotCompiled


def _never_null(complete: Complete) -> Complete:
    def some(run: Run, value: Any) -> Any:
        if value is None:
            raise NotCompiled
        return complete(run, value)

    return some


def _list_of(complete: Complete, leaf: Leaf | None) -> Complete:
    def several(run: Run, values: Any) -> list[Any]:
        if not isinstance(values, list | tuple):
            raise NotCompiled
        return [leaf(value) for value in values] if leaf else [complete(run, value) for value in values]

    return several


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


class _Switches(Visitor):
    """Finds the variables by which fields are switched on or off."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_more: Any) -> None:
        """Look at a directive. Raises NotCompiled for one that is not known."""
        if node.name.value not in SWITCHES:
            raise NotCompiled
        self.names |= {each.value.name.value for each in node.arguments or () if isinstance(each.value, VariableNode)}


def _switches_in(operation: OperationDefinitionNode, fragments: Iterable[FragmentDefinitionNode]) -> list[str]:
    """Name the variables by which fields are switched on or off, in order."""
    found = _Switches()
    for node in (operation, *fragments):
        visit(node, found)
    return sorted(found.names)
