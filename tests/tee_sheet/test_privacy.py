"""Who sees which names, in queries and in events."""

from dataclasses import replace

import pytest

from auth.viewer import Role
from kit.ids import new_id, parse_id, public_id
from tests.harness import found_world
from tests.tee_sheet.desk import (
    add_player,
    book,
    booking_events,
    cancel,
    club_events,
    done,
    head,
    refused,
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
    assert await payers_on(world, replace(world.staff, roles=(Role.CADDIE,))) == [payer, None, None, None]


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
    payload = await book(world, world.clerk("ana"), places=2, players=players, payer=ANA)
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


async def everything_of(world, who, after, upto):
    """Give all that the club's room, the sheet's and the query of the sheet show of what happened in (after, upto]."""
    span = {"after": after, "upto": upto, "who": who}
    told = [*await club_events(world, **span), *await sheet_events(world, **span)]
    return told, await sheet(world, who=who)


def told_of_players(events):
    """Give the ids, classes and prices that events tell of players and bookings."""
    players = [player for event in events for player in event.get("players", ())]
    found = [value for player in players for value in (player["playerId"], player["priceClass"], player["priceCents"])]
    sold = [event for event in events if event["type"].startswith("booking.") or event["type"] == "slot.booked"]
    return [*found, *(event.get(name) for event in sold for name in ("priceCents", "paidCents"))]


@pytest.mark.parametrize("privacy", ["INITIALS", "HIDDEN", "FULL"])
async def test_who_plays_in_which_class_at_which_price_is_hidden_with_the_name(server, privacy):
    world = await found_world(server, namePrivacy=privacy)
    eva_id, before = await add_player(world, "Eva", "MEMBER"), await head(world)
    booked = await book(world, world.staff, 0, players=[{"playerId": eva_id}], paidCents=700)
    given = {"who": world.staff, "bookingId": booked["booking"]["id"]}
    await done(world.server, "checkIn", "booking { id }", **given)
    teed_off = await done(world.server, "teeOff", "booking { id }", **given)
    for who in (world.player("ben"), world.staff):
        events, shown = await everything_of(world, who, before, teed_off["cursor"])
        slot, told = shown["teeTimes"][0]["slots"][0], {value for value in told_of_players(events) if value is not None}
        sees = privacy == "FULL" or who is world.staff
        assert told == ({eva_id, "MEMBER", 4000, 700} if sees else set())
        assert (eva_id in str(events), slot["price"]) == (
            sees,
            {"amountCents": 4000, "currency": "EUR"} if sees else None,
        )
        assert (shown["figures"] is not None) == (who is world.staff)


OWN = """subscription($b: ID!, $a: String) { bookingEvents(bookingId: $b, after: $a) {
    ... on SlotBooked { priceCents place: own { playerId priceClass price { amountCents } } }
    ... on BookingCreated {
        priceCents booking: own { price { amountCents } paid { amountCents } players { playerId } }
    }
} }"""


async def test_what_is_hidden_is_shown_to_whom_it_belongs(server):
    world = await found_world(server, namePrivacy="HIDDEN")
    eva_id, before = await add_player(world, "Eva", "MEMBER", user_id="eva"), await head(world)
    booked = await book(world, world.staff, players=[{"playerId": eva_id}], paidCents=700)
    async with world.server.socket(world.player("eva")) as socket:
        await socket.subscribe(OWN, b=booked["booking"]["id"], a=before)
        created, place = await socket.events(2)
    price = {"amountCents": 4000}
    assert created["booking"] == {"price": price, "paid": {"amountCents": 700}, "players": [{"playerId": eva_id}]}
    assert place["place"] == {"playerId": eva_id, "priceClass": "MEMBER", "price": price}
    assert (created["priceCents"], place["priceCents"]) == (None, None)


async def test_the_id_of_another_player_is_as_good_as_one_that_does_not_exist(world):
    eva_id = await add_player(world, "Eva", "MEMBER")
    ana = world.player("ana", player_id=parse_id("player", await add_player(world, "Ana", "MEMBER")))
    mine = (await book(world, ana, 0))["booking"]["id"]
    for who in (ana, world.player("ben")):
        given = {"teeTimeId": world.tee_time(1), "places": 1, "payer": ANA}
        named = [[{"playerId": one}] for one in (eva_id, public_id("player", new_id()))]
        known, unknown = [await refused(world, "bookSlots", who=who, players=one, **given) for one in named]
        assert known == unknown
        assert (known["code"], known["path"]) == ("INVALID_INPUT", ["input", "players", "0", "playerId"])
    known, unknown = [await refused(world, "updateBooking", who=ana, bookingId=mine, players=one) for one in named]
    assert known == unknown
    assert [slot["status"] for slot in (await sheet(world))["teeTimes"][1]["slots"]] == ["AVAILABLE"] * 4


async def test_a_booker_keeps_the_players_whom_the_desk_has_put_on_the_booking(world):
    eva_id, ana = await add_player(world, "Eva", "MEMBER"), world.player("ana")
    booking = (await book(world, world.clerk("ana"), players=[{"playerId": eva_id}]))["booking"]["id"]
    given = {"bookingId": booking, "players": [{"position": 1, "playerId": eva_id}, {"firstName": "Luis"}]}
    payload = await done(world.server, "updateBooking", "booking { players { playerId priceClass } }", who=ana, **given)
    players = [(player["playerId"], player["priceClass"]) for player in payload["booking"]["players"]]
    assert players == [(eva_id, "MEMBER"), (None, "PUBLIC")]
