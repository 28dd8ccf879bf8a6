"""Several starts that are booked, changed and cancelled as a group, through the API."""

from asyncio import gather
from collections import Counter

import pytest

from tests.notifications.desk import told
from tests.tee_sheet.desk import (
    PAYER,
    add_player,
    ask,
    book,
    cancel,
    club_events,
    done,
    forbidden,
    head,
    play,
    refused,
    sheet,
    types,
)
from tests.tee_sheet.test_snapshot_and_events import assert_followed

GROUP = """bookingGroup {
  id name organiser { firstName lastName } payer { firstName lastName }
  bookings { id groupId status payer { lastName } price { amountCents } players { firstName } teeTime { id } }
}"""
ANA = {"firstName": "Ana", "lastName": "Pérez"}
BEN = {"firstName": "Ben", "lastName": "Ruiz"}


def starts(world, *numbers, places=4):
    return [{"teeTimeId": world.tee_time(number), "places": places} for number in numbers]


async def outing(world, *numbers, places=4, **more):
    given = {"name": "Acme", "organiser": ANA, "starts": starts(world, *numbers, places=places)} | more
    return (await done(world.server, "bookGroup", GROUP, who=world.staff, **given))["bookingGroup"]


async def read(world, group_id):
    query = f"query($id: ID!) {{ {GROUP.replace('bookingGroup', 'bookingGroup(id: $id)', 1)} }}"
    return (await world.server.run(query, who=world.staff, id=group_id)).data["bookingGroup"]


async def test_twelve_are_booked_at_one_stroke_with_one_payer(world):
    await add_player(world, "Luis", "MEMBER", "luis")
    before = await sheet(world)
    group = await outing(world, 0, 1, 2, payer=BEN, idempotencyKey="once")
    assert (group["name"], group["organiser"], group["payer"]) == ("Acme", ANA, BEN)
    rows = group["bookings"]
    assert [row["teeTime"]["id"] for row in rows] == [world.tee_time(number) for number in range(3)]
    assert {(row["groupId"], row["payer"]["lastName"], len(row["players"])) for row in rows} == {
        (group["id"], "Ruiz", 4)
    }
    assert await outing(world, 0, 1, 2, payer=BEN, idempotencyKey="once") == group
    events = await club_events(world, after=before["cursor"], upto=await head(world))
    assert Counter(types(events)) == {"booking.created": 3, "slot.booked": 12, "booking-group.created": 1}
    await assert_followed(world, before)
    assert await read(world, group["id"]) == group
    listed = "query($c: ID!) { bookingGroups(clubId: $c) { nodes { id name } } }"
    answer = await world.server.run(listed, who=world.staff, c=world.club)
    assert answer.data["bookingGroups"]["nodes"] == [{"id": group["id"], "name": "Acme"}]


async def test_who_plays_is_known_and_told(world):
    luis = await add_player(world, "Luis", "MEMBER", "luis")
    given = [{"teeTimeId": world.tee_time(0), "places": 2, "players": [{"playerId": luis}]}]
    group = await outing(world, starts=given)
    assert [one["firstName"] for one in group["bookings"][0]["players"]] == ["Luis", ""]
    assert [row["kind"] for row in await told(world, world.player("luis"))] == ["BOOKED_FOR_YOU"]
    booking = "query($id: ID!) { booking(id: $id) { groupId } }"
    answer = await world.server.run(booking, who=world.player("luis"), id=group["bookings"][0]["id"])
    assert answer.data["booking"] == {"groupId": None}


async def test_all_starts_are_booked_or_none(world):
    await book(world, world.staff, 1, places=2)
    problem = await refused(world, "bookGroup", who=world.staff, name="Acme", organiser=ANA, starts=starts(world, 0, 1))
    assert problem.items() >= {"code": "SLOTS_UNAVAILABLE", "placesLeft": 2, "path": ["input", "starts", "1"]}.items()


async def test_two_bookings_of_a_group_share_a_start_and_nobody_is_named_twice(world):
    luis = await add_player(world, "Luis", "MEMBER")
    two = starts(world, 0, 0, places=2)
    group = await outing(world, starts=two)
    assert {slot["status"] for slot in (await sheet(world))["teeTimes"][0]["slots"]} == {"BOOKED"}
    twice = [start | {"players": [{"playerId": luis}]} for start in starts(world, 1, 2, places=1)]
    problem = await refused(world, "bookGroup", who=world.staff, name="X", organiser=ANA, starts=twice)
    assert problem["path"] == ["input", "starts", "1", "players"]
    add = {"groupId": group["id"], "starts": twice[:1]}
    await done(world.server, "updateBookingGroup", "cursor", who=world.staff, **add)
    problem = await refused(world, "updateBookingGroup", who=world.staff, groupId=group["id"], starts=twice[1:])
    assert problem["path"] == ["input", "starts", "0", "players"]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"starts": []}, ["starts"]),
        ({"name": " "}, ["name"]),
        ({"organiser": {"firstName": "", "lastName": " "}}, ["organiser"]),
        ({"holes": 12}, ["starts", "0"]),
    ],
)
async def test_what_makes_no_group_is_refused(world, given, path):
    wish = {"name": "Acme", "organiser": ANA, "starts": starts(world, 0)} | given
    assert (await refused(world, "bookGroup", who=world.staff, **wish))["path"] == ["input", *path]


