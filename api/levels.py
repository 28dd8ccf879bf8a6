"""A document taken apart into levels of fields, with what the schema says of each field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
)

from schema.sizes import NOTHING, Shown, Sizes

ENTRIES_OF_A_VARIABLE = 100
"""What a `first` counts that is given as a variable: as much as a page may have at the most."""
ROOTS = {
    OperationType.QUERY: "Query",
    OperationType.MUTATION: "Mutation",
    OperationType.SUBSCRIPTION: "Subscription",
}

Definition = OperationDefinitionNode | FragmentDefinitionNode


@dataclass(frozen=True, slots=True)
class Level:
    """The fields and spreads of one selection set, with those of the inline fragments in it."""

    owner: Definition | FieldNode
    fields: Sequence[tuple[FieldNode, Shown]]
    spreads: Sequence[str]


def levels_of(definition: Definition, sizes: Sizes) -> list[Level]:
    """Take a definition apart into its levels, each behind the one that it lies in."""
    levels = [level_of(definition, definition.selection_set, kind_of(definition), sizes)]
    for level in levels:  # grows as it is walked
        levels += [
            level_of(node, node.selection_set, shown.kind, sizes) for node, shown in level.fields if node.selection_set
        ]
    return levels


def kind_of(definition: Definition) -> str:
    """Name the type whose fields a definition begins with."""
    if isinstance(definition, OperationDefinitionNode):
        return ROOTS[definition.operation]
    return definition.type_condition.name.value


def level_of(owner: Definition | FieldNode, selection_set: SelectionSetNode, kind: str, sizes: Sizes) -> Level:
    """Collect the fields and spreads of a selection set that is asked of a type."""
    fields, spreads, open_sets = [], [], [(selection_set, kind)]
    for one, on in open_sets:  # grows as it is walked
        known = sizes.get(on, {})
        for node in one.selections:
            if isinstance(node, FieldNode):
                fields.append((node, known.get(node.name.value, NOTHING)))
            elif isinstance(node, InlineFragmentNode):
                named = node.type_condition
                open_sets.append((node.selection_set, named.name.value if named else on))
            elif isinstance(node, FragmentSpreadNode):
                spreads.append(node.name.value)
    return Level(owner, fields, spreads)


def in_order(spreads: Mapping[str, Sequence[str]]) -> list[str]:
    """Put each fragment behind those that it spreads; a circle is cut where it closes."""
    order: list[str] = []
    seen: set[str] = set()
    stack = [(name, False) for name in spreads]
    while stack:
        name, left = stack.pop()
        if left:
            order.append(name)
        elif name in spreads and name not in seen:
            seen.add(name)
            stack.append((name, True))
            stack += [(inner, False) for inner in spreads[name]]
    return order


def entries_of(node: FieldNode, shown: Shown) -> int:
    """Tell how many entries of a list a field asks for: by its argument `first`, or as many as it shows without."""
    for argument in node.arguments or ():
        if argument.name.value == "first":
            return (
                max(0, int(argument.value.value)) if isinstance(argument.value, IntValueNode) else ENTRIES_OF_A_VARIABLE
            )
    return shown.entries
