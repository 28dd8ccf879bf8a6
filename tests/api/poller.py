"""A client that polls: queries by GET, with the tag that it has, and what they cost the server."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import orjson
from sqlalchemy import event

from tests.harness import Server, Who, World
from tests.patience import PATIENCE
from tests.tee_sheet.board import SNAPSHOT

ASK = {"GraphQL-Require-Preflight": "1", "Accept": "application/json"}


def sheet_of(world: World) -> dict[str, str]:
    """Give the variables that ask for the world's tee sheet."""
    return {"c": world.course, "d": world.day.isoformat()}


def parameters_of(query: str, variables: Mapping[str, Any]) -> dict[str, str]:
    """Write a query into a URL."""
    return {"query": query, "variables": orjson.dumps(variables).decode()}


async def poll(
    server: Server,
    who: Who,
    query: str = SNAPSHOT,
    /,
    *,
    tag: str | None = None,
    headers: Mapping[str, str] = ASK,
    **variables: Any,
) -> httpx.Response:
    """Send a query by GET; a tee sheet's by default."""
    sent = {**headers, "Authorization": f"Bearer {who.token(server.clock())}"}
    if tag is not None:
        sent["If-None-Match"] = tag
    return await server.http.get(f"{server.url}/graphql", params=parameters_of(query, variables), headers=sent)


async def ready(server: Server, who: Who, query: str = SNAPSHOT, /, **given: Any) -> httpx.Response:
    """Poll until the answer comes from what is ready; give it. The server must be one that sweeps seldom."""
    sent = ["first of all"]
    async with asyncio.timeout(PATIENCE):
        while sent:
            with statements(server) as sent:
                answer = await poll(server, who, query, **given)
    return answer


@contextmanager
def statements(server: Server) -> Iterator[list[str]]:
    """Note what is sent to the database meanwhile, by whatever connections. Nothing is worked out twice then."""
    sent: list[str] = []
    answering = server.process.engine
    compares, answering.compares = answering.compares, False
    database = server.runtime.database
    engines = [engine.sync_engine for engine in (database.app, database.public, database.system)]

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        answering.compares = compares
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


async def counted(server: Server) -> Counter[str]:
    """Give how the queries by GET were answered so far."""
    lines = (await server.http.get(f"{server.url}/metrics")).text.splitlines()
    found = [line.split('"') for line in lines if line.startswith("fairway_ready_answers_total{")]
    return Counter({parts[1]: float(parts[2][2:]) for parts in found})
