"""Signals that end the program."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from typing import Any, NoReturn, TypeVar

SOON = 0.05
AGAIN = 5.0
"""Seconds until work that was told to end is told so again: a library may have swallowed the first time."""

T = TypeVar("T")


def end_when_told() -> None:
    """End by SIGTERM as if the work were done, so that what the program has started is stopped too."""
    signal.signal(signal.SIGTERM, _stop)


def _stop(_signal: int, _frame: object) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # to be told twice must not cut the end short
    sys.exit(0)


def run_until_told(work: Coroutine[Any, Any, T]) -> T:
    """Run work in an event loop, as `asyncio.run` does; by SIGTERM it is cancelled, and the program ends.

    An exception that a signal raises would come wherever the loop is at that moment: in a library that swallows it, or
    in a driver's C code, which crashes by it.
    """
    told: list[int] = []
    runner = asyncio.Runner()
    task = runner.get_loop().create_task(work)

    def stop() -> None:
        if task.cancel():
            task.get_loop().call_later(AGAIN, stop)

    def tell(number: int, _frame: object) -> None:
        told.append(number)
        with suppress(RuntimeError):  # the loop is closed: the work has ended
            task.get_loop().call_soon_threadsafe(stop)

    before = signal.signal(signal.SIGTERM, tell)
    try:
        with runner:
            result = runner.run(_result_of(task))
    except asyncio.CancelledError:
        if not told:
            raise
        sys.exit(0)
    finally:
        signal.signal(signal.SIGTERM, before)
    if told:
        sys.exit(0)
    return result


async def _result_of(task: asyncio.Task[T]) -> T:
    return await task


def end_once_more() -> None:
    """Have the end told again a moment later: it came where Python takes no exception, as within a weak reference."""
    end_when_told()
    threading.Timer(SOON, signal.pthread_kill, (threading.main_thread().ident, signal.SIGTERM)).start()


def end_when_hung_up() -> None:
    """Take the end of the terminal as SIGTERM is taken, whoever deals with that by then.

    Who started the program so that it outlives its terminal, as by `nohup`, has SIGHUP ignored, and it stays so.
    """
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        return
    terminals = [handle for handle in (1, 2) if os.isatty(handle)]

    def hang_up(_signal: int, _frame: object) -> None:
        let_go(terminals)
        signal.raise_signal(signal.SIGTERM)

    signal.signal(signal.SIGHUP, hang_up)


def let_go(terminals: Iterable[int]) -> None:
    """Write to nowhere what would go to terminals that are closed: Python ends by a fault where it can't be written."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for handle in terminals:
        if not os.isatty(handle):
            os.dup2(nowhere, handle)
    os.close(nowhere)
