"""A create that is asked for twice is done once, and answered alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

import orjson
from sqlalchemy import Table, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from kit.errors import Problem
from kit.text import check_key
from models.idempotency import IdempotencyKey

KEPT = timedelta(hours=48)
LONGEST_KEY = 200
KEYS = cast("Table", IdempotencyKey.__table__)
MINE = tuple(KEYS.c[name] == bindparam(f"my_{name}") for name in ("tenant_id", "user_id", "key"))
CLAIMED = (
    insert(KEYS)
    .values({name: bindparam(f"my_{name}") for name in ("tenant_id", "user_id", "key")})
    .values({name: bindparam(f"for_{name}") for name in ("operation", "fingerprint", "created_at")})
    .on_conflict_do_nothing()
    .returning(KEYS.c.key)
    .cte("claimed")
)
CLAIM = select(CLAIMED.c.key)
"""Gives the key, or nothing where it is claimed already."""
FIRST = select(IdempotencyKey).where(*MINE)
NOTED = (
    KEYS.update()
    .where(*MINE)
    .values(results=bindparam("its_results"), cursor=bindparam("its_cursor"))
    .returning(KEYS.c.key)
    .cte("noted")
)
NOTE = select(NOTED.c.key)

Results = Mapping[str, str | list[str] | None]
"""The public ids of what was made, by the answer's field: one, a list of them, or none where nothing was made."""


class IdempotencyKeyReused(Problem):
    """The idempotency key was used for another request; use a new one."""

    code = "IDEMPOTENCY_KEY_REUSED"


@dataclass(frozen=True)
class FirstAnswer:
    """What came of a key's first use."""

    results: Results | None
    """None where an earlier release answered, which noted `result_id` alone."""
    result_id: UUID | None
    cursor: str | None


async def begin(
    session: AsyncSession, *, viewer: Viewer, key: str, operation: str, arguments: Any, now: datetime
) -> FirstAnswer | None:
    """Claim a key, or give what came of it before. One that is claimed at this moment elsewhere is waited for.

    Raises IdempotencyKeyReused when the key stands for other arguments, InvalidInput for an empty or an overlong one.
    """
    check_key(key, path=("input", "idempotencyKey"), longest=LONGEST_KEY)
    fingerprint = sha256(orjson.dumps([operation, arguments], default=str, option=orjson.OPT_SORT_KEYS)).digest()
    mine = _mine(viewer, key)
    claim = mine | {"for_operation": operation, "for_fingerprint": fingerprint, "for_created_at": now}
    if await session.scalar(CLAIM, claim) is not None:
        return None
    first = (await session.scalars(FIRST, mine)).one()
    if first.fingerprint != fingerprint:
        raise IdempotencyKeyReused(path=("input", "idempotencyKey"))
    return FirstAnswer(first.results, first.result_id, first.cursor)


async def finish(session: AsyncSession, *, viewer: Viewer, key: str, results: Results, cursor: str | None) -> None:
    """Note what came of a key."""
    await session.execute(NOTE, _mine(viewer, key) | {"its_results": results, "its_cursor": cursor})


def _mine(viewer: Viewer, key: str) -> dict[str, Any]:
    return {"my_tenant_id": viewer.tenant_id, "my_user_id": viewer.user_id, "my_key": key}
