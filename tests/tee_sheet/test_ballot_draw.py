"""A draw as anyone sees it: recomputed by another program, and made once, however many make it at once."""

import asyncio
import json
import subprocess
import sys
from asyncio import gather
from collections import Counter
from datetime import timedelta
from random import Random

import pytest
import pytest_asyncio
from sqlalchemy import text

from jobs import tasks
from kit.files import ROOT
from tests.harness import found_world
from tests.notifications.desk import told
from tests.patience import PATIENCE
from tests.tee_sheet.balloting import ENTRY, announce, enter, entries, pass_by, read
from tests.tee_sheet.desk import PAYER, add_player, ask, done, head, sheet, sheet_events
from tests.tee_sheet.test_snapshot_and_events import assert_followed

pytestmark = pytest.mark.lone
PROGRAM = ROOT / "examples/ballot/recompute.py"
END_WHO_WAITS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"
)
LOOK_AGAIN = text("SELECT pg_stat_clear_snapshot()")
"""Within a transaction, who there is stays as it was at the first look."""
FOLLOW = """subscription($c: ID!, $d: Date!, $after: String) { teeSheetEvents(courseId: $c, date: $d, after: $after) {
  ... on StreamEvent { type cursor }
  ... on BallotEvent { ballot {
    id name status firstStart lastStart entriesOpenAt entriesCloseAt drawsAt releasesAt seedHash entryCount
    placesWanted
  } }
  ... on BallotDrawn { seed drawn { ballotEntryId rank choice drawnTeeTimeId } }
  ... on BallotEntered { ballotEntryId ownBallotEntryId entrants wishedTeeTimeIds }
} }"""
TOLD = """id name status firstStart lastStart entriesOpenAt entriesCloseAt drawsAt releasesAt seedHash entryCount
  placesWanted"""


def recomputed(ballot, noted):
    """Give the answer of a query to the program of the example; gives how it ended, and what it said."""
    answer = json.dumps({"data": {"ballot": ballot}})
    command = [sys.executable, "-I", str(PROGRAM), "--hash", noted]
    ended = subprocess.run(command, input=answer, capture_output=True, text=True, timeout=PATIENCE, check=False)
    return ended.returncode, ended.stdout


async def crowd(world, ballot, count, *, of=10):
    """Have many enter for the same few starts, in parties of all sizes; made-up people without a player."""
    random, at = Random(7), number_at(world)
    for n in range(count):
        wishes = random.sample(range(of), random.randint(1, min(of, 10)))
        who = world.player(f"player {n}")
        name = [{"firstName": f"Player {n}", "lastName": "Ruiz"}]
        await enter(world, who, ballot, *(at + w for w in wishes), players=name, places=random.randint(1, 4))


def number_at(world):
    return next(n for n, one in enumerate(world.tee_times) if one["localTime"] == "10:00:00")


async def test_another_program_comes_to_the_same_result(world):
    ballot = await announce(world)
    await crowd(world, ballot, 30)
    await pass_by(world, minutes=60)
    drawn = await read(world, ballot, world.player("player 3"))
    assert {one["choice"] is None for one in drawn["draw"]["results"]} == {True, False}, "some got nothing"
    assert recomputed(drawn, ballot["seedHash"]) == (0, "All 30 entries got what they were due.\n")
    best = drawn["draw"]["results"][0]
    best["choice"] = None
    assert recomputed(drawn, ballot["seedHash"])[0] == 1
    drawn["draw"]["seed"] = "0" * 64
    assert recomputed(drawn, ballot["seedHash"])[0] == 1, "a seed that was chosen afterwards"


@pytest_asyncio.fixture
async def two_days(server):
    return await found_world(server, days=(0, 1, 2))


async def test_who_got_less_comes_first(two_days):
    world = two_days
    players = [(await add_player(world, f"Eva {n}", "MEMBER", f"eva {n}"), world.player(f"eva {n}")) for n in range(8)]
    got = {key: 0 for key, _ in players}
    for day in range(3):
        at = number_at(world)
        ballot = await announce(world, lastStart="10:10")
        for key, _ in players:
            await enter(world, world.staff, ballot, at, players=[{"playerId": key}], places=2)
        await pass_by(world, minutes=60)
        results = (await read(world, ballot))["draw"]["results"]
        assert [one["gotBefore"] for one in results] == sorted(one["gotBefore"] for one in results)
        by_entry = {one["id"]: one["players"][0]["playerId"] for one in await entries(world, ballot)}
        for one in results:
            assert one["gotBefore"] == got[by_entry[one["ballotEntryId"]]]
        for one in results:
            got[by_entry[one["ballotEntryId"]]] += 10 if one["choice"] == 1 else 0
        assert sum(got.values()) == 20 * (day + 1), "two parties of two fill the start"
        world.server.clock.advance(hours=23)
        world.day += timedelta(days=1)
        await world.read() if day < 2 else None
    assert max(got.values()) == 10, "nobody got a start twice before all others had one"


