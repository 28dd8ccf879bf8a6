"""The embedded PostgreSQL: real servers in folders of their own, started, killed, taken over and stopped."""

import os
import pwd
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from kit.errors import SetupError
from kit.postgres import EmbeddedPostgres, start_postgres
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
AS_ROOT = os.geteuid() == 0
PRELUDE = """
import os, pwd, resource, socket, sys
from pathlib import Path
from kit.errors import SetupError
from kit.data_folder import local_secret
from kit.postgres import start_postgres
folder = Path(sys.argv[1])
"""
BECOME_NOBODY = """
nobody = pwd.getpwnam("nobody")
os.setgroups([])
os.setgid(nobody.pw_gid)
os.setuid(nobody.pw_uid)
"""


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give a data folder that is not there yet; whatever a failed test leaves running in it is killed."""
    with TemporaryDirectory(prefix="fairway-") as parent:
        Path(parent).chmod(0o755)
        folder = Path(parent).resolve() / "data"
        yield folder
        kill_servers_in(folder)


def kill_servers_in(folder: Path) -> None:
    left = servers_in(folder)
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=5)


@pytest.fixture
def folder() -> Iterator[Path]:
    with scratch_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def running() -> Iterator[EmbeddedPostgres]:
    """Share a server among the tests that only look. It was started among variables meant for something else."""
    with scratch_folder() as folder, pytest.MonkeyPatch.context() as environment:
        environment.setenv("PGPORT", "7777")
        environment.setenv("PGDATA", "/nowhere")
        environment.setenv("JWT_SECRET", "a-secret-that-is-not-the-server's-business")
        with start_postgres(folder, durable=False) as postgres:
            yield postgres


@pytest.fixture(scope="module")
def made_before() -> Iterator[Path]:
    with scratch_folder() as folder:
        start_postgres(folder, durable=False).stop()
        yield folder


@pytest.fixture
def made(made_before) -> Iterator[Path]:
    """Give a data folder with data in it, and no server: quicker than making them anew. Leave the data sound."""
    yield made_before
    kill_servers_in(made_before)


def servers_in(folder: Path) -> list[psutil.Process]:
    ours = {"name": "postgres", "cwd": str(folder / "postgres")}
    return [process for process in psutil.process_iter(list(ours)) if process.info == ours]


def postmaster(folder: Path) -> psutil.Process:
    return psutil.Process(int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[0]))


def socket_of(postgres: EmbeddedPostgres) -> Path:
    return Path(postgres.owner_url.query["host"], f".s.PGSQL.{postgres.owner_url.query['port']}")


def launch(code: str, folder: Path) -> subprocess.Popen:
    """Run code in a process of its own, which prints."""
    command = [sys.executable, "-c", PRELUDE + code, str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def outcome(code: str, folder: Path) -> str:
    """Run code in a process of its own to its end, and give what it prints."""
    with launch(code, folder) as process:
        printed, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    return printed.strip()


def leave_behind(folder: Path) -> psutil.Process:
    """Start a server from another process, kill that one, and give the server that stays."""
    with launch("start_postgres(folder, durable=False)\nprint('up', flush=True)\ninput()", folder) as owner:
        assert owner.stdout.readline() == "up\n"
        owner.kill()
    server = postmaster(folder)
    assert server.is_running()
    return server


async def ask(postgres: EmbeddedPostgres, statement: str):
    engine = create_async_engine(postgres.owner_url, poolclass=NullPool)
    async with engine.begin() as connection:
        result = await connection.execute(text(statement))
        return result.scalar() if result.returns_rows else None


async def test_the_database_answers(running):
    assert await ask(running, "SELECT current_setting('server_version_num')::int") >= 180_000
    assert await ask(running, "SELECT current_database() || ' ' || current_user") == "fairway postgres"
    assert await ask(running, "SHOW server_encoding") == "UTF8"
    assert await ask(running, "SELECT upper('é')") == "É"
    assert await ask(running, "SHOW timezone") == "UTC"
    assert await ask(running, "SHOW max_connections") == "200"


def test_the_urls_differ_by_their_user_alone(running):
    urls = running.owner_url, running.app_url, running.system_url
    assert [url.username for url in urls] == ["postgres", "fairway_app", "fairway_system"]
    assert {url.set(username="anybody") for url in urls} == {running.owner_url.set(username="anybody")}
    assert running.owner_url.drivername == "postgresql+asyncpg"


def test_the_server_does_not_see_our_secrets(running):
    assert "JWT_SECRET" not in postmaster(running.data_dir).environ()


def test_ctrl_c_in_our_terminal_does_not_reach_the_server(running):
    server = postmaster(running.data_dir)
    assert os.getsid(server.pid) == server.pid != os.getsid(0)


def test_only_its_own_user_can_reach_the_server(running):
    server = postmaster(running.data_dir)
    for path in (socket_of(running), socket_of(running).parent):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
        assert path.stat().st_uid == server.uids().effective
    assert server.net_connections(kind="inet") == []


@pytest.mark.skipif(not AS_ROOT, reason="only root can become somebody else")
def test_another_user_is_refused_at_the_socket(running):
    knock = "try: socket.socket(socket.AF_UNIX).connect(sys.argv[1])\nexcept OSError as error: print(error.strerror)"
    with socket.socket(socket.AF_UNIX) as ours:
        ours.connect(str(socket_of(running)))
    assert outcome(BECOME_NOBODY + knock, socket_of(running)) == "Permission denied"


def test_a_second_process_is_refused_by_name(running):
    refusal = outcome("try: start_postgres(folder)\nexcept SetupError as error: print(error)", running.data_dir)
    where = f"{running.data_dir} is in use by process {os.getpid()}."
    assert refusal == f"{where} Stop it, or set FAIRWAY_DATA_DIR to another folder."


def test_a_second_start_in_the_same_process_is_refused_and_harms_nothing(running):
    with pytest.raises(SetupError, match=f"in use by process {os.getpid()}"):
        start_postgres(running.data_dir)
    assert postmaster(running.data_dir).is_running()


def test_a_forked_child_does_not_stop_the_server(running):
    child = os.fork()
    if child == 0:
        running.stop()
        os._exit(0)
    os.waitpid(child, 0)
    assert postmaster(running.data_dir).is_running()


async def test_a_restart_keeps_the_data(folder):
    with start_postgres(folder) as postgres:
        await ask(postgres, "CREATE TABLE greens AS SELECT 18 AS holes")
    with start_postgres(folder) as postgres:
        assert await ask(postgres, "SELECT holes FROM greens") == 18


async def test_without_durability_nothing_is_forced_to_the_disk(running, made):
    with start_postgres(made) as durable:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert await ask(running, f"SHOW {setting}") == "off"
            assert await ask(durable, f"SHOW {setting}") == "on"


async def test_a_database_that_was_dropped_is_made_again(made):
    with start_postgres(made, durable=False) as postgres:
        engine = create_async_engine(postgres.owner_url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text("DROP DATABASE fairway"))
        await engine.dispose()
    with start_postgres(made, durable=False) as postgres:
        assert await ask(postgres, "SELECT current_database()") == "fairway"


async def test_a_server_whose_owner_was_killed_is_taken_over_and_stopped(made):
    left = leave_behind(made)
    with start_postgres(made, durable=False) as postgres:
        assert postmaster(made) == left
        assert await ask(postgres, "SELECT 1") == 1
    assert servers_in(made) == []


async def test_a_server_left_behind_with_other_settings_is_replaced(made):
    left = leave_behind(made)
    with start_postgres(made) as postgres:
        assert postmaster(made) != left
        assert await ask(postgres, "SHOW fsync") == "on"
    assert servers_in(made) == []


async def test_a_server_that_was_killed_starts_again(made):
    with start_postgres(made) as postgres:
        await ask(postgres, "CREATE TABLE greens AS SELECT 18 AS holes")
        outliving = postmaster(made).children()[0]
        outliving.suspend()
        postmaster(made).kill()
    assert outliving.is_running()
    with start_postgres(made) as postgres:
        assert outliving not in servers_in(made)
        assert await ask(postgres, "SELECT holes FROM greens") == 18


def test_a_process_that_got_the_pid_of_an_old_server_is_left_alone(made):
    with subprocess.Popen(["sleep", "60"], cwd=made) as stranger:
        stale = [stranger.pid, made / "postgres", 1, 5432, made / "socket", "", "1 1", "ready   "]
        (made / "postgres" / "postmaster.pid").write_text("\n".join(map(str, stale)) + "\n")
        with start_postgres(made, durable=False):
            assert postmaster(made).pid != stranger.pid
        assert stranger.poll() is None
        stranger.kill()


async def test_stop_ends_open_sessions_and_leaves_nothing(made):
    postgres = start_postgres(made, durable=False)
    engine = create_async_engine(postgres.owner_url)
    connection = await engine.connect()
    await connection.execute(text("SELECT 1"))
    postgres.stop()
    assert servers_in(made) == []
    assert not (made / "postgres" / "postmaster.pid").exists()
    assert not socket_of(postgres).parent.exists()
    postgres.stop()
    await connection.invalidate()
    await engine.dispose()


def test_the_end_of_python_stops_the_server(made):
    assert outcome("start_postgres(folder, durable=False)\nprint('up')", made) == "up"
    assert servers_in(made) == []


@pytest.mark.parametrize("name", ["deep/" * 30, "with space, comma 'and' \"quotes\" é"], ids=["deep", "odd"])
def test_a_path_that_suits_no_socket_works(folder, name):
    folder = folder / name
    with start_postgres(folder, durable=False) as postgres:
        place = socket_of(postgres).parent
        assert not place.is_relative_to(folder)
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        with socket.socket(socket.AF_UNIX) as ours:
            ours.connect(str(socket_of(postgres)))
    assert not place.exists()


def test_a_socket_folder_that_somebody_else_has_put_there_is_refused(made):
    (made / "socket").symlink_to(made.parent)
    with pytest.raises(SetupError, match="is somebody else's"):
        start_postgres(made, durable=False)
    (made / "socket").unlink()
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o755


def test_data_of_another_version_are_refused(folder):
    (folder / "postgres").mkdir(parents=True)
    (folder / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(SetupError, match=r"made by PostgreSQL 17, and this is PostgreSQL 18\. Move it away"):
        start_postgres(folder)


def test_a_server_that_cannot_start_says_why_and_frees_the_folder(made):
    configuration = made / "postgres" / "postgresql.conf"
    sound = configuration.read_text()
    configuration.write_text(sound + "no_such_setting = 1\n")
    with pytest.raises(SetupError, match="no_such_setting"):
        start_postgres(made, durable=False)
    configuration.write_text(sound)
    start_postgres(made, durable=False).stop()


def test_a_first_start_that_fails_says_why_and_can_be_repeated(folder):
    code = """
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try: start_postgres(folder, durable=False)
except SetupError as error: print(error)
"""
    assert "PostgreSQL's initdb failed" in outcome(code, folder)
    assert not (folder / "postgres").exists()
    start_postgres(folder, durable=False).stop()


def test_a_long_log_is_put_aside_at_the_start(made):
    os.truncate(made / "postgres.log", 11 * 1024 * 1024)
    start_postgres(made, durable=False).stop()
    assert (made / "postgres.log").stat().st_size < 100_000
    assert (made / "postgres.log.1").stat().st_size > 10_000_000


def test_a_file_in_place_of_the_folder_is_explained(folder):
    folder.write_text("")
    with pytest.raises(SetupError, match=r"cannot be used: File exists .*Set FAIRWAY_DATA_DIR"):
        start_postgres(folder, durable=False)


def programs_are_public() -> bool:
    return all(step.stat().st_mode & stat.S_IXOTH for step in Path(sys.prefix).resolve().parents)


@pytest.mark.skipif(AS_ROOT and not programs_are_public(), reason="nobody may not enter the virtual environment")
def test_an_ordinary_user_runs_it_as_themselves(folder):
    code = "with start_postgres(folder): print((folder / 'postgres').stat().st_uid == os.getuid())"
    if AS_ROOT:
        os.chown(folder.parent, pwd.getpwnam("nobody").pw_uid, -1)
        code = BECOME_NOBODY + code
    assert outcome(code, folder) == "True"


def test_a_folder_that_is_not_writable_is_explained(folder):
    code = "try: start_postgres(folder)\nexcept SetupError as error: print(error)"
    folder.mkdir(mode=0o555)
    refusal = outcome((BECOME_NOBODY if AS_ROOT else "") + code, folder)
    assert refusal.startswith(f"The data folder {folder} cannot be used: Permission denied")
    assert "FAIRWAY_DATA_DIR" in refusal


@pytest.mark.skipif(not AS_ROOT or not Path("/usr/sbin/useradd").exists(), reason="only root makes users")
def test_processes_that_start_at_once_make_one_user():
    name = f"fairway-{os.getpid()}"
    ask = f"from kit.postgres import system_user; print(system_user({name!r}).pw_uid)"
    try:
        asked = [subprocess.Popen([sys.executable, "-c", ask], stdout=subprocess.PIPE, cwd=ROOT) for _ in range(4)]
        told = {process.communicate(timeout=PATIENCE)[0].decode().strip() for process in asked}
        assert told == {str(pwd.getpwnam(name).pw_uid)}
    finally:
        subprocess.run(["/usr/sbin/userdel", name], check=False, capture_output=True)
