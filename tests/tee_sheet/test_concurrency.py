"""What holds when many want the same thing at the same moment, over HTTP against a real database."""

from asyncio import gather
from collections import Counter
from datetime import datetime

from sqlalchemy import text

from jobs import tasks
from tests.harness import TEMPLATE, found_world
from tests.tee_sheet.crowd import at_once
from tests.tee_sheet.desk import (
    PAYER,
    RESULTS,
    add_player,
    ask,
    book,
    club_events,
    head,
    hold,
    play,
    position,
    send_off,
    sheet,
    types,
)
from tests.thorough import times


def codes(payloads):
    """Count the codes of the refusals; what was done counts as DONE."""
    return Counter(payload["problems"][0]["code"] if payload["problems"] else "DONE" for payload in payloads)


async def slots_in_database(world, tee_time_number):
    """Read who has the places of a tee time where it counts."""
    query = text(
        "SELECT s.number, s.status, s.booking_id, p.position FROM slots s JOIN tee_times t ON t.id = s.tee_time_id"
        " LEFT JOIN booking_players p ON p.slot_id = s.id WHERE t.starts_at = :at ORDER BY s.number"
    )
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        at = datetime.fromisoformat(world.tee_times[tee_time_number]["startsAt"])
        return list(await session.execute(query, {"at": at}))


async def test_two_hundred_golfers_want_the_same_four_places(world):
    people = [world.player(f"golfer {n}") for n in range(200)]
    rounds = times(3, usually=1)
    for number in range(rounds):
        before = await head(world)
        wanted = {"teeTimeId": world.tee_time(number), "places": 1, "payer": PAYER}
        payloads = await at_once(world, "bookSlots", people, **wanted)
        assert codes(payloads) == {"DONE": 4, "SLOTS_UNAVAILABLE": 196}
        assert {p["problems"][0]["placesLeft"] for p in payloads if p["problems"]} == {0}
        rows = await slots_in_database(world, number)
        assert [(row.number, row.status, row.position) for row in rows] == [(n, "BOOKED", 1) for n in (1, 2, 3, 4)]
        assert len({row.booking_id for row in rows}) == 4
        last = max((p["cursor"] for p in payloads if p["cursor"]), key=lambda cursor: position(cursor, world))
        assert types(await club_events(world, after=before, upto=last)) == ["booking.created", "slot.booked"] * 4
    assert len((await sheet(world))["bookings"]) == 4 * rounds


async def test_groups_of_three_never_share_a_tee_time(world):
    people = [world.player(f"golfer {n}") for n in range(20)]
    payloads = await at_once(world, "bookSlots", people, teeTimeId=world.tee_time(0), places=3, payer=PAYER)
    assert codes(payloads) == {"DONE": 1, "SLOTS_UNAVAILABLE": 19}
    assert {p["problems"][0]["placesLeft"] for p in payloads if p["problems"]} == {1}
    assert [row.status for row in await slots_in_database(world, 0)] == ["BOOKED", "BOOKED", "BOOKED", "AVAILABLE"]


async def test_one_user_holds_a_tee_time_once_however_many_screens_ask(world):
    payloads = await at_once(world, "holdSlots", [world.player("ana")] * 20, teeTimeId=world.tee_time(), places=1)
    assert codes(payloads) == {"DONE": 1, "HOLD_ALREADY_ACTIVE": 19}
    [made] = [payload["hold"]["id"] for payload in payloads if payload["hold"]]
    assert {p["problems"][0]["holdId"] for p in payloads if p["problems"]} == {made}


async def test_one_user_has_three_live_holds_at_the_most(world):
    ana = world.player("ana")
    asked = (ask(world.server, "holdSlots", who=ana, teeTimeId=world.tee_time(n), places=1) for n in range(20))
    payloads = [answer.data["holdSlots"] for answer in await gather(*asked)]
    assert codes(payloads) == {"DONE": 3, "TOO_MANY_HOLDS": 17}
    shown = (await sheet(world))["teeTimes"]
    assert Counter(slot["status"] for row in shown for slot in row["slots"])["HELD"] == 3


