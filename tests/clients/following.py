"""A screen that follows things by `@fairway/live`, and is compared with what fresh queries say."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.clients.client import Client, running
from tests.harness import Who
from tests.patience import PATIENCE

QUICK = {"ping": 300, "pong": 700, "open": 2_000, "refused": 200}


@dataclass
class Kind:
    """Something that can be followed: by which function, on what, by whom; and an act that changes it."""

    what: str
    on: dict[str, Any]
    who: Who
    act: Callable[[], Awaitable[None]]


class Following:
    """A screen that follows several things."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def becomes(self, status: str) -> None:
        """Wait until its connection is so."""
        while (await self._client.hear()).get("status") != status:
            pass

    async def note(self) -> None:
        """Note what is shown, which has to change."""
        assert await self._ask("note", "noted") == {"noted": True}

    async def is_right(self) -> None:
        """Wait until of each thing another state than the noted one is shown, and it is what a fresh query says."""
        answer = await self._ask("compare", "equal")
        assert answer["equal"], answer

    async def loses_its_provider(self) -> None:
        """Let nobody give it a token any more."""
        await self._ask("away", "isAway")

    async def gets(self, *tokens: str) -> None:
        """Let it have other tokens again, one for each thing that it follows."""
        await self._ask(json.dumps(tokens), "isAway")

    async def _ask(self, question: str, answered: str) -> dict[str, Any]:
        await self._client.say(question)
        while answered not in (told := await self._client.hear()):
            pass  # how its connection does
        return told


@asynccontextmanager
async def following(node: str, kinds: Sequence[Kind], tokens: Sequence[str], *, url: str) -> AsyncIterator[Following]:
    """Follow things by functions of `@fairway/live`, until all are there and live."""
    follows = [{"what": one.what, "on": one.on, "token": token} for one, token in zip(kinds, tokens, strict=True)]
    given = {"follows": follows, "waits": QUICK, "patience": PATIENCE / 4}
    async with running(node, "follow.js", url=f"{url}/graphql", query="", **given) as client:
        screen = Following(client)
        await screen.becomes("live")
        yield screen
