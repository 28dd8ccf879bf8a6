"""Documents that may run: parsed and checked once, and remembered with what was worked out of them."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakValueDictionary

from graphql import (
    DocumentNode,
    Executor,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
    validate,
)

from api.answers import refused
from api.compiled.operation import Compiled
from api.limits import LimitExceeded, Limits, parse_within
from api.shapes import Shape, shape_of
from api.spreads import SPREADS
from api.told import ToldRule
from kit.cache import BoundedCache
from realtime.operations import OperationRefused
from schema.context import Context
from schema.sizes import sizes_of

DOCUMENTS = 1_000
"""Documents that are remembered, the least lately used being forgotten first."""
RULES = (*SPREADS, ToldRule)
"""The rules that a document must meet."""
CHARACTERS = 500_000
"""Characters that they have together: parsed, a document takes up to 200 times its length in memory."""
REFUSALS = 1_000
"""Documents that are remembered as refused, with as many characters for their texts and their answers together."""


@dataclass(eq=False)
class Prepared:
    """A document that may run, and its operation."""

    document: DocumentNode
    operation: OperationDefinitionNode
    runs: int = 0
    """How often it has been asked for."""
    _compiled: Compiled | None = None
    executors: WeakValueDictionary[Hashable, Executor[Context]] = field(default_factory=WeakValueDictionary)
    """Those of its subscriptions that somebody follows, by the variables that answers depend on: a thousand persons who
    each follow what is theirs need no executor each, since none of them holds whose it is."""

    @property
    def kind(self) -> OperationType:
        """Query, mutation or subscription."""
        return self.operation.operation

    def compiled(self, schema: GraphQLSchema, *, at_once: bool) -> Compiled | None:
        """Give the compiled operation; none the first time, unless `at_once`: most are never asked again."""
        self.runs += 1
        if self._compiled is None and (self.runs > 1 or at_once):
            self._compiled = Compiled(schema, self.document, self.operation)
        return self._compiled

    @cached_property
    def shape(self) -> Shape:
        """What a subscription's answers depend on."""
        return shape_of(self.document, self.operation)


class Document:
    """A document that has passed all checks, with what was worked out of its operations."""

    def __init__(self, node: DocumentNode) -> None:
        self._node = node
        self._operations: dict[str | None, Prepared] = {}

    def operation(self, name: str | None) -> Prepared | None:
        """Give an operation by its name, or the only one; none where it is not clear which is meant."""
        if name not in self._operations:
            found = get_operation_ast(self._node, name)
            if found is None:
                return None
            self._operations[name] = Prepared(self._node, found)
        return self._operations[name]


class Documents:
    """The documents that clients have sent lately, with what became of their checks."""

    def __init__(self, schema: GraphQLSchema, *, introspection: bool, suggestions: bool, limits: Limits) -> None:
        self._schema = schema
        self._rules = RULES if introspection else (*RULES, NoSchemaIntrospectionCustomRule)
        self._hide_suggestions = not suggestions
        self._limits, self._sizes = limits, sizes_of(schema)
        self._documents: BoundedCache[Document] = BoundedCache(entries=DOCUMENTS, characters=CHARACTERS)
        self._refusals: BoundedCache[bytes] = BoundedCache(entries=REFUSALS, characters=CHARACTERS)

    def get(self, query: str) -> Document:
        """Give a document that passes all checks. Raises OperationRefused."""
        document = self._documents.get(query)
        if document is not None:
            return document
        refusal = self._refusals.get(query)
        if refusal is not None:
            raise OperationRefused(refusal)
        try:
            document = Document(self._checked(query))
        except OperationRefused as error:
            self._refusals.keep(query, error.errors, size=len(query) + len(error.errors))
            raise
        self._documents.keep(query, document, size=len(query))
        return document

    def _checked(self, query: str) -> DocumentNode:
        try:
            document = parse_within(query, self._limits, self._sizes)
        except LimitExceeded as error:
            raise refused([GraphQLError(error.message)], code=error.code) from None
        except GraphQLError as error:
            raise refused([error], code="GRAPHQL_PARSE_FAILED") from None
        errors = validate(self._schema, document, self._rules, max_errors=20, hide_suggestions=self._hide_suggestions)
        if errors:
            raise refused(errors)
        return document
