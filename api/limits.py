"""What a document may hold at most, counted in one pass before it is checked against the schema.

Each fragment is measured once and added up wherever it is spread, so a document that would double with each of its
fragments costs no more than its text. What is wrong in other ways (circles, unknown fragments, names that are used
twice) is left to validation and adds nothing here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    TokenKind,
    parse,
)
from graphql.language.parser import MAX_NESTING_DEPTH

from api.levels import Level, entries_of, in_order, levels_of
from kit.errors import FairwayError
from kit.settings import Settings
from schema.sizes import Shown, Sizes

CHARACTERS_PER_TOKEN = 25
"""Room for names, layout and comments; what is long belongs into variables."""
MAX_LINES = 5_000
"""The place of each error is found by counting lines."""
MAX_DIGITS = 100
MAX_COMMENTS = 1_000
MAX_OPERATIONS = 10
MAX_FRAGMENTS = 50
MAX_VARIABLES = 50
MAX_DIRECTIVES = 50
MAX_ROOT_FIELDS = 20
MAX_REPEATS = 100
"""Fields that are merged into one: room for an inline fragment for each kind of event, all with the same field.

Validation compares each of them with each other.
"""
MAX_INTROSPECTION_DEPTH = 20
"""Levels from `__schema` and `__type` on: tools follow types within types nine times, from the fifth level on."""
MAX_ENTRIES = 2_000
"""Entries of lists, by what their `first` asks for, or as declared; within another list they count for each entry.

A whole tee sheet with its bookings comes to some 1,300.
"""
INTROSPECTION = frozenset({"__schema", "__type"})
NUMBERS = frozenset({TokenKind.INT, TokenKind.FLOAT})
SPLIT = "Ask for less, or split it into several requests."
VARIABLES = "Send long values as variables."
SMALLER = "Ask for smaller pages, or for fewer lists in one request."
DEEPER = "Ask for what lies deeper in a request of its own, by its id."


class LimitExceeded(FairwayError):
    """The document is larger than this server answers."""

    code: ClassVar[str] = "GRAPHQL_LIMIT_EXCEEDED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits that an operator may change."""

    tokens: int
    depth: int
    fields: int
    aliases: int

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """Take the limits from the settings."""
        return cls(
            tokens=settings.graphql_max_tokens,
            depth=settings.graphql_max_depth,
            fields=settings.graphql_max_fields,
            aliases=settings.graphql_max_aliases,
        )


def parse_within(query: str, limits: Limits, sizes: Sizes) -> DocumentNode:
    """Parse a document and count what is in it, by the sizes of a schema. Raises LimitExceeded, GraphQLSyntaxError."""
    refuse_above(limits.tokens * CHARACTERS_PER_TOKEN, len(query), "characters", advice=VARIABLES)
    refuse_above(MAX_LINES, query.count("\n") + query.count("\r"), "line breaks", advice=VARIABLES)
    try:
        document = parse(query, max_lexical_tokens=limits.tokens, max_comments=MAX_COMMENTS)
    except GraphQLSyntaxError as error:
        refuse_as_parser(error, limits)
        raise
    check_document(document, limits, sizes)
    return document


def refuse_as_parser(error: GraphQLSyntaxError, limits: Limits) -> None:
    """Say in our words which limit stopped the parser, if one did."""
    if not error.message.startswith("Syntax Error: Document "):
        return  # what follows in other messages may be the client's own text
    if "nested" in error.message:
        refuse_above(MAX_NESTING_DEPTH, MAX_NESTING_DEPTH + 1, "levels of brackets")
    if "comments" in error.message:
        refuse_above(MAX_COMMENTS, MAX_COMMENTS + 1, "comments", advice="Send it without them.")
    refuse_above(limits.tokens, limits.tokens + 1, "tokens")


