"""Signals that end the program."""

import signal
import sys
import threading
from typing import NoReturn

SOON = 0.05


def end_when_told() -> None:
    """End by SIGTERM as if the work were done, so that what the program has started is stopped too."""
    signal.signal(signal.SIGTERM, _stop)


def _stop(_signal: int, _frame: object) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # to be told twice must not cut the end short
    sys.exit(0)


def end_once_more() -> None:
    """Have the end told again a moment later: it came where Python takes no exception, as within a weak reference."""
    end_when_told()
    threading.Timer(SOON, signal.pthread_kill, (threading.main_thread().ident, signal.SIGTERM)).start()


def end_when_hung_up() -> None:
    """Take the end of the terminal as SIGTERM is taken, whoever deals with that by then.

    Who started the program so that it outlives its terminal, as by `nohup`, has SIGHUP ignored, and it stays so.
    """
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda _signal, _frame: signal.raise_signal(signal.SIGTERM))
