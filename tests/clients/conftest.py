"""The clients that people use, from npm, each in a process of its own."""

import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent


@pytest.fixture(scope="session")
def node() -> str:
    """The path of Node, with the clients installed. Tests that need it are skipped where npm is missing."""
    found = node_with_clients()
    return found or pytest.skip("needs Node and npm")


def node_with_clients() -> str | None:
    """Install the clients where they are not; give the path of Node, if it and npm are there."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if not (found and npm):
        return None
    wanted, installed = FOLDER / "package-lock.json", FOLDER / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < wanted.stat().st_mtime:
        subprocess.run([npm, "ci", "--silent"], check=True, cwd=FOLDER, timeout=120)
    return found
