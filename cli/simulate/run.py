"""Running the simulated day: a server with the day's clock, people who act, three who watch."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import httpx
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.process import process_of
from api.serving import uvicorn_config
from api.setup import prepared
from auth.tokens import issue_token
from auth.viewer import Role
from cli.simulate.agenda import Agenda
from cli.simulate.clock import SimulatedClock
from cli.simulate.club import GUESTS, JUNIORS, MEMBERS, PUBLIC, ZONE, SimulatedClub, found_club, read_figures
from cli.simulate.day import Day
from cli.simulate.desk import Desk
from cli.simulate.report import Report
from cli.simulate.watchers import SocketWatcher, StreamWatcher, Watcher
from jobs.worker import EVERY_MINUTE, SCHEDULES
from kit.errors import InvalidInput
from kit.ids import new_id, parse_id
from kit.settings import Settings, load_settings

OPENS = time(4, 50)
"""When the simulated day begins, on the course's clock."""
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2199, 12, 31)
"""Days of whose clocks enough is known."""
LIFETIME = timedelta(days=7)
ROLES = {
    "owner": Role.ADMIN,
    "pro-shop": Role.STAFF,
    "starter": Role.STARTER,
    "marshal": Role.STAFF,
    "cart": Role.DEVICE,
} | dict.fromkeys([*MEMBERS, *JUNIORS, *GUESTS, *PUBLIC], Role.PLAYER)


def checked_day(day: date) -> date:
    """Accept a day that can be simulated. Raises InvalidInput."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise InvalidInput(message=f"--date: Give a day from {FIRST_DAY} to {LAST_DAY}; {day} is none.")
    return day


@contextmanager
def simulated_settings(**given: object) -> Iterator[Settings]:
    """Give settings of a server with a database of its own, which is gone when the block ends."""
    with TemporaryDirectory(prefix="fairway-simulate-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as another user where the program runs as root
        own = {"database_url": "", "redis_url": "", "jwt_secret": "", "jwt_jwks_url": "", "jwt_algorithm": "HS256"}
        settings = load_settings(
            **own, fairway_data_dir=Path(folder) / "data", log_level="warning", payment_provider="twin", **given
        )
        with prepared(settings, durable=False) as ready:
            yield ready


class Tokens:
    """Signs a token for each person of the day."""

    def __init__(self, settings: Settings, clock: SimulatedClock) -> None:
        self._settings = settings
        self._clock = clock
        self._tenant = new_id()
        self._known: dict[str, str] = {}
        self.club_id = ""

    def __call__(self, who: str) -> str:
        """Give somebody's token; the owner's names no club, since it is to found one."""
        if who not in self._known:
            clubs = [] if who == "owner" else [parse_id("club", self.club_id)]
            self._known[who] = issue_token(
                self._settings.jwt_secret,
                user_id=who,
                tenant_id=self._tenant,
                club_ids=clubs,
                roles=[ROLES[who]],
                lifetime=LIFETIME,
                now=self._clock(),
                issuer=self._settings.jwt_issuer,
                audience=self._settings.jwt_audience,
            )
        return self._known[who]


class Server(uvicorn.Server):
    """A server that leaves signals to the program around it, and says when it has started or failed to."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.has_begun = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        try:
            await super().startup(sockets)
        finally:
            self.has_begun.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def serving(app: FastAPI, settings: Settings, listener: socket.socket) -> AsyncIterator[str]:
    """Serve an application beside the simulation; gives where."""
    server = Server(uvicorn_config(app, settings))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await server.has_begun.wait()
        yield f"http://{settings.host}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


async def simulate(
    settings: Settings,
    listener: socket.socket,
    *,
    day: date,
    tee_times: int,
    speed: float | None,
    seed: int,
    say: Callable[[str], object],
    show: Callable[[str], object],
) -> Report:
    """Let a day pass at a club of its own. Raises SimulationFailed when somebody is told what was not planned."""
    opens = datetime.combine(day, OPENS, tzinfo=ZONE)
    clock = SimulatedClock(opens, speed=speed)
    app, tokens = create_app(settings, with_jobs=False, clock=clock), Tokens(settings, clock)
    async with serving(app, settings, listener) as url, httpx.AsyncClient(timeout=60) as http:
        desk = Desk(http, f"{url}/graphql", tokens)
        club = await found_club(desk, day=day, tee_times=tee_times)
        tokens.club_id = club.id
        say(f"Founded Larkmeadow with {len(club.tee_times)} tee times on {day}. Its board: {url}/")
        say("Sign in there by pasting the token of the pro shop:")
        show(tokens("pro-shop"))
        watchers = _watchers(club, url, tokens)
        begun = monotonic()
        planned = await _let_pass(app, desk, clock, club, watchers, seed=seed)
        figures, last = await read_figures(desk, club)
        for watcher in watchers:
            await watcher.reach(last)
            await watcher.go()
        seconds = monotonic() - begun
        return Report(
            day=day,
            seconds=seconds,
            speed=(clock() - opens).total_seconds() / seconds,
            done=desk.done,
            refused=desk.refused,
            outings=planned.outings,
            slow=planned.slow,
            watchers=watchers,
            events=watchers[0].position_of(last) - watchers[0].position_of(club.cursor),
            figures=figures,
        )


def _watchers(club: SimulatedClub, url: str, tokens: Tokens) -> list[Watcher]:
    where = f"{url}/graphql"
    return [
        SocketWatcher("the pro shop, by WebSocket", club, where, tokens("pro-shop")),
        SocketWatcher("a phone, by WebSocket, out of reach for an hour", club, where, tokens(MEMBERS[0])),
        StreamWatcher("the board on the wall, by event stream", club, where, tokens("marshal")),
    ]


async def _let_pass(
    app: FastAPI, desk: Desk, clock: SimulatedClock, club: SimulatedClub, watchers: list[Watcher], *, seed: int
) -> Day:
    async def jobs() -> None:
        """Work off what the worker would, by the simulated clock."""
        for expression, run in SCHEDULES.values():
            if expression == EVERY_MINUTE:
                await run(process_of(app).runtime)

    agenda = Agenda(clock, jobs)
    day = Day(desk, agenda, club, seed=seed)
    day.plan(phone=watchers[1])
    for watcher in watchers:
        watcher.come()
    await agenda.work_off()
    return day
