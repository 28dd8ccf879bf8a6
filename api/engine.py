"""The GraphQL engine: documents are parsed and checked once, answers leave as JSON, faults stay inside."""

import inspect
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial
from typing import Any, cast
from uuid import uuid4
from weakref import WeakValueDictionary

import orjson
import structlog
from graphql import (
    DocumentNode,
    ExecutionResult,
    Executor,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    StringValueNode,
    Visitor,
    create_source_event_stream,
    execute,
    execute_subscription_event,
    get_operation_ast,
    print_ast,
    specified_rules,
    validate,
    visit,
)

from api.compiled.operation import Compiled
from api.limits import LimitExceeded, Limits, parse_within
from api.shapes import Shape, identity_of, shape_of
from auth.viewer import Viewer
from events.cursor import Cursor
from events.log import Head, Logged
from kit.cache import BoundedCache
from kit.database import DatabaseUnavailable, is_unreachable
from kit.errors import FairwayError, Problem, TooManyTries
from realtime.feed import Classes, Feed, Followed, Summary, SummaryFeed
from realtime.metrics import compiled_answers
from realtime.operations import OperationRefused, Request
from realtime.subscription import Reset
from realtime.summaries import NOWHERE
from schema.context import Context
from schema.describe import viewer_fields
from schema.feeds import RoomFeed, SummaryRoom
from schema.sizes import sizes_of

DOCUMENTS = 1_000
"""Documents that are remembered, the least lately used being forgotten first."""
CHARACTERS = 500_000
"""Characters that they have together: parsed, a document takes up to 200 times its length in memory."""
REFUSALS = 1_000
"""Documents that are remembered as refused, with as many characters for their texts and their answers together."""

LOOKS = 5
"""How often both are run again before an answer is said to differ: figures of the moment change by themselves."""
log = structlog.get_logger(__name__)


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


