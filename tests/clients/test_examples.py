"""The examples, generated, checked strictly, and run as their readers would: also when their server is killed."""

import asyncio
import fcntl
import os
import shutil
import signal
import subprocess
from contextlib import asynccontextmanager, suppress

import pytest
import pytest_asyncio

from tests.clients.client import Client
from tests.clients.conftest import FOLDER, install
from tests.clients.real import mortal, real_world
from tests.tee_sheet.desk import book, hold

EXAMPLES = FOLDER.parent.parent / "examples"


@pytest_asyncio.fixture
async def world(settings):
    async with real_world(settings) as found:
        yield found


@pytest.fixture(scope="session")
def built():
    """Node, with the examples generated from the schema and compiled."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        pytest.skip("needs Node and npm")
    with (EXAMPLES / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        install(npm, EXAMPLES)
        for script in ("generate", "check"):
            run(npm, "run", "--silent", script, folder=EXAMPLES)
    return node


def run(*command, folder):
    done = subprocess.run(command, check=False, cwd=folder, timeout=300, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@asynccontextmanager
async def running(*command, world, url):
    told = {
        "FAIRWAY_URL": f"{url}/graphql",
        "FAIRWAY_TOKEN": world.player("ana").token(world.server.clock()),
        "FAIRWAY_COURSE": world.course,
        "FAIRWAY_DATE": world.day.isoformat(),
        "FAIRWAY_TEE_TIME": world.tee_time(3),
    }
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=pipe, cwd=EXAMPLES, env={**os.environ, **told}, start_new_session=True
    )
    try:
        yield Client(process)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # with what it has started itself
        await process.communicate()


@asynccontextmanager
async def followed(world, settings, folder, *command):
    """Run an example against a server that can be killed; another one takes its place then."""
    async with mortal(world, settings, folder) as server, running(*command, world=world, url=server.url) as example:
        yield example, server


async def assert_follows(world, settings, folder, *command):
    """Run an example: it reads, is refused for a reason it can act on, and follows on when its server is killed."""
    await book(world, world.staff, 3, places=3)
    async with followed(world, settings, folder, *command) as (example, server):
        heard = [await example.hear() for _ in range(3)]
        assert sorted(next(iter(one)) for one in heard) == ["follows", "places", "placesLeft"]
        assert {"placesLeft": 1} in heard
        await hold(world, world.player("eva"), 5)
        assert await example.hear() == await held_place(world, 5)
        await server.kill()
        await hold(world, world.player("luis"), 6)
        assert await example.hear() == await held_place(world, 6)


async def held_place(world, number):
    query = "query($id: ID!) { node(id: $id) { ... on TeeTime { slots { id status } } } }"
    answer = await world.server.run(query, who=world.staff, id=world.tee_time(number))
    [slot] = [slot for slot in answer.data["node"]["slots"] if slot["status"] == "HELD"]
    return {"slot": slot["id"], "status": "HELD"}


@pytest.mark.parametrize("name", ["typescript", "apollo", "urql", "relay"])
async def test_an_example_in_typescript(name, built, world, settings, tmp_path):
    await assert_follows(world, settings, tmp_path, built, f"dist/{name}/main.js")


async def test_apollo_by_multipart_http(built, world, settings, tmp_path):
    await assert_follows(world, settings, tmp_path, built, "dist/apollo/main.js", "multipart")


@pytest.fixture(scope="session")
def python():
    """Makes an example's own Python, with what it needs."""

    def make(name, *commands):
        uv = shutil.which("uv")
        if uv is None:
            pytest.skip("needs uv")
        folder = EXAMPLES / name
        with (folder / "requirements.txt").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / ".venv").exists():
                run(uv, "venv", "--quiet", ".venv", folder=folder)
            run(uv, "pip", "install", "--quiet", "--python", ".venv", "-r", "requirements.txt", folder=folder)
            for command in (*commands, "mypy main.py"):
                program, *words = command.split()
                run(f".venv/bin/{program}", *words, folder=folder)
        return str(folder / ".venv/bin/python"), str(folder / "main.py")

    return make


async def test_the_example_by_ariadne_codegen(python, world, settings, tmp_path):
    await assert_follows(world, settings, tmp_path, *python("ariadne", "ariadne-codegen"))


@pytest.mark.parametrize("transport", ["websockets", "aiohttp"])
async def test_the_example_by_gql(transport, python, world, settings, tmp_path):
    await assert_follows(world, settings, tmp_path, *python("python-gql"), transport)


async def test_the_example_by_curl(world, settings, tmp_path):
    if shutil.which("curl") is None:
        pytest.skip("needs curl")
    await book(world, world.staff, 3, places=3)
    async with followed(world, settings, tmp_path, str(EXAMPLES / "curl/follow.sh")) as (example, server):
        assert (await example.hear())["data"]["teeSheet"]["cursor"]
        assert (await example.hear())["data"]["holdSlots"]["problems"][0]["placesLeft"] == 1
        await hold(world, world.player("eva"), 5)
        assert await of_curl(example) == await held_place(world, 5)
        await server.kill()
        await hold(world, world.player("luis"), 6)
        assert await of_curl(example) == await held_place(world, 6)


async def of_curl(example):
    slot = (await example.hear())["data"]["teeSheetEvents"]["slot"]
    return {"slot": slot["id"], "status": slot["status"]}
