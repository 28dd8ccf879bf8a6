"""Holds end by themselves, with a worker or without one, and are told of once."""

from asyncio import gather, sleep, timeout
from datetime import timedelta

import pytest_asyncio
from sqlalchemy import text

from api.app import create_app
from domain.tee_sheet.offers.holds import due_holds
from jobs import tasks
from kit.ids import parse_id
from tests.databases import settings_beside
from tests.harness import HeldClock, found_world, serving
from tests.patience import PATIENCE
from tests.tee_sheet.board import CLUB_EVENTS
from tests.tee_sheet.desk import ask, book, club_events, head, hold, read_until, sheet, types, unchanged

MANY = text("""
    INSERT INTO holds (tenant_id, id, club_id, tee_time_id, holder_id, places, status, created_at, expires_at)
    SELECT tenant_id, gen_random_uuid(), club_id, tee_time_id, 'somebody ' || n, 1, 'ACTIVE', created_at, created_at
    FROM holds, generate_series(1, 1200) n WHERE id = :id
""")
HOLD = "query($id: ID!) { node(id: $id) { ... on Hold { status } } }"


async def status_of(world, held):
    answer = await world.server.run(HOLD, who=world.staff, id=held["hold"]["id"])
    return answer.data["node"]["status"]


async def test_others_take_the_places_of_an_expired_hold_at_once(world, clock):
    held = await hold(world, world.player("ana"), places=4)
    clock.advance(minutes=10)
    taken = await hold(world, world.player("ben"), places=3)
    events = await club_events(world, after=held["cursor"], upto=taken["cursor"])
    assert types(events) == ["slot.available"] * 4 + ["slot.held"] * 3
    assert {event["heldUntil"] for event in events[4:]} == {taken["hold"]["expiresAt"]}
    assert await status_of(world, held) == "EXPIRED"


async def test_others_book_the_places_of_an_expired_hold_at_once(world, clock):
    held = await hold(world, world.player("ana"), places=4)
    clock.advance(minutes=10)
    booked = await book(world, world.player("ben"), places=2)
    events = await club_events(world, after=held["cursor"], upto=booked["cursor"])
    assert types(events) == ["slot.available"] * 4 + ["booking.created"] + ["slot.booked"] * 2


async def test_nothing_that_is_due_waits_behind_others_however_many_they_are(world, clock):
    held = await hold(world, world.player("ana"))
    key = parse_id("hold", held["hold"]["id"])
    clock.advance(minutes=10)
    async with world.server.runtime.work.change(world.tenant_id) as change:
        await change.session.execute(MANY, {"id": key})
        due = await due_holds(change.session, now=clock())
        await change.session.rollback()
    assert len(due) == 1_201
    assert due[-1] == (world.tenant_id, key)


async def test_who_let_a_hold_expire_may_hold_again(world, clock):
    ana = world.player("ana")
    first = [await hold(world, ana, number) for number in range(3)]
    clock.advance(minutes=10)
    second = [await hold(world, ana, number) for number in range(3)]
    events = await club_events(world, after=first[-1]["cursor"], upto=second[-1]["cursor"])
    assert types(events) == ["slot.available", "slot.held"] * 3


async def test_a_refusal_does_not_end_an_expired_hold_by_the_way(world, clock):
    await hold(world, world.player("ana"), places=2)
    await book(world, world.staff, places=2)
    clock.advance(minutes=10)
    async with unchanged(world):
        answer = await ask(world.server, "holdSlots", who=world.player("ben"), teeTimeId=world.tee_time(), places=3)
    assert answer.data["holdSlots"]["problems"][0]["placesLeft"] == 2


async def test_a_hold_is_not_swept_before_its_time(world, clock):
    held = await hold(world, world.player("ana"))
    clock.advance(minutes=9, seconds=59)
    async with unchanged(world):
        await tasks.sweep_holds(world.server.runtime)
    assert await status_of(world, held) == "ACTIVE"


