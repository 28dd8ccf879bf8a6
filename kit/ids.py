"""Public ids: a type and a UUIDv7, written as a TypeID (`booking_01h455vb4pex5vsknk084sn02q`), stored as a UUID."""

from functools import lru_cache
from uuid import UUID

from typeid import TypeID
from typeid.errors import TypeIDException
from uuid_utils.compat import uuid7

from kit.errors import InvalidInput


def new_id() -> UUID:
    """Make a UUIDv7: unique, and sorted by the time it was made."""
    return uuid7()


@lru_cache(maxsize=65_536)
def public_id(kind: str, value: UUID) -> str:
    """Write a UUID as the public id of its kind."""
    return str(TypeID.from_uuid(prefix=kind, suffix=value))  # type: ignore[arg-type]  # any UUID will do


def parse_id(kind: str, text: str, *, path: tuple[str, ...] = ()) -> UUID:
    """Read a public id of one kind.

    Raises InvalidInput that names the kind which was expected and the one that was given.
    """
    given, value = split_id(text, path=path, expected=kind)
    if given != kind:
        raise InvalidInput(
            message=f"This is the id of {with_article(given)}; give the id of {with_article(kind)}.", path=path
        )
    return value


def parse_if_given(kind: str, text: str | None, *, path: tuple[str, ...] = ()) -> UUID | None:
    """Read a public id of one kind that may be left out. Raises InvalidInput as `parse_id` does."""
    return None if text is None else parse_id(kind, text, path=path)


def split_id(text: str, *, path: tuple[str, ...] = (), expected: str = "") -> tuple[str, UUID]:
    """Read a public id of any kind: its kind and its UUID. Raises InvalidInput."""
    try:
        return _read(text)
    except (TypeIDException, ValueError) as error:
        hint = (
            f"An id of {with_article(expected)} looks like {expected}_01h455vb4pex5vsknk084sn02q"
            if expected
            else "An id looks like booking_01h455vb4pex5vsknk084sn02q"
        )
        raise InvalidInput(
            message=f"{hint}, and “{text[:80]}” does not; give it as it was given.", path=path
        ) from error


@lru_cache(maxsize=65_536)
def _read(text: str) -> tuple[str, UUID]:
    parsed = TypeID.from_string(text)
    return parsed.prefix, UUID(bytes=parsed.uuid.bytes)


def words(kind: str) -> str:
    """Say a kind as people do: `tee_time` is a tee time."""
    return kind.replace("_", " ") or "thing without a type"


def with_article(kind: str) -> str:
    """Say a kind with its article: a tee time, an occasion."""
    said = words(kind)
    return f"{'an' if said[0] in 'aeio' else 'a'} {said}"  # of kinds with a u, all sound like a user
