"""One execution of a compiled operation, and the fields that it is made of."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any, cast

import strawberry
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution.values import VariableValues
from graphql.pyutils import Path
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from api.compiled.leaves import NotCompiled
from schema.context import Context, Info

Complete = Callable[["Run", Any], Any]
"""What completes a value: it becomes what is written into the answer."""


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
