"""Fairway itself: `fairway serve` with everything on, and its engine without PostgreSQL, as the peers have it."""

import http.client
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

from auth.tokens import issue_token
from auth.viewer import Role
from bench.build import PEERS, ROOT
from bench.reads import readings_alike
from bench.servers import Client, Launch, Running, Server
from bench.services import Seeded, Services
from bench.work import CADDIE_EVENTS, CADDIES, fairway_pair, fairway_readings
from bench.zones import zone_path
from kit.clock import utc_now
from kit.ids import new_id, parse_id

MANY = "100000"
"""A limit that the bench does not reach: all its sockets come from one address."""
CLUBS = ("club", "sheet_club", "full_club")
"""The clubs of those who read lists and sheets."""
COUNTERS = {"executions": "fairway_executions_total", "deliveries": "fairway_deliveries_total"}


def _serve(services: Services, port: int) -> Launch:
    seeded = services.database
    return Launch(
        command=[str(Path(sys.executable).parent / "fairway"), "serve", "--port", str(port)],
        folder=PEERS,  # there is no .env in it
        environment={
            **seeded.urls,
            "JWT_SECRET": seeded.secret,
            "REDIS_URL": services.redis_url,
            "ENVIRONMENT": "production",
            "WEATHER_PROVIDER": "none",
            "PYTHONTZPATH": zone_path(),
            "RATE_LIMIT_BOOKINGS": "",  # all its clients come from one address
            "WS_MAX_CONNECTIONS": MANY,
            "HTTP_MAX_CONNECTIONS_PER_ADDRESS": MANY,
            "WS_MAX_CONNECTIONS_PER_ADDRESS": MANY,
            "WS_MAX_CONNECTIONS_PER_USER": MANY,
        },
    )


def _client(services: Services) -> Client:
    seeded = services.database

    def sign_in(count: int, roles: Sequence[str]) -> list[str]:
        people = enumerate(islice(cycle(roles), count))
        return [json.dumps({"Authorization": f"Bearer {token(seeded, Role(role), n)}"}) for n, role in people]

    reader = token(seeded, Role.STAFF, 0)
    return Client(
        pair=fairway_pair(seeded.ids),
        readings=[*fairway_readings(seeded.ids), *readings_alike(seeded.ids, str)],
        probe=readings_alike(seeded.ids, str)[0],
        headers=[f"Authorization: Bearer {token(seeded, Role.ADMIN, 0)}"],
        reading_headers=[f"Authorization: Bearer {reader}", "GraphQL-Require-Preflight: 1"],
        sign_in=sign_in,
    )


def token(
    seeded: Seeded, role: Role, number: int, *, caddie_lists: Sequence[int] = (1,), clubs: Sequence[str] | None = None
) -> str:
    """Sign a token for one of many people; nobody shares one. The lists are those of a caddie.

    It is for the clubs that are given by their public ids, for the whole tenant where these are none; if nothing is
    said, for the clubs whose lists and sheets are read.
    """
    return issue_token(
        seeded.secret,
        user_id=f"{role.lower()}-{number}",
        tenant_id=parse_id("tenant", seeded.ids["tenant"]),
        club_ids=[parse_id("club", club) for club in (_usual(seeded) if clubs is None else clubs)],
        roles=[role],
        player_id=new_id() if role is Role.PLAYER else None,
        caddie_lists=caddie_lists if role is Role.CADDIE else (),
        lifetime=timedelta(hours=12),
        now=utc_now(),
    )


def _usual(seeded: Seeded) -> list[str]:
    return [seeded.ids[name] for name in CLUBS]


def _engine(services: Services, port: int) -> Launch:
    return Launch(
        command=[sys.executable, "-m", "bench.peers.fairway_engine", str(port)],
        folder=ROOT,
        environment={"REDIS_URL": services.redis_url},
    )


def counters(running: Running) -> dict[str, float]:
    """Read how many executions and deliveries a Fairway has counted; nothing from another server."""
    if not running.server.name.startswith("fairway"):
        return {}
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=10)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    sums: dict[str, float] = defaultdict(float)
    for line in text.splitlines():
        name, _, value = line.rpartition(" ")
        sums[name.partition("{")[0]] += 0 if line.startswith("#") else float(value)
    return {short: sums[name] for short, name in COUNTERS.items()}


FAIRWAY_SERVERS = [
    Server(
        name="fairway",
        title="**Fairway**, everything on",
        launch=_serve,
        client=_client,
        scenarios=frozenset(
            {
                "fanout",
                "documents",
                "filters",
                "audiences",
                "connections",
                "queries",
                "idle",
                "caddies",
                "changes",
                "rush",
                "storm",
                "guests",
            }
        ),
    ),
    Server(
        name="fairway-engine",
        title="Fairway's engine, no PostgreSQL",
        launch=_engine,
        client=lambda _services: Client(pair=CADDIE_EVENTS, readings=[CADDIES]),
    ),
]
