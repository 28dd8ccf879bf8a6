"""What is tested is what is pinned, and what is pinned is what is installed by the lock."""

from importlib.metadata import distributions

from packaging.utils import canonicalize_name

from tests.pins import Pins, versions

PINS = Pins.read()
UNPINNED = {"fairway", "pip", "uv"}
"""We, and what may have made the environment."""


def test_the_lock_and_what_uv_run_keeps_to_agree():
    tested = versions([*PINS.named, *PINS.constraints])
    locked = versions(PINS.locked)
    assert len(locked) > 50
    assert {name: tested[name] for name in locked} == locked, "run `uv run poe lock`"


def test_what_is_tested_here_is_what_is_pinned():
    pinned = versions([*PINS.named, *PINS.constraints])
    installed = {canonicalize_name(one.metadata["Name"]): one.version for one in distributions()}
    other = {name: version for name, version in installed.items() if version not in pinned.get(name, {version})}
    assert other == {}, "these are not the pinned versions: run `uv sync`"
    assert installed.keys() - pinned.keys() - UNPINNED == set(), "run `uv run poe lock`"
