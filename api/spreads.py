"""Where a fragment may stand: as GraphQL says, and any refusal wherever there are refusals."""

from typing import Any, Final

from graphql import (
    FragmentSpreadNode,
    InlineFragmentNode,
    PossibleFragmentSpreadsRule,
    is_interface_type,
    is_object_type,
    specified_rules,
)

PROBLEM: Final = "Problem"


class SpreadsRule(PossibleFragmentSpreadsRule):
    """Fragments stand where they can be met, and those on refusals on the problems of any mutation.

    What a mutation can refuse changes with the rules of the game. A document that is still prepared for a refusal that
    is no more goes on to work, as one does that is written for several mutations at once.
    """

    def enter_inline_fragment(self, node: InlineFragmentNode, *args: Any) -> None:
        """Check a fragment without a name."""
        if not self._among_refusals(self.context.get_type()):
            super().enter_inline_fragment(node, *args)

    def enter_fragment_spread(self, node: FragmentSpreadNode, *args: Any) -> None:
        """Check where a fragment with a name is asked for."""
        if not self._among_refusals(self.get_fragment_type(node.name.value)):
            super().enter_fragment_spread(node, *args)

    def _among_refusals(self, fragment: Any) -> bool:
        return self._is_refusal(fragment) and self._is_refusal(self.context.get_parent_type())

    def _is_refusal(self, kind: Any) -> bool:
        if not (is_object_type(kind) or is_interface_type(kind)):
            return False
        return kind.name == PROBLEM or any(one.name == PROBLEM for one in kind.interfaces)


SPREADS = tuple(SpreadsRule if rule is PossibleFragmentSpreadsRule else rule for rule in specified_rules)
"""The rules of GraphQL, with ours for fragments."""
