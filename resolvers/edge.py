"""The edge of every mutation: one transaction, one commit, refusals as problems, the cursor of the change."""

import asyncio
import functools
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict
from typing import Any, TypeVar, get_type_hints, overload
from uuid import UUID

import strawberry
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from auth.limits import Rate
from auth.viewer import Viewer
from domain import idempotency
from domain.notifications.contacts import note_address
from events.cursor import Cursor
from events.log import acting
from events.work import Change
from kit.cache import BoundedCache
from kit.errors import NotFound, Problem, TooManyTries
from kit.ids import public_id
from kit.text import camel
from resolvers.refusals import refusals_of
from schema.context import Context, Info
from schema.describe import argument, sentence
from schema.nodes import find_node
from schema.payloads import Payload
from schema.problems import narrow_problems, show_problem

P = TypeVar("P", bound=Payload)
Resolver = Callable[[Any, Info, Any], Awaitable[P]]
log = structlog.get_logger(__name__)
noted: BoundedCache[bool] = BoundedCache(entries=20_000, characters=4_000_000)
"""Whose addresses this process has seen to."""
WHAT = argument("What is asked for.")
"""Describes the input of a mutation, which has no other argument."""


@overload
def mutation(resolver: Resolver[P]) -> Any: ...
@overload
def mutation(*, limit: Rate) -> Callable[[Resolver[P]], Any]: ...
def mutation(resolver: Resolver[P] | None = None, *, limit: Rate | None = None) -> Any:
    """Make a mutation of a function that decides and records; `limit` says what it is counted as, and refused for.

    The function gets a session in `info.context.session`, and never commits. A `Problem` that it raises becomes the
    payload's `problems`, and nothing is changed; a transaction that PostgreSQL gave up for another's sake is tried
    again. Input with an `idempotencyKey` is done once, and its payload names its `results`.
    """
    if resolver is None:
        return functools.partial(mutation, limit=limit)
    hints = get_type_hints(resolver)
    payload_type: type[P] = hints["return"]
    repeatable = "idempotency_key" in get_type_hints(hints["input"])
    if repeatable and not payload_type.results:
        raise TypeError(f"{payload_type.__name__} has to name its results: a repeat of its key shows them again")
    refusals = refusals_of(resolver, counted=limit is not None, repeatable=repeatable)
    narrow_problems(payload_type, camel(resolver.__name__), refusals)

    @functools.wraps(resolver)
    async def edge(_self: Any, info: Info, input: Any) -> P:
        if limit and (refusal := _one_too_many(info, limit)):
            return payload_type(problems=[refusal])
        work = _run(resolver, payload_type, info, input)
        return await asyncio.shield(asyncio.ensure_future(work))  # a caller who leaves does not tear a change in two

    edge.limit = limit  # type: ignore[attr-defined]  # for those who look at the schema
    return strawberry.mutation(resolver=edge, description=sentence(resolver))


def open_mutation(*, limit: Rate) -> Callable[[Resolver[P]], Any]:
    """Make a mutation for which no token is needed: its function finds out whose rows it is about, by what it is given.

    It changes them by `change_of_tenant`, and counts itself as `limit` says.
    """

    def make(resolver: Resolver[P]) -> Any:
        payload_type: type[P] = get_type_hints(resolver)["return"]
        refusals = refusals_of(resolver, counted=True, repeatable=False)
        narrow_problems(payload_type, camel(resolver.__name__), refusals)

        @functools.wraps(resolver)
        async def edge(_self: Any, info: Info, input: Any) -> P:
            try:
                return await asyncio.shield(asyncio.ensure_future(resolver(None, info, input)))
            except Problem as problem:
                return payload_type(problems=[show_problem(problem)])

        edge.limit = limit  # type: ignore[attr-defined]  # for those who look at the schema
        return strawberry.mutation(resolver=edge, description=sentence(resolver))

    return make


async def change_of_tenant(info: Info, tenant_id: UUID, decide: Callable[[AsyncSession], Awaitable[P]]) -> P:
    """Change rows of a tenant that the viewer does not belong to, or that nobody has asked as yet. Commits once."""

    async def change(change: Change) -> P:
        payload = await decide(change.session)
        cursor = await change.write()
        payload.cursor = str(cursor) if cursor else None
        return payload

    return await info.context.work.run(tenant_id, change)


