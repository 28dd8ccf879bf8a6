"""What Prometheus is told: the figures of one process, or those of several that share a port, added up.

Several processes keep their figures in files of a folder, which the one who is asked reads. The library does so where
the folder's name is in the environment before the first figure is made.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

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
