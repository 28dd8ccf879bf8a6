"""Things with an id that is unique over all types, and how each is found by it."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from kit.errors import InvalidInput
from kit.ids import split_id, with_article
from schema.describe import interface

Find = Callable[[AsyncSession, Viewer, UUID], Awaitable[Any]]
finders: dict[str, Find] = {}


@interface
class Node:
    """Something with an id that is unique over all types."""

    id: strawberry.ID
    """The id: a type and a sortable suffix, as in booking_01h455vb4pex5vsknk084sn02q."""


def finds(kind: str) -> Callable[[Find], Find]:
    """Declare how the things of one kind are found by their id."""

    def declare(find: Find) -> Find:
        finders[kind] = find
        return find

    return declare


async def find_node(session: AsyncSession, *, viewer: Viewer, node_id: str) -> Any:
    """Find anything by its id. Raises InvalidInput for a kind that can't be asked for, NotFound."""
    kind, value = split_id(node_id, path=("id",))
    if kind not in finders:
        raise InvalidInput(
            message=f"{with_article(kind).capitalize()} can't be asked for by its id; ask for what it belongs to.",
            path=("id",),
        )
    return await finders[kind](session, viewer, value)
