"""The clients that people use, from npm, each in a process of its own."""

import fcntl
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
WEB = FOLDER.parent.parent / "web"


@pytest.fixture(scope="session")
def node() -> str:
    """The path of Node, with the clients installed. Tests that need it are skipped where npm is missing."""
    found = node_with_clients()
    return found or pytest.skip("needs Node and npm")


@pytest.fixture(scope="session")
def live(node: str) -> str:
    """The path of Node, with `@fairway/live` built from its sources."""
    with web_with_packages() as npm:
        subprocess.run([npm, "run", "--silent", "live"], check=True, cwd=WEB, timeout=120)
    return node


@contextmanager
def web_with_packages() -> Iterator[str]:
    """Install what the pages are built of, where it is not; gives npm. Tests that run beside these wait meanwhile."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("needs Node and npm")
    with (WEB / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        install(npm, WEB)
        yield npm


def node_with_clients() -> str | None:
    """Install the clients where they are not; give the path of Node, if it and npm are there."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if not (found and npm):
        return None
    install(npm, FOLDER)
    return found


def install(npm: str, folder: Path) -> None:
    """Install what a folder's lock names, where it is not."""
    wanted, installed = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < wanted.stat().st_mtime:
        subprocess.run([npm, "ci", "--silent", "--no-audit", "--no-fund"], check=True, cwd=folder, timeout=300)
        installed.touch()
