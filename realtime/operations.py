"""What a transport asks of the GraphQL side, which it knows nothing else of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from auth.revocation import Watcher
from auth.viewer import Viewer
from realtime.feed import Followed


@dataclass(frozen=True, slots=True)
class Request:
    """An operation as a client sends it."""

    query: str
    variables: Mapping[str, Any] | None = None
    operation_name: str | None = None
    connection: str | None = None
    """The socket that it came by, as the log calls it."""
    address: str = ""
    """The client's address, where it is known."""
    document_id: str | None = None
    """The id of the document, where the client names it by one; `query` may be empty then."""


def document_id_of(body: Mapping[str, Any]) -> str | None:
    """Read by which id a client names its document, if it does: as `documentId`, or as Apollo's clients do."""
    named = body.get("documentId")
    extension = (body.get("extensions") or {}).get("persistedQuery")
    if named is None and isinstance(extension, dict):
        named = extension.get("sha256Hash")
    return named if isinstance(named, str) and named else None


class OperationRefused(Exception):
    """The operation can't be run at all; `errors` is the JSON list of GraphQL errors that says why."""

    def __init__(self, errors: bytes, *, status: int = 400, retry_after: float | None = None) -> None:
        super().__init__(errors.decode())
        self.errors = errors
        self.status = status
        self.retry_after = retry_after
        """Seconds after which the same operation may be tried again, where it was refused for no fault of its own."""


class Operations(Protocol):
    """Runs operations."""

    async def open(self, request: Request, *, viewer: Viewer | None) -> bytes | Followed:
        """Run a query or a mutation, and give its response as JSON; or tell what a subscription comes down to.

        Raises OperationRefused.
        """
        ...


class Authenticates(Protocol):
    """Checks tokens."""

    async def authenticate(self, token: str, *, now: datetime, address: str) -> Viewer:
        """Tell who a token stands for. Raises TokenRefused, TokenExpired, TooManyTries, Unavailable."""
        ...

    def watch(self, watcher: Watcher) -> None:
        """Tell what a token has opened when the token is revoked; at once if it is already."""
        ...

    def unwatch(self, watcher: Watcher) -> None:
        """Forget what has ended."""
        ...
