"""A worker's process is killed, without a word, in the middle of a draw: nothing is drawn, and then all of it once."""

from collections import Counter

import pytest
from sqlalchemy import make_url

from jobs import tasks
from tests.faults.stage import come_about
from tests.notifications.killed import killable
from tests.notifications.test_killed import held
from tests.tee_sheet.balloting import announce, entries, read
from tests.tee_sheet.desk import head, sheet, sheet_events
from tests.tee_sheet.killed import tend_ballots
from tests.tee_sheet.test_ballot_draw import crowd, recomputed

pytestmark = pytest.mark.lone
STEPS = {"drawing": "SELECT FROM slots FOR UPDATE", "telling": "SELECT FROM streams FOR UPDATE"}
"""Where it is killed: what it waits for there."""


@pytest.mark.parametrize("step", STEPS)
async def test_a_killed_worker_has_drawn_nothing_and_the_next_draws_the_same(world, postgres, step):
    ballot = await announce(world)
    await crowd(world, ballot, 12, of=3)
    world.server.clock.advance(minutes=60)
    before = await sheet(world)
    settings = world.server.runtime.settings
    database = make_url(settings.database_url).database
    async with held(postgres, STEPS[step], database=database) as is_waited_for:
        with killable(tend_ballots, settings, world.server.clock()) as worker:
            await come_about(is_waited_for)
            worker.kill()
            worker.join()
    assert (await read(world, ballot))["status"] != "DRAWN"
    assert (await sheet(world))["teeTimes"] == before["teeTimes"]
    assert {one["status"] for one in await entries(world, ballot)} == {"ENTERED"}
    await tasks.tend_ballots(world.server.runtime)
    drawn = await read(world, ballot)
    assert recomputed(drawn, ballot["seedHash"]) == (0, "All 12 entries got what they were due.\n")
    got = [one for one in await entries(world, ballot) if one["bookingId"]]
    events = await sheet_events(world, after=str(before["cursor"]), upto=str(await head(world)))
    types = [one["type"] for one in events]
    assert (types.count("ballot.drawn"), types.count("booking.created")) == (1, len(got))
    booked = [slot["bookingId"] for one in (await sheet(world))["teeTimes"] for slot in one["slots"]]
    assert Counter(one for one in booked if one) == {one["bookingId"]: one["places"] for one in got}
