"""Subscribers who follow the day, and notice whatever is missing, doubled or out of order."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx
import websockets

from cli.simulate.club import SimulatedClub
from events.clubs import club_room
from events.cursor import Cursor

FOLLOW = """subscription($club: ID!, $after: String!) { clubEvents(clubId: $club, after: $after) {
  __typename
  ... on StreamEvent { cursor type bookingId }
  ... on PaceAlert { paceLevel minutesBehind }
  ... on StreamReset { resetReason }
} }"""
PATIENCE = 60.0
"""Seconds after the last act within which the last event has to be there."""


class Watcher:
    """Somebody who follows the club from a cursor on, and counts."""

    def __init__(self, name: str, club: SimulatedClub, url: str, token: str) -> None:
        self.name = name
        self.types: Counter[str] = Counter()
        self.alerts: list[tuple[str, str | None]] = []
        self.faults: list[str] = []
        self.cursor = club.cursor
        self._club, self._url, self._token = club, url, token
        self._moved = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def position(self) -> int:
        """How far the watcher has come in the club's stream."""
        return self.position_of(self.cursor)

    def position_of(self, cursor: str) -> int:
        """Read the place of a cursor in the club's stream."""
        return Cursor.parse(cursor, stream=club_room(self._club.id)).position

    def come(self) -> None:
        """Begin to follow, or go on after the last event that was seen."""
        self._task = asyncio.create_task(self._follow(), name=self.name)

    async def go(self) -> None:
        """Stop following; what happens meanwhile is missed until the watcher comes back."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def reach(self, cursor: str) -> None:
        """Wait until an event was seen. What has not come in time is a fault."""
        try:
            async with asyncio.timeout(PATIENCE):
                while self.position < self.position_of(cursor):
                    self._moved.clear()
                    await self._moved.wait()
        except TimeoutError:
            self.faults.append(f"saw nothing after {self.position} of {self.position_of(cursor)}")

    async def _follow(self) -> None:
        try:
            async for event in self._events({"club": self._club.id, "after": self.cursor}):
                self._take(event)
        except (OSError, ValueError, KeyError, httpx.HTTPError, websockets.WebSocketException) as error:
            self.faults.append(f"lost its connection: {error!r}")

    def _events(self, variables: dict[str, str]) -> AsyncIterator[dict[str, Any]]:
        raise NotImplementedError

    def _take(self, event: dict[str, Any]) -> None:
        if event["__typename"] == "StreamReset":
            self.faults.append(f"was reset: {event['resetReason']}")
            return
        expected, self.cursor = self.position + 1, event["cursor"]
        if self.position != expected:
            self.faults.append(f"saw {self.position} where {expected} was next")
        self.types[event["type"]] += 1
        if event["type"] == "pace.alert":
            self.alerts.append((event["bookingId"], event["paceLevel"]))
        self._moved.set()


class SocketWatcher(Watcher):
    """Follows by graphql-transport-ws."""

    async def _events(self, variables: dict[str, str]) -> AsyncIterator[dict[str, Any]]:
        url = self._url.replace("http", "ws", 1)
        protocol = websockets.Subprotocol("graphql-transport-ws")
        async with websockets.connect(url, subprotocols=[protocol], max_size=None) as socket:
            await socket.send(
                json.dumps({"type": "connection_init", "payload": {"Authorization": f"Bearer {self._token}"}})
            )
            operation = {"query": FOLLOW, "variables": variables}
            async for raw in socket:
                message = json.loads(raw)
                if message["type"] == "connection_ack":
                    await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": operation}))
                elif message["type"] == "ping":
                    await socket.send(json.dumps({"type": "pong"}))
                elif message["type"] == "next":
                    yield message["payload"]["data"]["clubEvents"]


class StreamWatcher(Watcher):
    """Follows by an event stream over HTTP (graphql-sse)."""

    async def _events(self, variables: dict[str, str]) -> AsyncIterator[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "text/event-stream"}
        body = {"query": FOLLOW, "variables": variables}
        async with (
            httpx.AsyncClient(timeout=None) as http,  # noqa: S113 - a stream is silent as long as nothing happens
            http.stream("POST", self._url, json=body, headers=headers) as response,
        ):
            async for line in response.aiter_lines():
                if line.startswith("data:") and line[5:].strip():
                    yield json.loads(line[5:])["data"]["clubEvents"]
