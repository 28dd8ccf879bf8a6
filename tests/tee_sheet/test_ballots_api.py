"""Starts that are sold by draw: announced, entered, closed, drawn, released; changed and cancelled."""

from datetime import timedelta

import pytest

from tests.notifications.desk import told
from tests.tee_sheet.balloting import BALLOT, ENTRY, announce, enter, entries, pass_by, read
from tests.tee_sheet.desk import (
    PAYER,
    add_player,
    block,
    book,
    club_events,
    done,
    forbidden,
    head,
    hold,
    refused,
    sheet,
    types,
)
from tests.tee_sheet.waiting import join, offers

pytestmark = pytest.mark.lone
STEPS = ["ballot.closed", "ballot.drawn", "ballot.released"]


def first(world):
    """Give the number of the world's first start that its ballots sell."""
    return next(n for n, one in enumerate(world.tee_times) if one["localTime"] == "10:00:00")


async def statuses(world, number, who=None):
    return [slot["status"] for slot in (await sheet(world, who=who))["teeTimes"][number]["slots"]]


async def test_a_ballot_takes_its_steps_by_itself_and_gives_what_was_asked_for(world):
    ana, ben = world.player("ana"), world.player("ben")
    await add_player(world, "Ana", "MEMBER", "ana")
    at = first(world)
    before = await head(world)
    ballot = await announce(world, name="Saturday")
    assert (ballot["status"], ballot["entryCount"], ballot["draw"]) == ("OPEN", 0, None)
    assert ballot["placesLeft"] == ballot["places"] > 0
    assert await statuses(world, at) == ["BLOCKED"] * 4
    one = await enter(world, ana, ballot, at, at + 1, places=2)
    two = await enter(world, ben, ballot, at, at + 1, places=3, players=[{"firstName": "Ben", "lastName": "Ruiz"}])
    assert [one["id"] for one in await entries(world, ballot)] == [one["id"], two["id"]]
    assert (await read(world, ballot, ana))["placesWanted"] == 5
    await pass_by(world, minutes=60)
    ballot = await read(world, ballot, ana)
    assert (ballot["status"], ballot["entryCount"]) == ("DRAWN", 2)
    got = {row["id"]: row for row in await entries(world, ballot)}
    assert {row["status"] for row in got.values()} == {"DRAWN"}
    assert sorted(row["choice"] for row in got.values()) == [1, 2], "five do not fit on one start"
    assert ballot["placesLeft"] == ballot["places"] - 5
    [mine] = await entries(world, ballot, ana)
    assert mine["teeTime"]["id"] == world.tee_time(at + mine["choice"] - 1)
    query = "query($id: ID!) { booking(id: $id) { status players { priceClass lastName } price { amountCents } } }"
    booking = (await world.server.run(query, who=ana, id=mine["bookingId"])).data["booking"]
    assert [player["priceClass"] for player in booking["players"]] == ["MEMBER", "GUEST"]
    assert booking["price"]["amountCents"] > 0
    assert [one["kind"] for one in await told(world, ana)] == ["BALLOT_DRAWN"]
    await pass_by(world, minutes=30)
    ballot = await read(world, ballot, ben)
    assert (ballot["status"], ballot["placesLeft"]) == ("RELEASED", ballot["places"] - 5)
    assert await statuses(world, at + 2) == ["AVAILABLE"] * 4
    await book(world, ben, at + 2)
    found = types(await club_events(world, after=before, upto=await head(world)))
    assert [one for one in found if one.startswith("ballot.")] == [
        "ballot.announced",
        *["ballot.entered"] * 2,
        *STEPS,
    ]
    query = "query($id: ID!) { ballot(id: $id) { history { what by changes { field after } } } }"
    history = (await world.server.run(query, who=world.staff, id=ballot["id"])).data["ballot"]["history"]
    assert [(one["what"], one["by"]) for one in history] == [("ballot.announced", "staff"), *((s, None) for s in STEPS)]
    assert (await world.server.run(query, who=ana, id=ballot["id"])).data["ballot"]["history"] is None


