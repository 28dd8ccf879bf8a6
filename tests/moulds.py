"""Tenants like one that was founded before: its rows written again, under ids of their own.

To found a world through the API takes five requests, and a quarter of the time of the tests that ask for one; few are
about its founding. So the first world of a database is founded, and those after it are cast in its shape.
"""

import json
import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Self, cast
from uuid import UUID

from sqlalchemy import text

from auth.codes import new_invitation_code
from kit.ids import new_id, public_id, split_id
from models.base import Base
from tests.harness import Server, World, found_world

TABLES = [table.name for table in Base.metadata.sorted_tables if table.name == "tenants" or "tenant_id" in table.c]
ROWS = text(
    " UNION ALL ".join(f"SELECT '{name}' AS name, to_jsonb(it)::text AS data FROM {name} it" for name in TABLES)
)
IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[a-z_]+_[0-9a-hjkmnp-tv-z]{26}\b")
"""UUIDs, and public ids."""
SPECIAL = {
    "streams": """INSERT INTO streams (tenant_id, name, position)
        SELECT tenant_id, name, position FROM given, jsonb_populate_recordset(NULL::streams, rows -> 'streams')
        RETURNING id, name""",
    "events": """INSERT INTO events SELECT one.*
        FROM given, jsonb_array_elements(rows -> 'events') event JOIN new_streams ON name = event ->> 'stream',
        jsonb_populate_record(NULL::events, event || jsonb_build_object('stream_id', new_streams.id)) one""",
}
"""How rows are written that hold what the database makes: the number of a stream."""


@dataclass(frozen=True)
class Text:
    """A text with ids in it, cut at these: to put others into their places takes less than to look for them again."""

    parts: tuple[str, ...]
    """What stands between the ids, and these, in turn."""

    @classmethod
    def of(cls, value: Any) -> Self:
        """Write a value as JSON."""
        return cls(tuple(re.split(f"({IDS.pattern})", json.dumps(value))))

    @property
    def ids(self) -> set[str]:
        """The ids in it."""
        return set(self.parts[1::2])

    def with_ids(self, names: dict[str, str]) -> str:
        """Give the text with another id in the place of each."""
        parts = [*self.parts]
        parts[1::2] = [names[old] for old in self.parts[1::2]]
        return "".join(parts)


@dataclass(frozen=True)
class Mould:
    """A tenant as it was once: its rows by table and what is known of it, and the ids and the codes in that."""

    rows: Text
    known: Text
    tables: tuple[str, ...]
    public: dict[str, tuple[str, UUID]]
    uuids: tuple[UUID, ...]
    codes: tuple[str, ...]
    """The households', each of which opens one of whatever tenant."""

    @classmethod
    async def take(cls, server: Server, tenant_id: UUID, **known: Any) -> Self:
        """Take a tenant's shape. What is known of it may be anything that is JSON, with UUIDs and public ids in it."""
        rows: dict[str, list[Any]] = {}
        async with server.runtime.database.tenant(tenant_id) as session:
            for name, data in await session.execute(ROWS):
                rows.setdefault(name, []).append(json.loads(data))
        streams = {row["id"]: row["name"] for row in rows["streams"]}
        for event in rows["events"]:
            event["stream"] = streams[event["stream_id"]]
        written, told = Text.of(rows), Text.of(known | {"tenant_id": str(tenant_id)})
        found = written.ids | told.ids
        public = {name: split_id(name) for name in found if "_" in name}
        uuids = {UUID(name) for name in found - public.keys()} | {value for _, value in public.values()}
        tables = tuple(name for name in TABLES if name in rows)
        codes = tuple(household["code"] for household in rows.get("households", ()))
        return cls(written, told, tables, public, tuple(sorted(uuids)), codes)

    async def cast(self, server: Server) -> dict[str, Any]:
        """Write another tenant like it, on a server of the same database; gives what is known of that one."""
        names = self._new_names()
        rows, known = self.rows.with_ids(names), json.loads(self.known.with_ids(names))
        for code in self.codes:
            rows = rows.replace(f'"{code}"', f'"{new_invitation_code()}"')
        async with server.runtime.database.tenant(UUID(known["tenant_id"])) as session:
            await session.execute(_insertion(self.tables), {"rows": rows})
            await session.commit()
        return cast("dict[str, Any]", known)

    def _new_names(self) -> dict[str, str]:
        """Give each id another, in the order of the old ones: ids are sorted by when they were made."""
        new = dict(zip(self.uuids, sorted(new_id() for _ in self.uuids), strict=True))
        public = {name: public_id(kind, new[value]) for name, (kind, value) in self.public.items()}
        return public | {str(old): str(one) for old, one in new.items()}


MOULDS: dict[Any, tuple[World, Mould]] = {}
"""By the database, when the world was founded, and what days it has: that world without its server, and its mould."""


async def another_world(server: Server, *, days: tuple[int, ...] = (0,)) -> World:
    """Give a new world as `found_world` does: the first of its kind is founded, further ones are cast."""
    kind = (server.runtime.settings.database_url, server.clock.now, days)
    if kind not in MOULDS:
        world = await found_world(server, days=days)
        ids = {"club_id": str(world.club_id), "course_id": str(world.course_id)}
        mould = await Mould.take(server, world.tenant_id, **ids, tee_times=world.tee_times)
        MOULDS[kind] = replace(world, server=None), mould  # type: ignore[arg-type] # it may be gone by then
        return world
    old, mould = MOULDS[kind]
    known = await mould.cast(server)
    tenant_id, club_id, course_id = (UUID(known[name]) for name in ("tenant_id", "club_id", "course_id"))
    admin = replace(old.admin, tenant_id=tenant_id)
    staff = replace(old.staff, tenant_id=tenant_id, club_ids=(club_id,))
    return World(server, tenant_id, club_id, course_id, old.day, admin, staff, known["tee_times"])


@cache
def _insertion(tables: tuple[str, ...]) -> Any:
    """Write all tables by one statement, at whose end their foreign keys are checked."""
    parts = [f"new_{name} AS ({SPECIAL.get(name, _simple(name))})" for name in tables]
    return text(f"WITH given AS (SELECT CAST(:rows AS jsonb) AS rows), {', '.join(parts)} SELECT 1")


def _simple(name: str) -> str:
    return f"INSERT INTO {name} SELECT it.* FROM given, jsonb_populate_recordset(NULL::{name}, rows -> '{name}') it"
