"""A create that is asked for twice is done once, and answered alike."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from jobs import tasks
from kit.ids import split_id
from tests.harness import TEMPLATE
from tests.tee_sheet.crowd import at_once
from tests.tee_sheet.desk import PAYER, add_player, ask, book, cancel, club_events, head, hold, refused, sheet, types


async def payload_of(world, operation, who, **given):
    return (await ask(world.server, operation, who=who, **given)).data[operation]


async def test_fifty_equal_requests_make_one_booking_and_fifty_equal_answers(world):
    before = await head(world)
    given = {"teeTimeId": world.tee_time(), "places": 2, "payer": PAYER, "idempotencyKey": "the button"}
    ana = world.player("ana")
    payloads = await at_once(world, "bookSlots", [ana] * 50, **given)
    assert payloads[0]["booking"]
    assert payloads[0]["cursor"]
    assert payloads == [payloads[0]] * 50
    events = await club_events(world, after=before, upto=payloads[0]["cursor"])
    assert types(events) == ["booking.created", "slot.booked", "slot.booked"]
    assert await head(world) == payloads[0]["cursor"]
    assert [row["id"] for row in (await sheet(world))["bookings"]] == [payloads[0]["booking"]["id"]]


async def test_the_same_key_with_another_input_is_refused(world):
    ana, key = world.player("ana"), {"idempotencyKey": "k"}
    await book(world, ana, 0, places=1, **key)
    others = [
        {"teeTimeId": world.tee_time(0), "places": 2, "payer": PAYER},
        {"teeTimeId": world.tee_time(1), "places": 1, "payer": PAYER},
        {"teeTimeId": world.tee_time(0), "places": 1, "payer": {"firstName": "Eva", "lastName": ""}},
    ]
    for given in others:
        problem = await refused(world, "bookSlots", who=ana, **given, **key)
        assert (problem["__typename"], problem["code"]) == ("IdempotencyKeyReused", "IDEMPOTENCY_KEY_REUSED")
        assert problem["path"] == ["input", "idempotencyKey"]
    problem = await refused(world, "holdSlots", who=ana, teeTimeId=world.tee_time(0), places=1, **key)
    assert problem["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_the_same_key_of_another_user_is_another_key(world):
    given = {"teeTimeId": world.tee_time(), "places": 1, "payer": PAYER, "idempotencyKey": "k"}
    made = [await payload_of(world, "bookSlots", world.player(name), **given) for name in ("ana", "ben")]
    assert made[0]["booking"]["id"] != made[1]["booking"]["id"]


async def test_a_refused_attempt_does_not_use_the_key_up(world):
    ana = world.player("ana")
    full = await book(world, world.staff, places=4)
    given = {"teeTimeId": world.tee_time(), "places": 1, "payer": PAYER, "idempotencyKey": "k"}
    assert (await refused(world, "bookSlots", who=ana, **given))["code"] == "SLOTS_UNAVAILABLE"
    await cancel(world, world.staff, full["booking"]["id"])
    first = await payload_of(world, "bookSlots", ana, **given)
    assert first["booking"]
    assert await payload_of(world, "bookSlots", ana, **given) == first


async def test_fifty_equal_requests_for_what_is_sold_out_are_refused_alike(world):
    await book(world, world.staff, places=4)
    given = {"teeTimeId": world.tee_time(), "places": 1, "payer": PAYER, "idempotencyKey": "k"}
    ana = world.player("ana")
    payloads = await at_once(world, "bookSlots", [ana] * 50, **given)
    assert {payload["problems"][0]["code"] for payload in payloads} == {"SLOTS_UNAVAILABLE"}


async def test_a_repeat_shows_what_was_made_as_it_is_now(world):
    given = {"teeTimeId": world.tee_time(), "places": 1, "payer": PAYER, "idempotencyKey": "k"}
    selection = "booking { id status }"
    first = await world.server.mutate("bookSlots", selection, who=world.staff, **given)
    await cancel(world, world.staff, first["booking"]["id"])
    again = await world.server.mutate("bookSlots", selection, who=world.staff, **given)
    assert again["booking"] == {"id": first["booking"]["id"], "status": "CANCELLED"}
    assert again["cursor"] == first["cursor"]


async def test_a_repeat_needs_no_token_of_the_same_hour(world, clock):
    ana = world.player("ana")
    given = {"teeTimeId": world.tee_time(), "places": 1, "idempotencyKey": "k"}
    first = await payload_of(world, "holdSlots", ana, **given)
    clock.advance(minutes=30)  # the hold has expired, and the repeat still gives the first answer
    assert await payload_of(world, "holdSlots", ana, **given) == first


async def test_keys_are_kept_for_48_hours(world, clock):
    given = {"clubId": world.club, "name": "Sea", "holes": 9, "idempotencyKey": "k"}
    first = await payload_of(world, "createCourse", world.admin, **given)
    clock.advance(hours=48)
    await tasks.remove_old(world.server.runtime)
    assert (await payload_of(world, "createCourse", world.admin, **given))["course"] == first["course"]
    clock.advance(seconds=1)
    await tasks.remove_old(world.server.runtime)
    assert (await payload_of(world, "createCourse", world.admin, **given))["course"] != first["course"]


async def test_a_repeat_gives_all_that_was_made(world):
    day = (world.day + timedelta(days=1)).isoformat()
    given = {"courseId": world.course, "date": day, "until": day[:-1] + "7", "idempotencyKey": "k"}
    first, again = [
        await world.server.mutate("generateTeeSheet", "teeSheets { id date }", who=world.staff, **given) for _ in "12"
    ]
    assert [sheet["date"] for sheet in first["teeSheets"]] == [f"2026-05-0{number}" for number in (5, 6, 7)]
    assert (again, await head(world)) == (first, first["cursor"])


async def test_an_import_that_is_sent_twice_is_done_once(world):
    given = {"clubId": world.club, "csv": "name,list\nIsla Vado,1\nNoa Ribera,2\n", "idempotencyKey": "k"}
    first, again = [
        await world.server.mutate("importCaddies", "caddieImport { id added }", who=world.staff, **given) for _ in "12"
    ]
    assert first["caddieImport"]["added"] == 2
    assert (again, await head(world)) == (first, first["cursor"])


async def test_what_an_earlier_release_has_answered_is_answered_again(world):
    given = {"teeTimeId": world.tee_time(), "places": 1, "payer": PAYER, "idempotencyKey": "k"}
    first = await payload_of(world, "bookSlots", world.staff, **given)
    made = {"made": split_id(first["booking"]["id"])[1]}
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        await session.execute(text("UPDATE idempotency_keys SET results = NULL, result_id = :made"), made)
        await session.commit()
    assert await payload_of(world, "bookSlots", world.staff, **given) == first


async def test_every_create_takes_a_key(world):
    ana = world.player("ana")
    player = {"firstName": "Eva", "lastName": "Pérez", "priceClass": "MEMBER"}
    cases = [
        ("createClub", world.admin, {"name": "Links", "timeZone": "Europe/Dublin", "currency": "EUR"}),
        ("createCourse", world.admin, {"clubId": world.club, "name": "Sea", "holes": 9}),
        ("addPlayer", world.admin, {"clubId": world.club, **player}),
        ("holdSlots", ana, {"teeTimeId": world.tee_time(0), "places": 1}),
        ("bookSlots", ana, {"teeTimeId": world.tee_time(1), "places": 1, "payer": PAYER}),
    ]
    for operation, who, given in cases:
        key = {"idempotencyKey": f"key of {operation}"}
        first = await payload_of(world, operation, who, **given, **key)
        before = await head(world)
        assert await payload_of(world, operation, who, **given, **key) == first
        assert await head(world) == before
        assert first["problems"] == []


@pytest.mark.parametrize("key", ["", "x" * 201, "a\nb"])
async def test_a_key_that_is_no_key(standing, key):
    given = {"teeTimeId": standing.tee_time(), "places": 1, "idempotencyKey": key}
    problem = await refused(standing, "holdSlots", who=standing.player("ana"), **given)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "idempotencyKey"])


async def test_without_a_key_each_request_is_a_new_one(world):
    ana = world.player("ana")
    made = [(await book(world, ana))["booking"]["id"] for _ in range(2)]
    assert len(set(made)) == 2


async def test_setting_the_same_template_twice_needs_no_key(world):
    given = {"courseId": world.course, **TEMPLATE}
    first, second = [await payload_of(world, "setSheetTemplate", world.staff, **given) for _ in range(2)]
    assert first["template"] == second["template"]


async def test_a_booking_from_a_hold_is_repeated_although_the_hold_has_ended(world):
    ana = world.player("ana")
    await add_player(world, "Ana", "MEMBER", user_id="ana")
    held = await hold(world, ana, places=2)
    given = {"holdId": held["hold"]["id"], "idempotencyKey": "k"}
    first = await payload_of(world, "bookSlots", ana, **given)
    assert first["booking"]
    assert await payload_of(world, "bookSlots", ana, **given) == first