async def test_it_opens_at_its_instant_and_not_before(world):
    ana, now = world.player("ana"), world.server.clock()
    ballot = await announce(world, opensAt=(now + timedelta(minutes=10)).isoformat())
    wish = {"ballotId": ballot["id"], "teeTimeIds": [world.tee_time(first(world))], "players": [PAYER]}
    assert ballot["status"] == "ANNOUNCED"
    problem = await refused(world, "enterBallot", who=ana, **wish)
    assert (problem["code"], problem["__typename"]) == ("BALLOT_NOT_OPEN", "BallotNotOpen")
    await pass_by(world, minutes=10)
    assert (await read(world, ballot))["status"] == "OPEN"
    await done(world.server, "enterBallot", ENTRY, who=ana, **wish)
    world.server.clock.advance(minutes=50)
    problem = await refused(world, "enterBallot", who=world.player("ben"), **wish)
    assert problem["code"] == "BALLOT_NOT_OPEN", "also where the worker has not closed it yet"


async def test_nobody_has_its_starts_otherwise_but_the_staff(world):
    ana, at = world.player("ana"), first(world)
    held = await hold(world, ana, at)
    entry = await join(world, ana, at)
    kept = await book(world, world.staff, at + 1)
    ballot = await announce(world)
    answer = await world.server.run(
        "query($id: ID!) { node(id: $id) { ... on Hold { status } } }", who=ana, id=held["hold"]["id"]
    )
    assert answer.data["node"]["status"] == "WITHDRAWN"
    problem = await refused(world, "bookSlots", who=ana, teeTimeId=world.tee_time(at), places=1, payer=PAYER)
    assert problem["code"] == "SLOTS_UNAVAILABLE"
    assert await statuses(world, at + 1) == ["BOOKED", *["BLOCKED"] * 3]
    assert await offers(world) == []
    await book(world, world.staff, at, blockId=ballot["blockId"], places=2)
    assert (await read(world, ballot))["placesLeft"] == ballot["placesLeft"] - 2
    problem = await refused(world, "removeBlock", who=world.staff, blockId=ballot["blockId"])
    assert problem["code"] == "BLOCK_OF_BALLOT"
    await done(world.server, "cancelBooking", "cursor", who=world.staff, bookingId=kept["booking"]["id"])
    assert await statuses(world, at + 1) == ["BLOCKED"] * 4, "what is given up goes to the draw"
    await pass_by(world, minutes=60)
    await pass_by(world, minutes=30)
    [offer] = await offers(world)
    assert offer["entryId"] == entry["id"], "who waits has the first turn when the rest is released"


async def test_a_ballot_is_cancelled_before_its_draw_and_all_are_told(world):
    ana, at = world.player("ana"), first(world)
    eva = await add_player(world, "Eva", "MEMBER", "eva")
    ballot = await announce(world)
    entry = await enter(world, world.staff, ballot, at, players=[{"playerId": eva}])
    await enter(world, ana, ballot, at, players=[PAYER])
    reason = {"ballotId": ballot["id"], "reason": "The greens are sanded"}
    gone = (await done(world.server, "cancelBallot", BALLOT, who=world.staff, **reason))["ballot"]
    assert (gone["status"], gone["cancelledReason"], gone["draw"]) == ("CANCELLED", "The greens are sanded", None)
    assert {row["status"] for row in await entries(world, ballot)} == {"CANCELLED"}
    assert await statuses(world, at) == ["AVAILABLE"] * 4
    await pass_by(world, minutes=120)
    assert (await read(world, ballot))["status"] == "CANCELLED"
    for operation in ("cancelBallot", "drawBallot", "updateBallot"):
        assert (await refused(world, operation, who=world.staff, ballotId=ballot["id"]))["code"] == "BALLOT_OVER"
    problem = await refused(world, "withdrawBallotEntry", who=world.player("eva"), ballotEntryId=entry["id"])
    assert problem["code"] == "BALLOT_ENTRY_ENDED"


