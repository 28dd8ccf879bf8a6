"""Whatever goes wrong, no log has in it what somebody typed."""

import asyncio
import logging
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from io import StringIO

import pytest
import structlog
from sqlalchemy import text

from kit.database import Database
from kit.ids import new_id
from kit.logs import configure_logs
from tests.harness import settings_for

MARK = "Quetzalcoatl"
"""What somebody typed: a name, a code, a token."""

TENANT = "CAST(current_setting('fairway.tenant') AS uuid)"
KEY = f"({TENANT}, 'ana', :mark, '', '', now())"
FAULTS_OF_THE_DATABASE = {
    "INSERT INTO idempotency_keys (tenant_id, user_id, key, operation, fingerprint, created_at) "
    f"VALUES {KEY}, {KEY}": "23505 duplicate key value violates unique constraint",
    f"INSERT INTO courses (tenant_id, id, name) VALUES ({TENANT}, gen_random_uuid(), :mark)": "23502 null value in",
    "SELECT CAST(CAST(:mark AS text) AS uuid)": "22P02",
    "SELECT CAST(:mark AS integer)": "asyncpg.exceptions.DataError",
}
SAID = ("a library's: ", "a thread ended", "a fault could not be raised", "Nobody looked", "Exception in callback")


@pytest.fixture(params=[("console", "info"), ("json", "debug")], ids=["console", "json"])
def ours(request, settings) -> Iterator[logging.StreamHandler[StringIO]]:
    """What writes the program's log, until the test ends."""
    root, hooks, config = logging.getLogger(), (sys.excepthook, threading.excepthook), structlog.get_config()
    handlers, level, unraisable = root.handlers[:], root.level, sys.unraisablehook
    log_format, log_level = request.param
    configure_logs(settings_for(settings, log_format=log_format, log_level=log_level))
    structlog.configure(cache_logger_on_first_use=False)  # who logs here first would go on to do so in other tests
    [ours] = root.handlers
    ours.setStream(StringIO())
    try:
        yield ours
    finally:
        root.handlers[:], sys.unraisablehook = handlers, unraisable
        sys.excepthook, threading.excepthook = hooks
        root.setLevel(level)
        structlog.configure(**config)


async def faults_of_the_database(settings) -> AsyncIterator[Exception]:
    database = Database(settings.app_url, settings.system_url, pool_size=1)
    try:
        for statement in FAULTS_OF_THE_DATABASE:
            try:
                async with database.tenant(new_id()) as session:
                    await session.scalar(text("SELECT CAST(:mark AS text)"), {"mark": MARK})
                    await session.execute(text(statement), {"mark": MARK})
            except Exception as error:
                yield error
    finally:
        await database.close()


def faults_of_the_program() -> Iterator[Exception]:
    def group(local):
        raise ExceptionGroup(local, [ValueError(local), ExceptionGroup(local, [LookupError(local)])])

    def chained(local):
        try:
            group(local)
        except ExceptionGroup as error:
            error.add_note(local)
            raise RuntimeError(local) from error

    for fault in (int, {}.__getitem__, chained, lambda mark: mark.encode("ascii") + f"{mark}é".encode("ascii")):
        try:
            fault(MARK)
        except Exception as error:
            yield error


def log_in_every_way(error: Exception) -> None:
    """Log a fault as we do, as the libraries do, and as Python does by itself."""
    log = structlog.get_logger("ours")
    log.warning("ours, named", error=error)
    log.error("ours, with a traceback", exc_info=error)
    for library in ("pgqueuer", "uvicorn.error", "httpx"):
        logging.getLogger(library).error("a library's: %s", error, exc_info=error)
        logging.getLogger(library).info("what a library tells: %s", MARK)
    sys.excepthook(type(error), error, error.__traceback__)


async def leave_to_python(error: Exception) -> None:
    """Leave a fault to a thread, a task, a callback and a finalizer that nobody looks after."""

    def fail(_argument) -> None:
        raise error

    class Finalized:
        def __del__(self) -> None:
            raise error

    thread = threading.Thread(target=fail, args=(MARK,))
    thread.start()
    thread.join()
    asyncio.get_running_loop().call_soon(fail, MARK)
    task = asyncio.create_task(asyncio.to_thread(fail, MARK), name=MARK)
    await asyncio.wait({task})
    asyncio.get_running_loop().call_exception_handler({"message": "Nobody looked", "future": task, "exception": error})
    with suppress(Exception):
        task.result()
    Finalized()


async def test_no_fault_says_what_somebody_typed(settings, postgres, ours, capsys):
    faults = [error async for error in faults_of_the_database(settings)]
    faults += faults_of_the_program()
    for error in faults:
        log_in_every_way(error)
    await leave_to_python(faults[-1])
    ours.handle(logging.makeLogRecord({"msg": "a line that can't be written: %d", "args": (MARK,), "levelno": 40}))
    told, printed = ours.stream.getvalue(), capsys.readouterr()
    assert MARK not in told + printed.out + printed.err
    for words in (*FAULTS_OF_THE_DATABASE.values(), *SAID):
        assert words in told
    assert all(told.count(name) > 5 for name in ("UnicodeEncodeError", "RuntimeError", "LookupError", "in chained"))
    assert "a log line could not be written: TypeError" in printed.err
    assert MARK not in (postgres.data_dir / "postgres.log").read_text(encoding="utf-8")
