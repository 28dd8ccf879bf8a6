"""Why a socket is closed, with the protocol's code for it."""

from kit.errors import TokenRefused, TooManyTries, Unavailable
from realtime import metrics
from realtime.presence import TooManyConnections
from realtime.transports.messages import Closed


def refused(error: TokenRefused) -> Closed:
    """Say that a token is not taken, and count it."""
    metrics.auth_failures.inc()
    return Closed(4403, error.message)


def passing(error: Unavailable | TooManyTries) -> Closed:
    """Say “try again later”: graphql-ws never comes back from 4500, whatever its user has set."""
    return Closed(1013, error.message)


def too_many(error: TooManyConnections) -> Closed:
    """Say “try again later”: those of a process that was killed count for some seconds longer."""
    metrics.refused_sockets.labels(error.limit).inc()
    return Closed(1013, str(error))