async def test_more_than_twenty_starts_are_two_groups(world):
    wish = {"name": "Acme", "organiser": ANA, "starts": starts(world, *range(21), places=1)}
    assert (await refused(world, "bookGroup", who=world.staff, **wish))["path"] == ["input", "starts"]
    group = await outing(world, *range(20), places=1)
    more = {"groupId": group["id"], "starts": starts(world, 20, places=1)}
    assert (await refused(world, "updateBookingGroup", who=world.staff, **more))["path"] == ["input", "starts"]
    await cancel(world, world.staff, group["bookings"][0]["id"])
    await done(world.server, "updateBookingGroup", "cursor", who=world.staff, **more)


async def test_a_group_gets_another_payer_and_more_starts_and_what_is_split_stays_in_it(world):
    group = await outing(world, 0, 1)
    await cancel(world, world.staff, group["bookings"][1]["id"])
    before = await sheet(world)
    given = {"groupId": group["id"], "name": "Acme & Co", "payer": BEN, "starts": starts(world, 2, places=2)}
    changed = (await done(world.server, "updateBookingGroup", GROUP, who=world.staff, **given))["bookingGroup"]
    assert (changed["name"], changed["organiser"], changed["payer"]) == ("Acme & Co", ANA, BEN)
    shown = [(row["status"], row["payer"]["lastName"]) for row in changed["bookings"]]
    assert shown == [("CONFIRMED", "Ruiz"), ("CANCELLED", "Pérez"), ("CONFIRMED", "Ruiz")]
    first = changed["bookings"][0]["id"]
    await done(world.server, "splitBooking", "cursor", who=world.staff, bookingId=first, positions=[1, 2])
    assert len((await read(world, group["id"]))["bookings"]) == 4
    await assert_followed(world, before)
    assert (await refused(world, "updateBookingGroup", who=world.staff, groupId=group["id"]))["path"] == ["input"]


async def test_a_group_is_cancelled_in_part_and_whole_and_each_booking_comes_back(world):
    group = await outing(world, 0, 1, 2)
    one, two, three = [row["id"] for row in group["bookings"]]
    before = await sheet(world)
    given = {"groupId": group["id"]}
    gone = await done(world.server, "cancelBookingGroup", "bookings { id }", who=world.staff, **given, bookingIds=[two])
    assert gone["bookings"] == [{"id": two}]
    again = await refused(world, "cancelBookingGroup", who=world.staff, **given, bookingIds=[two])
    assert again["code"] == "BOOKING_NOT_CHANGEABLE"
    await play(world, "checkIn", one)
    await play(world, "teeOff", one)
    gone = await done(world.server, "cancelBookingGroup", "bookings { id }", who=world.staff, **given)
    assert gone["bookings"] == [{"id": three}], "what is on the course plays on"
    assert (await refused(world, "cancelBookingGroup", who=world.staff, **given))["code"] == "BOOKING_NOT_CHANGEABLE"
    await done(world.server, "restoreBooking", "cursor", who=world.staff, bookingId=three)
    await assert_followed(world, before)
    stranger = (await book(world, world.staff, 5))["booking"]["id"]
    problem = await refused(world, "cancelBookingGroup", who=world.staff, **given, bookingIds=[stranger])
    assert problem["path"] == ["input", "bookingIds", "0"]


async def test_two_groups_that_want_the_same_starts_get_them_once(world):
    before, wish = await sheet(world), {"name": "Acme", "organiser": ANA}
    there, back = starts(world, *range(6)), starts(world, *reversed(range(6)))
    asked = [ask(world.server, "bookGroup", who=world.staff, **wish, starts=one) for one in (there, back, there)]
    payloads = [answer.data["bookGroup"] for answer in await gather(*asked)]
    codes = Counter(payload["problems"][0]["code"] if payload["problems"] else "DONE" for payload in payloads)
    assert codes == {"DONE": 1, "SLOTS_UNAVAILABLE": 2}
    await assert_followed(world, before)


async def test_a_group_is_cancelled_while_starts_are_added_and_one_is_checked_in(world):
    group = await outing(world, 0, 1, 2)
    before, given = await sheet(world), {"groupId": group["id"]}
    last = group["bookings"][2]["id"]
    await gather(
        ask(world.server, "cancelBookingGroup", who=world.staff, **given),
        ask(world.server, "updateBookingGroup", who=world.staff, **given, payer=BEN, starts=starts(world, 3)),
        ask(world.server, "moveBooking", who=world.staff, bookingId=last, teeTimeId=world.tee_time(5)),
        ask(world.server, "cancelBookingGroup", who=world.staff, **given),
    )
    await assert_followed(world, before)
    found = await read(world, group["id"])
    sold = {slot["bookingId"] for row in (await sheet(world))["teeTimes"] for slot in row["slots"]} - {None}
    assert sold == {row["id"] for row in found["bookings"] if row["status"] != "CANCELLED"}


async def test_groups_are_for_the_staff(world):
    ana, before = world.player("ana"), await head(world)
    group = await outing(world, 0)
    events = await club_events(world, after=before, upto=await head(world), who=ana)
    [created] = [event for event in events if event["type"] == "booking.created"]
    assert created["groupId"] is None
    wish = {"name": "Acme", "organiser": ANA, "starts": starts(world, 1)}
    assert (await forbidden(world, "bookGroup", who=ana, **wish)).code == "NOT_ALLOWED"
    for operation, more in (("updateBookingGroup", {"payer": PAYER}), ("cancelBookingGroup", {})):
        assert (await forbidden(world, operation, who=ana, groupId=group["id"], **more)).code == "NOT_FOUND"
