"""Changing the players, the payer and the paid sum of a booking."""

from asyncio import gather

import pytest
from sqlalchemy import text

from kit.ids import parse_id
from tests.harness import found_world
from tests.tee_sheet.desk import (
    add_player,
    ask,
    book,
    booking_events,
    cancel,
    club_events,
    done,
    forbidden,
    head,
    hold,
    refused,
    sheet,
    types,
)
from tests.tee_sheet.test_concurrency import codes
from tests.tee_sheet.test_snapshot_and_events import assert_followed

WANTED = """booking {
  id price { amountCents } paid { amountCents } payer { firstName lastName }
  players { position playerId slotId firstName lastName priceClass price { amountCents } }
}"""
LUIS = {"firstName": "Luis", "lastName": "Ruiz"}


async def change(world, who, booking_id, **given):
    return await done(world.server, "updateBooking", WANTED, who=who, bookingId=booking_id, **given)


async def booked(world, who=None, **given):
    return (await book(world, who or world.staff, **given))["booking"]["id"]


async def test_players_stay_leave_come_and_are_renamed_in_one_operation(world):
    eva = await add_player(world, "Eva", "MEMBER")
    known = [LUIS, {"firstName": "Mar", "lastName": "Sol"}, {"playerId": eva}]
    booking, before = await booked(world, places=3, players=known), await sheet(world)
    given = [{"position": 1, "firstName": "Lou"}, {"firstName": "New"}, {}]
    payload = await change(world, world.staff, booking, players=given, removePositions=[2])
    players = payload["booking"]["players"]
    assert [(p["position"], p["firstName"], p["lastName"], p["priceClass"]) for p in players] == [
        (1, "Lou", "", "PUBLIC"),
        (2, "New", "", "PUBLIC"),
        (3, "Eva", "Pérez", "MEMBER"),
        (4, "", "", "PUBLIC"),
    ]
    assert payload["booking"]["price"] == {"amountCents": 3 * 9000 + 4000}
    assert len({p["slotId"] for p in players}) == 4
    events = await club_events(world, after=before["cursor"], upto=payload["cursor"])
    assert types(events) == ["booking.updated", *["slot.booked"] * 3], "each place that somebody else plays on"
    assert events[0]["changed"] == ["PLAYERS"]
    assert (await booking_events(world, booking, after=before["cursor"], upto=payload["cursor"])) == events
    await assert_followed(world, before)


async def test_places_that_are_given_up_come_free(world):
    booking, before = await booked(world, places=4), await sheet(world)
    payload = await change(world, world.staff, booking, removePositions=[4, 1, 3])
    events = await club_events(world, after=before["cursor"], upto=payload["cursor"])
    assert types(events) == ["booking.updated", *["slot.available"] * 3]
    await assert_followed(world, before)
    await booked(world, places=3)


async def test_another_class_is_another_price_on_the_sheet_too(world):
    booking, before = await booked(world, places=2, players=[LUIS]), await sheet(world)
    given = [{"position": 1, "priceClass": "GUEST"}]
    payload = await change(world, world.staff, booking, players=given)
    first = payload["booking"]["players"][0]
    assert (first["firstName"], first["priceClass"], first["price"]) == ("Luis", "GUEST", {"amountCents": 6000})
    await assert_followed(world, before)
    renamed = await change(world, world.staff, booking, players=[{"position": 1, "firstName": "L"}])
    assert renamed["booking"]["players"][0]["price"] == {"amountCents": 6000}, "a new name alone changes no price"


async def test_payer_and_paid_sum(world):
    booking, before = await booked(world, places=2), await sheet(world)
    payload = await change(world, world.staff, booking, payer={"firstName": "Ben", "lastName": "Lee"}, paidCents=500)
    events = await club_events(world, after=before["cursor"], upto=payload["cursor"])
    assert types(events) == ["booking.updated", "slot.booked", "slot.booked"]
    assert events[0]["changed"] == ["PAYER", "PAID"]
    await assert_followed(world, before)
    payload = await change(world, world.staff, booking, paidCents=700)
    [event] = await club_events(world, after=events[-1]["cursor"], upto=payload["cursor"])
    assert (event["changed"], event["paidCents"]) == (["PAID"], 700)


