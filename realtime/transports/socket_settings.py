"""What holds for every socket."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SocketSettings:
    """What holds for every socket; times in seconds."""

    instance: str
    auth_timeout: float
    heartbeat: float
    max_operations: int
    max_message_bytes: int
    pong_timeout: float = 90.0
    """How long a client may leave pings unanswered."""
    stall_timeout: float = 10.0
    """How long a client may take nothing of what it is sent."""
    keys_timeout: float = 25.0
    """How long a socket waits for keys that are out of reach: graphql-ws gives up once it was sent away six times, and
    with what it waits itself between two tries that has to last for an identity provider's restart."""
    stop_code: int = 1001
    """The close code when the server stops."""
    stop_spread: float = 1.0
    """The time over which sockets are closed then, lest all clients come back in the same instant."""
