"""Who sees which names, in queries and in events."""

from dataclasses import replace

import pytest

from auth.viewer import Role
from kit.ids import parse_id
from tests.harness import found_world
from tests.tee_sheet.desk import (
    add_player,
    book,
    booking_events,
    cancel,
    club_events,
    done,
    head,
    sheet,
    sheet_events,
)

LUIS = {"firstName": "Luis", "lastName": "Ruiz"}
ANA = {"firstName": "Ana", "lastName": "García"}
SEEN = {
    "FULL": (ANA, LUIS),
    "INITIALS": ({"firstName": "A.", "lastName": "G."}, {"firstName": "L.", "lastName": "R."}),
    "HIDDEN": ({"firstName": "", "lastName": ""}, {"firstName": "", "lastName": ""}),
}
ONE_BOOKING = "query($id: ID!) { booking(id: $id) { payer { firstName lastName } players { firstName lastName } } }"


def names_in(events):
    """Give the payers and the players that events name."""
    payers = [
        {"firstName": e["payerFirstName"], "lastName": e["payerLastName"]} for e in events if "payerLastName" in e
    ]
    players = [p for e in events for p in e.get("players", ())]
    return payers, [{"firstName": p["firstName"], "lastName": p["lastName"]} for p in players]


async def payers_on(world, who):
    """Give the payers that a viewer sees on the last tee time, and None for places that nobody has booked."""
    return [slot["payer"] for slot in (await sheet(world, who=who))["teeTimes"][-1]["slots"]]


async def assert_seen(world, who, before, payload, payer, player):
    """Make sure that a viewer sees the names of a booking of one player so, everywhere."""
    assert await payers_on(world, who) == [payer, None, None, None]
    span = {"after": before, "upto": payload["cursor"], "who": who}
    for events in (await club_events(world, **span), await sheet_events(world, **span)):
        assert names_in(events) == ([payer, payer], [player])


@pytest.mark.parametrize("privacy", ["INITIALS", "FULL", "HIDDEN"])
async def test_players_see_names_as_the_club_allows_and_staff_in_full(server, privacy):
    world = await found_world(server, namePrivacy=privacy)
    before = await head(world)
    payload = await book(world, world.staff, places=1, players=[LUIS], payer=ANA)
    payer, player = SEEN[privacy]
    await assert_seen(world, world.player("ben"), before, payload, payer, player)
    for role in (Role.ADMIN, Role.STAFF, Role.STARTER):
        await assert_seen(world, replace(world.staff, roles=(role,)), before, payload, ANA, LUIS)
    for role in (Role.CADDIE, Role.PLANNER, Role.GUEST, Role.DEVICE):
        assert await payers_on(world, replace(world.staff, roles=(role,))) == [payer, None, None, None]


async def test_initials_are_the_rule(world):
    before = await head(world)
    payload = await book(world, world.staff, places=1, players=[LUIS], payer=ANA)
    await assert_seen(world, world.player("ben"), before, payload, *SEEN["INITIALS"])


async def test_staff_of_another_club_are_strangers_here(world):
    other = await done(
        world.server, "createClub", "club { id }", who=world.admin, name="B", timeZone="Europe/Madrid", currency="EUR"
    )
    elsewhere = replace(world.staff, club_ids=(parse_id("club", other["club"]["id"]),))
    query = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { id } }"
    answer = await world.server.run(query, who=elsewhere, c=world.course, d=world.day.isoformat())
    assert answer.code == "NOT_FOUND"


async def test_a_change_of_the_setting_holds_from_then_on(world):
    ben, first = world.player("ben"), await book(world, world.staff, 0, players=[LUIS], payer=ANA)
    shown = await done(
        world.server, "updateClub", "club { id }", who=world.admin, clubId=world.club, namePrivacy="HIDDEN"
    )
    second = await book(world, world.staff, players=[LUIS], payer=ANA)
    assert await payers_on(world, ben) == [SEEN["HIDDEN"][0], None, None, None]
    events = await club_events(world, after=shown["cursor"], upto=second["cursor"], who=ben)
    assert names_in(events) == ([SEEN["HIDDEN"][0]] * 2, [SEEN["HIDDEN"][1]])
    assert first["booking"]


async def test_cancelling_frees_the_names_with_the_places(world):
    booked = await book(world, world.staff, places=2, players=[LUIS], payer=ANA)
    gone = await cancel(world, world.staff, booked["booking"]["id"])
    for who in (world.staff, world.player("ben")):
        assert await payers_on(world, who) == [None] * 4
        events = await club_events(world, after=booked["cursor"], upto=gone["cursor"], who=who)
        assert names_in(events) == ([], [])


@pytest.mark.parametrize("privacy", ["INITIALS", "HIDDEN"])
async def test_bookers_and_players_see_their_own_booking_in_full(server, privacy):
    world = await found_world(server, namePrivacy=privacy)
    eva = world.player("eva", player_id=parse_id("player", await add_player(world, "Eva", "MEMBER")))
    players = [{"playerId": await own_id(world, eva)}, LUIS]
    payload = await book(world, world.player("ana"), places=2, players=players, payer=ANA)
    everyone = [{"firstName": "Eva", "lastName": "Pérez"}, LUIS]
    for who in (world.player("ana"), eva, world.staff):
        answer = await world.server.run(ONE_BOOKING, who=who, id=payload["booking"]["id"])
        assert answer.data["booking"] == {"payer": ANA, "players": everyone}
        [listed] = (await sheet(world, who=who))["bookings"]
        assert (listed["id"], listed["payer"]) == (payload["booking"]["id"], ANA)


async def own_id(world, who):
    """Ask which player a token is for."""
    answer = await world.server.run("{ viewer { players { id } } }", who=who)
    return answer.data["viewer"]["players"][0]["id"]


async def test_the_booking_of_others_is_as_good_as_none(world):
    before = await head(world)
    booked = await book(world, world.player("ana"), places=2)
    ben, booking_id = world.player("ben"), booked["booking"]["id"]
    assert (await world.server.run(ONE_BOOKING, who=ben, id=booking_id)).code == "NOT_FOUND"
    node = "query($id: ID!) { node(id: $id) { id } }"
    assert (await world.server.run(node, who=ben, id=booking_id)).code == "NOT_FOUND"
    assert (await sheet(world, who=ben))["bookings"] == []
    with pytest.raises(AssertionError, match="NOT_FOUND"):
        await booking_events(world, booking_id, after=before, upto=booked["cursor"], who=ben)
    for who in (world.player("ana"), world.staff):
        events = await booking_events(world, booking_id, after=before, upto=booked["cursor"], who=who)
        assert len(events) == 3


async def test_a_player_who_was_booked_by_another_follows_the_booking(world):
    eva_id = await add_player(world, "Eva", "MEMBER", user_id="eva")
    before = await head(world)
    booked = await book(world, world.staff, players=[{"playerId": eva_id}])
    booking_id = booked["booking"]["id"]
    events = await booking_events(world, booking_id, after=before, upto=booked["cursor"], who=world.player("eva"))
    assert [event["bookingId"] for event in events] == [booking_id] * 2
