"""Prices of a part of the day, as for prime time and twilight: a place costs what its start costs when it is sold."""

from datetime import time

import pytest

from domain.tee_sheet.inventory.prices import list_price, price_at, price_rows, stored_prices
from models.tee_sheet.values import GUEST, MEMBER, PUBLIC, Price
from tests.harness import TEMPLATE
from tests.tee_sheet.desk import add_player, book, delay, done, hold, refused, sheet
from tests.tee_sheet.test_generation_api import generate, set_template
from tests.tee_sheet.test_sheet_changes_api import regenerate, update
from tests.tee_sheet.test_snapshot_and_events import assert_followed

TWILIGHT = {"firstStart": "11:00", "priceClass": "PUBLIC", "holes": 18, "amountCents": 3500}
EARLY = {"lastStart": "08:20", "priceClass": "PUBLIC", "holes": 18, "amountCents": 7000}
PRICES = [*TEMPLATE["prices"], TWILIGHT, EARLY]
RULES = (
    Price(MEMBER, 18, 4000),
    Price(PUBLIC, 18, 9000),
    Price(PUBLIC, 18, 3500, first_start=time(16)),
    Price(PUBLIC, 9, 2500, time(7), time(8)),
)


@pytest.mark.parametrize(
    ("price_class", "holes", "at", "cents"),
    [
        (PUBLIC, 18, time(15, 59), 9000),
        (PUBLIC, 18, time(16), 3500),
        (MEMBER, 18, time(16), 4000),
        (PUBLIC, 9, time(8), 2500),
        (PUBLIC, 9, time(8, 1), None),
        (GUEST, 18, time(9), None),
    ],
)
def test_a_period_goes_before_the_whole_day(price_class, holes, at, cents):
    found = price_at(RULES, goes_by=(price_class,), holes=holes, at=at)
    assert (found.cents if found else None) == cents


def test_a_free_place_is_offered_for_the_public_s_price_of_its_start():
    assert [list_price(RULES, holes=18, at=at) for at in (time(9), time(17))] == [9000, 3500]
    assert list_price(RULES[:1], holes=18, at=time(17)) == 4000
    assert list_price(RULES[3:], holes=18, at=time(9)) == 0


def test_prices_are_kept_as_they_were_given():
    assert stored_prices(price_rows(RULES)) == RULES
    assert price_rows(RULES)[0] == {"price_class": "MEMBER", "holes": 18, "cents": 4000}


async def with_periods(world):
    await set_template(world, prices=PRICES)
    await regenerate(world)
    await world.read()


async def test_places_are_offered_and_sold_for_the_price_of_their_start(world):
    before = await sheet(world)
    await with_periods(world)
    await assert_followed(world, before)
    shown = {row["localTime"][:5]: row["slots"][0]["price"]["amountCents"] for row in (await sheet(world))["teeTimes"]}
    assert [shown[at] for at in ("08:20", "08:30", "10:50", "11:00", "12:00")] == [7000, 9000, 9000, 3500, 3500]
    assert (await book(world, world.staff, 2, places=2))["booking"]["price"]["amountCents"] == 14000
    assert (await book(world, world.staff, -1))["booking"]["price"]["amountCents"] == 3500
    member = await add_player(world, "Eva", "MEMBER")
    sold = await book(world, world.staff, -2, players=[{"playerId": member}])
    assert sold["booking"]["price"]["amountCents"] == 4000


async def test_a_hold_is_booked_at_the_price_of_the_moment_of_sale(world):
    await with_periods(world)
    held = await hold(world, world.player("ana"), -1)
    await update(world, prices=[*TEMPLATE["prices"], TWILIGHT | {"amountCents": 3000}])
    sold = await book(world, world.player("ana"), holdId=held["hold"]["id"])
    assert sold["booking"]["price"]["amountCents"] == 3000


