"""The tutorial, followed word by word in an empty folder."""

import asyncio
import os
import re
import shutil
import signal
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from tests.clients.conftest import FOLDER
from tests.patience import PATIENCE
from tests.program import environment

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


async def test_the_tutorial_leads_to_a_live_tee_time(tmp_path, live, unused_tcp_port):
    if not (shutil.which("uv") and shutil.which("curl")):
        pytest.skip("needs uv and curl")
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o755)  # PostgreSQL runs as another user where this runs as root

    def typed(text):
        return text.replace("3001", str(unused_tcp_port))

    plain = [typed(text) for language, name, text in blocks() if language == "sh" and not name]
    setting, *asking = plain[:-2]
    held, packing = plain[-2:]
    (tmp_path / "live.js").write_text(typed(of("live.js")))
    async with terminal(tmp_path, unused_tcp_port) as first, terminal(tmp_path, unused_tcp_port) as second:
        await first.type(setting)
        await first.begin(of("server"))
        await first.reads(r"Fairway serves")
        await second.type(setting)
        for text in asking:
            shown = await second.type(text)
            assert '"problems":[{' not in shown
            assert '"errors"' not in shown
        assert re.search(r"^tee_time_\w{26}$", shown, re.MULTILINE)
        await second.begin(f"({typed(of('follow'))}) & sleep 1")
        await second.begin(held)
        shown = await second.reads(r"SlotHeld[^$]*SlotHeld")
        await second.type(packing)
        await second.begin(of("live"))
        assert "HELD HELD AVAILABLE AVAILABLE live" in await second.reads(r"AVAILABLE live")
        first.interrupt()
        await second.reads(r"reconnecting")
