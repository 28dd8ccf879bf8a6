"""Reading rows by their ids."""

from collections.abc import Iterable
from functools import cache
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.base import TenantOwned

R = TypeVar("R", bound=TenantOwned)


async def rows_by_id(session: AsyncSession, kind: type[R], ids: Iterable[UUID]) -> dict[UUID, R]:
    """Read rows by their ids; what the session has at hand, from the same snapshot, is not read again."""
    at_hand = {key: session.identity_map.get(session.identity_key(kind, key)) for key in ids}
    found: dict[UUID, R] = {key: row for key, row in at_hand.items() if row is not None}
    if missing := at_hand.keys() - found:
        found |= {row.id: row for row in await session.scalars(_by_ids(kind), {"ids": list(missing)})}
    return found


@cache
def _by_ids(kind: type[R]) -> Select[R]:
    """Write the statement once for each table; it is the same for however many ids."""
    return select(kind).where(kind.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
