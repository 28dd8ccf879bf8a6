"""Connections to Redis whose time-outs are our own, and what is written and read on them."""

import asyncio
import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio.connection import AbstractConnection, ConnectionPool, parse_url

from kit.errors import SetupError

OPEN_TIMEOUT = 2.0
"""Seconds that a connection may take to be open, encrypted and authenticated."""

Command = tuple[str | bytes, ...]


def read_url(url: str) -> tuple[ConnectionPool, str, str]:
    """Give a maker of connections, the server's name for logs, and the password. Raises SetupError.

    Retries are left to the caller. RESP2 answers in order, which acknowledgements rely on. The library keeps to its own
    `socket_timeout` by `asyncio.wait_for`, which on Python 3.11 may swallow a cancellation: time-outs are ours.
    """
    own: dict[str, Any] = {
        "protocol": 2,
        "decode_responses": False,
        "retry": None,
        "retry_on_timeout": False,
        "health_check_interval": 0,
        "socket_timeout": None,
        "socket_connect_timeout": OPEN_TIMEOUT,
        "driver_info": None,
    }
    try:
        options: dict[str, Any] = {**parse_url(url), **own}
        pool = ConnectionPool(**options)
        pool.make_connection()  # type: ignore[no-untyped-call]
    except (ValueError, TypeError):  # their sentences may quote the password
        raise SetupError(message="REDIS_URL is not a usable URL like redis://user:password@host:6379/0.") from None
    server = options.get("path") or f"{options.get('host', 'localhost')}:{options.get('port', 6379)}"
    return pool, server, options.get("password", "")


@asynccontextmanager
async def opened(pool: ConnectionPool) -> AsyncIterator[AbstractConnection]:
    """Give a connection, and drop it afterwards whatever is still to be written: a frozen Redis would never take it."""
    connection = pool.make_connection()  # type: ignore[no-untyped-call]
    try:
        async with asyncio.timeout(OPEN_TIMEOUT):
            await connection.connect()
        transport = connection._writer.transport  # noqa: SLF001 - its own way to close waits for the other side
        try:
            yield connection
        finally:
            transport.abort()
    finally:
        await connection.disconnect(nowait=True)


async def write(connection: AbstractConnection, commands: Sequence[Command]) -> None:
    """Send commands in one go, without waiting for the answers."""
    await connection.send_packed_command(connection.pack_commands(commands))


async def read(connection: AbstractConnection) -> Any:
    """Give the next answer, however long it takes. Raises RedisError for an error or the end of the connection."""
    return await connection.read_response(timeout=math.inf, disconnect_on_error=False)


def reason_of(error: Exception, *, secret: str) -> str:
    """Say what went wrong, without the password: a server that knows no AUTH repeats its arguments."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    text = f"{type(error).__name__}: {error}".removesuffix(": ")
    return text.replace(secret, "***") if secret else text
