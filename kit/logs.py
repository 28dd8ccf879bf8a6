"""Log lines: structured, one a line, for people or for machines, and without anything personal in them."""

import logging
import sys
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any, TextIO

import structlog

from kit.faults import named, told
from kit.settings import Settings
from kit.signals import end_once_more

log = structlog.get_logger(__name__)


def configure_logs(settings: Settings) -> None:
    """Send all log lines, ours and the libraries', to stderr in the form that is set, and what Python prints itself."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _name_faults,
    ]
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = _Lines(sys.stderr)
    handler.addFilter(_worth_a_line)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _shorten_asyncio],
            processors=[
                structlog.processors.ExceptionRenderer(_traceback),
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                last,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)  # it would write every row, though nobody shows it
    _log_what_python_prints()


class _Lines(logging.StreamHandler[TextIO]):
    """Writes lines. One that can't be written is not shown in another way, as Python would with all that is in it."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - as the library names it
        """Say that a line is missing, and why."""
        error = sys.exc_info()[1]
        with suppress(OSError, ValueError):  # the terminal has gone, and who logs must not hear of it
            sys.stderr.write(f"a log line could not be written: {named(error) if error else ''} ({record.name})\n")


def _worth_a_line(record: logging.LogRecord) -> bool:
    """Pass what is ours, and of the libraries what is a warning: below that they tell of statements, rows, headers."""
    if record.args and isinstance(record.args, tuple):
        record.args = tuple(named(arg) if isinstance(arg, BaseException) else arg for arg in record.args)
    return isinstance(record.msg, dict) or record.levelno >= logging.WARNING


def _name_faults(_logger: Any, _method: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Put the names of faults in the place of faults."""
    return {k: named(v) if isinstance(v, BaseException) and k != "exc_info" else v for k, v in line.items()}


def _shorten_asyncio(_logger: Any, _method: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Leave out what asyncio shows of tasks and callbacks: their results and arguments."""
    record: logging.LogRecord = line["_record"]
    if record.name == "asyncio":
        line["event"] = str(line["event"]).partition("\n")[0].partition("(")[0]
    return line


def _traceback(exc_info: structlog.typing.ExcInfo) -> str:
    return told(exc_info[1])


def _log_what_python_prints() -> None:
    """Have faults that nobody catches logged as others are: Python would print their words."""

    def uncaught(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, where)
        else:
            log.critical("the program ends by a fault", exc_info=error)

    sys.excepthook = uncaught
    threading.excepthook = lambda hook: log.error("a thread ended by a fault", exc_info=hook.exc_value)

    def unraisable(hook: "sys.UnraisableHookArgs") -> None:
        if isinstance(hook.exc_value, SystemExit):
            end_once_more()
        else:
            log.error("a fault could not be raised", exc_info=hook.exc_value)

    sys.unraisablehook = unraisable
