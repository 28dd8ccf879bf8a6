"""The GraphQL engine: documents are parsed and checked once, answers leave as JSON, faults stay inside."""

import inspect
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, cast
from uuid import uuid4

import orjson
import structlog
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    execute,
    get_operation_ast,
    parse,
    specified_rules,
    subscribe,
    validate,
)

from auth.viewer import Viewer
from kit.database import DatabaseUnavailable, is_unreachable
from kit.errors import FairwayError, Problem
from realtime.operations import OperationRefused, Request
from schema.context import Context

DOCUMENTS = 1_000
"""Documents that are remembered, the least lately used being forgotten first."""
CHARACTERS = 500_000
"""Characters that they have together: parsed, a document takes up to 200 times its length in memory."""
MAX_TOKENS = 2_000

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that may run, and its operation."""

    document: DocumentNode
    operation: OperationDefinitionNode

    @property
    def kind(self) -> OperationType:
        """Query, mutation or subscription."""
        return self.operation.operation


class Engine:
    """Runs operations against the schema, for every transport alike."""

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        make_context: Callable[[Viewer | None], Context],
        introspection: bool,
        suggestions: bool,
    ) -> None:
        self._schema = schema
        self._make_context = make_context
        self._rules = specified_rules if introspection else (*specified_rules, NoSchemaIntrospectionCustomRule)
        self._hide_suggestions = not suggestions
        self._documents: OrderedDict[str, DocumentNode] = OrderedDict()
        self._characters = 0

    def prepare(self, request: Request) -> Prepared:
        """Parse and check a document, and find its operation. Raises OperationRefused."""
        document = self._document(request.query)
        operation = get_operation_ast(document, request.operation_name)
        if operation is None:
            raise refused([GraphQLError("Name the operation to run: operationName is missing or unknown.")])
        return Prepared(document, operation)

    async def run(self, request: Request, *, viewer: Viewer | None) -> AsyncGenerator[bytes, None]:
        """Run an operation of any kind; a query or a mutation has one answer. Raises OperationRefused at first."""
        prepared = self.prepare(request)
        if prepared.kind is OperationType.SUBSCRIPTION:
            async with aclosing(self._subscribe(prepared, request, viewer)) as answers:
                async for answer in answers:
                    yield answer
        else:
            yield await self.execute(prepared, request, viewer=viewer)

    async def execute(self, prepared: Prepared, request: Request, *, viewer: Viewer | None) -> bytes:
        """Run a query or a mutation."""
        context = self._make_context(viewer)
        try:
            found = execute(self._schema, prepared.document, **self._arguments(request, context))
            result = await found if inspect.isawaitable(found) else found
        finally:
            await context.forget()
        return answer_of(result)

    async def _subscribe(
        self, prepared: Prepared, request: Request, viewer: Viewer | None
    ) -> AsyncGenerator[bytes, None]:
        context = self._make_context(viewer)
        try:
            found = subscribe(self._schema, prepared.document, **self._arguments(request, context))
            results = await found if inspect.isawaitable(found) else found
            if isinstance(results, ExecutionResult):
                raise refused(results.errors or ())
            async with aclosing(cast("AsyncGenerator[ExecutionResult, None]", results)):
                async for result in results:
                    yield answer_of(result)
        finally:
            await context.forget()

    def _arguments(self, request: Request, context: Context) -> dict[str, Any]:
        return {
            "context_value": context,
            "variable_values": dict(request.variables or {}),
            "operation_name": request.operation_name,
            "hide_suggestions": self._hide_suggestions,
        }

    def _document(self, query: str) -> DocumentNode:
        document = self._documents.get(query)
        if document is not None:
            self._documents.move_to_end(query)
            return document
        try:
            document = parse(query, max_tokens=MAX_TOKENS)
        except GraphQLError as error:
            raise refused([error], code="GRAPHQL_PARSE_FAILED") from None
        errors = validate(self._schema, document, self._rules, max_errors=20, hide_suggestions=self._hide_suggestions)
        if errors:
            raise refused(errors)
        self._remember(query, document)
        return document

    def _remember(self, query: str, document: DocumentNode) -> None:
        self._documents[query] = document
        self._characters += len(query)
        while len(self._documents) > DOCUMENTS or self._characters > CHARACTERS:
            forgotten, _ = self._documents.popitem(last=False)
            self._characters -= len(forgotten)


def refused(errors: Sequence[GraphQLError], *, code: str = "GRAPHQL_VALIDATION_FAILED") -> OperationRefused:
    """Say why an operation can't be run."""
    return OperationRefused(orjson.dumps([show_error(error, code=code) for error in errors]))


def answer_of(result: ExecutionResult) -> bytes:
    """Write a result as JSON."""
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer = {"errors": [show_error(error) for error in result.errors], **answer}
    return orjson.dumps(answer)


def show_error(error: GraphQLError, *, code: str = "INVALID_INPUT") -> dict[str, Any]:
    """Write an error for clients: a stable code, and nothing of the inside."""
    original = error.original_error
    while isinstance(original, GraphQLError) and original.original_error is not None:
        original = original.original_error
    if is_unreachable(original):
        original = DatabaseUnavailable()
    shown: dict[str, Any] = dict(error.formatted)
    if original is None or isinstance(original, GraphQLError):
        shown["extensions"] = {"code": code, **shown.get("extensions", {})}
    elif isinstance(original, FairwayError):
        shown["message"], shown["extensions"] = original.message, {"code": original.code}
        if isinstance(original, Problem) and original.path:
            shown["extensions"]["argument"] = list(original.path)
    else:
        shown |= show_fault(original, path=error.path)
    return shown


def show_fault(error: BaseException, **where: Any) -> dict[str, Any]:
    """Write a fault for clients: a reference under which the log has the rest."""
    reference = uuid4().hex[:12]
    log.error("something went wrong", reference=reference, exc_info=error, **where)
    message = f"Something went wrong on our side. If it stays so, tell us the reference {reference}."
    return {"message": message, "extensions": {"code": "INTERNAL", "reference": reference}}