def _one_too_many(info: Info, limit: Rate) -> Any:
    try:
        info.context.count(limit)
    except TooManyTries as problem:
        return show_problem(problem)
    return None


async def _run(resolver: Resolver[P], payload_type: type[P], info: Info, input: Any) -> P:
    context = info.context

    async def decide(change: Change) -> P:
        await context.forget()
        context.session = change.session
        acting(change.session, context.viewer.user_id)
        return await _decide(change, resolver, payload_type, info, input)

    try:
        payload = await context.work.run(context.viewer.tenant_id, decide)
    except Problem as problem:
        return payload_type(problems=[show_problem(problem)])
    finally:
        context.session = None
    await _note_address(context)
    return payload


async def _note_address(context: Context) -> None:
    """Keep the address that the token proves, once for each process: what somebody is told later is written to it."""
    viewer = context.viewer
    if viewer.email is None or noted.get(known := f"{viewer.tenant_id} {viewer.user_id} {viewer.email}"):
        return

    async def note(change: Change) -> None:
        await note_address(change.session, viewer=viewer, now=context.now)

    try:
        await context.work.run(viewer.tenant_id, note)
    except Exception:  # what was asked for is done, and whoever asked has to hear so
        log.exception("an address could not be noted; the next change of the user's tries again")
        return
    noted.keep(known, True, size=len(known))  # noqa: FBT003 it is there, or it is not


async def _decide(change: Change, resolver: Resolver[P], payload_type: type[P], info: Info, input: Any) -> P:
    context, operation = info.context, camel(resolver.__name__)
    key: str | None = getattr(input, "idempotency_key", None)
    if key is not None and (first := await _claim(context, change, operation, key, input)):
        return await _repeat(context, change, payload_type, first)
    payload = await resolver(None, info, input)
    cursor = await change.write()
    payload.cursor = str(cursor) if cursor else None
    if key is not None:
        await _finish(context, change, key, payload, cursor)
    return payload


async def _claim(
    context: Context, change: Change, operation: str, key: str, input: Any
) -> idempotency.FirstAnswer | None:
    return await idempotency.begin(
        change.session, viewer=context.viewer, key=key, operation=operation, arguments=asdict(input), now=context.now
    )


async def _repeat(context: Context, change: Change, payload_type: type[P], first: idempotency.FirstAnswer) -> P:
    """Answer as the first time. What it made is shown as it is now."""
    payload = payload_type(problems=[], cursor=first.cursor)
    for name, made in _results_of(payload_type, first).items():
        if made is not None:
            setattr(payload, name, await _made(change.session, context.viewer, made))
    return payload


def _results_of(payload_type: type[Payload], first: idempotency.FirstAnswer) -> idempotency.Results:
    if first.results is not None or first.result_id is None:
        return first.results or {}
    kind = payload_type.results[0]  # as earlier releases noted it: one result, whose field is named by its kind
    return {kind: public_id(kind, first.result_id)}


async def _made(session: AsyncSession, viewer: Viewer, made: str | list[str]) -> Any:
    """Find what was made. Of many, those are left out that are gone since."""
    if isinstance(made, str):
        return await find_node(session, viewer=viewer, node_id=made)
    found = []
    for one in made:
        with suppress(NotFound):
            found.append(await find_node(session, viewer=viewer, node_id=one))
    return found


async def _finish(context: Context, change: Change, key: str, payload: Payload, cursor: Cursor | None) -> None:
    await idempotency.finish(
        change.session,
        viewer=context.viewer,
        key=key,
        results={name: _ids_of(getattr(payload, name)) for name in payload.results},
        cursor=str(cursor) if cursor else None,
    )


def _ids_of(made: Any) -> str | list[str] | None:
    if isinstance(made, list):
        return [str(one.id) for one in made]
    return None if made is None else str(made.id)


def session_of(info: Info) -> AsyncSession:
    """Give the transaction of the mutation that is under way."""
    if info.context.session is None:
        raise RuntimeError("there is a session inside a mutation only")
    return info.context.session
