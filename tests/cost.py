"""What tests cost, in seconds of CPU: those of the clock are others' as well, who use the machine. For `poe cost`."""

import os
from collections import Counter, defaultdict
from collections.abc import Generator

import pytest

SHOWN = 40
"""How many files are listed."""
BEGAN = pytest.StashKey[float]()
seconds: defaultdict[str, float] = defaultdict(float)
tests: Counter[str] = Counter()


def spent() -> float:
    """Give what this process has had of the CPU, and what the programs that it started had, once they have ended."""
    return sum(os.times()[:4])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Note where a test begins, with all that is made for it."""
    item.stash[BEGAN] = spent()
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Have the last report of a test say what it cost: it reaches the process that deals the tests out."""
    if call.when == "teardown":
        item.user_properties.append(("cpu", spent() - item.stash[BEGAN]))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up by file."""
    for name, value in report.user_properties:
        if name == "cpu" and report.when == "teardown" and isinstance(value, float):
            file = report.nodeid.partition("::")[0]
            seconds[file] += value
            tests[file] += 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the files that cost most."""
    terminalreporter.write_sep("=", f"{sum(seconds.values()):.0f} seconds of CPU")
    for file, cost in sorted(seconds.items(), key=lambda one: -one[1])[:SHOWN]:
        terminalreporter.write_line(f"{cost:7.1f} s {tests[file]:5} tests  {file}")
