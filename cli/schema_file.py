"""The exported schema, and what changed about it."""

import difflib
from pathlib import Path

from graphql import GraphQLError, build_schema
from graphql.utilities import find_breaking_changes

from kit.errors import InvalidInput
from resolvers.root import sdl


def export(file: Path) -> None:
    """Write the schema. Raises InvalidInput where that can't be."""
    try:
        file.write_text(sdl(), encoding="utf-8")
    except OSError as error:
        raise InvalidInput(message=f"{file} can't be written: {error.strerror}. Name another by --file.") from None


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        message = f"There is no file {file}. Write it by `fairway schema`, or name it by --file."
    except UnicodeDecodeError:
        message = f"{file} is no schema: it is not text in UTF-8. Name another by --file."
    except OSError as error:
        message = f"{file} can't be read: {error.strerror}. Name another by --file."
    raise InvalidInput(message=message)


def compare(file: Path) -> str:
    """Tell, as a unified diff, how the file differs from what the code exports; nothing when it does not.

    Raises InvalidInput.
    """
    lines = difflib.unified_diff(
        _read(file).splitlines(), sdl().splitlines(), str(file.name), "the code", lineterm="", n=2
    )
    return "\n".join(lines)


def breaking_changes(file: Path) -> list[str]:
    """List the changes since the file was written that break clients. Raises InvalidInput."""
    try:
        old = build_schema(_read(file))
    except (GraphQLError, TypeError) as error:
        message = f"{file} is no schema: {getattr(error, 'message', error)} Write it anew by `fairway schema`."
        raise InvalidInput(message=message) from None
    return [change.description for change in find_breaking_changes(old, build_schema(sdl()))]