async def test_an_entry_is_changed_left_and_withdrawn(world):
    eva, at = await add_player(world, "Eva", "MEMBER", "eva"), first(world)
    luz = await add_player(world, "Luz", "MEMBER", "luz")
    ballot = await announce(world)
    entry = await enter(world, world.staff, ballot, at, players=[{"playerId": eva}, {"playerId": luz}], places=3)
    assert [one["kind"] for one in await told(world, world.player("luz"))] == ["BALLOT_ENTERED"]
    given = {"ballotEntryId": entry["id"], "teeTimeIds": [world.tee_time(at + 1), world.tee_time(at)]}
    changed = (await done(world.server, "updateBallotEntry", ENTRY, who=world.player("eva"), **given))["ballotEntry"]
    assert (changed["id"], changed["teeTimeIds"]) == (entry["id"], given["teeTimeIds"])
    assert (await forbidden(world, "updateBallotEntry", who=world.player("luz"), **given)).code == "NOT_ALLOWED"
    left = await done(world.server, "leaveBallotEntry", ENTRY, who=world.player("luz"), ballotEntryId=entry["id"])
    assert (left["ballotEntry"]["places"], [one["playerId"] for one in left["ballotEntry"]["players"]]) == (
        2,
        [eva, None],
    )
    more = {"ballotEntryId": entry["id"], "players": [{"playerId": eva}], "places": 1}
    changed = (await done(world.server, "updateBallotEntry", ENTRY, who=world.player("eva"), **more))["ballotEntry"]
    assert (changed["places"], len(changed["players"])) == (1, 1)
    assert (await read(world, ballot))["placesWanted"] == 1
    await done(world.server, "withdrawBallotEntry", ENTRY, who=world.player("eva"), ballotEntryId=entry["id"])
    assert [(await read(world, ballot))[name] for name in ("entryCount", "placesWanted")] == [0, 0]
    again = await enter(world, world.player("eva"), ballot, at)
    await pass_by(world, minutes=60)
    assert [row["status"] for row in await entries(world, ballot)] == ["WITHDRAWN", "DRAWN"]
    problem = await refused(world, "withdrawBallotEntry", who=world.player("eva"), ballotEntryId=again["id"])
    assert problem["code"] == "BALLOT_ENTRY_ENDED"


async def test_everybody_is_in_one_entry_and_names_whom_they_may(world):
    eva, at = await add_player(world, "Eva", "MEMBER", "eva"), first(world)
    luz = await add_player(world, "Luz", "MEMBER", "luz")
    ballot = await announce(world)
    wish = {"ballotId": ballot["id"], "teeTimeIds": [world.tee_time(at)]}
    problem = await refused(world, "enterBallot", who=world.player("eva"), players=[{"playerId": luz}], **wish)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "players", "0", "playerId"])
    problem = await refused(world, "enterBallot", who=world.player("eva"), players=[PAYER], **wish)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "players"])
    await enter(world, world.staff, ballot, at, players=[{"playerId": eva}, {"playerId": luz}])
    problem = await refused(world, "enterBallot", who=world.player("luz"), **wish)
    assert problem["code"] == "ALREADY_IN_BALLOT"
    ana = world.player("ana")
    await enter(world, ana, ballot, at, players=[PAYER])
    assert (await refused(world, "enterBallot", who=ana, players=[PAYER], **wish))["code"] == "ALREADY_IN_BALLOT"
    sol = await add_player(world, "Sol", "MEMBER")
    await enter(world, world.staff, ballot, at, players=[{"playerId": sol}])
    both = {"playerId": eva, "otherPlayerId": sol}
    payload = await world.server.mutate("mergePlayers", "player { id }", who=world.staff, **both)
    assert (payload["player"], payload["problems"][0]["code"]) == (None, "ALREADY_IN_BALLOT")


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"teeTimeIds": []}, ["teeTimeIds"]),
        ({"teeTimeIds": [0] * 2}, ["teeTimeIds"]),
        ({"teeTimeIds": list(range(11))}, ["teeTimeIds"]),
        ({"teeTimeIds": [0, -100]}, ["teeTimeIds", "1"]),
        ({"places": 5}, ["places"]),
        ({"players": [PAYER, PAYER], "places": 1}, ["players"]),
        ({"players": []}, ["players"]),
    ],
)
async def test_what_cannot_be_asked_for_is_refused(world, given, path):
    at, ballot = first(world), await announce(world)
    wanted = [world.tee_time(at + n) if n >= 0 else world.tee_time(0) for n in given.get("teeTimeIds", [0])]
    wish = {"ballotId": ballot["id"], "players": [PAYER]} | given | {"teeTimeIds": wanted}
    problem = await refused(world, "enterBallot", who=world.player("ana"), **wish)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", *path])


@pytest.mark.parametrize(
    ("minutes", "path"),
    [
        ({"closes": -1}, "closesAt"),
        ({"closes": 60, "releases": 59}, "releasesAt"),
        ({"closes": 60, "releases": 24 * 60}, "releasesAt"),
    ],
)
async def test_instants_that_do_not_follow_each_other_are_refused(world, minutes, path):
    now = world.server.clock()
    given = {"courseId": world.course, "date": world.day.isoformat(), "firstStart": "08:30", "lastStart": "12:00"}
    given |= {"closesAt": (now + timedelta(minutes=minutes.get("closes", 60))).isoformat()}
    given |= {"releasesAt": (now + timedelta(minutes=minutes.get("releases", 90))).isoformat()}
    problem = await refused(world, "announceBallot", who=world.staff, **given)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", path])
    for more, where in (
        ({"firstStart": "23:00", "lastStart": "23:30"}, "firstStart"),
        ({"lookbackDays": 999}, "lookbackDays"),
    ):
        given["closesAt"] = (now + timedelta(minutes=60)).isoformat()
        given["releasesAt"] = (now + timedelta(minutes=90)).isoformat()
        problem = await refused(world, "announceBallot", who=world.staff, **given | more)
        assert problem["path"] == ["input", where]


