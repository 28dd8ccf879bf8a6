"""What tests of sockets share: servers with other settings, handshakes, a club to be renamed and followed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import websockets

from api.app import create_app
from auth.viewer import Role
from kit.clock import Clock
from kit.ids import new_id
from kit.settings import Settings
from realtime import metrics
from tests.harness import Server, Socket, Who, World, serving, settings_for
from tests.patience import PATIENCE

EVENTS = """subscription($club: ID!, $after: String) {
  clubEvents(clubId: $club, types: [CLUB_UPDATED], after: $after) { __typename ... on ClubUpdated { cursor name } }
}"""
ME = "{ viewer { userId } }"
SOMEBODY = Who(new_id(), (Role.PLAYER,))


@asynccontextmanager
async def server_with(settings: Settings, clock: Clock, **changes: Any) -> AsyncIterator[Server]:
    app = create_app(settings_for(settings, **changes), with_jobs=False, clock=clock)
    async with serving(app, clock) as server:  # type: ignore[arg-type]  # any clock will do
        yield server


@asynccontextmanager
async def handshake(server: Server, **options: Any) -> AsyncIterator[Socket]:
    url = server.url.replace("http", "ws", 1) + "/graphql"
    usual: dict[str, Any] = {"subprotocols": ["graphql-transport-ws"], "open_timeout": PATIENCE}
    async with websockets.connect(url, **usual | options) as raw:
        yield Socket(raw)


async def rename(world: World, name: str) -> str:
    """Rename the club, which is an event of its stream; give the cursor."""
    payload = await world.server.mutate("updateClub", "club { id }", who=world.admin, clubId=world.club, name=name)
    return str(payload["cursor"])


async def close_code(socket: Socket) -> int:
    return (await socket.closed())[0]


def room_subscriptions() -> float:
    return float(metrics.room_subscriptions._value.get())
