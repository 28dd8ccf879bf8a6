"""The weekly draw: fair, recorded, and worked out again by whoever has the seed."""

import hashlib
from collections import Counter
from datetime import timedelta

import pytest

from domain.caddies.rules import draw_order
from jobs import tasks
from tests.caddies.shack import (
    add,
    add_all,
    assert_followed,
    board,
    done,
    head,
    heard,
    queue,
    refused,
    set_status,
    start,
    waiting,
)

DRAW = """query($c: ID!, $w: Date!) { caddieDraw(clubId: $c, list: 1, week: $w) {
  week seed drawn { caddieId wasSkipped } } }"""


def worked_out(draw):
    """Work the order out again, from what the draw says, as anybody can."""

    def key(place):
        digest = hashlib.sha256(f"{draw['seed']}:{place['caddieId']}".encode()).hexdigest()
        return not place["wasSkipped"], digest

    return sorted(draw["drawn"], key=key)


async def draw_week(world, **more):
    return (await done(world, "drawCaddieWeek", clubId=world.club, listNumber=1, **more))["caddieDraw"]


async def test_the_order_follows_from_the_seed(world):
    ids = await add_all(world, "Ana Bea Cid Dan Eva")
    before, since = await board(world, 1), await head(world)
    drawn = await draw_week(world)
    assert drawn["week"] == "2026-05-04"
    assert len(drawn["seed"]) == 32
    assert drawn["drawn"] == worked_out(drawn)
    assert {place["caddieId"] for place in drawn["drawn"]} == set(ids.values())
    names = {caddie_id: name for name, caddie_id in ids.items()}
    assert await waiting(world) == [names[place["caddieId"]] for place in drawn["drawn"]]
    [told, _] = await heard(world, 1, after=since, who=world.caddie(1))
    assert {name: told[name] for name in ("type", "week", "seed", "drawn")} == {
        "type": "caddie:week_drawn",
        "week": drawn["week"],
        "seed": drawn["seed"],
        "drawn": drawn["drawn"],
    }
    await assert_followed(world, before, 1)
    read = await world.server.run(DRAW, who=world.caddie(1), c=world.club, w="2026-05-09")
    assert read.data["caddieDraw"] == {name: drawn[name] for name in ("week", "seed", "drawn")}
    assert (await queue(world))["draw"] == read.data["caddieDraw"]


async def test_a_week_is_drawn_once(world):
    await add_all(world, "Ana Bea")
    await draw_week(world)
    problem = await refused(world, "drawCaddieWeek", clubId=world.club, listNumber=1, week="2026-05-10")
    assert problem["code"] == "WEEK_ALREADY_DRAWN"
    assert problem["drawId"].startswith("caddie_draw_")
    assert (await draw_week(world, week="2026-05-11"))["week"] == "2026-05-11"


async def test_who_was_skipped_last_week_goes_first(world, clock):
    ids = await add_all(world, "Ana Bea Cid Dan Eva Fin")
    for name in ("Eva", "Bea"):
        await done(world, "skipTurn", clubId=world.club, listNumber=1, caddieId=ids[name])
    clock.advance(days=7)
    drawn = await draw_week(world)
    assert {place["caddieId"] for place in drawn["drawn"][:2]} == {ids["Bea"], ids["Eva"]}
    assert [place["wasSkipped"] for place in drawn["drawn"]] == [True, True, False, False, False, False]
    assert drawn["drawn"] == worked_out(drawn)
    clock.advance(days=7)
    assert not any(place["wasSkipped"] for place in (await draw_week(world))["drawn"])


