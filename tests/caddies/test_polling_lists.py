"""Screens that poll the lists: 304 while nothing shows, and the whole answer as soon as something does."""

from random import Random

import pytest

from jobs import tasks
from tests.api.poller import poll
from tests.caddies.shack import QUEUE, SNAPSHOT, act, add, add_all, done, set_status, start
from tests.thorough import times

NAMES = "query($c: ID!) { caddies(clubId: $c) { caddies { name status statusLabel listNumber } } }"
REPORT = """query($c: ID!, $d: Date!) { caddieReport(clubId: $c, date: $d, span: WEEK) {
  caddies { name loops fees { amountCents } tips { amountCents } } } }"""
SETTINGS = "query($c: ID!) { caddieSettings(clubId: $c) { listCount fees { feeTier feeCents } } }"
CSV = "query($c: ID!) { caddiesCsv(clubId: $c) }"


async def test_a_screen_of_list_1_is_told_of_list_1_alone(world, server):
    ids = await add_all(world, "Ana Bea")
    other = await add(world, "Dan", 2)
    who = world.caddie(1)
    first = await poll(server, who, NAMES, c=world.club)
    assert (first.status_code, len(first.json()["data"]["caddies"]["caddies"])) == (200, 2)
    tag = first.headers["etag"]
    assert (await poll(server, who, NAMES, tag=tag, c=world.club)).status_code == 304
    await set_status(world, other, "LATE")
    assert (await poll(server, who, NAMES, tag=tag, c=world.club)).status_code == 304
    await set_status(world, ids["Ana"], "IN_FIELD")
    changed = await poll(server, who, NAMES, tag=tag, c=world.club)
    assert changed.status_code == 200
    assert changed.json()["data"]["caddies"]["caddies"][0]["status"] == "IN_FIELD"
    assert (await poll(server, world.caddie(2), NAMES, tag=changed.headers["etag"], c=world.club)).status_code == 200


async def test_labels_follow_the_club_s_language(world, server):
    await add(world, "Ana")
    tag = (await poll(server, world.staff, NAMES, c=world.club)).headers["etag"]
    await server.mutate("updateClub", "club { id }", who=world.admin, clubId=world.club, language="ES")
    changed = await poll(server, world.staff, NAMES, tag=tag, c=world.club)
    assert changed.json()["data"]["caddies"]["caddies"][0]["statusLabel"] == "Disponible"


@pytest.mark.parametrize("seed", [1, 2][: times(2, usually=1)])
async def test_after_each_act_a_poll_shows_what_a_new_query_does(world, server, clock, seed):
    random = Random(seed)
    ids = list((await add_all(world, "Ana Bea Cid")).values())
    turns = []
    for number in range(times(25, usually=18)):
        caddie = random.choice(ids)
        match number % 9:
            case 0 | 5:
                turns.append((await start(world))["id"])
            case 1:
                await done(world, "skipTurn", clubId=world.club, listNumber=1)
            case 2 | 7:
                await done(world, "endTurn", turnId=turns.pop(), tipCents=number)
            case 3:
                phone = random.choice(["600 100 200", None])
                await done(
                    world, "updateCaddie", who=world.admin, caddieId=caddie, name=f"N{number}", phoneNumber=phone
                )
            case 4:
                fees = [{"feeTier": "SINGLE", "feeCents": number}]
                await done(world, "setCaddieSettings", who=world.admin, clubId=world.club, fees=fees)
            case 6:
                await act(world, "drawCaddieWeek", clubId=world.club, listNumber=1)
                await act(world, "updateCaddie", who=world.admin, caddieId=caddie, phoneNumber=f"600 100 {number:03}")
            case 8:
                clock.advance(days=1)
                await tasks.begin_caddie_days(server.runtime)
                ids.append(await add(world, f"New {number}"))
        await assert_polls_are_right(world)


async def assert_polls_are_right(world):
    """Compare what is polled with what a new query gives."""
    asked = ((SNAPSHOT, {"lists": None}), (QUEUE, {"list": 1}), (REPORT, {"d": world.day.isoformat()}))
    for who in (world.admin, world.staff):
        for query, more in (*asked, (SETTINGS, {}), (CSV, {})):
            polled = await poll(world.server, who, query, c=world.club, **more)
            assert polled.json() == await world.server.run(query, who=who, c=world.club, **more)