async def test_a_hold_is_booked_released_or_expired_but_once(world, clock):
    ana, before = world.player("ana"), await head(world)
    for number in range(5):
        held = await hold(world, ana, number, places=2)
        hold_id = held["hold"]["id"]
        acts = [ask(world.server, "bookSlots", who=ana, holdId=hold_id, payer=PAYER) for _ in range(4)]
        acts += [ask(world.server, "releaseHold", who=ana, holdId=hold_id) for _ in range(4)]
        payloads = [next(iter(answer.data.values())) for answer in await gather(*acts)]
        assert codes(payloads) == {"DONE": 1, "HOLD_ENDED": 7}
    events = await club_events(world, after=before, upto=await head(world))
    ends = Counter(types(events))
    assert ends["slot.held"] == 10
    assert ends["slot.booked"] + ends["slot.released"] == 10
    assert ends["slot.booked"] == 2 * ends["booking.created"]


async def test_an_overdue_hold_ends_once_while_others_take_its_places(world, clock):
    before = await hold(world, world.player("ana"), places=4)
    clock.advance(minutes=10)
    sweeps = [tasks.sweep_holds(world.server.runtime) for _ in range(3)]
    people = [world.player(f"golfer {n}") for n in range(12)]
    payloads, *_ = await gather(at_once(world, "holdSlots", people, teeTimeId=world.tee_time(), places=1), *sweeps)
    assert codes(payloads) == {"DONE": 4, "SLOTS_UNAVAILABLE": 8}
    events = await club_events(world, after=before["cursor"], upto=await head(world))
    assert types(events) == ["slot.available"] * 4 + ["slot.held"] * 4


async def test_a_booking_is_cancelled_once_however_many_ask(world):
    booked = await book(world, world.staff, places=4)
    payloads = await at_once(world, "cancelBooking", [world.staff] * 10, bookingId=booked["booking"]["id"])
    assert codes(payloads) == {"DONE": 1, "BOOKING_ALREADY_CANCELLED": 9}
    events = await club_events(world, after=booked["cursor"], upto=await head(world))
    assert types(events) == ["booking.cancelled", *["slot.available"] * 4]


async def test_two_starters_tee_off_the_same_group(world):
    for number in range(4):
        booking_id = (await book(world, world.staff, number, places=2))["booking"]["id"]
        checked_in = await play(world, "checkIn", booking_id)
        payloads = await at_once(world, "teeOff", [world.staff] * 5, bookingId=booking_id)
        assert codes(payloads) == {"DONE": 1, "TRANSITION_REFUSED": 4}
        events = await club_events(world, after=checked_in["cursor"], upto=await head(world))
        assert types(events) == ["booking.tee-off"]


async def test_a_check_in_meets_a_cancellation(world):
    seen = set()
    for number in range(times(12, usually=6)):
        booked = await book(world, world.staff, number, places=2)
        given = {"who": world.staff, "bookingId": booked["booking"]["id"]}
        acts = [ask(world.server, operation, **given) for operation in ("cancelBooking", "checkIn")]
        answers = await gather(*(acts if number % 2 else reversed(acts)))
        payloads = {name: payload for answer in answers for name, payload in answer.data.items()}
        assert payloads["cancelBooking"]["problems"] == []  # staff cancel a group that has checked in, too
        events = types(await club_events(world, after=booked["cursor"], upto=await head(world)))
        if payloads["checkIn"]["problems"]:
            [problem] = payloads["checkIn"]["problems"]
            assert (problem["bookingStatus"], problem["wanted"]) == ("CANCELLED", "CHECKED_IN")
            assert events == ["booking.cancelled", *["slot.available"] * 2]
        else:
            assert events == ["booking.checked-in", "booking.cancelled", *["slot.available"] * 2]
        seen.add(len(events))
        assert {row.status for row in await slots_in_database(world, number)} == {"AVAILABLE"}
    assert seen <= {3, 4}


