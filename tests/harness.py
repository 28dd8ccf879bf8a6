"""What tests need to use Fairway as its clients do: a server on loopback, tokens, requests, sockets, a clock."""

import asyncio
import json
import ssl
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import uvicorn
import websockets
from fastapi import FastAPI

from api.process import Process, process_of
from api.serving import KEEP_ALIVE_SECONDS
from auth.tokens import issue_token
from auth.viewer import Role, Viewer
from kit.ids import new_id, parse_id, public_id
from kit.settings import Settings
from realtime.runtime import Runtime
from realtime.transports.uvicorn_http import StreamHttp
from realtime.transports.uvicorn_socket import FrameSocket
from tests.patience import PATIENCE
from tests.posting import Poster

SECRET = "a secret of the tests alone, long enough"
MORNING = datetime(2026, 5, 4, 5, 0, tzinfo=UTC)
"""A Monday, 7:00 in Madrid."""
TRUSTS_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients that talk HTTP alone: to read the certificates of all authorities takes longer than ten requests."""
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type] # httpx looks for it, in vain, four times a request


def http_client(**options: Any) -> httpx.AsyncClient:
    """A client for servers on loopback; `options` as httpx.AsyncClient takes them."""
    usual: dict[str, Any] = {"verify": TRUSTS_NOBODY, "timeout": PATIENCE}
    return httpx.AsyncClient(**usual | options)


class HeldClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass(frozen=True)
class Who:
    """Somebody with a token."""

    tenant_id: UUID
    roles: tuple[Role, ...]
    user_id: str = "somebody"
    club_ids: tuple[UUID, ...] = ()
    player_id: UUID | None = None
    caddie_lists: tuple[int, ...] = ()
    household_id: UUID | None = None
    email: str | None = None
    lifetime: timedelta = timedelta(days=400)

    def token(self, now: datetime) -> str:
        return issue_token(
            SECRET,
            user_id=self.user_id,
            tenant_id=self.tenant_id,
            club_ids=self.club_ids,
            roles=self.roles,
            player_id=self.player_id,
            caddie_lists=self.caddie_lists,
            household_id=self.household_id,
            email=self.email,
            lifetime=self.lifetime,
            now=now,
        )

    def viewer(self, now: datetime) -> Viewer:
        return Viewer(
            user_id=self.user_id,
            tenant_id=self.tenant_id,
            club_ids=frozenset(self.club_ids),
            player_id=self.player_id,
            roles=frozenset(self.roles),
            caddie_lists=frozenset(self.caddie_lists),
            household_id=self.household_id,
            expires_at=now + self.lifetime,
        )


class Answer(dict[str, Any]):
    """A GraphQL response."""

    @property
    def data(self) -> Any:
        assert "errors" not in self, self["errors"]
        return self["data"]

    @property
    def code(self) -> str:
        return str(self["errors"][0]["extensions"]["code"])

    @property
    def message(self) -> str:
        return str(self["errors"][0]["message"])


class Socket:
    """A graphql-transport-ws client of few words."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.raw = socket
        self._next_id = 0

    async def send(self, **message: Any) -> None:
        await self.raw.send(json.dumps(message))

    async def receive(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            while True:
                message = json.loads(await self.raw.recv())
                if message["type"] != "ping":
                    return message  # type: ignore[no-any-return]
                await self.send(type="pong")

    async def initialise(self, token: str | None) -> dict[str, Any]:
        await self.send(type="connection_init", payload={"Authorization": f"Bearer {token}"} if token else {})
        return await self.receive()

    async def subscribe(self, query: str, **variables: Any) -> str:
        self._next_id += 1
        operation = str(self._next_id)
        await self.send(id=operation, type="subscribe", payload={"query": query, "variables": variables})
        return operation

    async def events(self, count: int) -> list[Any]:
        return [await self.event() for _ in range(count)]

    async def event(self) -> Any:
        message = await self.receive()
        assert message["type"] == "next", message
        answer = Answer(message["payload"])
        return next(iter(answer.data.values()))

    async def closed(self) -> tuple[int, str]:
        async with asyncio.timeout(PATIENCE):
            with suppress(websockets.ConnectionClosed):
                while True:
                    await self.raw.recv()
        return self.raw.close_code or 0, self.raw.close_reason or ""


@dataclass
class Server:
    """A running server."""

    app: FastAPI
    url: str
    clock: HeldClock
    http: httpx.AsyncClient
    poster: Poster | None = None
    """A quicker way for what `run` sends, where there is one."""

    @property
    def process(self) -> Process:
        return process_of(self.app)

    @property
    def runtime(self) -> Runtime:
        return self.process.runtime

    async def run(
        self, query: str, *, who: Who | None = None, headers: dict[str, str] | None = None, **variables: Any
    ) -> Answer:
        sent = dict(headers or {})
        if who:
            sent["Authorization"] = f"Bearer {who.token(self.clock())}"
        body = {"query": query, "variables": variables}
        if self.poster:
            return Answer(await self.poster.post(f"{self.url}/graphql", body, sent))
        return Answer((await self.http.post(f"{self.url}/graphql", json=body, headers=sent)).json())

    async def mutate(self, operation: str, selection: str, /, *, who: Who, **given: Any) -> Any:
        """Run a mutation; give its payload."""
        kind = operation[0].upper() + operation[1:] + "Input"
        wanted = f"{selection} cursor problems {{ __typename code message path }}"
        query = f"mutation($input: {kind}!) {{ {operation}(input: $input) {{ {wanted} }} }}"
        return (await self.run(query, who=who, input=given)).data[operation]

    @asynccontextmanager
    async def socket(self, who: Who | None = None, *, acknowledged: bool = True) -> AsyncIterator[Socket]:
        url = self.url.replace("http", "ws", 1) + "/graphql"
        protocol: Any = ["graphql-transport-ws"]
        async with websockets.connect(url, subprotocols=protocol, max_size=None, open_timeout=PATIENCE) as raw:
            socket = Socket(raw)
            if acknowledged:
                message = await socket.initialise(who.token(self.clock()) if who else None)
                assert message["type"] == "connection_ack", message
            yield socket


class PromptServer(uvicorn.Server):
    """A server that starts and ends when it is told to, where uvicorn looks ten times a second whether it was."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.has_begun = asyncio.Event()
        self.is_to_end = asyncio.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        self.has_begun.set()
        await self.is_to_end.wait()


@asynccontextmanager
async def serving(app: FastAPI, clock: HeldClock, **changes: Any) -> AsyncIterator[Server]:
    """Serve an application on a free port of loopback, in this process; `changes` are to uvicorn's configuration."""
    options: dict[str, Any] = {"http": StreamHttp, "ws": FrameSocket, **changes}
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        log_config=None,
        access_log=False,
        ws_ping_interval=None,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,  # the program's: a short one closes what is about to be used
        **options,
    )
    server = PromptServer(config)
    task = asyncio.create_task(server._serve())
    begun = asyncio.create_task(server.has_begun.wait())
    try:
        await asyncio.wait({task, begun}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        assert begun.done(), "the server did not start in time"
        port = server.servers[0].sockets[0].getsockname()[1]
        limits = httpx.Limits(max_connections=300)
        async with http_client(limits=limits) as http, aclosing(Poster()) as poster:
            yield Server(app, f"http://127.0.0.1:{port}", clock, http, poster)
    finally:
        begun.cancel()
        server.is_to_end.set()
        await task


TEE_TIMES = """query($c: ID!, $d: Date!) {
  teeSheet(courseId: $c, date: $d) { teeTimes { id startsAt localTime slots { id } } }
}"""


@dataclass
class World:
    """A tenant with a club, a course and today's sheet, and the people around it."""

    server: Server
    tenant_id: UUID
    club_id: UUID
    course_id: UUID
    day: date
    admin: Who
    staff: Who
    tee_times: list[dict[str, Any]] = field(default_factory=list)

    @property
    def club(self) -> str:
        return public_id("club", self.club_id)

    @property
    def course(self) -> str:
        return public_id("course", self.course_id)

    def player(self, name: str, *, player_id: UUID | None = None) -> Who:
        return replace(self.staff, roles=(Role.PLAYER,), user_id=name, player_id=player_id)

    def clerk(self, name: str) -> Who:
        """Somebody of the staff, under the name of a player: what the desk books for them is theirs."""
        return replace(self.staff, user_id=name)

    def caddie(self, *lists: int, name: str = "caddie") -> Who:
        return replace(self.staff, roles=(Role.CADDIE,), user_id=name, caddie_lists=lists)

    def tee_time(self, number: int = -1) -> str:
        return str(self.tee_times[number]["id"])

    async def read(self) -> None:
        answer = await self.server.run(TEE_TIMES, who=self.staff, c=self.course, d=self.day.isoformat())
        self.tee_times = answer.data["teeSheet"]["teeTimes"]


TEMPLATE: dict[str, Any] = {
    "firstStart": "08:00",
    "lastStart": "12:00",
    "intervalMinutes": 10,
    "prices": [
        {"priceClass": "MEMBER", "holes": 18, "amountCents": 4000},
        {"priceClass": "GUEST", "holes": 18, "amountCents": 6000},
        {"priceClass": "PUBLIC", "holes": 18, "amountCents": 9000},
        {"priceClass": "PUBLIC", "holes": 9, "amountCents": 5000},
    ],
}


async def found_world(
    server: Server,
    *,
    days: Iterable[int] = (0,),
    zone: str = "Europe/Madrid",
    tenant_id: UUID | None = None,
    **club: Any,
) -> World:
    """Found a club with a course of 18 holes and the sheets of some days from today on, through the API.

    The tenant is a new one unless it is given.
    """
    tenant_id = tenant_id or new_id()
    admin = Who(tenant_id, (Role.ADMIN,), user_id="admin")
    made = await server.mutate(
        "createClub", "club { id }", who=admin, name="Test Club", timeZone=zone, currency="EUR", **club
    )
    club_public = made["club"]["id"]
    made = await server.mutate("createCourse", "course { id }", who=admin, clubId=club_public, name="Old", holes=18)
    course_public = made["course"]["id"]
    club_id, course_id = parse_id("club", club_public), parse_id("course", course_public)
    staff = Who(tenant_id, (Role.STAFF,), user_id="staff", club_ids=(club_id,))
    payload = await server.mutate("setSheetTemplate", "template { id }", who=staff, courseId=course_public, **TEMPLATE)
    assert payload["problems"] == [], payload
    today = server.clock().astimezone(ZoneInfo(zone)).date()  # after midnight there, UTC's day is over
    for offset in days:
        day = (today + timedelta(days=offset)).isoformat()
        payload = await server.mutate(
            "generateTeeSheet", "teeSheets { id }", who=staff, courseId=course_public, date=day
        )
        assert payload["problems"] == [], payload
    world = World(server, tenant_id, club_id, course_id, today, admin, staff)
    await world.read()
    return world


def settings_for(settings: Settings, **changes: Any) -> Settings:
    """Give the tests' settings with something changed."""
    return settings.model_copy(update=changes)
