"""What waits for what: a closed occasion for what is under way at it, and the club's tee sheet for no import."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from api.app import create_app
from events.cursor import Cursor
from kit.ids import parse_id
from tests.guests.party import found_party
from tests.guests.posted import added, moderate
from tests.guests.test_files import take
from tests.harness import found_world, serving, settings_for
from tests.patience import PATIENCE

WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
PATIENT = {"database_timeout_ms": 60_000}
"""A slow machine keeps what waits here waiting longer than others would."""
SHEET = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { cursor } }"


@pytest.fixture
async def party(settings, clock):
    async with serving(create_app(settings_for(settings, **PATIENT), with_jobs=False, clock=clock), clock) as server:
        yield await found_party(await found_world(server))


@asynccontextmanager
async def held(party, statement, **given) -> AsyncIterator[None]:
    """Hold a row by a transaction of somebody else."""
    async with party.server.runtime.database.tenant(party.world.tenant_id) as session:
        assert (await session.execute(text(statement), given)).one()
        yield
        await session.rollback()


async def waited(party, number, *tasks):
    """Wait until so many wait for a lock, or one of the tasks is done."""
    async with asyncio.timeout(PATIENCE):
        while not any(task.done() for task in tasks):
            async with party.server.runtime.database.tenant(party.world.tenant_id) as session:
                if await session.scalar(WAITING) >= number:
                    return
            await asyncio.sleep(0.005)


def position(party, cursor):
    return Cursor.parse(cursor, stream=f"occasion:{party.id}").position


@pytest.mark.parametrize("what", ["voteForMusic", "moderatePost", "updateGuestRequest"])
async def test_nothing_of_what_was_posted_or_asked_changes_once_the_occasion_is_closed(guests, what):
    song = await added(guests, guests.planner, kind="MUSIC", title="Blue Danube")
    asked = {"occasionId": guests.id, "text": "A chair"}
    request = (await guests.done("createGuestRequest", "guestRequest { id }", who=guests.guest("Vado"), **asked))[
        "guestRequest"
    ]
    isla = guests.households["Vado"]["guests"][0]["id"]
    given = {
        "voteForMusic": {"postId": song["id"], "guestId": isla},
        "moderatePost": {"postId": song["id"], "status": "HIDDEN"},
        "updateGuestRequest": {"requestId": request["id"], "status": "DONE"},
    }[what]
    table, kind, row = (
        ("guest_requests", "guest_request", request) if what == "updateGuestRequest" else ("posts", "post", song)
    )
    async with held(guests, f"SELECT id FROM {table} WHERE id = :id FOR UPDATE", id=parse_id(kind, row["id"])):
        change = asyncio.create_task(guests.mutate(what, "cursor", **given))
        await waited(guests, 1, change)
        close = asyncio.create_task(guests.mutate("closeOccasion", "cursor", occasionId=guests.id))
        await waited(guests, 2, close)
    changed, closed = await change, await close
    assert changed["problems"] == closed["problems"] == []
    assert position(guests, changed["cursor"]) < position(guests, closed["cursor"])
    [problem] = (await moderate(guests, song, "PENDING"))["problems"]
    assert problem["code"] == "OCCASION_NOT_OPEN"


async def test_an_import_keeps_the_club_s_tee_sheet_neither_waiting_nor_in_the_dark(party):
    """While it has all of its locks, and cannot end: the stream of the occasion is held by somebody else."""
    world, rows = party.world, "".join(f"House {number // 3},Ana {number}\n" for number in range(1_000))
    read = {"c": world.course, "d": world.day.isoformat()}
    before = (await world.server.run(SHEET, who=world.staff, **read)).data["teeSheet"]["cursor"]
    stream = f"occasion:{party.id}"
    async with held(party, "SELECT name FROM streams WHERE name = :name FOR UPDATE", name=stream):
        importing = asyncio.create_task(take(party, "Household,First name\n" + rows, apply=True))
        await waited(party, 1, importing)
        assert not importing.done()
        async with world.server.socket(world.staff) as socket:
            follow = "subscription($c: ID!, $after: String) { clubEvents(clubId: $c, after: $after) { __typename } }"
            await socket.subscribe(follow, c=world.club, after=before)
            wish = {"teeTimeId": world.tee_time(0), "places": 1, "payer": {"firstName": "Ada", "lastName": "Byron"}}
            booked = await world.server.mutate("bookSlots", "booking { id } cursor", who=world.staff, **wish)
            assert booked["problems"] == []
            assert (await socket.event())["__typename"] != "StreamReset"
        assert not importing.done()
    assert (await importing)["guestImport"]["added"] == 1_000
    after = (await world.server.run(SHEET, who=world.staff, **read)).data["teeSheet"]["cursor"]
    assert after == booked["cursor"], "nothing of the import is in the club's stream"


HEADS = "subscription($id: ID!) { headcount(occasionId: $id) { invited } }"


async def test_who_counts_heads_hears_of_a_thousand_guests_now_and_then_and_ends_right(party):
    rows = "".join(f"House {number // 3},Ana {number}\n" for number in range(1_000))
    async with party.server.socket(party.planner) as socket:
        await socket.subscribe(HEADS, id=party.id)
        told = [(await socket.event())["invited"]]
        await take(party, "Household,First name\n" + rows, apply=True)
        while told[-1] < 1_000:
            told.append((await socket.event())["invited"])
    assert told[0] == 0
    assert len(told) <= 3, "one transaction is one change"