class Engine:
    """Runs operations against the schema, for every transport alike."""

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        make_context: Callable[[Viewer | None], Context],
        introspection: bool,
        suggestions: bool,
        limits: Limits,
        compare: bool = False,
    ) -> None:
        """Take the parts. `compare` has every query worked out by graphql-core as well, and a difference logged."""
        self._schema = schema
        self.compares = compare
        """Whether answers are compared; it may be changed at any time."""
        self._make_context = make_context
        self._rules = specified_rules if introspection else (*specified_rules, NoSchemaIntrospectionCustomRule)
        self._hide_suggestions = not suggestions
        self._limits, self._sizes = limits, sizes_of(schema)
        self._documents: BoundedCache[Document] = BoundedCache(entries=DOCUMENTS, characters=CHARACTERS)
        self._refusals: BoundedCache[bytes] = BoundedCache(entries=REFUSALS, characters=CHARACTERS)

    def prepare(self, request: Request) -> Prepared:
        """Parse and check a document, and find its operation. Raises OperationRefused."""
        prepared = self._document(request.query).operation(request.operation_name)
        if prepared is None:
            raise refused([GraphQLError("Name the operation to run: operationName is missing or unknown.")])
        return prepared

    async def open(self, request: Request, *, viewer: Viewer | None) -> bytes | Followed:
        """Run a query or a mutation, or tell what a subscription comes down to. Raises OperationRefused."""
        prepared = self.prepare(request)
        if prepared.kind is OperationType.SUBSCRIPTION:
            return await self._feed(prepared, request, viewer)
        return await self.execute(prepared, request, viewer=viewer)

    async def execute(self, prepared: Prepared, request: Request, *, viewer: Viewer | None) -> bytes:
        """Run a query or a mutation."""
        context = self._begin(request, viewer)
        try:
            result = await self._result(prepared, request, context)
        finally:
            await context.forget()
        return answer_of(result, **_whence(result, prepared, request, viewer))

    async def read(
        self, prepared: Prepared, request: Request, *, viewer: Viewer | None
    ) -> tuple[bytes, Mapping[str, Head] | None, datetime | None]:
        """Run a query; tell also where the streams stood that its answer depends on, where it depends on no more.

        The moment is the one from which on the answer holds no longer by itself, if there is one.
        """
        context = self._begin(request, viewer)
        try:
            result = await self._result(prepared, request, context)
            heads = None if result.errors else await context.heads(_fields(result))
        finally:
            await context.forget()
        return answer_of(result, **_whence(result, prepared, request, viewer)), heads, context.until

    def _begin(self, request: Request, viewer: Viewer | None) -> Context:
        """Make the context of an operation. Raises OperationRefused for one too many."""
        context = self._make_context(viewer)
        try:
            context.begin(request.address)
        except TooManyTries as late:
            error = GraphQLError(late.message, original_error=late)
            raise refused([error], status=429, retry_after=late.after(context.moment)) from None
        return context

    async def _result(self, prepared: Prepared, request: Request, context: Context) -> ExecutionResult:
        if prepared.kind is not OperationType.QUERY:
            return await self._reference(prepared, request, context)
        compiled = prepared.compiled(self._schema, at_once=self.compares)
        data = await self._compiled(compiled, request, context) if compiled else None
        if data is not None and not self.compares:
            return ExecutionResult(data, None)
        context.run_again()
        result = await self._reference(prepared, request, context)
        if compiled and data is not None and not alike(data, result):
            await self._look_again(prepared, compiled, request, context)
        return result

    async def _look_again(self, prepared: Prepared, compiled: Compiled, request: Request, context: Context) -> None:
        """Say that an answer differs from the reference, unless it was figures of the moment that changed meanwhile."""
        for _ in range(LOOKS):
            context.run_again()
            result = await self._reference(prepared, request, context)
            context.run_again()
            data = await self._compiled(compiled, request, context)
            if data is not None and alike(data, result):
                return
        compiled_answers.labels("differs").inc()
        log.error("a compiled answer differs from the reference", query=blank(prepared.document))

    async def _compiled(self, compiled: Compiled, request: Request, context: Context) -> dict[str, Any] | None:
        """Give the data of an answer, or None where graphql-core has to find out what is wrong, and to say so."""
        try:
            data = await compiled.run(context, request.variables or {})
        except Exception:
            compiled_answers.labels("given_up").inc()
            return None
        compiled_answers.labels("answered").inc()
        return data

    async def _reference(self, prepared: Prepared, request: Request, context: Context) -> ExecutionResult:
        """Run a query or a mutation by graphql-core."""
        found = execute(self._schema, prepared.document, **self._arguments(request, context))
        return await found if inspect.isawaitable(found) else found

    async def _feed(self, prepared: Prepared, request: Request, viewer: Viewer | None) -> Followed:
        context = self._begin(request, viewer)
        arguments = self._arguments(request, context)
        arguments["raw_variable_values"] = arguments.pop("variable_values")
        executor = Executor.build(self._schema, prepared.document, **arguments)
        if isinstance(executor, list):
            raise refused(executor, code="INVALID_INPUT")
        try:
            found = create_source_event_stream(executor)
            source = await found if inspect.isawaitable(found) else found
        finally:
            await context.forget()
        if isinstance(source, ExecutionResult):
            raise refused(source.errors or (), **_whence(source, prepared, request, viewer))
        room = cast("RoomFeed | SummaryRoom", source)
        executor.context_value = None  # each execution gets one of its own
        answers = prepared.shape.key(executor.variable_values.coerced)
        executor = prepared.executors.setdefault(answers, executor)
        shared = not prepared.shape.selects(viewer_fields(self._schema))
        who = None if shared else identity_of(viewer)
        if isinstance(room, SummaryRoom):
            return self._summary_feed(room, executor, answers, who=who, shared=shared)
        render = Rendering(executor, room, self._shared_context if shared else partial(self._context_of, who))
        return Feed(
            stream=room.stream,
            room=room.room,
            after=room.after,
            key=(answers, room.room, room.audience, room.classes, who),
            wanted=room.wants if room.has_filter else None,
            render=render,
            classes=None if room.classes is None else Classes(classify=room.classes.classify, render=render.for_class),
            member=room.member,
        )

    def _summary_feed(
        self, room: SummaryRoom, executor: Executor[Context], answers: Hashable, *, who: Viewer | None, shared: bool
    ) -> SummaryFeed:
        def make_context() -> Context:
            return self._make_context(None).share(room.tenant_id) if shared else self._make_context(who)

        return SummaryFeed(
            stream=room.stream,
            room=room.room,
            after=room.after,
            types=room.types,
            key=(answers, room.stream, room.room, room.types, room.tenant_id, room.read, room.of, who),
            read=SummaryRendering(executor, room, make_context),
        )

    def _shared_context(self, item: Logged | Reset) -> Context:
        """Make the context of one execution that many share: nothing in it tells who they are."""
        return self._make_context(None).share(item.tenant_id if isinstance(item, Logged) else None)

    def _context_of(self, who: Viewer | None, _item: Logged | Reset) -> Context:
        """Make the context of one execution for somebody."""
        return self._make_context(who)

    def _arguments(self, request: Request, context: Context) -> dict[str, Any]:
        return {
            "context_value": context,
            "variable_values": dict(request.variables or {}),
            "operation_name": request.operation_name,
            "hide_suggestions": self._hide_suggestions,
        }

    def _document(self, query: str) -> Document:
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


