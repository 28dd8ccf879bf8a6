"""The GraphQL engine: documents are parsed and checked once, answers leave as JSON, faults stay inside."""

import inspect
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol, cast

import orjson
import structlog
from graphql import (
    DocumentNode,
    ExecutionResult,
    Executor,
    GraphQLError,
    GraphQLSchema,
    OperationType,
    StringValueNode,
    Visitor,
    create_source_event_stream,
    execute,
    print_ast,
    visit,
)

from api.answers import answer_of, refused
from api.compiled.operation import Compiled
from api.documents import Documents, Prepared
from api.limits import Limits
from api.rendering import Rendering, SummaryRendering
from api.shapes import identity_of
from api.trusted import TrustedDocuments
from auth.viewer import Viewer
from events.log import Head, Logged
from kit.errors import TooManyTries
from realtime.feed import Classes, Feed, Followed, SummaryFeed
from realtime.metrics import compiled_answers
from realtime.operations import Request
from realtime.subscription import Reset
from schema.context import Context
from schema.describe import viewer_fields
from schema.feeds import RoomFeed, SummaryRoom
from schema.parts import KeptParts

LOOKS = 5
"""How often both are run again before an answer is said to differ: figures of the moment change by themselves."""
log = structlog.get_logger(__name__)


Between = Callable[[str, Head, Head], Sequence[Logged] | None]
"""Tells the events of a stream between two places; None where it does not know them all."""


class Earlier(Protocol):
    """An earlier answer, as what is taken of it needs it."""

    @property
    def heads(self) -> Mapping[str, Head] | None:
        """Where the streams stood that it depends on."""

    @property
    def until(self) -> datetime | None:
        """The moment from which on it holds no longer by itself."""

    @property
    def parts(self) -> KeptParts | None:
        """What may be taken of it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, and what it depends on."""

    body: bytes
    heads: Mapping[str, Head] | None = None
    """Where the streams stood that it depends on, where it depends on no more."""
    until: datetime | None = None
    """The moment from which on it holds no longer by itself, if there is one."""
    parts: KeptParts | None = None
    """What of it may be taken for the next answer to the same."""


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
        between: Between = lambda _stream, _one, _other: None,
        compare: bool = False,
        trusted: TrustedDocuments | None = None,
    ) -> None:
        """Take the parts. `between` tells the events of a stream between two places, where it knows them all.

        `compare` has every query worked out by graphql-core as well, and a difference logged. `trusted` are documents
        that clients name by an id.
        """
        self._between = between
        self._schema = schema
        self.compares = compare
        """Whether answers are compared; it may be changed at any time."""
        self._make_context = make_context
        self._hide_suggestions = not suggestions
        self._trusted = trusted or TrustedDocuments({})
        self._documents = Documents(schema, introspection=introspection, suggestions=suggestions, limits=limits)

    def prepare(self, request: Request) -> Prepared:
        """Parse and check a document, and find its operation. Raises OperationRefused."""
        prepared = self._documents.get(self._trusted.text_of(request)).operation(request.operation_name)
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
        self, prepared: Prepared, request: Request, *, viewer: Viewer | None, before: Earlier | None = None
    ) -> Answered:
        """Run a query; tell also what its answer depends on. Of an earlier answer to the same, parts may be taken."""
        context = self._begin(request, viewer)
        try:
            context.parts = await self._parts(context, before)
            result = await self._result(prepared, request, context)
            heads = None if result.errors else await context.heads(_fields(result))
        finally:
            await context.forget()
        kept = None if heads is None else _sealed(context.parts)
        body = answer_of(result, **_whence(result, prepared, request, viewer))
        return Answered(body, heads, context.until, kept)

    async def _parts(self, context: Context, before: Earlier | None) -> KeptParts:
        """Give the parts of an earlier answer with what has happened since; none where that is not known for sure."""
        if before is None or before.parts is None or not before.heads:
            return KeptParts()
        if before.until is not None:
            if before.until <= context.moment:
                return KeptParts()
            context.holds_until(before.until)
        now = await context.heads_of(before.heads)
        events: list[Logged] = []
        for stream, head in before.heads.items():
            between = self._between(stream, head, now[stream])
            if between is None:
                return KeptParts()
            events += between
        return before.parts.after(events)

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
        if compiled and data is not None and alike(data, result):
            return result
        context.parts = None  # of what was not finished, or is not right, nothing is to be taken
        if compiled and data is not None:
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
        """Run a query or a mutation by graphql-core, which knows no parts."""
        parts, context.parts = context.parts, None
        try:
            found = execute(self._schema, prepared.document, **self._arguments(request, context))
            return await found if inspect.isawaitable(found) else found
        finally:
            context.parts = parts

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
            classes=_classes_of(room, render),
            member=room.member,
            since=room.since,
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
            wanted=room.concerns,
            since=room.since,
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


def _classes_of(room: RoomFeed, render: Rendering) -> Classes | None:
    told = room.classes
    return Classes(classify=told.classify, render=render.for_class, ready=told.ready) if told else None


class _Blank(Visitor):
    def enter_string_value(self, node: StringValueNode, *_more: Any) -> StringValueNode:
        return StringValueNode(value="…", block=node.block)


def blank(document: DocumentNode) -> str:
    """Write a document for the log, without what somebody has typed into it."""
    return print_ast(visit(document, _Blank()))


def alike(data: dict[str, Any], reference: ExecutionResult) -> bool:
    """Tell whether an answer without errors is the reference's, to the letter."""
    return not reference.errors and orjson.dumps(data) == orjson.dumps(reference.data)


def _whence(result: ExecutionResult, prepared: Prepared, request: Request, viewer: Viewer | None) -> dict[str, Any]:
    """Tell for the log whose operation went wrong; nothing where none did."""
    if not result.errors:
        return {}
    name, user = prepared.operation.name, viewer.user_id if viewer else None
    return {"operation": name.value if name else prepared.kind.value, "user": user, "connection": request.connection}


def _sealed(parts: KeptParts | None) -> KeptParts | None:
    """Give the parts for the next answer, if there are any."""
    sealed = parts.sealed() if parts is not None else None
    return sealed if sealed is not None and sealed.lists else None


def _fields(result: ExecutionResult) -> list[str]:
    """Name the root fields of an answer, but for `__typename`, which never changes and may be called anything."""
    return [name for name, value in (result.data or {}).items() if value != "Query"]
