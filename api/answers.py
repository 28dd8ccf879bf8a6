"""What clients are told: answers as JSON, and errors with nothing of the inside in them."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import orjson
import structlog
from graphql import ExecutionResult, GraphQLError

from kit.database import DatabaseUnavailable, is_unreachable
from kit.errors import FairwayError, Problem, TooManyTries
from realtime.operations import OperationRefused

log = structlog.get_logger(__name__)


def refused(
    errors: Sequence[GraphQLError],
    *,
    code: str = "GRAPHQL_VALIDATION_FAILED",
    status: int = 400,
    retry_after: float | None = None,
    **where: Any,
) -> OperationRefused:
    """Say why an operation can't be run; `where` is for the log, should it be for a fault."""
    shown = orjson.dumps([show_error(error, code=code, **where) for error in errors])
    return OperationRefused(shown, status=status, retry_after=retry_after)


def answer_of(result: ExecutionResult, **where: Any) -> bytes:
    """Write a result as JSON; `where` is for the log, should something have gone wrong."""
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer = {"errors": [show_error(error, **where) for error in result.errors], **answer}
    return orjson.dumps(answer)


def is_lost(result: ExecutionResult) -> bool:
    """Tell whether nothing of an event could be shown for a fault of ours, or because the database is away."""
    causes = [cause_of(error) for error in result.errors or ()]
    faults = [cause for cause in causes if cause and not isinstance(cause, FairwayError | GraphQLError)]
    return result.data is None and (bool(faults) or any(isinstance(cause, DatabaseUnavailable) for cause in causes))


def cause_of(error: GraphQLError) -> BaseException | None:
    """Give what was raised, where it was not the GraphQL library that found something wrong."""
    original = error.original_error
    while isinstance(original, GraphQLError) and original.original_error is not None:
        original = original.original_error
    return original


def show_error(error: GraphQLError, *, code: str = "INVALID_INPUT", **where: Any) -> dict[str, Any]:
    """Write an error for clients: a stable code, and nothing of the inside; `where` is for the log."""
    original = cause_of(error)
    if is_unreachable(original):
        if not isinstance(original, DatabaseUnavailable):  # else somebody before has found it out
            log.warning("the database is away", error=original, **where)
        original = DatabaseUnavailable()
    shown: dict[str, Any] = dict(error.formatted)
    if original is None or isinstance(original, GraphQLError):
        shown["extensions"] = {"code": code, **shown.get("extensions", {})}
    elif isinstance(original, FairwayError):
        shown["message"], shown["extensions"] = original.message, {"code": original.code}
        if isinstance(original, Problem) and original.path:
            shown["extensions"]["argument"] = list(original.path)
        if isinstance(original, TooManyTries):
            shown["extensions"]["retryAt"] = original.retry_at
    else:
        shown |= show_fault(original, path=error.path, **where)
    return shown


def show_fault(error: BaseException, **where: Any) -> dict[str, Any]:
    """Write a fault for clients: a reference under which the log has the rest."""
    reference = uuid4().hex[:12]
    log.error("something went wrong", reference=reference, exc_info=error, **where)
    message = f"Something went wrong on our side. If it stays so, tell us the reference {reference}."
    return {"message": message, "extensions": {"code": "INTERNAL", "reference": reference}}
