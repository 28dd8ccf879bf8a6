"""A subscription's operation, run on what happens: an event, or the state that a conflated room shows."""

import inspect
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from graphql import ExecutionResult, Executor, GraphQLError, execute_subscription_event

from api.answers import answer_of, is_lost
from events.cursor import Cursor
from events.log import Logged
from realtime.feed import Summary
from realtime.subscription import Reset
from realtime.summaries import NOWHERE
from schema.context import Context
from schema.feeds import RoomFeed, SummaryRoom


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


async def _awaited(result: Awaitable[ExecutionResult], context: Context) -> ExecutionResult:
    try:
        return await result
    finally:
        await context.forget()
