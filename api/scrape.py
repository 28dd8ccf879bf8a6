"""What Prometheus is told: the figures of one process, or those of several that share a port, added up.

Several processes keep their figures in files of a folder, which the one who is asked reads. The library does so where
the folder's name is in the environment before the first figure is made.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from prometheus_client import CollectorRegistry, generate_latest, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector

from kit.errors import SetupError

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def exposition() -> bytes:
    """Write the figures in Prometheus' text format."""
    if FOLDER not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


@contextmanager
def shared_figures() -> Iterator[str]:
    """Let the processes that are started within the block keep their figures together, in a folder until its end."""
    with TemporaryDirectory(prefix="fairway-figures-", ignore_cleanup_errors=True) as folder:
        os.environ[FOLDER] = folder
        try:
            yield folder
        finally:
            del os.environ[FOLDER]


@contextmanager
def own_figures(host: str, port: int) -> Iterator[int]:
    """Tell the figures of a process that serves nothing else, at a port of their own; gives it, as 0 means any.

    Raises SetupError when the port can't be had.
    """
    try:
        server, thread = start_http_server(port, addr=host)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SetupError(
            message=f"Figures can't be told at {host}:{port}: {reason}. Choose another HOST or --metrics-port."
        ) from error
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
