"""The exported schema, and what changed about it."""

import difflib
from pathlib import Path

from graphql import build_schema
from graphql.utilities import find_breaking_changes

from resolvers.root import sdl


def export(file: Path) -> None:
    """Write the schema."""
    file.write_text(sdl(), encoding="utf-8")


def compare(file: Path) -> str:
    """Tell, as a unified diff, how the file differs from what the code exports; nothing when it does not."""
    written = file.read_text(encoding="utf-8") if file.exists() else ""
    lines = difflib.unified_diff(written.splitlines(), sdl().splitlines(), str(file.name), "the code", lineterm="", n=2)
    return "\n".join(lines)


def breaking_changes(file: Path) -> list[str]:
    """List the changes since the file was written that break clients."""
    if not file.exists():
        return []
    old = build_schema(file.read_text(encoding="utf-8"))
    return [change.description for change in find_breaking_changes(old, build_schema(sdl()))]
