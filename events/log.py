"""The log: events get their positions in the transaction that makes them true.

Positions are taken last thing before the commit, with the stream's row locked until then, so that nobody can ever see
position N+1 before N. A sequence would not give that: its numbers are handed out in another order than transactions
commit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson
from pydantic import ValidationError
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.types import BigInteger, Text, Uuid

from events.base import Event, catalogue
from events.cursor import Cursor
from kit.ids import new_id

APPEND = text("""
    WITH taken AS (
        INSERT INTO streams (tenant_id, name, position) VALUES (:tenant_id, :name, :count)
        ON CONFLICT (name) DO UPDATE SET position = streams.position + :count
        RETURNING id, epoch, position
    ), appended AS (
        INSERT INTO events (stream_id, position, id, tenant_id, type, rooms, data, occurred_at)
        SELECT taken.id, taken.position - :count + e.nth, e.id, :tenant_id, e.type, e.rooms, e.data, e.occurred_at
        FROM taken, jsonb_to_recordset(:events) AS e(
            nth bigint, id uuid, type text, rooms text[], data jsonb, occurred_at timestamptz
        )
    )
    SELECT epoch, position FROM taken
""").bindparams(
    bindparam("tenant_id", type_=Uuid),
    bindparam("name", type_=Text),
    bindparam("count", type_=BigInteger),
    bindparam("events", type_=JSONB),
)
"""One way to the database for all events of a stream: its row is locked from here to the commit, so this is short."""

READ = text("""
    SELECT e.position, e.id, e.tenant_id, e.type, e.rooms, e.data, e.occurred_at
    FROM events e WHERE e.stream_id = (SELECT id FROM streams WHERE name = :name)
        AND e.position > :after AND e.position <= :upto AND (CAST(:room AS text) IS NULL OR :room = ANY (e.rooms))
    ORDER BY e.position LIMIT :limit
""").bindparams(bindparam("room", type_=Text))

POSITIONS = text("SELECT name, epoch, position FROM streams WHERE name = ANY (:names)").bindparams(
    bindparam("names", type_=ARRAY(Text))
)

OLDEST = text("SELECT min(position) FROM events WHERE stream_id = (SELECT id FROM streams WHERE name = :name)")


class EventUnreadable(Exception):
    """An event of the log is of a type or a shape that this release does not know."""


@dataclass(frozen=True)
class Logged:
    """An event at its place in its stream. Two of them are the same when stream, epoch and position are."""

    stream: str
    epoch: str
    position: int
    id: UUID
    tenant_id: UUID
    type: str
    rooms: tuple[str, ...]
    data: Any
    occurred_at: datetime

    @property
    def cursor(self) -> Cursor:
        """The place of the event."""
        return Cursor(self.stream, self.epoch, self.position)

    @cached_property
    def event(self) -> Event:
        """The fact itself, read once for all who look. Raises EventUnreadable, as while a newer release takes over."""
        kind = catalogue.get(self.type)
        if kind is None:
            raise EventUnreadable(f"{self.type} is no type of event that this release knows")
        try:
            return kind.parse(self.data)
        except ValidationError as error:  # it would tell the log what is in the event: people's names
            raise EventUnreadable(f"{self.type} is of another shape than this release knows: {_told(error)}") from None


def _told(error: ValidationError) -> str:
    """Name the fields that are wrong, and what is wrong with each."""
    wrong = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, field['loc']))}: {field['msg']}" for field in wrong)


@dataclass(frozen=True, slots=True)
class Head:
    """Where a stream stands."""

    epoch: str
    position: int


def record(session: AsyncSession, *events: Event, now: datetime) -> None:
    """Note that something happened. It is logged and told if, and only if, the session's transaction commits."""
    session.info.setdefault("recorded", []).extend((event, now) for event in events)


async def write_log(session: AsyncSession) -> tuple[Logged, ...]:
    """Give all recorded events their positions and log them. To be called once, last thing before the commit.

    Streams are locked in sorted order, so that two transactions can never wait for each other.
    """
    recorded: list[tuple[Event, datetime]] = session.info.pop("recorded", [])
    await session.flush()
    by_stream: dict[str, list[tuple[Event, datetime]]] = {}
    for event, at in recorded:
        by_stream.setdefault(event.stream, []).append((event, at))
    logged: list[Logged] = []
    for name in sorted(by_stream):
        logged += await _append(session, name, by_stream[name])
    return tuple(logged)


async def _append(session: AsyncSession, name: str, events: Sequence[tuple[Event, datetime]]) -> list[Logged]:
    tenant_id: UUID = session.info["tenant_id"]
    rows = [_row(nth, event, at) for nth, (event, at) in enumerate(events, 1)]
    values = {"tenant_id": tenant_id, "name": name, "count": len(rows), "events": rows}
    epoch, last = (await session.execute(APPEND, values)).one()
    return [
        Logged(
            name,
            epoch,
            last - len(rows) + row["nth"],
            row["id"],
            tenant_id,
            event.type,
            event.rooms,
            orjson.loads(orjson.dumps(event)),
            at,
        )
        for row, (event, at) in zip(rows, events, strict=True)
    ]


def _row(nth: int, event: Event, at: datetime) -> dict[str, Any]:
    return {"nth": nth, "id": new_id(), "type": event.type, "rooms": event.rooms, "data": event, "occurred_at": at}


async def read_log(
    session: AsyncSession, stream: str, *, epoch: str, after: int, upto: int, room: str | None, limit: int
) -> list[Logged]:
    """Read the events of a stream, or of one room of it, in (after, upto], oldest first, at most `limit`."""
    values = {"name": stream, "after": after, "upto": upto, "room": room, "limit": limit}
    rows = await session.execute(READ, values)
    return [
        Logged(stream, epoch, r.position, r.id, r.tenant_id, r.type, tuple(r.rooms), r.data, r.occurred_at)
        for r in rows
    ]


async def read_heads(session: AsyncSession | AsyncConnection, streams: Iterable[str]) -> dict[str, Head]:
    """Tell where streams stand. One that has no event yet is missing from the answer."""
    return {
        name: Head(epoch, position)
        for name, epoch, position in await session.execute(POSITIONS, {"names": list(streams)})
    }


async def oldest_position(session: AsyncSession, stream: str) -> int | None:
    """Tell the oldest position of a stream that can still be replayed."""
    oldest: int | None = await session.scalar(OLDEST, {"name": stream})
    return oldest


async def read_cursor(session: AsyncSession, stream: str) -> Cursor:
    """Give the cursor of what the session's snapshot shows of a stream.

    A stream that has no event yet has no epoch either; its cursor starts at position 0 of the empty epoch.
    """
    head = (await read_heads(session, [stream])).get(stream, Head("", 0))
    return Cursor(stream, head.epoch, head.position)