async def test_two_workers_and_the_staff_draw_once(world):
    ballot = await announce(world)
    await crowd(world, ballot, 12, of=3)
    world.server.clock.advance(minutes=60)
    before = await head(world)
    by_hand = ask(world.server, "drawBallot", who=world.staff, ballotId=ballot["id"])
    works = [tasks.tend_ballots(world.server.runtime) for _ in range(3)]
    await gather(by_hand, *works)
    await tasks.tend_ballots(world.server.runtime)
    drawn = await read(world, ballot)
    given = sum(one["places"] for one in drawn["draw"]["results"] if one["choice"])
    slots = [slot for one in (await sheet(world))["teeTimes"] for slot in one["slots"]]
    assert [slot["status"] for slot in slots].count("BOOKED") == given
    events = await sheet_events(world, after=str(before), upto=str(await head(world)))
    assert [one["type"] for one in events].count("ballot.drawn") == 1


async def test_a_worker_that_dies_before_it_commits_has_drawn_nothing_and_the_next_draws_the_same(world):
    eva = await add_player(world, "Eva", "MEMBER", "eva")
    ballot = await announce(world)
    await crowd(world, ballot, 12, of=3)
    mine = await enter(world, world.staff, ballot, number_at(world), players=[{"playerId": eva}])
    world.server.clock.advance(minutes=60)
    before = await sheet(world)
    await die_before_commit(world, tasks.tend_ballots)
    assert (await read(world, ballot))["status"] != "DRAWN"
    assert (await sheet(world))["teeTimes"] == before["teeTimes"]
    assert {one["status"] for one in await entries(world, ballot)} == {"ENTERED"}
    await tasks.tend_ballots(world.server.runtime)
    drawn = await read(world, ballot)
    assert recomputed(drawn, ballot["seedHash"]) == (0, "All 13 entries got what they were due.\n")
    events = await sheet_events(world, after=str(before["cursor"]), upto=str(await head(world)))
    got = [one for one in await entries(world, ballot) if one["bookingId"]]
    types = [one["type"] for one in events]
    assert (types.count("ballot.drawn"), types.count("booking.created")) == (1, len(got))
    booked = [slot["bookingId"] for one in (await sheet(world))["teeTimes"] for slot in one["slots"]]
    assert Counter(one for one in booked if one) == {one["bookingId"]: one["places"] for one in got}
    kinds = [one["kind"] for one in await told(world, world.player("eva"))]
    assert kinds.count("BALLOT_DRAWN") == [one["id"] for one in got].count(mine["id"]), (
        "told once, and not if she got nothing"
    )


async def die_before_commit(world, work):
    """Have a piece of work done up to its commit, for which it waits; there its connection is cut, as by a death."""
    database = world.server.runtime.database
    async with database.tenant(world.tenant_id) as other:
        await other.execute(text("SELECT FROM streams FOR UPDATE"))
        dying = asyncio.create_task(work(world.server.runtime))
        async with asyncio.timeout(PATIENCE):
            while not (await other.scalars(END_WHO_WAITS)).all():
                await asyncio.sleep(0.02)
                await other.execute(LOOK_AGAIN)
    await gather(dying, return_exceptions=True)


async def test_entries_meet_the_close(world):
    ballot = await announce(world)
    world.server.clock.advance(minutes=1)
    now = world.server.clock().isoformat()
    wish = {"ballotId": ballot["id"], "teeTimeIds": [world.tee_time(number_at(world))], "players": [PAYER]}
    asked = [ask(world.server, "enterBallot", who=world.player(f"late {n}"), **wish) for n in range(12)]
    close = ask(world.server, "updateBallot", who=world.staff, ballotId=ballot["id"], closesAt=now)
    answers = await gather(*asked[:6], close, *asked[6:], tasks.tend_ballots(world.server.runtime))
    entered = [one["data"]["enterBallot"] for one in (*answers[:6], *answers[7:13])]
    taken = sum(one["ballotEntry"] is not None for one in entered)
    assert {one["problems"][0]["code"] for one in entered if one["problems"]} <= {"BALLOT_NOT_OPEN"}
    await pass_by(world)
    after = await read(world, ballot)
    assert (after["status"], after["entryCount"], len(after["draw"]["results"])) == ("DRAWN", taken, taken)


