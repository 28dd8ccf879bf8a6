"""Which web pages may use the API."""

from collections.abc import Collection

from starlette.requests import HTTPConnection


def origin_allowed(connection: HTTPConnection, allowed: Collection[str]) -> bool:
    """Tell whether the page behind a request may make it: it is of this server, or of an origin that a setting allows.

    Clients other than browsers send no origin, and carry no one's cookies.
    """
    sent = next((value for name, value in connection.scope["headers"] if name == b"origin"), None)
    if sent is None:
        return True
    origin: str = sent.decode("latin-1")
    if "*" in allowed or origin.rstrip("/") in allowed:
        return True
    return origin.partition("://")[2] == connection.headers.get("host")
