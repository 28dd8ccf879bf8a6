"""The exported schema, with what caches ask beside it, and what changed about it."""

import difflib
from pathlib import Path

from graphql import GraphQLError, build_schema
from graphql.utilities import BreakingChange, BreakingChangeType, find_breaking_changes, find_dangerous_changes

from kit.errors import InvalidInput
from resolvers.root import possible_types, sdl

POSSIBLE_TYPES = "possibleTypes.json"


def export(file: Path) -> None:
    """Write the schema, and the possible types beside it. Raises InvalidInput where that can't be."""
    for written, content in ((file, sdl()), (file.parent / POSSIBLE_TYPES, possible_types())):
        try:
            written.write_text(content, encoding="utf-8")
        except OSError as error:
            message = f"{written} can't be written: {error.strerror}. Name another by --file."
            raise InvalidInput(message=message) from None


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
    """Tell, as a unified diff, how the files differ from what the code exports; nothing when they do not.

    Raises InvalidInput.
    """
    beside = file.parent / POSSIBLE_TYPES
    changes = _difference(file, sdl())
    return changes or _difference(beside, possible_types())


def _difference(file: Path, exported: str) -> str:
    lines = difflib.unified_diff(
        _read(file).splitlines(), exported.splitlines(), str(file.name), "the code", lineterm="", n=2
    )
    return "\n".join(lines)


def changes_since(file: Path) -> tuple[list[str], list[str]]:
    """List the changes since the file was written that break clients, and those that may surprise them.

    That a mutation no longer gives a refusal breaks nobody: a document may go on to ask for it. Raises InvalidInput.
    """
    try:
        old = build_schema(_read(file))
    except (GraphQLError, TypeError) as error:
        message = f"{file} is no schema: {getattr(error, 'message', error)} Write it anew by `fairway schema`."
        raise InvalidInput(message=message) from None
    new = build_schema(sdl())
    breaking = find_breaking_changes(old, new)
    gone = [change for change in breaking if _is_refusal_gone(change)]
    surprising = [change.description for change in gone]
    surprising += [change.description for change in find_dangerous_changes(old, new)]
    return [change.description for change in breaking if change not in gone], surprising


def _is_refusal_gone(change: BreakingChange) -> bool:
    is_face = change.type is BreakingChangeType.IMPLEMENTED_INTERFACE_REMOVED
    return is_face and change.description.endswith("Problem.")
