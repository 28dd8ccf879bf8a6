"""The tutorial, followed word by word in an empty folder."""

import asyncio
import os
import re
import shutil
import signal
import socket
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from random import Random

import pytest

from tests.clients.conftest import FOLDER
from tests.patience import PATIENCE
from tests.program import environment, open_folder

ROOT = FOLDER.parent.parent
TUTORIAL = ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINES_OF_THEIRS = 15


def blocks():
    """The blocks of the tutorial, in order: language, name, and text."""
    return BLOCK.findall(TUTORIAL.read_text(encoding="utf-8"))


def of(name):
    [text] = [text for _, called, text in blocks() if called == name]
    return text


def test_a_live_sheet_takes_at_most_fifteen_lines_of_a_program():
    lines = [line for line in of("live.js").splitlines() if line.strip()]
    assert len(lines) <= LINES_OF_THEIRS


class Terminal:
    """A terminal in which somebody types what the tutorial says."""

    def __init__(self, process):
        self._process = process

    async def type(self, text):
        """Type a block, and give what it shows once it is done."""
        self._process.stdin.write(f"{text}\necho; echo '-- done --'\n".encode())
        return await self.reads("-- done --")

    async def begin(self, text):
        """Type something that does not end."""
        self._process.stdin.write(f"{text}\n".encode())

    async def reads(self, wanted):
        """Wait for a line with this in it; give all that came until then."""
        shown = ""
        async with asyncio.timeout(PATIENCE):
            while not re.search(wanted, shown):
                line = await self._process.stdout.readline()
                assert line, shown
                shown += line.decode()
        return shown

    def interrupt(self):
        """Press Ctrl-C, at what runs in it."""
        os.killpg(self._process.pid, signal.SIGINT)


@asynccontextmanager
async def terminal(folder: Path, port: int):
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        "bash",
        "--norc",
        cwd=folder,
        stdin=pipe,
        stdout=pipe,
        stderr=asyncio.subprocess.STDOUT,
        env=environment(FAIRWAY=str(ROOT), WS_PORT=str(port), UV_NO_SYNC="1", npm_config_prefer_offline="true"),
        start_new_session=True,
    )
    try:
        yield Terminal(process)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        await process.communicate()


@pytest.fixture
def port():
    """A free port that nobody is given meanwhile who asks for any."""
    for number in Random().sample(range(20_000, 30_000), 100):
        with socket.socket() as tried, suppress(OSError):
            tried.bind(("127.0.0.1", number))
            return number
    raise AssertionError("no port is free")


@pytest.fixture
def folder():
    with open_folder() as folder:
        yield folder


async def test_the_tutorial_leads_to_a_live_tee_time(folder, live, port):
    if not (shutil.which("uv") and shutil.which("curl")):
        pytest.skip("needs uv and curl")

    def typed(text):
        return text.replace("3001", str(port))

    plain = [typed(text) for language, name, text in blocks() if language == "sh" and not name]
    setting, *asking = plain[:-2]
    held, packing = plain[-2:]
    (folder / "live.js").write_text(typed(of("live.js")))
    async with terminal(folder, port) as first, terminal(folder, port) as second:
        await first.type(setting)
        await first.begin(of("server"))
        await first.reads(r"Fairway serves")
        await second.type(setting)
        for text in asking:
            shown = await second.type(text)
            assert '"problems":[{' not in shown
            assert '"errors"' not in shown
        assert re.search(r"^tee_time_\w{26}$", shown, re.MULTILINE)
        await second.begin(f"({typed(of('follow'))}) &")
        await second.reads(r"(?m)^:")  # by which a stream begins
        await second.begin(held)
        shown = await second.reads(r"SlotHeld[^$]*SlotHeld")
        await second.type(packing)
        await second.begin(of("live"))
        assert "HELD HELD AVAILABLE AVAILABLE live" in await second.reads(r"AVAILABLE live")
        first.interrupt()
        await second.reads(r"reconnecting")
