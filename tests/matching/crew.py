"""What the worker does with what matching has put down, one job after the other."""

from uuid import UUID

import orjson
from sqlalchemy import bindparam, text
from sqlalchemy.types import ARRAY, Text

from jobs.worker import DEFERRED
from kit.jobs import TENANT
from tests.harness import World

TAKE = text("""
    DELETE FROM pgqueuer WHERE id = (
        SELECT min(id) FROM pgqueuer WHERE entrypoint = ANY (:names) AND headers ->> 'tenant' = :tenant
    ) RETURNING entrypoint, payload
""").bindparams(bindparam("names", type_=ARRAY(Text)))


async def work_off(world: World, *names: str, twice: bool = False) -> list[dict[str, object]]:
    """Do all jobs of a world by these names, and those that they put down; `twice` does each again. Gives them."""
    assert TENANT == "tenant"
    done: list[dict[str, object]] = []
    while True:
        async with world.server.runtime.database.across_tenants() as session:
            job = (await session.execute(TAKE, {"names": list(names), "tenant": str(world.tenant_id)})).one_or_none()
            await session.commit()
        if job is None:
            return done
        given = orjson.loads(job.payload)
        for _ in range(2 if twice else 1):
            await DEFERRED[job.entrypoint](world.server.runtime, tenant_id=UUID(str(world.tenant_id)), **given)
        done.append(given)
