"""What tests cost, in seconds of CPU: those of the clock are others' as well, who use the machine. For `poe cost`."""

import os
from collections import Counter, defaultdict
from collections.abc import Generator
from typing import cast

import pytest

SHOWN = 40
"""How many files are listed."""
STARTED_ONCE = "databases, browsers and programs that were started for many files"
BEGAN, BEGAN_BESIDE = pytest.StashKey[float](), pytest.StashKey[float]()
IS_LAST = pytest.StashKey[bool]()
seconds: defaultdict[str, float] = defaultdict(float)
tests: Counter[str] = Counter()


def spent() -> tuple[float, float]:
    """Give what this process has had of the CPU, and what the programs that it started had, once they have ended."""
    user, system, user_of_others, system_of_others, _ = os.times()
    return user + system, user_of_others + system_of_others


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
    """Note where a test begins, with all that is made for it."""
    item.stash[BEGAN], item.stash[BEGAN_BESIDE] = spent()
    item.stash[IS_LAST] = nextitem is None
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Have the last report of a test say what it cost: it reaches the process that deals the tests out.

    Behind the last test of a process ends what all before it have used, which is no cost of that test's.
    """
    if call.when == "teardown":
        file, (own, beside) = item.nodeid.partition("::")[0], spent()
        its = STARTED_ONCE if item.stash[IS_LAST] else file
        item.user_properties += [
            ("cpu", (file, own - item.stash[BEGAN])),
            ("cpu", (its, beside - item.stash[BEGAN_BESIDE])),
        ]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up by file."""
    if report.when != "teardown":
        return
    tests[report.nodeid.partition("::")[0]] += 1
    for name, value in report.user_properties:
        if name == "cpu":
            file, cost = cast("tuple[str, float]", value)
            seconds[file] += cost


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the files that cost most."""
    terminalreporter.write_sep("=", f"{sum(seconds.values()):.0f} seconds of CPU")
    for file, cost in sorted(seconds.items(), key=lambda one: -one[1])[:SHOWN]:
        terminalreporter.write_line(f"{cost:7.1f} s {tests[file]:5} tests  {file}")
