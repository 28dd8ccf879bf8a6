"""Making earlier events say less: events, their ids and positions stay, and what they said of somebody goes."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import BigInteger, Text

from events.base import Event, untold
from events.log import Logged

T = TypeVar("T")

PAGE = 500
"""Events that are read, and written, at once."""
LOCKED = text("SELECT id FROM streams WHERE name = :name FOR NO KEY UPDATE").bindparams(bindparam("name", type_=Text))
"""Nobody adds to a stream while it is read: who has something to add waits, as for its position."""
MENTIONING = text("""
    SELECT e.position, e.id, e.tenant_id, e.type, e.rooms, e.data, e.occurred_at FROM events e
    WHERE e.stream_id = :stream_id AND e.position > :after
        AND EXISTS (SELECT FROM unnest(:ids) AS one WHERE strpos(e.data::text, one) > 0)
    ORDER BY e.position LIMIT :limit
""").bindparams(
    bindparam("stream_id", type_=BigInteger), bindparam("after", type_=BigInteger), bindparam("ids", type_=ARRAY(Text))
)
REWRITE = text("""
    UPDATE events e SET data = w.data FROM jsonb_to_recordset(:rows) AS w(position bigint, data jsonb)
    WHERE e.stream_id = :stream_id AND e.position = w.position
""").bindparams(bindparam("stream_id", type_=BigInteger), bindparam("rows", type_=JSONB))


async def rewrite_log(
    session: AsyncSession, stream: str, ids: Collection[str], rewrite: Callable[[Event], Event]
) -> int:
    """Let the events of a stream that mention one of these ids say what `rewrite` makes of them.

    Gives how many changed. Locks the stream until the commit, so this comes last in a change. Whoever calls it records
    an event behind it that `rewrites_log`: by that, processes know that what they keep of the stream says too much.
    Raises EventUnreadable for an event that this release does not know: nobody can be sure of what it says.
    """
    stream_id: int | None = await session.scalar(LOCKED, {"name": stream})
    changed, after = 0, 0
    while stream_id is not None:
        asked = {"stream_id": stream_id, "after": after, "ids": list(ids), "limit": PAGE}
        found = [Logged(stream, "", *row) for row in await session.execute(MENTIONING, asked)]
        fresh = [(one.position, rewrite(one.event), one.event) for one in found if one.type not in untold]
        rows = [{"position": at, "data": said} for at, said, before in fresh if said != before]
        if rows:
            await session.execute(REWRITE, {"stream_id": stream_id, "rows": rows})
            changed += len(rows)
        if len(found) < PAGE:
            break
        after = found[-1].position
    return changed


def without_texts(value: T, *, but: Callable[[str], bool] = lambda _said: False) -> T:
    """Give a fact, or a value of one, with no text in it, nor any list: what may be none is none, all else is empty.

    Ids stay, as do numbers, moments, and what is one of a few; so does each text that `but` lets stay.
    """
    if not is_dataclass(value) or isinstance(value, type):
        raise TypeError(f"{value!r} is no fact")
    hints = get_type_hints(type(value))
    return replace(value, **dict(_emptied(value, hints, but)))


def _emptied(value: Any, hints: dict[str, Any], but: Callable[[str], bool]) -> Iterator[tuple[str, Any]]:
    for field in fields(value):
        said = getattr(value, field.name)
        if field.name.endswith(("_id", "_ids")) or said is None or isinstance(said, Enum):
            continue
        if isinstance(said, str) and but(said):
            continue
        is_text = isinstance(said, str | tuple) or is_dataclass(said)
        if is_text and NoneType in get_args(hints[field.name]):
            yield field.name, None
        elif is_dataclass(said):
            yield field.name, without_texts(said, but=but)
        elif is_text:
            yield field.name, "" if isinstance(said, str) else ()
