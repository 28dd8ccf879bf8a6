"""What the answers of a subscription depend on beside its events: the selection, and the variables that it uses.

The arguments of the subscription itself say which room is followed, from where and with which filter. They are not part
of the shape: subscribers who differ in them alone are answered alike.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
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

from auth.viewer import Viewer

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shape:
    """A selection, written alike whatever its layout, and the names of the variables and of the fields in it."""

    text: str
    variables: tuple[str, ...]
    fields: frozenset[str]

    def key(self, values: Mapping[str, Any]) -> tuple[str, bytes]:
        """Give what subscribers who are answered alike have in common."""
        used = [values.get(name) for name in self.variables]
        return self.text, orjson.dumps(used, default=str, option=orjson.OPT_SORT_KEYS) if used else b""

    def selects(self, names: Collection[str]) -> bool:
        """Tell whether one of these fields may be answered: in a fragment, under an alias, skipped or not, anywhere.

        Types are not looked at, so a field of another type with the same name counts too: that costs, but can't leak.
        """
        return not self.fields.isdisjoint(names)


def identity_of(viewer: Viewer | None) -> Viewer | None:
    """Give all that a viewer's answers may depend on: the token's word without its times."""
    return viewer and replace(viewer, expires_at=NEVER, issued_at=None)


def shape_of(document: DocumentNode, operation: OperationDefinitionNode) -> Shape:
    """Work out the shape of a subscription."""
    fragments = [node for node in document.definitions if isinstance(node, FragmentDefinitionNode)]
    roots = [_without_arguments(node) for node in operation.selection_set.selections]
    parts: list[Node] = [SelectionSetNode(selections=tuple(roots)), *fragments]
    used = _Names()
    for part in parts:
        visit(part, used)
    text = "\n".join(print_ast(part) for part in parts)
    return Shape(text, tuple(sorted(used.variables)), frozenset(used.fields))


def _without_arguments(node: Any) -> Any:
    if not isinstance(node, FieldNode):
        return node
    return FieldNode(alias=node.alias, name=node.name, directives=node.directives, selection_set=node.selection_set)


class _Names(Visitor):
    """Collects the names of variables and of fields."""

    def __init__(self) -> None:
        super().__init__()
        self.variables: set[str] = set()
        self.fields: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        """Note the name of a variable."""
        self.variables.add(node.name.value)

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Note the name of a field, whatever its alias."""
        self.fields.add(node.name.value)