async def test_what_changes_nothing_is_told_to_nobody(world):
    booking, before = await booked(world, places=2), await head(world)
    payload = await change(world, world.staff, booking, players=[{"position": 1}, {"position": 2}])
    assert payload["cursor"] is None
    assert await head(world) == before


async def test_a_member_changes_their_own_booking_and_pays_for_guests(world):
    await add_player(world, "Ana", "MEMBER", user_id="ana")
    ana = world.player("ana")
    booking = await booked(world, ana, places=1)
    players = (await change(world, ana, booking, players=[LUIS]))["booking"]["players"]
    assert [p["priceClass"] for p in players] == ["MEMBER", "GUEST"]


@pytest.mark.parametrize("privacy", ["INITIALS", "FULL", "HIDDEN"])
async def test_a_player_s_screen_follows_a_change(server, privacy):
    world = await found_world(server, namePrivacy=privacy)
    booking, ana = await booked(world, places=2), world.player("ana")
    before = await sheet(world, who=ana)
    payload = await change(
        world, world.staff, booking, payer=LUIS, players=[{"position": 1, **LUIS}], removePositions=[2]
    )
    await assert_followed(world, before, who=ana)
    events = await club_events(world, after=before["cursor"], upto=payload["cursor"], who=ana)
    seen = {"INITIALS": "R.", "FULL": "Ruiz", "HIDDEN": ""}[privacy]
    assert events[0]["payerLastName"] == events[0]["players"][0]["lastName"] == seen


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({}, "INVALID_INPUT", ["input"]),
        ({"players": [], "removePositions": []}, "INVALID_INPUT", ["input"]),
        ({"removePositions": [1, 2]}, "INVALID_INPUT", ["input", "removePositions"]),
        ({"removePositions": [2, 3]}, "INVALID_INPUT", ["input", "removePositions", "1"]),
        ({"removePositions": [2, 2]}, "INVALID_INPUT", ["input", "removePositions", "1"]),
        ({"players": [{"position": 2}], "removePositions": [2]}, "INVALID_INPUT", ["input", "removePositions", "0"]),
        ({"players": [{"position": 3}]}, "INVALID_INPUT", ["input", "players", "0", "position"]),
        ({"players": [{"position": 1}, {"position": 1}]}, "INVALID_INPUT", ["input", "players", "1", "position"]),
        ({"players": [{}] * 3}, "GROUP_SIZE_NOT_ALLOWED", ["input", "players"]),
        ({"players": [{}, {}]}, "SLOTS_UNAVAILABLE", ["input", "players"]),
        ({"players": [{"position": 1}, {"firstName": "x\u0000"}]}, "INVALID_INPUT", None),
        ({"payer": {"firstName": " ", "lastName": ""}}, "INVALID_INPUT", ["input", "payer"]),
        ({"paidCents": -1}, "INVALID_INPUT", ["input", "paidCents"]),
    ],
)
async def test_what_is_refused_changes_nothing(world, given, code, path):
    booking = await booked(world, places=2)
    await hold(world, world.player("ben"))
    problem = await refused(world, "updateBooking", who=world.staff, bookingId=booking, **given)
    assert problem["code"] == code
    assert path is None or problem["path"] == path
    if code == "SLOTS_UNAVAILABLE":
        assert problem["placesLeft"] == 1


async def test_nobody_plays_twice_on_a_booking(world):
    eva = await add_player(world, "Eva", "MEMBER")
    booking = await booked(world, places=1, players=[{"playerId": eva}])
    for given in ([{"playerId": eva}], [{"playerId": eva}, {"position": 1, "priceClass": "GUEST"}]):
        problem = await refused(world, "updateBooking", who=world.staff, bookingId=booking, players=given)
        assert problem["code"] == "INVALID_INPUT"
    await change(world, world.staff, booking, players=[{"playerId": eva}], removePositions=[1])


