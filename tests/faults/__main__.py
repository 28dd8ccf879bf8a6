"""All experiments, one after the other, and a table of what came of them.

`python -m tests.faults` runs all of them, `python -m tests.faults r01 r08` those that are named.
"""

import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Outcome:
    """What came of an experiment."""

    name: str
    passed: bool
    seconds: float
    said: str

    @property
    def verdict(self) -> str:
        """What was lost, doubled and reordered."""
        found = re.search(r"lost \d+, doubled \d+, reordered \d+", self.said)
        return found[0] if found else "no verdict"

    @property
    def title(self) -> str:
        """What was done."""
        found = re.search(r"^R\d+: (.+)$", self.said, re.MULTILINE)
        return found[1] if found else ""


def experiments(chosen: Sequence[str]) -> list[str]:
    """Give the names of the experiments that begin with one of the words; all if there is none."""
    names = sorted(path.stem for path in FOLDER.glob("r[0-9][0-9]_*.py"))
    return [name for name in names if not chosen or name.startswith(tuple(chosen))]


def conduct(name: str) -> Outcome:
    """Run an experiment to its end, and show what it says."""
    began = time.monotonic()
    command = [sys.executable, "-m", f"tests.faults.{name}"]
    done = subprocess.run(
        command, cwd=FOLDER.parents[1], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    sys.stdout.write(done.stdout + "\n")
    sys.stdout.flush()
    return Outcome(name, done.returncode == 0, time.monotonic() - began, done.stdout)


def table(outcomes: Sequence[Outcome]) -> str:
    """Write a line for each experiment."""
    lines = [
        f"{'PASSED' if o.passed else 'FAILED'}  {o.name[:3].upper()}  {o.seconds:4.0f} s  {o.verdict:34}  {o.title}"
        for o in outcomes
    ]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def main(chosen: Sequence[str]) -> int:
    """Run experiments; give 1 if one has failed, or if there is none of that name."""
    names = experiments(chosen)
    if not names:
        sys.stdout.write(f"There is no experiment that begins with {' or '.join(chosen)}.\n")
        return 1
    outcomes = [conduct(name) for name in names]
    sys.stdout.write(table(outcomes))
    return 0 if all(outcome.passed for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
