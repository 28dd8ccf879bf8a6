"""What a club asks of who wants some starts: of whom, how many, how they play, from when on, and by whom it is sold."""

from datetime import UTC, datetime, time

import pytest

from domain.tee_sheet.inventory.restrictions import planned_time, restriction_rows, stored_restrictions
from models.tee_sheet.values import MEMBER, Restriction, ShopSale
from tests.harness import TEMPLATE
from tests.tee_sheet.desk import PAYER, add_player, book, delay, done, hold, refused, sheet
from tests.tee_sheet.test_blocks_api import places
from tests.tee_sheet.test_generation_api import generate, set_template
from tests.tee_sheet.test_price_periods import SEARCH, found
from tests.tee_sheet.test_sheet_changes_api import regenerate, update
from tests.tee_sheet.test_snapshot_and_events import assert_followed
from tests.tee_sheet.waiting import join, offers

LADIES = {"name": "Ladies' day", "firstStart": "08:00", "lastStart": "08:20"}
SHOP = {"firstStart": "08:00", "lastStart": "08:20", "shopSale": "TAKEN"}
NOTHING = {"tees": [], "priceClasses": [], "fewestPlayers": None, "mostPlayers": None, "holes": None}
NOTHING |= {"walkingOnly": False, "shopSale": None, "opensDayBefore": None}


def test_restrictions_are_kept_as_they_were_given():
    given = (
        Restriction(name="Ladies", first_start=time(8), price_classes=(MEMBER,), holes=9, tees=(1, 10)),
        Restriction(last_start=time(9), fewest_players=2, most_players=4, walking_only=True),
        Restriction(shop_sale=ShopSale.HIDDEN, opens_day_before=time(18, 30)),
    )
    assert stored_restrictions(restriction_rows(given)) == given
    assert restriction_rows(given)[1] == {
        "last_start": "09:00:00",
        "fewest_players": 2,
        "most_players": 4,
        "walking_only": True,
    }


def test_a_delayed_start_is_restricted_as_it_was_planned():
    starts_at = datetime(2026, 5, 4, 7, 10, tzinfo=UTC)
    assert planned_time(starts_at, 70, zone="Europe/Madrid") == time(8)


async def ask_of(world, *restrictions):
    return await update(world, restrictions=list(restrictions))


async def test_members_have_their_starts_to_themselves(world):
    await add_player(world, "Ana", "MEMBER", user_id="ana")
    before = await sheet(world)
    await ask_of(world, LADIES | {"priceClasses": ["MEMBER"]})
    after = await sheet(world)
    shown = LADIES | NOTHING | {"priceClasses": ["MEMBER"], "firstStart": "08:00:00", "lastStart": "08:20:00"}
    assert (after["restrictions"], after["hasOwnRestrictions"]) == ([shown], True)
    await assert_followed(world, before)
    given = {"teeTimeId": world.tee_time(2), "places": 1}
    for operation, more in (("holdSlots", {}), ("bookSlots", {"payer": PAYER})):
        problem = await refused(world, operation, who=world.player("ben"), **given | more)
        assert (problem["code"], problem["rule"], problem["priceClasses"]) == (
            *("START_RESTRICTED", "PRICE_CLASSES"),
            ["MEMBER"],
        )
        assert (problem["restrictionName"], problem["lastStart"]) == ("Ladies' day", "08:20:00")
        assert problem["message"].startswith("Ladies' day is for MEMBER; ")
    # A guest of hers is of another class; staff seat anybody.
    problem = await refused(world, "bookSlots", who=world.player("ana"), **given | {"places": 2})
    assert problem["rule"] == "PRICE_CLASSES"
    await book(world, world.player("ana"), 2)
    await book(world, world.staff, 2)
    await book(world, world.player("ben"), 3)


