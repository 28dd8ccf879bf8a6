"""Builds the wheel, installs it as an operator does, and opens it in an empty folder: `python -m tests.wheel`."""

import asyncio
import os
import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.harness import http_client
from tests.pins import ROOT
from tests.program import Running, fairway, serving_program

FOLDER = "100 %s of it"
"""Where it is installed: neither spaces nor signs that mean something elsewhere may matter."""


def uv(*words: str | Path) -> None:
    """Run uv; `uv run` says where it is."""
    subprocess.run([os.environ.get("UV", "uv"), *words, "--quiet"], cwd=ROOT, check=True)


def build(folder: Path) -> Path:
    """Build the wheel from the source distribution, and see that the checkout makes the same one."""
    uv("build", "--out-dir", folder / "dist")
    uv("build", "--wheel", "--out-dir", folder / "direct")
    wheel, direct = next(folder.glob("dist/*.whl")), next(folder.glob("direct/*.whl"))
    assert wheel.read_bytes() == direct.read_bytes(), "the source distribution makes another wheel than the checkout"
    return wheel


def install(wheel: Path, folder: Path) -> str:
    """Install what is pinned and the wheel into an environment of its own; give the program."""
    python = folder / "bin" / "python"
    uv("venv", folder)
    uv("pip", "install", "--python", python, "--require-hashes", "--requirement", ROOT / "requirements.lock")
    uv("pip", "install", "--python", python, "--no-deps", wheel)
    uv("pip", "check", "--python", python)
    return str(folder / "bin" / "fairway")


async def look(server: Running) -> None:
    """Look at the running program as people and their programs do."""
    async with http_client(base_url=server.url) as http:
        assert (await http.get("/readyz")).json()["database"] == "ok"
        for page in ("/", "/graphql"):
            html = (await http.get(page, headers={"Accept": "text/html"})).raise_for_status().text
            for asset in re.findall(r'(?:src|href)="(/assets/[^"]+)"', html):
                (await http.get(asset)).raise_for_status()
            assert "/assets/" in html, html
        signed_in = {"Authorization": f"Bearer {server.tokens()['Pro shop']}"}
        answer = await http.post("/graphql", json={"query": "{ clubs { name } }"}, headers=signed_in)
        assert answer.json()["data"]["clubs"], answer.text


async def use(program: str, folder: Path, data_dir: Path) -> None:
    """Use the program in a folder with nothing in it."""
    async with serving_program("--demo", folder=folder, data_dir=data_dir, program=program) as server:
        await look(server)
    assert server.process.returncode == 0, server.lines
    for command in (["migrate", "--check"], ["schema"], ["schema", "--check"]):
        done = await fairway(*command, folder=folder, data_dir=data_dir, program=program)
        assert done.code == 0, done.err
    assert (folder / "schema.graphql").read_bytes() == (ROOT / "schema.graphql").read_bytes()


def main() -> None:
    """Do what the module says."""
    with TemporaryDirectory(prefix="fairway-wheel-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as another user where this runs as root
        (folder / FOLDER).mkdir()
        (folder / "empty").mkdir()
        program = install(build(folder), folder / FOLDER / "environment")
        asyncio.run(use(program, folder / "empty", folder / "data"))


if __name__ == "__main__":
    main()