class _Blank(Visitor):
    def enter_string_value(self, node: StringValueNode, *_more: Any) -> StringValueNode:
        return StringValueNode(value="…", block=node.block)


def blank(document: DocumentNode) -> str:
    """Write a document for the log, without what somebody has typed into it."""
    return print_ast(visit(document, _Blank()))


def alike(data: dict[str, Any], reference: ExecutionResult) -> bool:
    """Tell whether an answer without errors is the reference's, to the letter."""
    return not reference.errors and orjson.dumps(data) == orjson.dumps(reference.data)


@dataclass(frozen=True, slots=True)
class Rendering:
    """A subscription's operation, to be run on one event after the other."""

    executor: Executor[Context]
    room: RoomFeed
    make_context: Callable[[Logged | Reset], Context]

    def __call__(self, item: Logged | Reset) -> bytes | Awaitable[bytes]:
        """Answer an event. One that can't be shown is told as a reset: never silence."""
        return self._rendered(item, self.room.show)

    def for_class(self, event: Logged, class_: Hashable) -> bytes | Awaitable[bytes]:
        """Answer an event for a class of those who hear it."""
        return self._rendered(event, partial(self.room.show_to, class_=class_))

    def _rendered(self, item: Logged | Reset, show: Callable[[Any], object]) -> bytes | Awaitable[bytes]:
        found = self._run(item, show)
        return self._answer(found, item) if isinstance(found, ExecutionResult) else self._answer_later(found, item)

    def _run(self, item: Logged | Reset, show: Callable[[Any], object]) -> ExecutionResult | Awaitable[ExecutionResult]:
        context = self.make_context(item)
        try:
            execution = self.executor.build_per_event_executor(show(item))
            execution.context_value = context
            result = execute_subscription_event(execution)
        except Exception as error:
            return ExecutionResult(None, [GraphQLError("", original_error=error)])
        return result if isinstance(result, ExecutionResult) else _awaited(result, context)

    def _answer(self, found: ExecutionResult, item: Logged | Reset) -> bytes | Awaitable[bytes]:
        answer = answer_of(found, room=self.room.room, cursor=item.cursor)  # which tells the log of a fault
        return self(Reset("UNREADABLE", item.cursor)) if isinstance(item, Logged) and is_lost(found) else answer

    async def _answer_later(self, running: Awaitable[ExecutionResult], item: Logged | Reset) -> bytes:
        answer = self._answer(await running, item)
        return await answer if inspect.isawaitable(answer) else answer


@dataclass(frozen=True, slots=True)
class SummaryRendering:
    """A subscription's operation, to be run on what a conflated room shows."""

    executor: Executor[Context]
    room: SummaryRoom
    make_context: Callable[[], Context]

    async def __call__(self) -> Summary:
        """Answer with the state as it is, in one snapshot."""
        context, cursor = self.make_context(), Cursor(self.room.stream, "", 0)
        try:
            state = await self.room.read(context, self.room.of)
            cursor = Cursor.parse(state.cursor, stream=self.room.stream)
            execution = self.executor.build_per_event_executor(state)
            execution.context_value = context
            found = execute_subscription_event(execution)
            result = found if isinstance(found, ExecutionResult) else await found
        except Exception as error:
            result = ExecutionResult(None, [GraphQLError("", original_error=error)])
        finally:
            await context.forget()
        if result.data is None:
            cursor = replace(cursor, epoch=NOWHERE)
        holds = None if context.until is None else (context.until - context.moment).total_seconds()
        body = answer_of(result, room=self.room.room)
        return Summary(cursor, body, lost=is_lost(result), holds=holds)


