"""The audit log: every change, by course and local date, and nothing that is in it ever changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from domain.course.audit import status_history
from domain.course.thresholds import set_thresholds
from kit.database import connect
from kit.errors import InvalidInput, NotAllowed, NotFound
from kit.ids import new_id
from models.tee_sheet.tables import TeeSheet
from tests.course.turf import CLOSED, HOUR, MARGIN, OPEN, by, clear, history, look, override, rows
from tests.harness import found_world
from tests.tee_sheet.desk import add_player

TABLES = ("course_status_changes", "course_threshold_changes")


async def test_an_entry_says_all_that_the_log_is_asked_for(world, clock):
    await add_player(world, "Ana", "MEMBER", user_id="ana-works-here")
    ana = replace(world.staff, user_id="ana-works-here")
    await look(world, wind_kmh=45.0)
    clock.advance(minutes=5)
    await override(world, who=ana, reason="Works on the greens")
    entry, first = await history(world)
    assert (entry.previous_status, entry.new_status, entry.source) == (first.new_status, CLOSED, "MANUAL")
    assert (entry.reason, entry.causes, entry.changed_at) == ("Works on the greens", ["OVERRIDE"], clock())
    assert (entry.changed_by_id, entry.changed_by_label) == ("ana-works-here", "Ana Pérez")
    assert (entry.score, entry.weather["wind_kmh"], entry.date) == (first.score, 45, world.day)
    [sheet] = await rows(world, TeeSheet)
    assert entry.sheet_id == sheet.id


async def test_a_change_on_a_day_without_a_sheet_is_logged_without_one(world, clock):
    clock.advance(days=3)
    await override(world)
    [entry] = await history(world)
    assert (entry.sheet_id, entry.date) == (None, world.day + timedelta(days=3))


CHANGES = [
    ("2026-03-07T12:00", "2026-03-07"),
    ("2026-03-08T04:59", "2026-03-07"),  # 23:59 in New York
    ("2026-03-08T05:00", "2026-03-08"),
    ("2026-03-08T06:59", "2026-03-08"),  # a minute before the clock goes forward
    ("2026-03-08T07:00", "2026-03-08"),
    ("2026-03-09T03:59", "2026-03-08"),  # 23:59 in summer time
    ("2026-03-09T04:00", "2026-03-09"),
]


async def test_the_log_is_read_by_the_local_date_across_midnights_and_a_change_of_the_clock(server, clock):
    clock.now = datetime(2026, 3, 7, 12, tzinfo=UTC)
    world = await found_world(server, zone="America/New_York")
    for moment, _ in CHANGES:
        clock.now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        await override(world, OPEN, reason=moment)
    for day in sorted({day for _, day in CHANGES}):
        found = [entry.reason for entry in await history(world, day=date.fromisoformat(day))]
        assert found == [moment for moment, its_day in reversed(CHANGES) if its_day == day]


async def test_the_log_is_paged_newest_first(world, clock):
    for number in range(7):
        clock.advance(hours=5)
        await override(world, reason=str(number))
    found, last = [], None
    while page := await history(world, before=last, limit=3):
        assert len(page) <= 3
        found += [entry.reason for entry in page]
        last = page[-1].id
    assert found == list("6543210")
    today = await history(world, day=world.day)
    assert [entry.reason for entry in await history(world, day=world.day, before=today[0].id)] == [
        entry.reason for entry in today[1:]
    ]


async def test_only_the_staff_read_the_log_and_only_of_their_own_course(server, world):
    await override(world)
    other = await found_world(server)
    await override(other)
    [foreign] = await history(other)
    given = {"day": None, "before": None, "limit": 10}

    async def read(who, **more):
        async with server.runtime.database.snapshot(who.tenant_id) as session:
            viewer = who.viewer(server.clock())
            return await status_history(session, viewer=viewer, **{"course_id": world.course_id} | given | more)

    assert len(await read(world.staff)) == 1
    with pytest.raises(NotAllowed):
        await read(world.player("ana"))
    with pytest.raises(NotFound):
        await read(other.staff)
    for before in (foreign.id, new_id()):
        with pytest.raises(InvalidInput):
            await read(world.staff, before=before)


async def attempt(connection, statement):
    """Run a statement that must be refused; give why."""
    with pytest.raises(asyncpg.PostgresError) as caught:
        async with connection.transaction():
            await connection.execute(statement)
    return caught.value.sqlstate


@pytest.mark.parametrize("role", ["app", "owner"])
async def test_the_database_refuses_to_change_what_was_logged(world, postgres, role):
    await override(world)
    await by(world, world.staff, set_thresholds, margin=MARGIN, wind_warning_kmh=30)
    url = postgres.app_url if role == "app" else postgres.owner_url
    connection = await connect(url, purpose="tests")
    try:
        await connection.execute("SELECT set_config('fairway.tenant', $1, false)", str(world.tenant_id))
        refused = "42501" if role == "app" else "23001"
        for table in TABLES:
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") > 0
            assert await attempt(connection, f"UPDATE {table} SET club_id = club_id") == refused
            assert await attempt(connection, f"DELETE FROM {table}") == refused
            assert await attempt(connection, f"TRUNCATE {table}") == refused
    finally:
        await connection.close()


async def test_a_refused_change_leaves_no_entry(world):
    await override(world, until=world.server.clock() + HOUR)
    await clear(world)
    before = len(await history(world))
    with pytest.raises(Exception, match="No override"):
        await clear(world)
    assert len(await history(world)) == before
