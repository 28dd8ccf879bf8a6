"""PgBouncer between the program and PostgreSQL, sharing two connections among all who come."""

import asyncio
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from api.app import create_app
from kit.errors import SetupError
from kit.migrations import check_database
from kit.postgres import EmbeddedPostgres
from tests.databases import settings_beside
from tests.harness import HeldClock, found_world, serving, settings_for
from tests.patience import PATIENCE

PGBOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
pytestmark = pytest.mark.skipif(not PGBOUNCER and "CI" not in os.environ, reason="pgbouncer is not installed here")

CONFIG = """
[databases]
* = host={host} port=5432
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 2
"""


@contextmanager
def bouncer(postgres: EmbeddedPostgres) -> Iterator[int]:
    """Run PgBouncer as the user whose socket it needs, until the block ends; gives its port."""
    host = Path(str(postgres.owner_url.query["host"]))
    with TemporaryDirectory(prefix="fairway-bouncer-") as name, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        folder, owner = Path(name), host.stat()
        (folder / "users").write_text('"fairway_app" ""\n"fairway_system" ""\n', encoding="utf-8")
        (folder / "ini").write_text(CONFIG.format(host=host, port=port, folder=folder), encoding="utf-8")
        os.chown(folder, owner.st_uid, owner.st_gid)
        user = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": ()} if os.geteuid() == 0 else {}
        with psutil.Popen([str(PGBOUNCER), "-q", str(folder / "ini")], **user) as process:
            try:
                yield port
            finally:
                process.kill()


@pytest.fixture(scope="module")
def port(postgres):
    with bouncer(postgres) as opened:
        yield opened


async def reached(port):
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return (await asyncio.open_connection("127.0.0.1", port))[1].close()
            except ConnectionRefusedError:
                await asyncio.sleep(0.02)


def through(port, url):
    return url.difference_update_query(["host", "port"]).set(host="127.0.0.1", port=port)


async def test_many_at_once_share_two_connections(postgres, settings, port):
    await reached(port)
    clock = HeldClock()
    async with settings_beside(postgres, settings) as direct:
        urls = {"database_url": direct.app_url, "database_system_url": direct.system_url}
        changes = {name: through(port, url).render_as_string(hide_password=False) for name, url in urls.items()}
        given = settings_for(direct, **changes, database_pooled=True, database_direct_url=direct.database_system_url)
        await check_database(given.app_url, given.system_url, direct_url=given.direct_url, pooled=True)
        await everything_works(create_app(given, clock=clock), clock)


async def everything_works(app, clock):
    async with serving(app, clock) as server:
        world = await found_world(server)
        holds = [
            server.mutate("holdSlots", "hold { id }", who=world.player(time["id"]), teeTimeId=time["id"], places=1)
            for time in world.tee_times
        ]
        reads = [server.run("{ clubs { name courses { name } } }", who=world.staff) for _ in range(40)]
        answers = await asyncio.gather(*reads, *holds, server.runtime.database.check())
        assert all(answer.data["clubs"] for answer in answers[:40])
        assert all(answer["hold"] for answer in answers[40:-1])


async def test_a_pooler_that_the_settings_do_not_name_is_refused(settings, port):
    await reached(port)
    app, system, direct = through(port, settings.app_url), through(port, settings.system_url), settings.system_url
    with pytest.raises(SetupError, match=r"“fairway_app” leads through a pooler .+ DATABASE_POOLED=true"):
        await check_database(app, system)
    with pytest.raises(SetupError, match=r"worker has to listen.+ DATABASE_DIRECT_URL"):
        await check_database(app, system, pooled=True)
    with pytest.raises(SetupError, match=r"“fairway_system” leads through a pooler"):
        await check_database(settings.app_url, direct, direct_url=system)