async def test_a_list_that_is_a_little_old_takes_nobody_s_place(world):
    booking = await booked(world, places=1)
    asked = (
        ask(world.server, "updateBooking", who=world.staff, bookingId=booking, players=[{"firstName": name}])
        for name in ("Ada", "Bea", "Cleo")
    )
    assert codes([answer.data["updateBooking"] for answer in await gather(*asked)]) == {"DONE": 3}
    [shown] = (await sheet(world))["bookings"]
    assert {player["firstName"] for player in shown["players"]} == {"", "Ada", "Bea", "Cleo"}
    assert [player["position"] for player in shown["players"]] == [1, 2, 3, 4]


async def test_a_class_without_a_price_is_refused_where_it_was_asked_for(world):
    booking = await booked(world, places=1, holes=9)
    given = [{}, {"priceClass": "MEMBER"}]
    problem = await refused(world, "updateBooking", who=world.staff, bookingId=booking, players=given)
    assert (problem["code"], problem["priceClass"]) == ("NOT_ON_SALE", "MEMBER")


async def test_only_staff_note_payments_and_choose_classes(world):
    ana = world.player("ana")
    booking = await booked(world, ana)
    assert (await forbidden(world, "updateBooking", who=ana, bookingId=booking, paidCents=1)).code == "NOT_ALLOWED"
    given = [{"position": 1, "firstName": "A"}, {"priceClass": "MEMBER"}]
    problem = await refused(world, "updateBooking", who=ana, bookingId=booking, players=given)
    assert problem["path"] == ["input", "players", "1", "priceClass"]
    answer = await forbidden(world, "updateBooking", who=world.player("ben"), bookingId=booking, payer=LUIS)
    assert answer.code == "NOT_FOUND"


async def test_a_player_of_somebody_else_s_booking_may_see_it_and_not_change_it(world):
    eva = await add_player(world, "Eva", "MEMBER", user_id="eva")
    booking = await booked(world, world.clerk("ana"), players=[{"playerId": eva}])
    answer = await forbidden(world, "updateBooking", who=world.player("eva"), bookingId=booking, payer=LUIS)
    assert answer.code == "NOT_ALLOWED"


async def test_the_booker_gives_up_places_until_the_notice_period_and_names_players_until_the_start(world, clock):
    ana = world.player("ana")
    booking = await booked(world, ana, places=2)
    fewer = {"who": ana, "bookingId": booking, "removePositions": [2]}
    clock.advance(minutes=10, seconds=1)
    assert (await refused(world, "updateBooking", **fewer))["code"] == "CHANGE_TOO_LATE"
    await change(world, ana, booking, players=[{"position": 2, **LUIS}])
    swapped = {"players": [{"firstName": "Eva"}], "removePositions": [1]}
    await change(world, ana, booking, **swapped)
    clock.advance(hours=6)
    late = await refused(world, "updateBooking", who=ana, bookingId=booking, payer=LUIS)
    assert late["code"] == "BOOKING_NOT_CHANGEABLE"
    await change(world, world.staff, booking, removePositions=[1])


async def test_a_cancelled_booking_stays_as_it_is(world):
    booking = await booked(world)
    await cancel(world, world.staff, booking)
    for given in ({"players": [{"position": 1}]}, {"paidCents": 1}, {"payer": LUIS}):
        problem = await refused(world, "updateBooking", who=world.staff, bookingId=booking, **given)
        assert (problem["code"], problem["bookingStatus"]) == ("BOOKING_NOT_CHANGEABLE", "CANCELLED")


async def test_who_has_checked_in_is_not_taken_off(world):
    booking = await booked(world, places=2)
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        check_in = "UPDATE booking_players SET checked_in_at = now() WHERE booking_id = :id AND position = 2"
        await session.execute(text(check_in), {"id": parse_id("booking", booking)})
        await session.commit()
    problem = await refused(world, "updateBooking", who=world.staff, bookingId=booking, removePositions=[2])
    assert (problem["code"], problem["position"]) == ("PLAYER_CHECKED_IN", 2)


async def test_the_same_key_adds_a_player_once(world):
    booking = await booked(world)
    one, two = [await change(world, world.staff, booking, players=[LUIS], idempotencyKey="k") for _ in range(2)]
    assert one == two
    assert len(one["booking"]["players"]) == 2