async def test_three_sweeps_at_once_free_the_places_once(world, clock):
    held = [await hold(world, world.player(name), number, places=2) for number, name in enumerate("abc")]
    clock.advance(minutes=10)
    await gather(*(tasks.sweep_holds(world.server.runtime) for _ in range(3)))
    await tasks.sweep_holds(world.server.runtime)
    events = await club_events(world, after=held[-1]["cursor"], upto=await head(world))
    assert types(events) == ["slot.available"] * 6
    assert len({event["slotId"] for event in events}) == 6
    assert {event["slotStatus"] for event in events} == {"AVAILABLE"}
    assert [await status_of(world, one) for one in held] == ["EXPIRED"] * 3


async def test_the_deferred_task_runs_as_often_as_it_likes(world, clock):
    held = await hold(world, world.player("ana"), places=2)
    task = {"tenant_id": world.tenant_id, "hold_id": str(parse_id("hold", held["hold"]["id"]))}
    async with unchanged(world):
        await tasks.expire_one_hold(world.server.runtime, **task)  # too early: a clock may go wrong
    clock.advance(minutes=10)
    await gather(*(tasks.expire_one_hold(world.server.runtime, **task) for _ in range(5)))
    async with unchanged(world):
        await tasks.expire_one_hold(world.server.runtime, **task)
    assert types(await club_events(world, after=held["cursor"], upto=await head(world))) == ["slot.available"] * 2


async def test_the_task_leaves_alone_what_was_booked_meanwhile(world, clock):
    held = await hold(world, world.player("ana"), places=2)
    await book(world, world.player("ana"), holdId=held["hold"]["id"])
    clock.advance(minutes=10)
    async with unchanged(world):
        await tasks.sweep_holds(world.server.runtime)
        hold_id = str(parse_id("hold", held["hold"]["id"]))
        await tasks.expire_one_hold(world.server.runtime, tenant_id=world.tenant_id, hold_id=hold_id)
    assert [slot["status"] for slot in (await sheet(world))["teeTimes"][-1]["slots"][:2]] == ["BOOKED"] * 2


@pytest_asyncio.fixture
async def settings_with_a_queue_of_its_own(postgres, settings):
    """A fresh database: a worker that starts looks after all that it finds, and shall find nothing of other tests."""
    async with settings_beside(postgres, settings) as own:
        yield own


async def test_the_worker_runs_the_job_that_the_hold_put_down(settings_with_a_queue_of_its_own):
    clock = HeldClock()
    app = create_app(settings_with_a_queue_of_its_own, with_jobs=True, clock=clock)
    async with serving(app, clock) as server:
        world = await found_world(server)
        held = await hold(world, world.player("ana"), places=3)
        clock.advance(minutes=10)
        assert await make_due(server) == [("expire_hold", timedelta(minutes=10))]
        async with server.socket(world.staff) as socket:
            await socket.subscribe(CLUB_EVENTS, club=world.club, after=held["cursor"])
            await hold(world, world.player("ben"), 0)  # its job makes the queue look again at what is due
            assert sorted(types(await socket.events(4))) == ["slot.available"] * 3 + ["slot.held"]
            fence = await hold(world, world.player("ben"), 1)
            assert types(await read_until(socket, fence["cursor"], world)) == ["slot.held"]
        assert await status_of(world, held) == "EXPIRED"
        await until_done(server, "expire_hold")  # by the job, not by the sweep that comes with each minute


async def until_done(server, task):
    """Wait until the queue has noted that a job of a task went well."""
    query = text("SELECT 1 FROM pgqueuer_log WHERE entrypoint = :task AND status = 'successful'")
    async with timeout(PATIENCE):
        while True:
            async with server.runtime.database.across_tenants() as session:
                if await session.scalar(query, {"task": task}):
                    return
            await sleep(0.01)


async def make_due(server):
    """Bring the time of all jobs that wait; give which there are, and how long each was to wait.

    The queue goes by the clock of the database, which cannot be moved.
    """
    async with server.runtime.database.across_tenants() as session:
        jobs = await session.execute(text("SELECT entrypoint, execute_after - created FROM pgqueuer"))
        found = [(task, delay) for task, delay in jobs]
        await session.execute(text("UPDATE pgqueuer SET execute_after = now()"))
        await session.commit()
    return found
