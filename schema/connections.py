"""Lists that grow: pages by keyset, behind opaque cursors."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Generic, Self, TypeVar
from uuid import UUID

from kit.errors import InvalidInput
from schema.describe import output

T = TypeVar("T")
Row = TypeVar("Row")
LARGEST_PAGE = 100
PREFIX = b"p1"


@output
class PageInfo:
    """Where a page of a list ends, and whether the list goes on."""

    has_next_page: bool
    """Whether there is more behind this page."""
    end_cursor: str | None
    """The place of the page's last item: ask for what is `after` it; none when the page is empty."""


@output
class Edge(Generic[T]):
    """An item of a list, at its place."""

    node: T
    """The item."""
    cursor: str
    """Its place in the list."""


@output
class Connection(Generic[T]):
    """A page of a list."""

    edges: list[Edge[T]]
    """The page's items, each at its place."""
    page_info: PageInfo
    """Where the page ends."""

    @classmethod
    def page(cls, rows: Sequence[Row], *, first: int, key: Callable[[Row], UUID], show: Callable[[Row], T]) -> Self:
        """Make a page of `first` items out of rows that were read with one more, to see whether the list goes on."""
        edges = [Edge(node=show(row), cursor=place_of(key(row))) for row in rows[:first]]
        end = edges[-1].cursor if edges else None
        return cls(edges=edges, page_info=PageInfo(has_next_page=len(rows) > first, end_cursor=end))


def place_of(key: UUID) -> str:
    """Write the place of an item in a list that is sorted by its id."""
    return urlsafe_b64encode(PREFIX + key.bytes).decode().rstrip("=")


def read_place(cursor: str | None) -> UUID | None:
    """Read a place in a list. Raises InvalidInput when it is malformed."""
    if cursor is None:
        return None
    try:
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        key = UUID(bytes=raw.removeprefix(PREFIX))
    except ValueError:
        key = UUID(int=0)
    if place_of(key) != cursor:
        raise InvalidInput(message="This cursor is malformed; use one that a page of this list gave.", path=("after",))
    return key


def check_page(first: int) -> int:
    """Accept the size of a page. Raises InvalidInput."""
    if not 1 <= first <= LARGEST_PAGE:
        raise InvalidInput(message=f"Ask for 1 to {LARGEST_PAGE} items.", path=("first",))
    return first
