"""How the tests are dealt out to processes. What they are given stands in `tests/fixtures.py`."""

from collections.abc import Generator

import pytest
from xdist.scheduler import LoadFileScheduling
from xdist.scheduler.protocol import Scheduling

from kit.garbage import seldom_look_for_garbage


def pytest_configure(config: pytest.Config) -> None:
    """Load the fixtures, and by them the whole program, where tests are run: who deals them out needs neither."""
    seldom_look_for_garbage()  # what is loaded and collected stays: to look through it all takes a third of that time
    deals_out = config.option.dist != "no" and not config.option.collectonly
    if not deals_out:
        config.pluginmanager.import_plugin("tests.fixtures")


@pytest.hookimpl(wrapper=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """Run one process more than there are cores: a fifth of the time, tests wait for what takes its time."""
    cores = yield
    return cores + 1


class ByFile(LoadFileScheduling):  # type: ignore[misc] # xdist says nothing of its types
    """One file to one process; one browser, and one demo that was loaded, to all files that need it."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(("tests/browser/", "tests/demo/")):
            return "/".join(nodeid.split("/")[:2])
        return str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling | None:
    """Deal out tests as above, unless another way is asked for."""
    return ByFile(config, log) if config.option.dist == "loadfile" else None
