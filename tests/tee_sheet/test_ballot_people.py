"""Those who enter a ballot: what others know of them, players who are merged, and who is forgotten."""

import pytest

from jobs import tasks
from tests.tee_sheet.balloting import announce, enter, entries, pass_by, read
from tests.tee_sheet.desk import (
    PAYER,
    add_player,
    club_events,
    done,
    forbidden,
    head,
    sheet,
)

pytestmark = pytest.mark.lone


def first(world):
    """Give the number of the world's first start that its ballots sell."""
    return next(n for n, one in enumerate(world.tee_times) if one["localTime"] == "10:00:00")


async def statuses(world, number, who=None):
    return [slot["status"] for slot in (await sheet(world, who=who))["teeTimes"][number]["slots"]]


async def test_others_entries_are_nobody_s_business(world):
    ana, ben, at = world.player("ana"), world.player("ben"), first(world)
    ballot, before = await announce(world), await head(world)
    entry = await enter(world, ana, ballot, at, players=[PAYER])
    assert await entries(world, ballot, ben) == []
    for operation in ("updateBallotEntry", "withdrawBallotEntry", "leaveBallotEntry"):
        assert (await forbidden(world, operation, who=ben, ballotEntryId=entry["id"])).code == "NOT_FOUND"
    [event] = await club_events(world, after=before, upto=await head(world), who=ben)
    assert event["type"] == "ballot.entered"
    for operation in ("drawBallot", "cancelBallot", "updateBallot"):
        assert (await forbidden(world, operation, who=ana, ballotId=ballot["id"])).code == "NOT_ALLOWED"
    query = "query($b: ID!) { ballotCsv(ballotId: $b) }"
    assert (await world.server.run(query, who=ana, b=ballot["id"])).code == "NOT_ALLOWED"
    file = (await world.server.run(query, who=world.staff, b=ballot["id"])).data["ballotCsv"]
    assert "Ana García" in file
    assert entry["id"] in file


async def test_merged_players_are_in_it_as_one(world):
    eva, at = await add_player(world, "Eva", "MEMBER", "eva"), first(world)
    twin = await add_player(world, "Eva", "MEMBER")
    ballot = await announce(world)
    entry = await enter(world, world.staff, ballot, at, players=[{"playerId": twin}])
    await done(world.server, "mergePlayers", "player { id }", who=world.staff, playerId=eva, otherPlayerId=twin)
    [mine] = await entries(world, ballot, world.player("eva"))
    assert (mine["id"], mine["players"][0]["playerId"]) == (entry["id"], eva)
    await pass_by(world, minutes=60)
    assert (await entries(world, ballot))[0]["status"] == "DRAWN"


async def test_who_was_in_an_entry_long_ago_is_forgotten(world, clock):
    ballot = await announce(world)
    await enter(world, world.player("ana"), ballot, first(world), players=[PAYER])
    await pass_by(world, minutes=60)
    clock.advance(days=399)
    await tasks.forget_entrants(world.server.runtime)
    assert len((await entries(world, ballot))[0]["players"]) == 1
    clock.advance(days=2)
    await tasks.forget_entrants(world.server.runtime)
    assert (await entries(world, ballot))[0]["players"] == []
    assert len((await read(world, ballot))["draw"]["results"]) == 1