@pytest.mark.parametrize(
    ("asked", "wanted", "rule", "most"),
    [
        ({"fewestPlayers": 3}, {"places": 2}, "FEWEST_PLAYERS", 3),
        ({"mostPlayers": 2}, {"places": 3}, "MOST_PLAYERS", 2),
        ({"holes": 9}, {"places": 2}, "HOLES", 9),
        ({"shopSale": "HIDDEN"}, {"places": 2}, "SHOP_ONLY", None),
    ],
)
async def test_what_is_asked_is_found_booked_and_moved_to_by_those_who_are_so(world, asked, wanted, rule, most):
    await ask_of(world, LADIES | asked)
    ben = world.player("ben")
    given = {"teeTimeId": world.tee_time(1), "payer": PAYER} | wanted
    problem = await refused(world, "bookSlots", who=ben, **given)
    assert (problem["code"], problem["rule"], problem["most"]) == ("START_RESTRICTED", rule, most)
    kept = (await book(world, ben, 5, **wanted))["booking"]["id"]
    problem = await refused(world, "moveBooking", who=ben, bookingId=kept, teeTimeId=world.tee_time(1))
    assert (problem["rule"], problem["path"]) == (rule, ["input", "teeTimeId"])
    await done(
        *(world.server, "moveBooking", "booking { id }"), who=world.staff, bookingId=kept, teeTimeId=world.tee_time(1)
    )


async def test_a_party_that_may_not_grow_so_large(world):
    await ask_of(world, LADIES | {"mostPlayers": 2})
    ben = world.player("ben")
    booking = (await book(world, ben, 1, places=2))["booking"]["id"]
    more = {"bookingId": booking, "players": [{"firstName": "Luis"}]}
    assert (await refused(world, "updateBooking", who=ben, **more))["rule"] == "MOST_PLAYERS"
    renamed = {"bookingId": booking, "players": [{"position": 2, "firstName": "Luis"}]}
    await done(world.server, "updateBooking", "booking { id }", who=ben, **renamed)


async def test_a_search_leaves_out_what_would_be_refused(world):
    await ask_of(world, LADIES | {"priceClasses": ["MEMBER"]}, {"firstStart": "11:00", "fewestPlayers": 2})
    assert (min(await found(world)), max(await found(world))) == ("08:30", "10:50")
    await delay(world, "08:00", 60)
    assert min(await found(world)) == "09:30"


async def test_what_opens_on_the_day_before(world, clock):
    day = "2026-05-06"
    await generate(world, day)
    await update(world, date=day, restrictions=[LADIES | {"opensDayBefore": "18:30"}])
    ben, first = world.player("ben"), (await sheet(world, day=day))["teeTimes"][0]["id"]
    problem = await refused(world, "bookSlots", who=ben, teeTimeId=first, places=1, payer=PAYER)
    assert (problem["rule"], problem["sold_from"]) == ("OPENS", "2026-05-05T16:30:00+00:00")
    assert "from 18:30 on 2026-05-05 on" in problem["message"]
    search = {"who": ben, "c": world.course, "d": day}
    answers = []
    for hours in (0, 35.5):
        clock.advance(hours=hours)
        nodes = (await world.server.run(SEARCH, **search)).data["availableTeeTimes"]["nodes"]
        answers.append(nodes[0]["teeTime"]["localTime"])
    assert answers == ["08:30:00", "08:00:00"]
    await done(world.server, "bookSlots", "booking { id }", who=ben, teeTimeId=first, places=1, payer=PAYER)


async def test_players_see_what_the_shop_alone_sells_as_taken(world):
    await book(world, world.staff, 1)
    ben = world.player("ben")
    before, his = await sheet(world), await sheet(world, who=ben)
    await ask_of(world, SHOP)
    assert places(await sheet(world), 1) == ["BOOKED", *["AVAILABLE"] * 3]
    assert places(await sheet(world, who=ben), 1) == ["BOOKED", *["BLOCKED"] * 3]
    problem = await refused(world, "holdSlots", who=ben, teeTimeId=world.tee_time(1), places=1)
    assert (problem["rule"], problem["message"]) == (
        "SHOP_ONLY",
        "This start is sold by the club's shop alone; call it, or choose another start.",
    )
    sold = (await book(world, world.staff, 2, places=2))["booking"]["id"]
    await done(world.server, "cancelBooking", "booking { id }", who=world.staff, bookingId=sold)
    await delay(world, "08:10", 15)
    for snapshot, who in ((before, None), (his, ben)):
        await assert_followed(world, snapshot, who=who)
    # It is taken back.
    before, his = await sheet(world), await sheet(world, who=ben)
    await ask_of(world)
    assert places(await sheet(world, who=ben), 2) == ["AVAILABLE"] * 4
    for snapshot, who in ((before, None), (his, ben)):
        await assert_followed(world, snapshot, who=who)
    await book(world, ben, 2)


