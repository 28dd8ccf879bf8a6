"""Clients that follow a club by server-sent events, and come back with their last event's id."""

import json
import time
from dataclasses import dataclass, field

import httpx

from tests.harness import Server, Who, World
from tests.realtime.sockets import EVENTS
from tests.realtime.streams import SSE, EventStream, asking


@dataclass(eq=False)
class StreamFollower:
    """A client that follows a club until its stream has ended."""

    world: World
    cursor: str
    who: Who
    names: list[str] = field(default_factory=list)
    subscribed: bool = False
    token: str = ""
    ended: float = 0.0
    """When its last stream ended, by the monotonic clock."""
    last_words: list[str] = field(default_factory=list)
    """What it was told beside events, which ought to be nothing."""

    async def follow(self, server: Server, http: httpx.AsyncClient) -> None:
        """Follow from the last event on."""
        self.subscribed = False
        self.token = self.who.token(server.clock())
        headers = {"Authorization": f"Bearer {self.token}", "Last-Event-ID": self.cursor}
        async with asking(
            server, EVENTS, accept=SSE, http=http, headers=headers, club=self.world.club, after=self.cursor
        ) as response:
            stream = await EventStream(response).opened()
            self.subscribed = True
            while (message := await stream.message()) is not None:
                self._hear(message)
        self.ended = time.monotonic()

    def _hear(self, message: dict[str, str]) -> None:
        if message.get("event") == "next":
            self.names.append(json.loads(message["data"])["data"]["clubEvents"]["name"])
            self.cursor = message["id"]
        elif message:
            self.last_words.append(str(message))
