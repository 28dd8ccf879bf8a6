"""A screen that follows anything by `@fairway/live`, and is compared with what a fresh query says."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.clients.client import Client, running
from tests.patience import PATIENCE

QUICK = {"ping": 300, "pong": 700, "open": 2_000, "refused": 200}


class Following:
    """What is followed."""

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
        """Wait until another state than the noted one is shown, and it is what a fresh query says."""
        answer = await self._ask("compare", "equal")
        assert answer["equal"], answer

    async def loses_its_provider(self) -> None:
        """Let nobody give it a token any more."""
        await self._ask("away", "isAway")

    async def gets(self, token: str) -> None:
        """Let it have another token again."""
        await self._ask(f"token {token}", "isAway")

    async def _ask(self, question: str, answered: str) -> dict[str, Any]:
        await self._client.say(question)
        while answered not in (told := await self._client.hear()):
            pass  # how its connection does
        return told


@asynccontextmanager
async def following(
    node: str, what: str, *, url: str, token: str, quick: bool = True, **on: Any
) -> AsyncIterator[Following]:
    """Follow something by a function of `@fairway/live`, until it is there and live."""
    given = {"what": what, "on": on, "token": token, "waits": QUICK if quick else {}, "patience": PATIENCE / 4}
    async with running(node, "follow.js", url=f"{url}/graphql", query="", **given) as client:
        screen = Following(client)
        await screen.becomes("live")
        yield screen