async def test_the_waitlist_is_offered_what_is_not_asked_of_it_otherwise(world):
    await add_player(world, "Eva", "MEMBER", user_id="eva")
    sold = (await book(world, world.staff, 1, places=4))["booking"]["id"]
    await ask_of(world, LADIES | {"priceClasses": ["MEMBER"], "mostPlayers": 2})
    for name in ("ben", "eva"):
        await join(world, world.player(name), earliest="08:10", latest="08:10", partySize=1)
    await done(world.server, "cancelBooking", "booking { id }", who=world.staff, bookingId=sold)
    assert [len(await offers(world, world.player(name))) for name in ("ben", "eva")] == [0, 1]
    # What is asked no longer lets the next in line have their turn.
    await ask_of(world)
    assert [len(await offers(world, world.player(name))) for name in ("ben", "eva")] == [1, 1]


async def test_a_template_s_restrictions_are_those_of_its_sheets_but_of_a_day_that_has_its_own(world):
    asked = [LADIES | {"fewestPlayers": 2}]
    await set_template(world, restrictions=asked)
    [day] = (await regenerate(world))["days"]
    assert day["differs"]
    before = await sheet(world)
    assert [row["fewestPlayers"] for row in before["restrictions"]] == [2]
    assert not before["hasOwnRestrictions"]
    await ask_of(world)
    await regenerate(world)
    assert (await sheet(world))["restrictions"] == []
    await regenerate(world, evenByHand=True)
    assert (await sheet(world))["restrictions"] == before["restrictions"]
    await generate(world, "2026-05-06")
    assert (await sheet(world, day="2026-05-06"))["restrictions"] == before["restrictions"]


async def test_a_hold_is_no_way_around_what_is_asked_by_then(world):
    ben = world.player("ben")
    held = await hold(world, ben, 1)
    await ask_of(world, SHOP)
    await book(world, ben, holdId=held["hold"]["id"])  # he has the places already
    other = await hold(world, ben, 5, places=3)
    await ask_of(world, {"mostPlayers": 2})
    problem = await refused(world, "bookSlots", who=ben, holdId=other["hold"]["id"], payer=PAYER)
    assert problem["rule"] == "MOST_PLAYERS"


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        (LADIES, []),
        (LADIES | {"fewestPlayers": 5}, ["fewestPlayers"]),
        (LADIES | {"fewestPlayers": 3, "mostPlayers": 2}, ["mostPlayers"]),
        (LADIES | {"holes": 12}, ["holes"]),
        (LADIES | {"priceClasses": []}, ["priceClasses"]),
        (LADIES | {"holes": 9, "tees": []}, ["tees"]),
        (LADIES | {"holes": 9, "lastStart": "07:00"}, ["lastStart"]),
        (LADIES | {"opensDayBefore": "18:30:30"}, ["opensDayBefore"]),
    ],
)
async def test_restrictions_that_make_no_sense(standing, asked, path):
    given = {"courseId": standing.course, **TEMPLATE, "restrictions": [{"holes": 9}, asked]}
    problem = await refused(standing, "setSheetTemplate", who=standing.staff, **given)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "restrictions", "1", *path])


async def test_who_walks_gets_a_cart_only_if_staff_insist(world):
    await done(world.server, "addCart", "cart { id }", who=world.staff, courseId=world.course, number="7")
    await ask_of(world, LADIES | {"walkingOnly": True})
    booking = (await book(world, world.player("ben"), 1))["booking"]["id"]
    wanted = "cartReservation { id }"
    payload = await world.server.mutate("reserveCart", wanted, who=world.staff, bookingId=booking)
    assert payload["problems"][0]["code"] == "START_RESTRICTED"
    await done(world.server, "reserveCart", wanted, who=world.staff, bookingId=booking, evenIfWalkingOnly=True)