async def test_starts_are_in_one_ballot_and_those_of_the_shop_in_none(world):
    rule = {"name": "Shop", "firstStart": "10:00", "lastStart": "10:00", "shopSale": "TAKEN"}
    where = {"courseId": world.course, "date": world.day.isoformat()}
    await done(world.server, "updateTeeSheet", "cursor", who=world.staff, **where, restrictions=[rule])
    ballot = await announce(world)
    assert await statuses(world, first(world)) == ["AVAILABLE"] * 4
    now = world.server.clock()
    given = where | {"firstStart": "11:00", "lastStart": "13:00"}
    given |= {
        "closesAt": (now + timedelta(minutes=5)).isoformat(),
        "releasesAt": (now + timedelta(minutes=9)).isoformat(),
    }
    problem = await refused(world, "announceBallot", who=world.staff, **given)
    assert (problem["code"], problem["message"][:14]) == ("STARTS_IN_BALLOT", "Another ballot")
    problem = await refused(
        world, "addBlock", who=world.staff, **where, kind="BALLOT", firstStart="14:00", lastStart="14:00"
    )
    assert problem["path"] == ["input", "kind"]
    assert ballot["places"] > 0


async def test_the_staff_draw_by_hand_and_bring_the_release_forward(world):
    ana, at = world.player("ana"), first(world)
    ballot = await announce(world, byHand=True)
    assert ballot["drawsAt"] is None
    await enter(world, ana, ballot, at, players=[PAYER])
    problem = await refused(world, "drawBallot", who=world.staff, ballotId=ballot["id"])
    assert problem["code"] == "BALLOT_STILL_OPEN"
    world.server.clock.advance(minutes=1)
    now = world.server.clock().isoformat()
    await done(world.server, "updateBallot", BALLOT, who=world.staff, ballotId=ballot["id"], closesAt=now)
    await pass_by(world, minutes=1)
    assert (await read(world, ballot))["status"] == "CLOSED"
    drawn = (await done(world.server, "drawBallot", BALLOT, who=world.staff, ballotId=ballot["id"]))["ballot"]
    assert (drawn["status"], len(drawn["draw"]["results"])) == ("DRAWN", 1)
    assert (await refused(world, "drawBallot", who=world.staff, ballotId=ballot["id"]))["code"] == "BALLOT_OVER"
    [row] = await entries(world, ballot)
    stays = await refused(world, "cancelBallot", who=world.staff, ballotId=ballot["id"])
    assert (stays["code"], stays["bookingIds"]) == ("BALLOT_WAS_DRAWN", [row["bookingId"]])
    await done(world.server, "cancelBooking", "cursor", who=world.staff, bookingId=row["bookingId"])
    stays = await refused(world, "cancelBallot", who=world.staff, ballotId=ballot["id"])
    assert (stays["bookingIds"], await statuses(world, at)) == ([], ["BLOCKED"] * 4)
    problem = await refused(world, "updateBallot", who=world.staff, ballotId=ballot["id"], closesAt=now)
    assert problem["path"] == ["input", "closesAt"]
    await done(world.server, "updateBallot", BALLOT, who=world.staff, ballotId=ballot["id"], releasesAt=now)
    await pass_by(world)
    assert (await read(world, ballot))["status"] == "RELEASED"


async def test_its_instants_are_moved_and_what_does_not_follow_is_refused(world):
    now, ballot = world.server.clock(), await announce(world)
    given = {"ballotId": ballot["id"], "closesAt": (now + timedelta(minutes=20)).isoformat()}
    moved = (await done(world.server, "updateBallot", BALLOT, who=world.staff, **given))["ballot"]
    assert moved["drawsAt"] == moved["entriesCloseAt"] != ballot["drawsAt"], "it is drawn when it closes"
    for minutes, more, path in ((95, {}, "releasesAt"), (20, {"releasesAt": now.isoformat()}, "releasesAt")):
        wrong = given | {"closesAt": (now + timedelta(minutes=minutes)).isoformat()} | more
        problem = await refused(world, "updateBallot", who=world.staff, **wrong)
        assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", path])
    await pass_by(world, minutes=20)
    assert (await read(world, ballot))["status"] == "DRAWN"