async def test_who_is_skipped_after_the_draw_goes_first_as_well(world, clock):
    ids = await add_all(world, "Ana Bea Cid Dan Eva")
    ahead = await draw_week(world, week="2026-05-11")
    later, latest = await draw_week(world, week="2026-05-18"), await add(world, "Fin")
    before, since = await board(world, 1), await head(world)
    for caddie_id in (ahead["drawn"][-1]["caddieId"], latest, latest):
        await done(world, "skipTurn", clubId=world.club, listNumber=1, caddieId=caddie_id)
    kept = (await world.server.run(DRAW, who=world.caddie(1), c=world.club, w="2026-05-13")).data["caddieDraw"]
    first = {place["caddieId"] for place in kept["drawn"] if place["wasSkipped"]}
    assert first == {ahead["drawn"][-1]["caddieId"], latest}
    assert kept["seed"] == ahead["seed"]
    assert kept["drawn"] == worked_out(kept)
    assert {place["caddieId"] for place in kept["drawn"]} == {*ids.values(), latest}
    told = [event for event in await heard(world, 1, after=since) if event["type"] == "caddie:week_drawn"]
    assert [event["week"] for event in told] == ["2026-05-11"] * 2  # the third skip changed nothing
    assert told[-1]["drawn"] == kept["drawn"]
    after = (await world.server.run(DRAW, who=world.staff, c=world.club, w="2026-05-18")).data["caddieDraw"]
    assert after["drawn"] == later["drawn"]
    clock.advance(days=7)
    await tasks.begin_caddie_days(world.server.runtime)
    assert [p["caddie"]["id"] for p in (await queue(world))["queue"]][:5] == [p["caddieId"] for p in kept["drawn"]][:5]
    await assert_followed(world, before, 1)


async def test_a_draw_in_the_midst_of_a_day_holds_from_the_next_on(world, clock):
    ids = await add_all(world, "Ana Bea Cid Dan")
    await set_status(world, ids["Dan"], "ABSENT")
    turn = await start(world)
    await done(world, "endTurn", turnId=turn["id"])
    drawn = await draw_week(world)
    assert await waiting(world) == ["Bea", "Cid", "Ana"]
    await add(world, "Eva")  # after the draw, so behind it
    before = await board(world, 1)
    names = {caddie_id: name for name, caddie_id in ids.items()}
    order = [names[place["caddieId"]] for place in drawn["drawn"] if place["caddieId"] != ids["Dan"]]
    for _ in range(2):
        clock.advance(days=1)
        await tasks.begin_caddie_days(world.server.runtime)
        assert await waiting(world) == [*order, "Eva"]
        turn = await start(world)
        await done(world, "endTurn", turnId=turn["id"])
    await assert_followed(world, before, 1)


async def test_a_draw_for_a_week_to_come_leaves_the_queue_alone(world, clock):
    ids = await add_all(world, "Ana Bea Cid")
    drawn = await draw_week(world, week="2026-05-13")
    assert await waiting(world) == ["Ana", "Bea", "Cid"]
    clock.now += timedelta(days=7)
    await tasks.begin_caddie_days(world.server.runtime)
    assert [place["caddie"]["id"] for place in (await queue(world))["queue"]] == [
        place["caddieId"] for place in drawn["drawn"]
    ]
    assert set(ids.values()) == {place["caddieId"] for place in drawn["drawn"]}


@pytest.mark.parametrize("week", ["2026-05-03", "2026-06-08", "0001-01-01", "9999-12-31"])
async def test_weeks_out_of_reach_are_refused(world, week):
    await add_all(world, "Ana")
    problem = await refused(world, "drawCaddieWeek", clubId=world.club, listNumber=1, week=week)
    assert problem["path"] == ["input", "week"]


async def test_a_list_without_caddies_is_not_drawn(world):
    problem = await refused(world, "drawCaddieWeek", clubId=world.club, listNumber=2)
    assert problem["path"] == ["input", "listNumber"]


def test_the_draw_is_fair():
    people = [f"caddie_{number}" for number in range(5)]
    first = Counter(draw_order(people, skipped=(), seed=f"seed {number}")[0] for number in range(5_000))
    last = Counter(draw_order(people, skipped=(), seed=f"seed {number}")[-1] for number in range(5_000))
    for counted in (first, last):
        assert set(counted) == set(people)
        assert all(880 <= count <= 1_120 for count in counted.values())  # four standard deviations from 1,000


def test_the_draw_is_the_same_wherever_it_is_worked_out():
    assert draw_order(["caddie_a", "caddie_b", "caddie_c"], skipped={"caddie_c"}, seed="s") == [
        "caddie_c",
        *sorted(["caddie_a", "caddie_b"], key=lambda c: hashlib.sha256(f"s:{c}".encode()).hexdigest()),
    ]