async def test_withdrawals_meet_the_draw(world):
    ballot = await announce(world)
    made = [await enter(world, world.player(f"p {n}"), ballot, number_at(world), players=[PAYER]) for n in range(6)]
    world.server.clock.advance(minutes=60)
    gone = [ask(world.server, "withdrawBallotEntry", who=world.staff, ballotEntryId=one["id"]) for one in made[:3]]
    answers = await gather(*gone, tasks.tend_ballots(world.server.runtime), *())
    withdrawn = sum(one["data"]["withdrawBallotEntry"]["ballotEntry"] is not None for one in answers[:3])
    found = [one["status"] for one in await entries(world, ballot)]
    assert found.count("WITHDRAWN") == withdrawn
    slots = (await sheet(world))["teeTimes"][number_at(world)]["slots"]
    assert [slot["status"] for slot in slots].count("BOOKED") == min(4, 6 - withdrawn) == found.count("DRAWN")


async def test_a_partner_is_wanted_by_two_at_once_and_is_in_one_entry(world):
    eva = await add_player(world, "Eva", "MEMBER", "eva")
    ballot = await announce(world)
    wish = {"ballotId": ballot["id"], "teeTimeIds": [world.tee_time(number_at(world))], "players": [{"playerId": eva}]}
    answers = await gather(*(ask(world.server, "enterBallot", who=world.clerk(f"c {n}"), **wish) for n in range(4)))
    codes = [one["data"]["enterBallot"]["problems"] for one in answers]
    assert sorted(len(one) for one in codes) == [0, 1, 1, 1]
    assert {one[0]["code"] for one in codes if one} == {"ALREADY_IN_BALLOT"}


async def test_a_snapshot_and_what_came_after_it_is_what_a_fresh_one_shows(world):
    ana, now, at = world.player("ana"), world.server.clock, number_at(world)
    before = await sheet(world)
    ballot = await announce(world, opensAt=(now() + timedelta(minutes=5)).isoformat(), name="One")
    await pass_by(world, minutes=5)
    entry = await enter(world, ana, ballot, at, players=[PAYER], places=2)
    other = await enter(world, world.player("ben"), ballot, at, players=[PAYER])
    await done(world.server, "updateBallotEntry", ENTRY, who=ana, ballotEntryId=entry["id"], places=3)
    await done(world.server, "withdrawBallotEntry", ENTRY, who=world.player("ben"), ballotEntryId=other["id"])
    await done(world.server, "updateBallot", "ballot { id }", who=world.staff, ballotId=ballot["id"], name="Two")
    for minutes in (55, 30):
        await pass_by(world, minutes=minutes)
    await assert_followed(world, before)
    shown, seen = {}, []
    async with world.server.socket(ana) as socket:
        await socket.subscribe(FOLLOW, c=world.course, d=world.day.isoformat(), after=before["cursor"])
        while shown.get("status") != "RELEASED":
            seen.append(await socket.event())
            shown |= seen[-1].get("ballot") or {}
    fresh = await read(world, ballot)
    assert shown == {name: fresh[name] for name in TOLD.split()}
    [mine, bens] = [one for one in seen if one["type"] == "ballot.entered"]
    assert (mine["ownBallotEntryId"], bens["ownBallotEntryId"]) == (entry["id"], None)
    assert (mine["entrants"], mine["wishedTeeTimeIds"], bens["ballotEntryId"]) == (None, None, ""), (
        "who it is, is for staff"
    )
    [drawn] = [one for one in seen if one["type"] == "ballot.drawn"]
    names = ("ballotEntryId", "rank", "choice")
    results = [{name: one[name] for name in names} for one in drawn["drawn"]]
    assert results == [{name: one[name] for name in names} for one in fresh["draw"]["results"]]
    assert drawn["seed"] == fresh["draw"]["seed"]
