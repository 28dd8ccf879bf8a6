"""A create that is asked for twice is done once, and answered alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from kit.errors import Problem
from kit.text import check_key
from models.idempotency import IdempotencyKey

KEPT = timedelta(hours=48)
LONGEST_KEY = 200

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
    mine = {"tenant_id": viewer.tenant_id, "user_id": viewer.user_id, "key": key}
    values = mine | {"operation": operation, "fingerprint": fingerprint, "created_at": now}
    claimed = insert(IdempotencyKey).values(values).on_conflict_do_nothing().returning(IdempotencyKey.key)
    if await session.scalar(claimed) is not None:
        return None
    first = (await session.scalars(select(IdempotencyKey).filter_by(**mine))).one()
    if first.fingerprint != fingerprint:
        raise IdempotencyKeyReused(path=("input", "idempotencyKey"))
    return FirstAnswer(first.results, first.result_id, first.cursor)


async def finish(session: AsyncSession, *, viewer: Viewer, key: str, results: Results, cursor: str | None) -> None:
    """Note what came of a key."""
    mine = {"tenant_id": viewer.tenant_id, "user_id": viewer.user_id, "key": key}
    await session.execute(update(IdempotencyKey).filter_by(**mine).values(results=results, cursor=cursor))
