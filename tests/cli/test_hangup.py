"""A terminal that is closed: the program ends as by SIGTERM, and takes its PostgreSQL along."""

import asyncio
import os
import pty
import signal
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.patience import PATIENCE
from tests.program import FAIRWAY, environment, open_folder

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder():
    """A folder whose database is made by the first of the programs."""
    with open_folder() as folder:
        yield folder


async def read_until(terminal, words):
    """Read what a program says until it says this."""
    loop, said = asyncio.get_running_loop(), b""
    async with asyncio.timeout(PATIENCE):
        while words not in said:
            said += await loop.run_in_executor(None, os.read, terminal, 65_536)


async def in_terminal(*words, folder):
    """Run a program in a terminal of its own; gives both."""
    ours, theirs = pty.openpty()
    streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
    given = environment(folder / "data", WEATHER_PROVIDER="none")
    process = await asyncio.create_subprocess_exec("setsid", "--ctty", *words, cwd=folder, env=given, **streams)
    os.close(theirs)
    return process, ours


def lives(process):
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


@pytest.mark.parametrize(
    "command", [("serve", "--port", "0"), ("serve", "--port", "0", "--workers", "2"), ("worker",)], ids=" ".join
)
async def test_a_program_whose_terminal_is_closed_ends_and_takes_its_database_along(folder, command):
    process, terminal = await in_terminal(FAIRWAY, *command, folder=folder)
    await read_until(terminal, b"no REDIS_URL" if "serve" in command else b"Stop with Ctrl-C")
    server = psutil.Process(int((folder / "data/postgres/postmaster.pid").read_text().split()[0]))
    children = psutil.Process(process.pid).children(recursive=True)
    os.close(terminal)
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
    async with asyncio.timeout(PATIENCE):
        while any(map(lives, (server, *children))):  # noqa: ASYNC110 - what notes the end of others ends after them
            await asyncio.sleep(0.02)


async def test_an_end_that_is_told_where_nothing_can_be_raised_is_told_again():
    script = (
        "import signal, time, weakref\n"
        "from kit.logs import configure_logs\nfrom kit.settings import load_settings\n"
        "from kit.signals import end_when_told\n"
        "class Thing: pass\n"
        "end_when_told(); configure_logs(load_settings()); thing = Thing()\n"
        "note = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGTERM))\n"
        "del thing\ntime.sleep(600)\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, cwd=ROOT, env=environment())
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


async def test_what_is_said_to_a_terminal_that_is_closed_is_no_fault_of_the_end(folder):
    script = (
        "import signal, sys\n"
        "from kit.signals import end_when_hung_up, end_when_told\n"
        "end_when_told(); end_when_hung_up(); print('Ready', flush=True)\n"
        "try:\n    signal.pause()\nfinally:\n    sys.stdout.write('Bye\\n'); sys.stderr.write('Bye\\n')\n"
    )
    process, terminal = await in_terminal("env", f"PYTHONPATH={ROOT}", sys.executable, "-c", script, folder=folder)
    await read_until(terminal, b"Ready")
    os.close(terminal)
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


@pytest.mark.parametrize("swallows", [True, False])
async def test_work_that_is_told_to_end_is_cancelled_and_what_it_leaves_is_put_in_order(swallows):
    script = (
        "import asyncio\nfrom kit import signals\nsignals.AGAIN = 0.05\n"
        "async def work():\n"
        "    print('Ready', flush=True)\n"
        f"    times = {2 if swallows else 1}\n"
        "    while times:\n"
        "        try:\n            await asyncio.sleep(600)\n"
        "        except asyncio.CancelledError:\n            times -= 1\n"
        "    print('Left in order', flush=True)\n"
        "    raise asyncio.CancelledError\n"
        "signals.end_when_told()\nsignals.run_until_told(work())\nprint('and goes on')\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, cwd=ROOT, env=environment(), stdout=asyncio.subprocess.PIPE
    )
    assert await process.stdout.readline() == b"Ready\n"
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(PATIENCE):
        said, _ = await process.communicate()
    assert (said, process.returncode) == (b"Left in order\n", 0)


async def test_who_is_to_outlive_the_terminal_does(folder):
    process, terminal = await in_terminal("nohup", FAIRWAY, "worker", folder=folder)
    pid_file = folder / "data/postgres/postmaster.pid"
    async with asyncio.timeout(PATIENCE):
        while not pid_file.exists():  # noqa: ASYNC110 - another process' file raises no event
            await asyncio.sleep(0.05)
    os.close(terminal)
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
