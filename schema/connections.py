"""Lists that grow: a page at a time, by the place of its last entry, so that what is added meanwhile moves nothing."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, Self, TypeAlias, TypeVar
from uuid import UUID

import orjson

from kit.errors import InvalidInput
from schema.describe import argument, output

T = TypeVar("T")
R = TypeVar("R")

MOST = 100
"""Entries that a page has at the most."""
USUAL = 20
"""Entries that a page has unless the client says how many."""
Place: TypeAlias = tuple[datetime | UUID | str, ...]
"""Where an entry stands in its list: the values that the list is ordered by."""

First: TypeAlias = Annotated[int, argument(f"How many entries, 1 to {MOST}.")]
After: TypeAlias = Annotated[str | None, argument("Go on behind this entry: its cursor, or a page's endCursor.")]


@output
class PageInfo:
    """Where a page lies in its list."""

    has_next_page: bool
    """Whether there are more entries behind it."""
    has_previous_page: bool
    """Whether it was asked for behind another entry."""
    start_cursor: str | None
    """The cursor of its first entry; none when it is empty."""
    end_cursor: str | None
    """The cursor of its last entry: ask for the next page `after` it; none when it is empty."""


@output
class Edge(Generic[T]):
    """An entry of a list, with its place."""

    cursor: str
    """Its place in the list; for `after` alone, its form may change."""
    node: T
    """The entry."""


@output
class Connection(Generic[T]):
    """A page of a list that grows."""

    edges: list[Edge[T]]
    """The entries with their places."""
    nodes: list[T]
    """The entries alone."""
    page_info: PageInfo
    """Where the page lies in its list."""

    @classmethod
    def page(
        cls,
        rows: Sequence[R],
        *,
        name: str,
        first: int,
        after: str | None,
        place: Callable[[R], Place],
        show: Callable[[R], T],
    ) -> Self:
        """Make a page of the rows that were found: up to one more than `first`, which tells that there are more."""
        edges = [Edge(cursor=write_cursor(name, place(row)), node=show(row)) for row in rows[:first]]
        return cls(
            edges=edges,
            nodes=[edge.node for edge in edges],
            page_info=PageInfo(
                has_next_page=len(rows) > first,
                has_previous_page=after is not None,
                start_cursor=edges[0].cursor if edges else None,
                end_cursor=edges[-1].cursor if edges else None,
            ),
        )


def check_first(first: int) -> int:
    """Accept the number of entries that a page shall have. Raises InvalidInput."""
    if not 1 <= first <= MOST:
        raise InvalidInput(message=f"Ask for 1 to {MOST} entries.", path=("first",))
    return first


def write_cursor(name: str, place: Place) -> str:
    """Write a place as a cursor of the list with this name."""
    parts = [part.isoformat() if isinstance(part, datetime) else str(part) for part in place]
    return urlsafe_b64encode(orjson.dumps([name, *parts])).decode().rstrip("=")


def read_cursor(name: str, text: str | None, *kinds: type) -> Any:
    """Read the place out of a cursor of the list with this name; none without a cursor.

    `kinds` says what the place consists of, moments, ids or texts. Raises InvalidInput for anything else.
    """
    if text is None:
        return None
    try:
        given, *parts = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if given == name and len(parts) == len(kinds):
            return tuple(_part(kind, part) for kind, part in zip(kinds, parts, strict=True))
    except (ValueError, TypeError, AttributeError, OverflowError):
        pass
    raise InvalidInput(message="This is no cursor of this list; take one from a page of it.", path=("after",))


def _storable(text: str) -> str:
    """Give a text as the database can compare it. Raises ValueError for one with a zero or half a character in it."""
    if "\0" in text:
        raise ValueError("no text holds a zero")
    return text.encode().decode()


def _part(kind: type, text: str) -> datetime | UUID | str:
    if kind is UUID:
        return UUID(text)
    if kind is str:
        return _storable(text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment has a zone")
    return moment.astimezone(UTC)
