"""The peers that keep to PostgreSQL: Apollo Server with the rules by hand, and PostGraphile; both on a new Node."""

from auth.viewer import Role
from bench import build
from bench.fairway import token
from bench.reads import readings_alike, readings_of_postgraphile
from bench.servers import Client, Launch, Server
from bench.services import Services
from bench.sql import socket_folder
from bench.work import CADDIE_EVENTS
from kit.ids import parse_id


def own_id(public: str) -> str:
    """Give an id as the peers' tables have it."""
    return str(parse_id(public.partition("_")[0], public))


def _launch(script: str, services: Services, port: int) -> Launch:
    folder = build.node_peers()
    return Launch(
        command=[str(build.new_node(folder)), script, str(port)],
        folder=folder,
        environment={
            "NODE_ENV": "production",
            "GRAPHILE_ENV": "production",
            "REDIS_PORT": str(services.redis_port),
            "PGHOST": socket_folder(services),
            "JWT_SECRET": services.database.secret,
        },
    )


def _apollo(services: Services) -> Client:
    seeded = services.database
    staff = f"Authorization: Bearer {token(seeded, Role.ADMIN, 0)}"
    return Client(
        pair=CADDIE_EVENTS,
        readings=readings_alike(seeded.ids, own_id),
        headers=[staff],
        reading_headers=[staff, "Apollo-Require-Preflight: 1"],
        id_of=own_id,
    )


def _postgraphile(services: Services) -> Client:
    return Client(pair=CADDIE_EVENTS, readings=readings_of_postgraphile(services.database.ids, own_id), id_of=own_id)


POSTGRES_SERVERS = [
    Server(
        name="apollo-pg",
        title="Apollo Server + pg, rules by hand",
        launch=lambda services, port: _launch("apollo-pg.js", services, port),
        client=_apollo,
        scenarios=frozenset({"changes", "rush", "queries"}),
    ),
    Server(
        name="postgraphile",
        title="PostGraphile",
        launch=lambda services, port: _launch("postgraphile.js", services, port),
        client=_postgraphile,
        scenarios=frozenset({"queries"}),
    ),
]
