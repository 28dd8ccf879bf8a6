"""The log: events get their positions in the transaction that makes them true.

Positions are taken last thing before the commit, with the stream's row locked until then, so that nobody can ever see
position N+1 before N. A sequence would not give that: its numbers are handed out in another order than transactions
commit.
"""

from collections.abc import Iterable, Mapping, Sequence
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

from events.base import Event, catalogue, rewriting
from events.cursor import Cursor
from events.history import entries_of
from kit.ids import new_id

HERE = "here AS MATERIALIZED (SELECT log_lineage() AS lineage)"
EPOCH = "CASE s.lineage WHEN here.lineage THEN s.epoch ELSE substr(md5(s.epoch || here.lineage), 1, 12) END"
"""A stream's epoch, with HERE: its own in the database in which it began, another one in every restored copy."""

APPEND = text(f"""
    WITH {HERE}, s AS (
        INSERT INTO streams (tenant_id, name, position)
        SELECT :tenant_id, name, count FROM unnest(:names, :counts) WITH ORDINALITY AS given (name, count, nth)
        ORDER BY nth
        ON CONFLICT (name) DO UPDATE SET position = streams.position + excluded.position
        RETURNING id, name, epoch, lineage, position
    ), appended AS (
        INSERT INTO events (stream_id, position, id, tenant_id, type, rooms, data, occurred_at)
        SELECT s.id, s.position - e.following, e.id, :tenant_id, e.type, e.rooms, e.data, e.occurred_at
        FROM s JOIN jsonb_to_recordset(:events) AS e(
            stream text, following bigint, id uuid, type text, rooms text[], data jsonb, occurred_at timestamptz
        ) ON e.stream = s.name
    )
    SELECT s.name, {EPOCH} AS epoch, s.position FROM s, here
""").bindparams(
    bindparam("tenant_id", type_=Uuid),
    bindparam("names", type_=ARRAY(Text)),
    bindparam("counts", type_=ARRAY(BigInteger)),
    bindparam("events", type_=JSONB),
)
"""One way to the database for all events of a transaction: streams are locked from here to the commit, so this is
short. They are locked in the order of `names`."""

READ = text("""
    SELECT e.position, e.id, e.tenant_id, e.type, e.rooms, e.data, e.occurred_at
    FROM events e WHERE e.stream_id = (SELECT id FROM streams WHERE name = :name)
        AND e.position > :after AND e.position <= :upto AND (CAST(:room AS text) IS NULL OR :room = ANY (e.rooms))
    ORDER BY e.position LIMIT :limit
""").bindparams(bindparam("room", type_=Text))

POSITIONS = text(f"""
    WITH {HERE} SELECT s.name, {EPOCH} AS epoch, s.position FROM streams s, here WHERE s.name = ANY (:names)
""").bindparams(bindparam("names", type_=ARRAY(Text)))

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

    @property
    def rewrites_log(self) -> bool:
        """Whether earlier events of the stream say less in the log since this one."""
        return self.type in rewriting

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
    """Note that something happened. It is logged and told if, and only if, the session's transaction commits.

    What is kept in a history is written with whatever is written next, as done by the user who acts (`acting`).
    """
    session.info.setdefault("recorded", []).extend((event, now) for event in events)
    session.add_all(entries_of(events, by=session.info.get("acting"), tenant_id=session.info["tenant_id"], now=now))


def acting(session: AsyncSession, user_id: str | None) -> None:
    """Say who does what is recorded from now on; nobody, as long as nothing is said: it happens by itself."""
    session.info["acting"] = user_id


async def write_log(session: AsyncSession) -> tuple[Logged, ...]:
    """Give all recorded events their positions and log them. To be called once, last thing before the commit.

    Streams are locked in sorted order, so that two transactions can never wait for each other.
    """
    recorded: list[tuple[Event, datetime]] = session.info.pop("recorded", [])
    await session.flush()
    if not recorded:
        return ()
    by_stream: dict[str, list[tuple[Event, datetime]]] = {}
    for event, at in recorded:
        by_stream.setdefault(event.stream, []).append((event, at))
    return await _append(session, dict(sorted(by_stream.items())))


async def _append(
    session: AsyncSession, by_stream: Mapping[str, Sequence[tuple[Event, datetime]]]
) -> tuple[Logged, ...]:
    tenant_id: UUID = session.info["tenant_id"]
    rows = [
        _row(event, at, following=following)
        for recorded in by_stream.values()
        for following, (event, at) in zip(reversed(range(len(recorded))), recorded, strict=True)
    ]
    counts = [len(recorded) for recorded in by_stream.values()]
    values = {"tenant_id": tenant_id, "names": list(by_stream), "counts": counts, "events": rows}
    heads = {name: Head(epoch, position) for name, epoch, position in await session.execute(APPEND, values)}
    return tuple(_logged(row, heads[row["stream"]], tenant_id) for row in rows)


def _row(event: Event, at: datetime, *, following: int) -> dict[str, Any]:
    """Write an event for the log. `following` events of its stream come after it in the same transaction."""
    about = {"stream": event.stream, "following": following, "id": new_id(), "occurred_at": at}
    return {**about, "type": event.type, "rooms": event.rooms, "data": event}


def _logged(row: Mapping[str, Any], head: Head, tenant_id: UUID) -> Logged:
    return Logged(
        stream=row["stream"],
        epoch=head.epoch,
        position=head.position - row["following"],
        id=row["id"],
        tenant_id=tenant_id,
        type=row["type"],
        rooms=row["rooms"],
        data=orjson.loads(orjson.dumps(row["data"])),
        occurred_at=row["occurred_at"],
    )


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
