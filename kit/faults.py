"""Faults as the log tells them: what went wrong and where in the program, and nothing of whom it was about.

An exception's own words may quote what somebody typed: a name, a code, a token. They are repeated only where their kind
is known to speak of the program, the machine or the tables, and not of what is in them.
"""

import traceback
from collections.abc import Iterator

import asyncpg
from sqlalchemy.exc import StatementError

from kit.errors import SetupError

OF_THE_PROGRAM = (TypeError, AttributeError, NameError, ImportError, SetupError)
"""Their words name types, functions and settings."""
OF_THE_DATABASE = frozenset({"08", "23", "25", "28", "40", "42", "53", "55", "57", "58"})
"""Classes of SQLSTATE whose message names constraints, tables and files. What quotes a row is in their details."""
MOST_OF_A_STATEMENT = 500


def named(error: BaseException) -> str:
    """Name a fault in one line: its kind, and its words as far as they may be repeated."""
    words = " ".join(_words(error).split())
    return f"{_kind(error)}: {words}" if words else _kind(error)


def told(error: BaseException) -> str:
    """Tell a fault with its traceback, and those that it came from, without the values of anything."""
    return "\n".join(_chain(error, seen=set()))


def _kind(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _words(error: BaseException) -> str:
    if isinstance(error, OSError):
        return error.strerror or ""
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        return f"{state} {error.args[0] if state[:2] in OF_THE_DATABASE else ''}"
    if isinstance(error, StatementError):
        cause = error.orig and (error.orig.__cause__ or error.orig)
        return f"{named(cause) if cause else ''} in {(error.statement or 'no statement')[:MOST_OF_A_STATEMENT]}"
    of_the_program = isinstance(error, OF_THE_PROGRAM) or type(error) is asyncpg.InterfaceError
    return str(error) if of_the_program else ""


def _chain(error: BaseException, *, seen: set[int]) -> Iterator[str]:
    """Give the lines of a fault, after those of what led to it, as Python would."""
    seen.add(id(error))
    before, link = error.__cause__, "This led to:"
    if before is None and not error.__suppress_context__:
        before, link = error.__context__, "While this was dealt with, there was:"
    if before is not None and id(before) not in seen:
        yield from _chain(before, seen=seen)
        yield f"\n{link}\n"
    yield "Traceback (most recent call last):"
    yield from (part.rstrip("\n") for part in traceback.format_tb(error.__traceback__))
    yield named(error)
    for part in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield "\nwith:\n"
        yield from _chain(part, seen=seen)
