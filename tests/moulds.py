"""Worlds like one that was founded before: its rows written again, under ids of their own.

To found a world through the API takes five requests, and a quarter of the time of the tests that ask for one; few are
about its founding. So the first world of a database is founded, and those after it are cast in its shape.
"""

import json
import re
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

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
        RETURNING id""",
    "events": """INSERT INTO events SELECT one.* FROM new_streams, given, jsonb_array_elements(rows -> 'events') event,
        jsonb_populate_record(NULL::events, event || jsonb_build_object('stream_id', new_streams.id)) one""",
}
"""How rows are written that hold what the database makes: the number of a stream, of which a new world has one."""


@dataclass(frozen=True)
class Mould:
    """A world just after its founding: its rows by table and what was read of it, as text, and the ids in that."""

    world: World
    """Without its server, which may be gone when another is cast."""
    shape: str
    tables: tuple[str, ...]
    public: dict[str, tuple[str, UUID]]
    uuids: tuple[UUID, ...]

    async def cast(self, server: Server) -> World:
        """Give another world like it, a tenant of its own, on a server of the same database."""
        names = self._new_names()
        made = json.loads(IDS.sub(lambda found: names[found[0]], self.shape))
        old = self.world
        tenant_id, club_id, course_id = (UUID(names[str(one)]) for one in (old.tenant_id, old.club_id, old.course_id))
        async with server.runtime.database.tenant(tenant_id) as session:
            await session.execute(_insertion(self.tables), {"rows": json.dumps(made["rows"])})
            await session.commit()
        admin = replace(old.admin, tenant_id=tenant_id)
        staff = replace(old.staff, tenant_id=tenant_id, club_ids=(club_id,))
        return World(server, tenant_id, club_id, course_id, old.day, admin, staff, made["tee_times"])

    def _new_names(self) -> dict[str, str]:
        """Give each id another, in the order of the old ones: ids are sorted by when they were made."""
        new = dict(zip(self.uuids, sorted(new_id() for _ in self.uuids), strict=True))
        public = {name: public_id(kind, new[value]) for name, (kind, value) in self.public.items()}
        return public | {str(old): str(one) for old, one in new.items()}


MOULDS: dict[Any, Mould] = {}
"""By the database, when the world was founded, and what days it has."""


async def another_world(server: Server, *, days: tuple[int, ...] = (0,)) -> World:
    """Give a new world as `found_world` does: the first of its kind is founded, further ones are cast."""
    kind = (server.runtime.settings.database_url, server.clock.now, days)
    if kind in MOULDS:
        return await MOULDS[kind].cast(server)
    world = await found_world(server, days=days)
    async with server.runtime.database.tenant(world.tenant_id) as session:
        MOULDS[kind] = await _take(session, world)
    return world


async def _take(session: AsyncSession, world: World) -> Mould:
    rows: dict[str, list[Any]] = {}
    for name, data in await session.execute(ROWS):
        rows.setdefault(name, []).append(json.loads(data))
    assert len(rows["streams"]) == 1, "say in SPECIAL whose events belong to which stream"
    shape = json.dumps({"rows": rows, "tee_times": world.tee_times})
    found = set(IDS.findall(shape))
    public = {name: split_id(name) for name in found if "_" in name}
    uuids = {UUID(name) for name in found - public.keys()} | {value for _, value in public.values()}
    tables = tuple(name for name in TABLES if name in rows)
    return Mould(replace(world, server=None), shape, tables, public, tuple(sorted(uuids)))  # type: ignore[arg-type]


def _insertion(tables: tuple[str, ...]) -> Any:
    """Write all tables by one statement, at whose end their foreign keys are checked."""
    parts = [f"new_{name} AS ({SPECIAL.get(name, _simple(name))})" for name in tables]
    return text(f"WITH given AS (SELECT CAST(:rows AS jsonb) AS rows), {', '.join(parts)} SELECT 1")


def _simple(name: str) -> str:
    return f"INSERT INTO {name} SELECT it.* FROM given, jsonb_populate_recordset(NULL::{name}, rows -> '{name}') it"
