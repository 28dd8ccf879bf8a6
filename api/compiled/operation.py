"""An operation, compiled into functions that complete its answer: what graphql-core finds out for every value, once.

graphql-core stays the reference. What is compiled gives answers without errors and nothing else: as soon as anything
goes wrong, or is not understood, it gives up by `NotCompiled` or whatever was raised, and graphql-core answers.
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from graphql import (
    DirectiveNode,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    get_variable_values,
    visit,
)

from api.compiled.compiler import Compiler
from api.compiled.leaves import NotCompiled
from api.compiled.run import Complete, Run
from schema.context import Context

VARIANTS = 16
"""Ways in which the variables of an operation may switch its fields on and off, and each way still be compiled."""
SWITCHES = frozenset({"skip", "include"})


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


def _never(_run: Run, _value: Any) -> Any:
    raise NotCompiled


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
