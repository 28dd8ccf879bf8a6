"""What the answers of a subscription depend on beside its events: the selection, and the variables that it uses.

The arguments of the subscription itself say which room is followed, from where and with which filter. They are not part
of the shape: subscribers who differ in them alone are answered alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    Visitor,
    print_ast,
    visit,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """A selection, written alike whatever its layout, and the names of the variables in it."""

    text: str
    variables: tuple[str, ...]

    def key(self, values: Mapping[str, Any]) -> tuple[str, bytes]:
        """Give what subscribers who are answered alike have in common."""
        used = [values.get(name) for name in self.variables]
        return self.text, orjson.dumps(used, default=str, option=orjson.OPT_SORT_KEYS) if used else b""


def shape_of(document: DocumentNode, operation: OperationDefinitionNode) -> Shape:
    """Work out the shape of a subscription."""
    fragments = [node for node in document.definitions if isinstance(node, FragmentDefinitionNode)]
    roots = [_without_arguments(node) for node in operation.selection_set.selections]
    parts: list[Node] = [SelectionSetNode(selections=tuple(roots)), *fragments]
    used = _Variables()
    for part in parts:
        visit(part, used)
    return Shape("\n".join(print_ast(part) for part in parts), tuple(sorted(used.names)))


def _without_arguments(node: Any) -> Any:
    if not isinstance(node, FieldNode):
        return node
    return FieldNode(alias=node.alias, name=node.name, directives=node.directives, selection_set=node.selection_set)


class _Variables(Visitor):
    """Collects the names of variables."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        """Note a name."""
        self.names.add(node.name.value)
