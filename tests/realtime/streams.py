"""Clients of few words for subscriptions over HTTP: event streams, and multipart responses."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.harness import Server, Who
from tests.patience import PATIENCE

SSE = "text/event-stream"
MULTIPART = "multipart/mixed;subscriptionSpec=1.0, application/json"


class EventStream:
    """Reads server-sent events; an ended stream gives None."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def message(self) -> dict[str, str] | None:
        """Give the fields of what comes next; a comment has none."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE):
            async for line in self._lines:
                if not line:
                    return fields
                name, _, value = line.partition(":")
                if name:
                    fields[name] = value.removeprefix(" ")
        assert not fields, "the stream was cut within an event"
        return None

    async def opened(self) -> "EventStream":
        assert self.response.status_code == 200, await self.response.aread()
        assert await self.message() == {}
        return self

    async def next(self) -> tuple[Any, str | None]:
        """Give the next event's answer and id, without the comments before it."""
        message = await self.message()
        while message == {}:
            message = await self.message()
        assert message is not None, "the stream has ended"
        assert message["event"] == "next", message
        return json.loads(message["data"]), message.get("id")

    async def events(self, count: int) -> list[Any]:
        return [next(iter((await self.next())[0]["data"].values())) for _ in range(count)]

    async def end(self) -> list[dict[str, str]]:
        """Read to the end; give what came but comments."""
        left = []
        while (message := await self.message()) is not None:
            left += [message] if message else []
        return left


class Parts:
    """Reads a multipart response as Apollo Client does: a part is whole once the boundary after it has come."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.closed = False
        self._chunks = response.aiter_text()
        self._text = "\r\n"

    async def part(self) -> Any:
        """Give the next part; None after the closing boundary."""
        while "\r\n--graphql" not in self._text:
            async with asyncio.timeout(PATIENCE):
                self._text += await anext(self._chunks)
        text, _, self._text = self._text.partition("\r\n--graphql")
        if not text:
            return await self.part()
        head, _, body = text.partition("\r\n\r\n")
        assert head.strip().lower() == "content-type: application/json", head
        return json.loads(body)

    async def opened(self) -> "Parts":
        assert self.response.status_code == 200, await self.response.aread()
        assert await self.part() == {}
        return self

    async def payload(self) -> Any:
        part = await self.part()
        while part == {}:
            part = await self.part()
        return part["payload"]

    async def events(self, count: int) -> list[Any]:
        return [next(iter((await self.payload())["data"].values())) for _ in range(count)]

    async def rest(self) -> str:
        async with asyncio.timeout(PATIENCE):
            async for chunk in self._chunks:
                self._text += chunk
        return self._text


@asynccontextmanager
async def asking(
    server: Server,
    query: str,
    *,
    accept: str,
    who: Who | None = None,
    http: httpx.AsyncClient | None = None,
    headers: dict[str, str] | None = None,
    **variables: Any,
) -> AsyncIterator[httpx.Response]:
    """Send an operation, and give the response before its body has come."""
    sent = {"Accept": accept, **(headers or {})}
    if who:
        sent["Authorization"] = f"Bearer {who.token(server.clock())}"
    body = {"query": query, "variables": variables}
    async with (http or server.http).stream("POST", f"{server.url}/graphql", json=body, headers=sent) as response:
        yield response
