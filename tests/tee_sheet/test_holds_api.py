"""Holding places and giving them back, through the API."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.harness import found_world
from tests.tee_sheet.desk import (
    add_player,
    ask,
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


def local_midnight(days, clock):
    """Midnight in Madrid in summer, some days after the clock's date, in UTC."""
    return datetime.combine(clock().date() + timedelta(days=days), datetime.min.time(), tzinfo=UTC) - timedelta(hours=2)


async def test_a_hold_reserves_the_first_free_places_for_ten_minutes(world, clock):
    before = await head(world)
    payload = await hold(world, world.player("ana"), places=3)
    assert payload["hold"] == {
        "id": payload["hold"]["id"],
        "status": "ACTIVE",
        "places": 3,
        "expiresAt": (clock() + timedelta(minutes=10)).isoformat(),
        "teeTimeId": world.tee_time(),
    }
    events = await club_events(world, after=before, upto=payload["cursor"])
    assert types(events) == ["slot.held"] * 3
    common = {
        "__typename": "SlotHeld",
        "timestamp": clock().isoformat(),
        "clubId": world.club,
        "courseId": world.course,
        "date": world.day.isoformat(),
        "bookingId": None,
        "teeTimeId": world.tee_time(),
        "slotStatus": "HELD",
        "priceCents": 9000,
        "currency": "EUR",
        "heldUntil": payload["hold"]["expiresAt"],
    }
    slots = world.tee_times[-1]["slots"]
    for number, event in enumerate(events):
        assert event.items() >= (common | {"slotId": slots[number]["id"], "slotNumber": number + 1}).items()
    statuses = [slot["status"] for slot in (await sheet(world))["teeTimes"][-1]["slots"]]
    assert statuses == ["HELD", "HELD", "HELD", "AVAILABLE"]


async def test_a_club_says_how_long_places_are_held(server, clock):
    world = await found_world(server, holdMinutes=3)
    payload = await hold(world, world.player("ana"))
    assert payload["hold"]["expiresAt"] == (clock() + timedelta(minutes=3)).isoformat()


async def test_releasing_frees_the_places_at_once(world):
    ana = world.player("ana")
    held = await hold(world, ana, places=2)
    payload = await done(world.server, "releaseHold", "hold { id status }", who=ana, holdId=held["hold"]["id"])
    assert payload["hold"] == {"id": held["hold"]["id"], "status": "RELEASED"}
    events = await club_events(world, after=held["cursor"], upto=payload["cursor"])
    assert types(events) == ["slot.released"] * 2
    assert [event["slotId"] for event in events] == [slot["id"] for slot in world.tee_times[-1]["slots"][:2]]
    assert {event["slotStatus"] for event in events} == {"AVAILABLE"}
    await hold(world, world.player("ben"), places=4)


async def test_staff_release_the_hold_of_a_player(world):
    held = await hold(world, world.player("ana"))
    payload = await done(world.server, "releaseHold", "hold { status }", who=world.staff, holdId=held["hold"]["id"])
    assert payload["hold"]["status"] == "RELEASED"


async def test_the_last_of_three_people_finds_one_place_left(world):
    await hold(world, world.player("ana"), places=1)
    await book(world, world.player("ben"), places=2)
    problem = await refused(world, "holdSlots", who=world.player("cleo"), teeTimeId=world.tee_time(), places=2)
    assert problem.items() >= {"__typename": "SlotsUnavailable", "code": "SLOTS_UNAVAILABLE", "placesLeft": 1}.items()


@pytest.mark.parametrize("places", [0, 5, -1])
async def test_no_tee_time_has_that_many_places(standing, places):
    for operation in ("holdSlots", "bookSlots"):
        problem = await refused(
            standing, operation, who=standing.player("ana"), teeTimeId=standing.tee_time(), places=places
        )
        assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "places"])


async def test_one_live_hold_a_tee_time(world):
    ana = world.player("ana")
    held = await hold(world, ana)
    problem = await refused(world, "holdSlots", who=ana, teeTimeId=world.tee_time(), places=1)
    assert (problem["code"], problem["holdId"]) == ("HOLD_ALREADY_ACTIVE", held["hold"]["id"])


async def test_three_live_holds_at_the_most_until_one_ends(world):
    ana = world.player("ana")
    held = [await hold(world, ana, number) for number in range(3)]
    problem = await refused(world, "holdSlots", who=ana, teeTimeId=world.tee_time(3), places=1)
    assert (problem["code"], problem["limit"]) == ("TOO_MANY_HOLDS", 3)
    await done(world.server, "releaseHold", "hold { id }", who=ana, holdId=held[0]["hold"]["id"])
    await hold(world, ana, 3)
    await book(world, ana, holdId=held[1]["hold"]["id"])
    await hold(world, ana, 4)


