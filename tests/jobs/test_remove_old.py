from datetime import timedelta

import pytest
from sqlalchemy import text

from jobs import tasks

ROWS = {
    "pgqueuer_log": "(created, job_id, status, priority, entrypoint) VALUES (:at, 1, 'successful', 0, :name)",
    "pgqueuer_statistics": "(created, count, priority, status, entrypoint) VALUES (:at, 1, 0, 'successful', :name)",
}


@pytest.mark.parametrize("table", ROWS)
async def test_what_the_queue_notes_of_its_work_is_kept_for_seven_days(server, clock, table):
    runtime, days = server.runtime, timedelta(days=7)
    moments = {"young": clock() - days, "old": clock() - days - timedelta(seconds=1)}
    async with runtime.database.across_tenants() as session:
        for name, at in moments.items():
            await session.execute(text(f"INSERT INTO {table} {ROWS[table]}"), {"at": at, "name": name})
        await session.commit()
    await tasks.remove_old(runtime)
    async with runtime.database.across_tenants() as session:
        left = await session.scalars(
            text(f"DELETE FROM {table} WHERE entrypoint IN ('young', 'old') RETURNING entrypoint")
        )
        assert list(left) == ["young"]
        await session.commit()
