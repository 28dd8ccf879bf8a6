"""The servers that are measured: how each is started, and what work it is given."""

import http.client
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench import build
from bench.build import LOGS, PEERS, ROOT
from bench.machine import Failed, free_port, last_words, started
from bench.services import Services
from bench.work import CADDIE_EVENTS, CADDIES, Outcome, Pair, Reading, Size

START_SECONDS = 60.0
REST_SECONDS = 10.0
"""How long a server that has started is given to come to rest."""
LOOK_SECONDS = 1.0
AT_REST = 0.05
"""The share of a core that a server at rest takes at the most."""


@dataclass(frozen=True, kw_only=True)
class Client:
    """How clients come to a server, and what they do there."""

    pair: Pair
    readings: Sequence[Reading]
    probe: Reading | None = None
    """What others ask meanwhile, where it is not the first of what is read."""
    headers: Sequence[str] = ()
    """Headers of a mutation."""
    reading_headers: Sequence[str] = ()
    """Headers of a query."""
    id_of: Callable[[str], str] = lambda public: public
    """Gives an id of Fairway's as the server knows it."""
    sign_in: Callable[[int, Sequence[str]], list[str]] = lambda _count, _roles: ["{}"]
    """Gives the payload of `connection_init` for each of so many connections, whose roles take turns."""


@dataclass(frozen=True, kw_only=True)
class Launch:
    """How a server is started."""

    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Server:
    """One row of the tables."""

    name: str
    title: str
    launch: Callable[[Services, int], Launch]
    """Says how it is started on a port, once what it needs is there. Raises Missing."""
    client: Callable[[Services], Client] = lambda _services: Client(pair=CADDIE_EVENTS, readings=[CADDIES])
    scenarios: frozenset[str] = frozenset({"fanout", "documents", "connections", "queries", "idle"})
    alone: Callable[[Services, Size], list[Outcome]] | None = None
    """What is measured where there is nothing to be served: a program that does it all by itself."""
    best_of: str = ""
    """`peers` for those that Fairway has to beat, `floor` for the floor."""


@dataclass(frozen=True)
class Running:
    """A server under way."""

    server: Server
    client: Client
    pid: int
    port: int
    services: Services

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}/graphql"


@contextmanager
def serving(server: Server, services: Services) -> Iterator[Running]:
    """Run a server on a core of its own until the block ends. Raises Missing, Failed."""
    port, log = free_port(), LOGS / f"{server.name}.log"
    launch, client = server.launch(services, port), server.client(services)
    with started(
        launch.command, cores=services.cores.server, folder=launch.folder, log=log, environment=launch.environment
    ) as process:
        running = Running(server, client, process.pid, port, services)
        deadline, answer = time.monotonic() + START_SECONDS, "no answer"
        while (answer := ask(running, client.readings[0])) != "":
            if process.poll() is not None or time.monotonic() > deadline:
                raise Failed(f"it did not start ({answer}): {last_words(log)}")
            time.sleep(0.1)
        wait_for_rest(process.pid)
        yield running


def wait_for_rest(pid: int) -> None:
    """Let a server do what it does once when it starts, so that its core is free for what is measured."""
    server, deadline = psutil.Process(pid), time.monotonic() + REST_SECONDS
    busy = True
    while busy and time.monotonic() < deadline:
        before = sum(server.cpu_times()[:2])
        time.sleep(LOOK_SECONDS)
        busy = sum(server.cpu_times()[:2]) - before > LOOK_SECONDS * AT_REST


def ask(running: Running, reading: Reading) -> str:
    """Ask once; gives nothing when the answer is right, and otherwise what came instead."""
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=10)
    headers = dict(line.split(": ", 1) for line in running.client.reading_headers)
    try:
        connection.request("POST", "/graphql", reading.body, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse().read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return repr(error)
    finally:
        connection.close()
    return "" if reading.expect in answer else answer[:300]


def _node(script: str, **environment: str) -> Callable[[Services, int], Launch]:
    def launch(services: Services, port: int) -> Launch:
        return Launch(
            command=["node", script, str(port)],
            folder=build.node_peers(),
            environment={"NODE_ENV": "production", "REDIS_PORT": str(services.redis_port), **environment},
        )

    return launch


def _bun(services: Services, port: int) -> Launch:
    folder = build.node_peers()
    return Launch(
        command=[str(build.bun(folder)), "bun.js", str(port)],
        folder=folder,
        environment={"NODE_ENV": "production", "REDIS_PORT": str(services.redis_port)},
    )


def _go(services: Services, port: int) -> Launch:
    return Launch(
        command=[str(build.go_peer()), str(port)],
        folder=ROOT,
        environment={"REDIS_PORT": str(services.redis_port), "GOMAXPROCS": "1"},
    )


def uvicorn(python: str, app: str, port: int) -> list[str]:
    """Give the command of uvicorn at its best, with any application."""
    options = {"--port": str(port), "--ws": "websockets-sansio", "--loop": "uvloop", "--http": "httptools"}
    options |= {"--log-level": "warning", "--backlog": "4096"}
    return [python, "-m", "uvicorn", app, *(word for pair in options.items() for word in pair)]


def _strawberry(services: Services, port: int) -> Launch:
    return Launch(
        command=uvicorn(str(build.strawberry_peer() / "python"), "app:app", port),
        folder=PEERS / "strawberry",
        environment={"REDIS_URL": services.redis_url},
    )


def _bare_uvicorn(_services: Services, port: int) -> Launch:
    return Launch(command=uvicorn(sys.executable, "bare_asgi:app", port), folder=PEERS / "floor")


def _floor(_services: Services, port: int) -> Launch:
    return Launch(command=[str(build.program("floor")), str(port)], folder=ROOT)


PEER_SERVERS = [
    Server(name="strawberry", title="Strawberry + broadcaster", launch=_strawberry),
    Server(name="mercurius", title="Mercurius", launch=_node("mercurius.js"), best_of="peers"),
    Server(
        name="mercurius-jit",
        title="Mercurius with JIT",
        launch=_node("mercurius.js", JIT="1"),
    ),
    Server(name="yoga", title="GraphQL Yoga + graphql-ws", launch=_node("yoga.js"), best_of="peers"),
    Server(name="apollo", title="Apollo Server + graphql-ws", launch=_node("apollo.js"), best_of="peers"),
    Server(name="bun", title="GraphQL Yoga on Bun + graphql-ws", launch=_bun, best_of="peers"),
    Server(name="go", title="graph-gophers on Go + gorilla", launch=_go, best_of="peers"),
    Server(name="floor-uvicorn", title="floor: bare uvicorn, prepared frame", launch=_bare_uvicorn),
    Server(name="floor-c", title="floor: C, epoll, prepared frame", launch=_floor, best_of="floor"),
]
