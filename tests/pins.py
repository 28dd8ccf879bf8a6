"""Pins what our dependencies need in turn: with hashes in `requirements.lock`, and for `uv run` in `pyproject.toml`.

`python -m tests.pins` writes both, and keeps every version that still fits; `--upgrade` takes the newest ones;
`--check` writes nothing, and fails where something would be written.
"""

import argparse
import os
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
CONSTRAINTS = re.compile(r"^constraint-dependencies = \[\n.*?^\]\n", re.MULTILINE | re.DOTALL)
PLAIN = ("--universal", "--quiet", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links")


@dataclass(frozen=True)
class Pins:
    """The two files that hold pins."""

    project: str
    lock: str

    @classmethod
    def read(cls, folder: Path = ROOT) -> "Pins":
        """Read those of a folder."""
        return cls((folder / "pyproject.toml").read_text("utf-8"), (folder / "requirements.lock").read_text("utf-8"))

    def write(self, folder: Path = ROOT) -> None:
        """Write those of a folder."""
        (folder / "pyproject.toml").write_text(self.project, "utf-8")
        (folder / "requirements.lock").write_text(self.lock, "utf-8")

    @property
    def named(self) -> list[str]:
        """What we need ourselves, for whatever purpose."""
        table = tomllib.loads(self.project)
        for_some = (table["project"]["optional-dependencies"], table["dependency-groups"])
        return [*table["project"]["dependencies"], *chain.from_iterable(chain(*(each.values() for each in for_some)))]

    @property
    def constraints(self) -> list[str]:
        """What that needs in turn, as `uv run` keeps to it."""
        return list(tomllib.loads(self.project)["tool"]["uv"]["constraint-dependencies"])

    @property
    def locked(self) -> list[str]:
        """What an installation needs, without the hashes."""
        return [line.removesuffix("\\").strip() for line in self.lock.splitlines() if not line.startswith(" ")]

    def with_constraints(self, lines: Iterable[str]) -> "Pins":
        """Give pins that differ in the constraints."""
        listed = "".join(f'  "{line}",\n' for line in lines)
        return Pins(CONSTRAINTS.sub(lambda _: f"constraint-dependencies = [\n{listed}]\n", self.project), self.lock)


def versions(pins: Iterable[str]) -> dict[str, set[str]]:
    """Give the versions that are pinned, by name: where Pythons or platforms need different ones, all of them."""
    found: dict[str, set[str]] = defaultdict(set)
    for requirement in map(Requirement, pins):
        found[canonicalize_name(requirement.name)].add(str(requirement.specifier).removeprefix("=="))
    return found


def made_anew(now: Pins, *, upgrade: bool) -> Pins:
    """Resolve the dependencies again."""
    more = ("--upgrade",) if upgrade else ()
    with TemporaryDirectory() as name:
        folder, everything = Path(name), Path(name, "everything.txt")
        now.with_constraints(()).write(folder)  # with them, nothing could become newer
        everything.write_text("\n".join(now.constraints), "utf-8")  # uv keeps what it finds there, if that still fits
        _compile(folder, "--all-extras", "--group", "dev", "-o", everything.name, *more)
        _compile(folder, "--generate-hashes", "-c", everything.name, "-o", "requirements.lock")
        ours, found = versions(now.named), everything.read_text("utf-8").splitlines()
        return Pins.read(folder).with_constraints(pin for pin in found if not ours.keys() & versions([pin]).keys())


def _compile(folder: Path, *options: str) -> None:
    uv = os.environ.get("UV", "uv")  # `uv run` says where it is
    done = subprocess.run([uv, "pip", "compile", "pyproject.toml", *PLAIN, *options], cwd=folder, check=False)
    if done.returncode:
        sys.exit(done.returncode)  # uv has said why


def main() -> None:
    """Do what the module says."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true")
    options.add_argument("--upgrade", action="store_true")
    given = options.parse_args()
    now = Pins.read()
    wanted = made_anew(now, upgrade=given.upgrade)
    if not given.check:
        wanted.write()
    elif wanted != now:
        sys.exit("The pins are not what uv makes of pyproject.toml: run `uv run poe lock`, and commit what it writes.")


if __name__ == "__main__":
    main()
