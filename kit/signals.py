"""Signals that end the program."""

import signal


def end_when_hung_up() -> None:
    """Take the end of the terminal as SIGTERM is taken, whoever deals with that by then.

    Who started the program so that it outlives its terminal, as by `nohup`, has SIGHUP ignored, and it stays so.
    """
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda _signal, _frame: signal.raise_signal(signal.SIGTERM))
