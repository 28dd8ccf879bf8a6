"""What a transport asks of the GraphQL side, which it knows nothing else of."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from auth.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Request:
    """An operation as a client sends it."""

    query: str
    variables: Mapping[str, Any] | None = None
    operation_name: str | None = None


class OperationRefused(Exception):
    """The operation can't be run at all; `errors` is the JSON list of GraphQL errors that says why."""

    def __init__(self, errors: bytes, *, status: int = 400) -> None:
        super().__init__(errors.decode())
        self.errors = errors
        self.status = status


class Operations(Protocol):
    """Runs operations. Each answer is a GraphQL response as JSON."""

    def run(self, request: Request, *, viewer: Viewer | None) -> AsyncGenerator[bytes, None]:
        """Run an operation of any kind; a query or a mutation has one answer. Raises OperationRefused at first.

        Whoever does not take all answers closes the generator, so that what it follows is left at once.
        """
        ...


class Authenticates(Protocol):
    """Checks tokens."""

    async def authenticate(self, token: str, *, now: datetime) -> Viewer:
        """Tell who a token stands for. Raises TokenRefused, TokenExpired, or another FairwayError."""
        ...