async def test_what_nobody_draws_is_drawn_at_the_release(world):
    ballot = await announce(world, byHand=True)
    await enter(world, world.player("ana"), ballot, first(world), players=[PAYER])
    await pass_by(world, minutes=90)
    assert (await read(world, ballot))["status"] == "RELEASED", "all that was due is done, one step after the other"
    assert [row["status"] for row in await entries(world, ballot)] == ["DRAWN"]


async def test_wishes_that_are_no_more_are_passed_over(world):
    ana, at = world.player("ana"), first(world)
    ballot = await announce(world)
    await enter(world, ana, ballot, at, at + 1, at + 2, players=[PAYER])
    await book(world, world.staff, at, blockId=ballot["blockId"], places=4)
    await block(world, at + 1, keepBookings=True)
    await pass_by(world, minutes=60)
    [row] = await entries(world, ballot)
    assert (row["status"], row["choice"]) == ("DRAWN", 3)
    starts = {one["teeTimeId"]: one["places"] for one in (await read(world, ballot))["draw"]["starts"]}
    assert [starts[world.tee_time(at + n)] for n in range(3)] == [0, 0, 4]


async def test_what_a_rule_forbids_at_the_draw_is_told_with_it(world):
    at = first(world)
    await add_player(world, "Eva", "MEMBER", "eva")
    limits = {"clubId": world.club, "priceClass": "MEMBER", "bookingsADay": 1}
    await done(world.server, "setBookingLimits", "cursor", who=world.admin, **limits)
    ballot = await announce(world)
    await enter(world, world.player("eva"), ballot, at, at + 1)
    await book(world, world.player("eva"), 0)
    await pass_by(world, minutes=60)
    [row] = await entries(world, ballot)
    assert (row["status"], row["rank"], row["choice"]) == ("NOT_DRAWN", 1, None)
    [result] = (await read(world, ballot))["draw"]["results"]
    assert [one["code"] for one in result["refused"]] == ["BOOKING_LIMIT_REACHED"] * 2


async def test_who_may_not_be_booked_any_more_is_left_out(world):
    eva, at = await add_player(world, "Eva", "MEMBER", "eva"), first(world)
    luz = await add_player(world, "Luz", "MEMBER", "luz")
    ballot = await announce(world)
    await enter(world, world.staff, ballot, at, players=[{"playerId": eva}, {"playerId": luz}])
    sol = await add_player(world, "Sol", "MEMBER")
    await enter(world, world.staff, ballot, at + 1, players=[{"playerId": sol}])
    for key in (luz, sol):
        await done(world.server, "deactivatePlayer", "player { id }", who=world.staff, playerId=key)
    await pass_by(world, minutes=60)
    one, two = await entries(world, ballot)
    assert (one["status"], two["status"]) == ("DRAWN", "NOT_DRAWN")
    assert (await statuses(world, at)).count("BOOKED") == 1


async def test_a_sheet_that_is_offline_is_waited_for(world):
    ballot = await announce(world)
    await enter(world, world.player("ana"), ballot, first(world), players=[PAYER])
    where = {"courseId": world.course, "date": world.day.isoformat()}
    await done(world.server, "takeTeeSheetOffline", "cursor", who=world.staff, **where)
    await pass_by(world, minutes=60)
    assert (await read(world, ballot))["status"] == "CLOSED"
    assert (await refused(world, "drawBallot", who=world.staff, ballotId=ballot["id"]))["code"] == "SHEET_OFFLINE"
    await done(world.server, "bringTeeSheetOnline", "cursor", who=world.staff, **where)
    await pass_by(world, minutes=1)
    assert (await read(world, ballot))["status"] == "DRAWN"


async def test_a_closed_course_gives_nothing(world):
    ballot = await announce(world)
    await enter(world, world.player("ana"), ballot, first(world), players=[PAYER])
    given = {"status": "CLOSED", "reason": "Frost"}
    await done(world.server, "setCourseStatus", "cursor", who=world.staff, courseId=world.course, **given)
    await pass_by(world, minutes=60)
    assert [row["status"] for row in await entries(world, ballot)] == ["NOT_DRAWN"]
    assert {one["places"] for one in (await read(world, ballot))["draw"]["starts"]} == {0}
