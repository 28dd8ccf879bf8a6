"""What may be asked of a thing that an event carries: what events tell of it, and nothing that only a query knows."""

from collections.abc import Iterator
from typing import Any

from graphql import FieldNode, FragmentSpreadNode, GraphQLError, SelectionSetNode, ValidationRule

from schema.carried import Told, carried_in


class ToldRule(ValidationRule):
    """Refuses fields of a carried thing that its event does not tell: there is no row behind it to find them in."""

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Check what is asked of a thing, with all fragments that are spread there."""
        definition = self.context.get_field_def()
        carried = definition and carried_in(definition)
        if not definition or not carried or not node.selection_set:
            return
        kind, reported = getattr(self.context.get_parent_type(), "name", ""), set[str]()
        for asked, place, told in self._untold(node.selection_set, carried.told, f"{kind}.{node.name.value}."):
            if place not in reported:
                reported.add(place)
                has = ", ".join(told)
                message = f"{place} is not told: ask a query for it. What is told there: {has}."
                self.report_error(GraphQLError(message, asked))

    def _untold(self, selections: SelectionSetNode, told: Told, place: str) -> Iterator[tuple[FieldNode, str, Told]]:
        """Give the fields that are asked for and not told, each with its place and with what is."""
        for field in self._fields(selections, set()):
            name = field.name.value
            below = told.get(name)
            if name not in told and not name.startswith("__"):
                yield field, f"{place}{name}", told
            elif below is not None and field.selection_set:
                yield from self._untold(field.selection_set, below, f"{place}{name}.")

    def _fields(self, selections: SelectionSetNode, spread: set[str]) -> Iterator[FieldNode]:
        for node in selections.selections:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, FragmentSpreadNode):
                fragment = self.context.get_fragment(node.name.value)
                if fragment and node.name.value not in spread:
                    spread.add(node.name.value)
                    yield from self._fields(fragment.selection_set, spread)
            else:
                yield from self._fields(node.selection_set, spread)  # type: ignore[attr-defined]  # an inline fragment