async def test_players_who_check_in_at_several_desks_check_in_once(world):
    booking_id = (await book(world, world.staff, places=4))["booking"]["id"]
    payloads = await at_once(world, "checkIn", [world.staff] * 6, bookingId=booking_id, positions=[1, 2])
    assert codes(payloads) == {"DONE": 1, "ALREADY_CHECKED_IN": 5}


async def test_a_hole_that_several_devices_report_counts_once(world):
    booking_id = await send_off(world)
    payloads = await at_once(world, "recordHole", [world.staff] * 6, bookingId=booking_id, hole=1)
    assert codes(payloads) == {"DONE": 1, "HOLE_ALREADY_RECORDED": 5}


async def test_a_no_show_meets_a_check_in(world, clock):
    clock.advance(hours=1)
    for number in range(6):
        booking_id = (await book(world, world.staff, number))["booking"]["id"]
        clock.advance(minutes=10)
        acts = [ask(world.server, name, who=world.staff, bookingId=booking_id) for name in ("markNoShow", "checkIn")]
        payloads = [next(iter(answer.data.values())) for answer in await gather(*acts)]
        assert sorted(len(payload["problems"]) for payload in payloads) in ([0, 0], [0, 1])
    assert {row["status"] for row in (await sheet(world))["bookings"]} == {"CHECKED_IN"}  # who came is here


async def test_places_go_round_and_none_is_lost(world):
    people = [world.player(f"golfer {n}") for n in range(8)]

    async def book_and_cancel(who):
        for _ in range(3):
            answer = await ask(world.server, "bookSlots", who=who, teeTimeId=world.tee_time(), places=1, payer=PAYER)
            if made := answer.data["bookSlots"]["booking"]:
                answer = await ask(world.server, "cancelBooking", who=world.staff, bookingId=made["id"])
                assert answer.data["cancelBooking"]["problems"] == []

    await gather(*map(book_and_cancel, people))
    assert [row.status for row in await slots_in_database(world, -1)] == ["AVAILABLE"] * 4
    shown = await sheet(world)
    assert {row["status"] for row in shown["bookings"]} == {"CANCELLED"}
    assert shown["figures"]["revenue"] == []


async def test_a_day_is_generated_once_however_many_ask(world):
    before, day = await head(world), "2026-05-06"
    payloads = await at_once(world, "generateTeeSheet", [world.staff] * 6, courseId=world.course, date=day)
    assert codes(payloads) == {"DONE": 6}
    assert sorted(payload["cursor"] is None for payload in payloads) == [False, *[True] * 5]
    assert len({payload["teeSheets"][0]["id"] for payload in payloads}) == 1
    assert types(await club_events(world, after=before, upto=await head(world))) == ["tee-sheet.changed"]
    assert len((await sheet(world, day=day))["teeTimes"]) == 25


async def test_the_first_template_of_a_course_is_set_by_several_at_once(world):
    given = {"clubId": world.club, "name": "Sea", "holes": 18}
    course = (await world.server.mutate("createCourse", RESULTS["createCourse"], who=world.admin, **given))["course"]
    payloads = await at_once(world, "setSheetTemplate", [world.staff] * 6, courseId=course["id"], **TEMPLATE)
    assert codes(payloads) == {"DONE": 6}
    assert len({payload["template"]["id"] for payload in payloads}) == 1


async def test_a_user_becomes_a_player_once(world):
    given = {"clubId": world.club, "firstName": "Eva", "lastName": "Pérez", "priceClass": "MEMBER", "userId": "eva"}
    payloads = await at_once(world, "addPlayer", [world.admin] * 6, **given)
    assert codes(payloads) == {"DONE": 1, "INVALID_INPUT": 5}


async def test_two_clubs_do_not_wait_for_each_other_or_mix(server):
    worlds = [await found_world(server) for _ in range(3)]
    for world in worlds:
        await add_player(world, "Ana", "MEMBER", user_id="ana")
    wanted = [(world, number) for world in worlds for number in range(8)]
    await gather(*(book(world, world.player("ana"), number) for world, number in wanted))
    for world in worlds:
        shown = await sheet(world)
        assert len(shown["bookings"]) == 8
        assert shown["figures"]["revenue"] == [{"amountCents": 32_000, "currency": "EUR"}]