def refused(
    errors: Sequence[GraphQLError],
    *,
    code: str = "GRAPHQL_VALIDATION_FAILED",
    status: int = 400,
    retry_after: float | None = None,
    **where: Any,
) -> OperationRefused:
    """Say why an operation can't be run; `where` is for the log, should it be for a fault."""
    shown = orjson.dumps([show_error(error, code=code, **where) for error in errors])
    return OperationRefused(shown, status=status, retry_after=retry_after)


def _whence(result: ExecutionResult, prepared: Prepared, request: Request, viewer: Viewer | None) -> dict[str, Any]:
    """Tell for the log whose operation went wrong; nothing where none did."""
    if not result.errors:
        return {}
    name, user = prepared.operation.name, viewer.user_id if viewer else None
    return {"operation": name.value if name else prepared.kind.value, "user": user, "connection": request.connection}


async def _awaited(result: Awaitable[ExecutionResult], context: Context) -> ExecutionResult:
    try:
        return await result
    finally:
        await context.forget()


def is_lost(result: ExecutionResult) -> bool:
    """Tell whether nothing of an event could be shown for a fault of ours, or because the database is away."""
    causes = [cause_of(error) for error in result.errors or ()]
    faults = [cause for cause in causes if cause and not isinstance(cause, FairwayError | GraphQLError)]
    return result.data is None and (bool(faults) or any(isinstance(cause, DatabaseUnavailable) for cause in causes))


def _fields(result: ExecutionResult) -> list[str]:
    """Name the root fields of an answer, but for `__typename`, which never changes and may be called anything."""
    return [name for name, value in (result.data or {}).items() if value != "Query"]


def answer_of(result: ExecutionResult, **where: Any) -> bytes:
    """Write a result as JSON; `where` is for the log, should something have gone wrong."""
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer = {"errors": [show_error(error, **where) for error in result.errors], **answer}
    return orjson.dumps(answer)


def cause_of(error: GraphQLError) -> BaseException | None:
    """Give what was raised, where it was not the GraphQL library that found something wrong."""
    original = error.original_error
    while isinstance(original, GraphQLError) and original.original_error is not None:
        original = original.original_error
    return original


def show_error(error: GraphQLError, *, code: str = "INVALID_INPUT", **where: Any) -> dict[str, Any]:
    """Write an error for clients: a stable code, and nothing of the inside; `where` is for the log."""
    original = cause_of(error)
    if is_unreachable(original):
        if not isinstance(original, DatabaseUnavailable):  # else somebody before has found it out
            log.warning("the database is away", error=original, **where)
        original = DatabaseUnavailable()
    shown: dict[str, Any] = dict(error.formatted)
    if original is None or isinstance(original, GraphQLError):
        shown["extensions"] = {"code": code, **shown.get("extensions", {})}
    elif isinstance(original, FairwayError):
        shown["message"], shown["extensions"] = original.message, {"code": original.code}
        if isinstance(original, Problem) and original.path:
            shown["extensions"]["argument"] = list(original.path)
        if isinstance(original, TooManyTries):
            shown["extensions"]["retryAt"] = original.retry_at
    else:
        shown |= show_fault(original, path=error.path, **where)
    return shown


def show_fault(error: BaseException, **where: Any) -> dict[str, Any]:
    """Write a fault for clients: a reference under which the log has the rest."""
    reference = uuid4().hex[:12]
    log.error("something went wrong", reference=reference, exc_info=error, **where)
    message = f"Something went wrong on our side. If it stays so, tell us the reference {reference}."
    return {"message": message, "extensions": {"code": "INTERNAL", "reference": reference}}
