"""What is deprecated names what to use instead, and nothing that we show to others uses it."""

import re
from pathlib import Path

import pytest
from graphql import FieldNode, GraphQLError, TypeInfo, TypeInfoVisitor, Visitor, parse, visit

from resolvers.root import core

ROOT = Path(__file__).parents[2]
SHOWN = [
    *(ROOT / name for name in ("README.md", "demo/examples.py", "demo/desk_examples.py", "cli/simulate/watchers.py")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
TEXTS = re.compile(r"```graphql\n(.*?)```|\"\"\"(.*?)\"\"\"", re.DOTALL)


class Deprecated(Visitor):
    """Names the fields of a document that are deprecated."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types, self.found = types, set[str]()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        field = self.types.get_field_def()
        if field and field.deprecation_reason:
            self.found.add(f"{self.types.get_parent_type()}.{node.name.value}")


def deprecated_in(text: str) -> set[str] | None:
    """Name what a document uses that is deprecated; None for what is no document."""
    try:
        document = parse(text)
    except GraphQLError:
        return None
    types = TypeInfo(core)
    visitor = Deprecated(types)
    visit(document, TypeInfoVisitor(types, visitor))
    return visitor.found


def test_a_deprecated_field_names_another_beside_it():
    """A client that is told so finds what to ask for."""
    named = {}
    for kind in core.type_map.values():
        for name, field in getattr(kind, "fields", {}).items():
            if getattr(field, "deprecation_reason", None):
                [other] = re.findall(r"use `(\w+)`", field.deprecation_reason)
                named[f"{kind.name}.{name}"] = other
                assert kind.fields[other].deprecation_reason is None, f"{kind.name}.{name}"
    assert named["SlotBooked.status"] == "slotStatus"


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_we_show_uses_nothing_that_is_deprecated(path):
    documents = [deprecated_in(a or b) for a, b in TEXTS.findall(path.read_text(encoding="utf-8"))]
    assert set().union(*(found for found in documents if found)) == set()


def test_documents_are_found_where_they_are_shown():
    found = [path.name for path in SHOWN if any(map(has_document, TEXTS.findall(path.read_text(encoding="utf-8"))))]
    assert {"README.md", "examples.py", "watchers.py", "subscriptions.md"} <= set(found)


def has_document(texts: tuple[str, str]) -> bool:
    return deprecated_in(texts[0] or texts[1]) is not None