async def test_a_hold_ends_once(world):
    ana = world.player("ana")
    released, booked = [(await hold(world, ana, number))["hold"]["id"] for number in range(2)]
    await done(world.server, "releaseHold", "hold { id }", who=ana, holdId=released)
    await book(world, ana, holdId=booked)
    for operation in ("releaseHold", "bookSlots"):
        for hold_id, ended_as in ((released, "RELEASED"), (booked, "BOOKED")):
            problem = await refused(world, operation, who=ana, holdId=hold_id)
            assert (problem["code"], problem["endedAs"]) == ("HOLD_ENDED", ended_as)


async def test_an_expired_hold_can_be_neither_booked_nor_released(world, clock):
    ana = world.player("ana")
    held = await hold(world, ana)
    clock.advance(minutes=10)
    for who in (ana, world.staff):
        for operation in ("bookSlots", "releaseHold"):
            problem = await refused(world, operation, who=who, holdId=held["hold"]["id"])
            assert (problem["__typename"], problem["code"]) == ("HoldExpired", "HOLD_EXPIRED")


async def test_a_hold_can_be_booked_until_it_expires(world, clock):
    ana = world.player("ana")
    held = await hold(world, ana)
    clock.advance(minutes=9, seconds=59)
    assert (await book(world, ana, holdId=held["hold"]["id"]))["booking"]["status"] == "CONFIRMED"


async def test_somebody_else_s_hold_is_as_good_as_none(world):
    held = await hold(world, world.player("ana"))
    for operation in ("releaseHold", "bookSlots"):
        answer = await forbidden(world, operation, who=world.player("ben"), holdId=held["hold"]["id"])
        assert answer.code == "NOT_FOUND"


@pytest.mark.parametrize(("price_class", "days_ahead"), [("MEMBER", 14), ("GUEST", 10), ("PUBLIC", 7), (None, 7)])
async def test_the_booking_window_opens_at_midnight_on_the_course(server, clock, price_class, days_ahead):
    world = await found_world(server, days=(0, days_ahead + 1))
    ana = world.player("ana")
    if price_class:
        await add_player(world, "Ana", price_class, user_id="ana")
    day = (clock().date() + timedelta(days=days_ahead + 1)).isoformat()
    wanted = {"teeTimeId": (await sheet(world, day=day))["teeTimes"][0]["id"], "places": 1}
    opening = local_midnight(1, clock)
    clock.now = opening - timedelta(microseconds=1)
    for operation in ("holdSlots", "bookSlots"):
        problem = await refused(world, operation, who=ana, **wanted)
        assert problem["code"] == "BOOKING_WINDOW_CLOSED"
        assert (problem["opensAt"], problem["daysAhead"]) == (opening.isoformat(), days_ahead)
    await done(server, "holdSlots", "hold { id }", who=world.staff, **wanted)
    clock.now = opening
    await done(server, "holdSlots", "hold { id }", who=ana, **wanted)


async def test_a_start_can_be_held_until_it_comes_and_booked_at_the_moment_itself(world, clock):
    starts_at = datetime.fromisoformat(world.tee_times[0]["startsAt"])
    ana, given = world.player("ana"), {"teeTimeId": world.tee_time(0), "places": 1}
    clock.now = starts_at + timedelta(microseconds=1)
    for who, operations in ((ana, ("holdSlots", "bookSlots")), (world.staff, ("holdSlots",))):
        for operation in operations:
            problem = await refused(world, operation, who=who, **given)
            assert (problem["code"], problem["startsAt"]) == ("START_IN_THE_PAST", starts_at.isoformat())
    clock.now = starts_at
    assert (await refused(world, "holdSlots", who=ana, **given))["code"] == "START_IN_THE_PAST"
    await done(world.server, "bookSlots", "booking { id }", who=ana, payer={"firstName": "A", "lastName": "B"}, **given)


async def test_a_hold_ends_at_the_start_at_the_latest(world, clock):
    starts_at = datetime.fromisoformat(world.tee_times[0]["startsAt"])
    clock.now = starts_at - timedelta(minutes=1)
    ana = world.player("ana")
    held = (await hold(world, ana, 0))["hold"]
    assert held["expiresAt"] == starts_at.isoformat()
    clock.now = starts_at
    assert (await refused(world, "bookSlots", who=ana, holdId=held["id"]))["code"] == "HOLD_EXPIRED"


@pytest.mark.parametrize("date", ["2026-02-30", "2026-13-01", "tomorrow", ""])
async def test_a_date_that_does_not_exist_is_no_fault_of_the_server(standing, date):
    answer = await forbidden(standing, "generateTeeSheet", who=standing.staff, courseId=standing.course, date=date)
    assert answer.code == "INVALID_INPUT"
    query = f'query($c: ID!) {{ teeSheet(courseId: $c, date: "{date}") {{ id }} }}'
    answer = await standing.server.run(query, who=standing.staff, c=standing.course)
    assert answer.code in {"INVALID_INPUT", "GRAPHQL_VALIDATION_FAILED"}
    assert "date" in answer.message.lower()


async def test_the_answer_of_a_refusal_is_no_error(standing):
    answer = await ask(
        standing.server, "holdSlots", who=standing.player("ana"), teeTimeId=standing.tee_time(), places=9
    )
    assert "errors" not in answer