async def test_a_booking_that_moves_within_its_day_pays_what_its_start_costs(world):
    await with_periods(world)
    prime = (await book(world, world.staff, 5))["booking"]["id"]
    wanted = "booking { price { amountCents } }"
    for number, cents in ((6, 9000), (-1, 3500), (0, 7000)):
        given = {"bookingId": prime, "teeTimeId": world.tee_time(number)}
        moved = await done(world.server, "moveBooking", wanted, who=world.staff, **given)
        assert moved["booking"]["price"]["amountCents"] == cents
    # What was sold keeps its price when it moves between starts that cost the same by now.
    await update(world, prices=TEMPLATE["prices"][2:3])
    given = {"bookingId": prime, "teeTimeId": world.tee_time(1)}
    moved = await done(world.server, "moveBooking", wanted, who=world.staff, **given)
    assert moved["booking"]["price"]["amountCents"] == 7000


async def test_a_player_who_joins_pays_the_price_of_the_start(world):
    await with_periods(world)
    booking = (await book(world, world.staff, -1))["booking"]["id"]
    given = {"bookingId": booking, "players": [{"firstName": "Luis"}]}
    found = await done(world.server, "updateBooking", "booking { price { amountCents } }", who=world.staff, **given)
    assert found["booking"]["price"]["amountCents"] == 7000


async def test_starts_that_are_delayed_into_another_period_are_offered_for_its_price(world):
    await with_periods(world)
    before = await sheet(world)
    await delay(world, "10:40", 15)
    shown = {row["localTime"][:5]: row["slots"][0]["price"]["amountCents"] for row in (await sheet(world))["teeTimes"]}
    assert [shown[at] for at in ("10:30", "10:55", "11:05")] == [9000, 9000, 3500]
    await assert_followed(world, before)


SEARCH = """query($c: ID!, $d: Date!, $low: Int, $high: Int) {
  availableTeeTimes(courseId: $c, firstDate: $d, lowestCents: $low, highestCents: $high, first: 100) {
    nodes { teeTime { localTime } price { amountCents } }
  }
}"""


async def found(world, low=None, high=None):
    answer = await world.server.run(
        SEARCH, who=world.player("ana"), c=world.course, d=world.day.isoformat(), low=low, high=high
    )
    nodes = answer.data["availableTeeTimes"]["nodes"]
    return {node["teeTime"]["localTime"][:5]: node["price"]["amountCents"] for node in nodes}


async def test_a_search_finds_starts_by_what_each_costs(world):
    await with_periods(world)
    every = await found(world)
    assert len(every) == 25
    assert {every["08:00"], every["09:00"], every["11:00"]} == {7000, 9000, 3500}
    assert sorted(await found(world, high=3500)) == ["11:00", "11:10", "11:20", "11:30", "11:40", "11:50", "12:00"]
    assert sorted(await found(world, low=5000, high=8000)) == ["08:00", "08:10", "08:20"]
    assert len(await found(world, low=8000)) == 15
    assert await found(world, low=3600, high=5000) == {}


async def test_what_is_sold_for_a_part_of_the_day_alone_is_found_then_alone(world):
    await set_template(world, prices=[TWILIGHT])
    await regenerate(world)
    assert min(await found(world)) == "11:00"
    problem = await refused(
        world,
        "bookSlots",
        who=world.staff,
        teeTimeId=world.tee_time(0),
        places=1,
        payer={"firstName": "Ana", "lastName": ""},
    )
    assert problem["code"] == "NOT_ON_SALE"


@pytest.mark.parametrize(
    ("prices", "path"),
    [
        ([TWILIGHT, TWILIGHT], ["1"]),
        ([TWILIGHT, EARLY | {"lastStart": "11:00"}], ["1"]),
        ([EARLY | {"firstStart": "08:30"}], ["0", "lastStart"]),
        ([TWILIGHT | {"firstStart": "11:00:30"}], ["0", "firstStart"]),
    ],
)
async def test_periods_that_contradict_each_other(standing, prices, path):
    given = {"courseId": standing.course, **TEMPLATE, "prices": prices}
    problem = await refused(standing, "setSheetTemplate", who=standing.staff, **given)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "prices", *path])


async def test_a_new_sheet_is_told_with_the_prices_of_its_starts(world):
    await set_template(world, prices=PRICES)
    await generate(world, "2026-05-06")
    shown = (await sheet(world, day="2026-05-06"))["prices"]
    assert shown[4] == {
        **{key: TWILIGHT[key] for key in ("priceClass", "holes")},
        "firstStart": "11:00:00",
        "lastStart": None,
        "price": {"amountCents": 3500, "currency": "EUR"},
    }