def check_document(document: DocumentNode, limits: Limits, sizes: Sizes) -> None:
    """Count what is in a parsed document. Raises LimitExceeded."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    fragments = [node for node in document.definitions if isinstance(node, FragmentDefinitionNode)]
    refuse_above(MAX_OPERATIONS, len(operations), "operations", advice="Send only those that belong together.")
    refuse_above(MAX_FRAGMENTS, len(fragments), "fragments")
    refuse_tokens(document)
    written = {node.name.value: levels_of(node, sizes) for node in fragments}
    measured: dict[str, Measure] = {}
    for name in in_order({name: [s for level in levels for s in level.spreads] for name, levels in written.items()}):
        measured[name] = measure(written[name], measured, limits)
    for node in operations:
        refuse_above(MAX_VARIABLES, len(node.variable_definitions or ()), "variables", advice="Use an input object.")
        root = measure(levels_of(node, sizes), measured, limits)
        refuse_above(MAX_ROOT_FIELDS, len(root.weights), "fields at the root of an operation")
        refuse_above(limits.depth, root.depth, "levels of fields", advice=DEEPER)


def refuse_above(limit: int, count: int, what: str, *, advice: str = SPLIT) -> None:
    """Raise LimitExceeded when there is more than may be."""
    if count > limit:
        raise LimitExceeded(message=f"This document has more than {limit} {what}. {advice}")


def refuse_tokens(document: DocumentNode) -> None:
    """Raise LimitExceeded for too many directives, wherever they stand, and for a number that is too long."""
    directives, token = 0, document.loc.start_token if document.loc else None
    while token:
        directives += token.kind is TokenKind.AT
        if token.kind in NUMBERS:
            refuse_above(MAX_DIGITS, token.end - token.start, "digits in a number", advice="No value here needs them.")
        token = token.next
    refuse_above(MAX_DIRECTIVES, directives, "directives")


@dataclass(slots=True)
class Measure:
    """What a selection set comes to with its fragments spread.

    `weights` tells by name how many of its fields, or of the fields within those, are merged into one at most; `merged`
    is the largest of these. `entries` are those of all lists that it asks for.
    """

    fields: int = 0
    aliases: int = 0
    depth: int = 0
    introspection_depth: int = 0
    entries: int = 0
    merged: int = 0
    weights: dict[str, int] = field(default_factory=dict)

    def add_field(self, node: FieldNode, shown: Shown, inner: "Measure") -> None:
        """Add a field and what is selected of it."""
        self._add(inner, {(node.alias or node.name).value: max(1, inner.merged)})
        self.fields += 1
        self.aliases += node.alias is not None
        if entries := entries_of(node, shown):
            self.entries += entries + (entries - 1) * inner.entries
        if node.name.value in INTROSPECTION:
            self.introspection_depth = max(self.introspection_depth, inner.depth + 1)
        else:
            self.depth = max(self.depth, inner.depth + 1)

    def add_spread(self, fragment: "Measure") -> None:
        """Add a fragment as if it stood here."""
        self._add(fragment, fragment.weights)
        self.depth = max(self.depth, fragment.depth)

    def _add(self, other: "Measure", weights: Mapping[str, int]) -> None:
        self.fields += other.fields
        self.aliases += other.aliases
        self.entries += other.entries
        for name, weight in weights.items():
            self.weights[name] = self.weights.get(name, 0) + weight
            self.merged = max(self.merged, self.weights[name])

    def refuse_excess(self, limits: Limits) -> None:
        """Raise LimitExceeded when there is too much of it, wherever it stands."""
        refuse_above(MAX_INTROSPECTION_DEPTH, self.introspection_depth, "levels of introspection", advice=DEEPER)
        refuse_above(limits.fields, self.fields, "fields once its fragments are spread")
        refuse_above(limits.aliases, self.aliases, "aliases once its fragments are spread")
        refuse_above(MAX_ENTRIES, self.entries, "entries of lists asked for at once", advice=SMALLER)
        refuse_above(MAX_REPEATS, self.merged, "fields that are merged into one", advice="Ask for each field once.")


NOTHING = Measure()


def measure(levels: Sequence[Level], fragments: Mapping[str, Measure], limits: Limits) -> Measure:
    """Add up a definition from its innermost levels outward; gives its outermost. Raises LimitExceeded."""
    found: dict[int, Measure] = {}
    for level in reversed(levels):
        here = found[id(level.owner)] = Measure()
        for node, shown in level.fields:
            here.add_field(node, shown, found.get(id(node), NOTHING))
        for name in level.spreads:
            here.add_spread(fragments.get(name, NOTHING))
            here.refuse_excess(limits)  # at once: what is added next may be as large again
        here.refuse_excess(limits)
    return found[id(levels[0].owner)]
