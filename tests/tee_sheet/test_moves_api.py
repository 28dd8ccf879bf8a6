"""Moving a booking: to another start, another day, another course; by one, and by many at once."""

from asyncio import gather
from collections import Counter
from datetime import timedelta

import pytest

from tests.harness import TEMPLATE, found_world
from tests.tee_sheet.board import SNAPSHOT, Board
from tests.tee_sheet.desk import (
    add_player,
    ask,
    book,
    booking_events,
    cancel,
    club_events,
    done,
    forbidden,
    hold,
    position,
    refused,
    sheet,
    sheet_events,
    types,
)
from tests.tee_sheet.test_concurrency import codes
from tests.tee_sheet.test_snapshot_and_events import assert_followed
from tests.thorough import times

WANTED = (
    "booking { id courseId price { amountCents } teeTime { id startsAt } players { slotId price { amountCents } } }"
)


async def move(world, who, booking_id, tee_time_id):
    return await done(world.server, "moveBooking", WANTED, who=who, bookingId=booking_id, teeTimeId=tee_time_id)


async def booked(world, number=0, who=None, **given):
    return (await book(world, who or world.staff, number, **given))["booking"]["id"]


async def make_sheet(world, *, days=0, course=None, template=None):
    """Make the sheet of another day or course; give its date and its tee times."""
    course, day = course or world.course, (world.day + timedelta(days=days)).isoformat()
    if template is not None:
        await done(
            world.server, "setSheetTemplate", "template { id }", who=world.staff, courseId=course, **TEMPLATE | template
        )
    given = {"courseId": course, "date": day}
    await done(world.server, "generateTeeSheet", "teeSheets { id }", who=world.staff, **given)
    answer = await world.server.run(SNAPSHOT, who=world.staff, c=course, d=day)
    return day, [row["id"] for row in answer.data["teeSheet"]["teeTimes"]]


async def make_course(world, **given):
    asked = {"clubId": world.club, "name": "Sea", "holes": 18} | given
    return (await done(world.server, "createCourse", "course { id }", who=world.admin, **asked))["course"]["id"]


async def test_a_booking_goes_to_another_start_with_all_its_players(world):
    booking, before = await booked(world, 0, places=3), await sheet(world)
    payload = await move(world, world.staff, booking, world.tee_time(5))
    moved = payload["booking"]
    assert moved["teeTime"]["id"] == world.tee_time(5)
    assert {player["slotId"] for player in moved["players"]} <= {slot["id"] for slot in world.tee_times[5]["slots"]}
    events = await club_events(world, after=before["cursor"], upto=payload["cursor"])
    assert types(events) == ["booking.updated", *["slot.available"] * 3, *["slot.booked"] * 3]
    assert events[0]["changed"] == ["TEE_TIME", "STARTS_AT"]
    assert events[0]["previousTeeTimeId"] == world.tee_time(0)
    assert events[0]["previousStartsAt"] == world.tee_times[0]["startsAt"]
    of_booking = await booking_events(world, booking, after=before["cursor"], upto=payload["cursor"])
    assert types(of_booking) == ["booking.updated", *["slot.booked"] * 3]
    await assert_followed(world, before)
    await booked(world, 0, places=4)


async def test_who_has_checked_in_is_expected_anew_on_another_day_and_not_on_the_same(world):
    _, tee_times = await make_sheet(world, days=1)
    booking, shown = await booked(world, 0), "booking { status players { checkedInAt } }"
    await done(world.server, "checkIn", "booking { id }", who=world.staff, bookingId=booking)
    for start, status in ((world.tee_time(5), "CHECKED_IN"), (tee_times[3], "CONFIRMED")):
        given = {"bookingId": booking, "teeTimeId": start}
        moved = (await done(world.server, "moveBooking", shown, who=world.staff, **given))["booking"]
        assert moved["status"] == status
        assert [one["checkedInAt"] is None for one in moved["players"]] == [status == "CONFIRMED"]


async def test_a_booking_goes_to_another_day_and_both_days_are_told(world):
    day, tee_times = await make_sheet(world, days=1)
    booking = await booked(world, 0, places=2)
    befores = [await sheet(world), await sheet(world, day=day)]
    payload = await move(world, world.staff, booking, tee_times[3])
    for before, date, told in zip(befores, (None, day), ("slot.available", "slot.booked"), strict=True):
        board, after = Board(before), await sheet(world, day=date)
        events = await sheet_events(world, after=before["cursor"], upto=after["cursor"], day=day)
        if date is None:
            last = next(
                e["cursor"] for e in reversed(await club_events_of(world, before, payload)) if e["type"] == told
            )
            events = await sheet_events(world, after=before["cursor"], upto=last)
        assert types(events) == ["booking.updated", told, told]
        for event in events:
            board.apply(event)
        after.pop("cursor")
        assert board.shown() == after
    back = await move(world, world.staff, booking, world.tee_time(0))
    assert back["booking"]["teeTime"]["id"] == world.tee_time(0)


async def club_events_of(world, before, payload):
    return await club_events(world, after=before["cursor"], upto=payload["cursor"])


async def test_on_another_course_its_players_pay_what_is_asked_there(world):
    course = await make_course(world)
    dearer = {"prices": [{"priceClass": "PUBLIC", "holes": 18, "amountCents": 12_000}]}
    _, tee_times = await make_sheet(world, course=course, template=dearer)
    booking = await booked(world, 0, places=2, paidCents=500)
    moved = (await move(world, world.staff, booking, tee_times[0]))["booking"]
    assert (moved["courseId"], moved["price"]) == (course, {"amountCents": 24_000})
    assert (await sheet(world))["bookings"] == []
    [there] = (await world.server.run(SNAPSHOT, who=world.staff, c=course, d=world.day.isoformat())).data["teeSheet"][
        "bookings"
    ]
    assert (there["id"], there["paid"]["amountCents"]) == (booking, 500)


async def test_what_the_other_course_does_not_sell_is_refused(world):
    course = await make_course(world)
    members = {"prices": [{"priceClass": "MEMBER", "holes": 18, "amountCents": 1}], "groupSizes": [1, 2]}
    _, tee_times = await make_sheet(world, course=course, template=members)
    given = {"bookingId": await booked(world, 0), "teeTimeId": tee_times[0]}
    assert (await refused(world, "moveBooking", who=world.staff, **given))["code"] == "NOT_ON_SALE"
    ana = world.player("ana")
    _, public = await make_sheet(world, days=3, course=course, template={"groupSizes": [1, 2]})
    given = {"bookingId": await booked(world, -1, ana, places=3), "teeTimeId": public[0]}
    await done(world.server, "updateClub", "club { id }", who=world.admin, clubId=world.club, cancellationNoticeHours=0)
    assert (await refused(world, "moveBooking", who=ana, **given))["code"] == "GROUP_SIZE_NOT_ALLOWED"


async def test_another_currency_is_refused(world):
    course = await make_course(world, currency="USD")
    _, tee_times = await make_sheet(world, course=course, template={})
    given = {"bookingId": await booked(world, 0), "teeTimeId": tee_times[0]}
    problem = await refused(world, "moveBooking", who=world.staff, **given)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "teeTimeId"])


async def test_too_few_places_the_same_start_and_a_past_start_are_refused(world, clock):
    booking = await booked(world, 0, places=2)
    await booked(world, 1, places=2)
    await hold(world, world.player("ben"), 1)
    problem = await refused(world, "moveBooking", who=world.staff, bookingId=booking, teeTimeId=world.tee_time(1))
    assert (problem["code"], problem["placesLeft"]) == ("SLOTS_UNAVAILABLE", 1)
    same = {"bookingId": booking, "teeTimeId": world.tee_time(0)}
    assert (await refused(world, "moveBooking", who=world.staff, **same))["code"] == "INVALID_INPUT"
    clock.advance(minutes=10)
    await move(world, world.staff, booking, world.tee_time(1))  # the hold is overdue by now
    clock.advance(hours=2)
    ana = world.player("ana")
    mine = await booked(world, -1, ana)
    problem = await refused(world, "moveBooking", who=ana, bookingId=mine, teeTimeId=world.tee_time(2))
    assert problem["code"] == "START_IN_THE_PAST"


async def test_the_booker_moves_until_the_notice_period_and_within_the_window(world, clock):
    ana = world.player("ana")
    near, far = [(await make_sheet(world, days=days))[1] for days in (2, 8)]
    today = {"bookingId": await booked(world, 0, ana), "teeTimeId": near[0]}
    clock.advance(minutes=10, seconds=1)
    assert (await refused(world, "moveBooking", who=ana, **today))["code"] == "CHANGE_TOO_LATE"
    payload = await book(world, ana, teeTimeId=near[0])
    booking = payload["booking"]["id"]
    await move(world, ana, booking, near[1])
    later = {"bookingId": booking, "teeTimeId": far[0]}
    assert (await refused(world, "moveBooking", who=ana, **later))["code"] == "BOOKING_WINDOW_CLOSED"
    await move(world, world.staff, booking, far[0])


async def test_who_may_not_move_is_told_so(world):
    eva = await add_player(world, "Eva", "MEMBER", user_id="eva")
    given = {"bookingId": await booked(world, 0, players=[{"playerId": eva}]), "teeTimeId": world.tee_time(1)}
    assert (await forbidden(world, "moveBooking", who=world.player("eva"), **given)).code == "NOT_ALLOWED"
    assert (await forbidden(world, "moveBooking", who=world.player("ben"), **given)).code == "NOT_FOUND"
    await cancel(world, world.staff, given["bookingId"])
    assert (await refused(world, "moveBooking", who=world.staff, **given))["code"] == "BOOKING_NOT_CHANGEABLE"


async def test_a_tee_time_of_another_club_of_the_tenant_is_refused(world):
    sister = await found_world(world.server, tenant_id=world.tenant_id)
    given = {"bookingId": await booked(world, 0), "teeTimeId": sister.tee_time(0)}
    assert (await forbidden(world, "moveBooking", who=world.staff, **given)).code == "NOT_FOUND"
    problem = await refused(world, "moveBooking", who=world.admin, **given)
    assert problem["path"] == ["input", "teeTimeId"]


@pytest.mark.parametrize("privacy", ["INITIALS", "HIDDEN"])
async def test_names_are_masked_in_both_rooms(server, privacy):
    world = await found_world(server, namePrivacy=privacy)
    booking, ben = await booked(world, 0), world.player("ben")
    before = await sheet(world, who=ben)
    payload = await move(world, world.staff, booking, world.tee_time(1))
    events = await club_events(world, after=before["cursor"], upto=payload["cursor"], who=ben)
    shown = {event[name] for event in events for name in ("payerFirstName", "payerLastName") if name in event}
    assert shown == {"INITIALS": {"A.", "G."}, "HIDDEN": {""}}[privacy]
    await assert_followed(world, before, who=ben)


async def moved_at_once(world, moves):
    asked = (ask(world.server, "moveBooking", who=world.staff, bookingId=b, teeTimeId=t) for b, t in moves)
    return [answer.data["moveBooking"] for answer in await gather(*asked)]


async def test_two_staff_move_different_bookings_into_the_last_place(world):
    full, bookings = world.tee_time(0), [await booked(world, number) for number in (1, 2)]
    await booked(world, 0, places=3)
    for _ in range(times(15, usually=6)):
        before = await sheet(world)
        payloads = await moved_at_once(world, [(booking, full) for booking in bookings])
        assert codes(payloads) == {"DONE": 1, "SLOTS_UNAVAILABLE": 1}
        assert [p["problems"][0]["placesLeft"] for p in payloads if p["problems"]] == [0]
        after = await sheet(world)
        statuses = Counter(slot["status"] for row in after["teeTimes"] for slot in row["slots"])
        assert statuses["BOOKED"] == 5
        await assert_followed(world, before)
        [winner] = [p["booking"]["id"] for p in payloads if p["booking"]]
        await move(world, world.staff, winner, world.tee_time(1 + bookings.index(winner)))


async def test_crossed_moves_never_deadlock(world):
    """Deadlocks are tried again at the edge, so they are looked for where PostgreSQL counts them."""
    ones, others = [[await booked(world, number) for _ in range(2)] for number in (0, 1)]
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        counted = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        connection = await session.connection()
        before = (await connection.exec_driver_sql(counted)).scalar_one()
    at = [world.tee_time(0), world.tee_time(1)]
    rounds = times(15, usually=7)  # an odd number: the last one is over there
    for turn in range(rounds):
        here, there = at[turn % 2], at[1 - turn % 2]
        payloads = await moved_at_once(world, [(b, there) for b in ones] + [(b, here) for b in others])
        assert codes(payloads) == {"DONE": 4}
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        connection = await session.connection()
        assert (await connection.exec_driver_sql(counted)).scalar_one() == before
    shown = {row["id"]: row["teeTime"]["id"] for row in (await sheet(world))["bookings"]}
    assert [shown[b] for b in ones] == [at[1]] * 2
    assert [shown[b] for b in others] == [at[0]] * 2


async def test_one_booking_that_many_move_cancel_and_change_ends_in_one_piece(world):
    for _ in range(3):
        booking, before = await booked(world, -1, places=2), await sheet(world)
        acts = [
            *(
                ask(world.server, "moveBooking", who=world.staff, bookingId=booking, teeTimeId=world.tee_time(n))
                for n in range(6)
            ),
            *(
                ask(
                    world.server,
                    "updateBooking",
                    who=world.staff,
                    bookingId=booking,
                    players=[{"position": 1, "firstName": "A"}] + [{}] * n,
                )
                for n in range(3)
            ),
            ask(world.server, "cancelBooking", who=world.staff, bookingId=booking),
        ]
        payloads = [next(iter(answer.data.values())) for answer in await gather(*acts)]
        refusals = {"BOOKING_NOT_CHANGEABLE", "INVALID_INPUT", "GROUP_SIZE_NOT_ALLOWED"}
        assert set(codes(payloads)) <= {"DONE", *refusals}
        after = await sheet(world)
        assert {slot["status"] for row in after["teeTimes"] for slot in row["slots"]} == {"AVAILABLE"}
        await assert_followed(world, before)


async def test_the_cursor_of_a_move_is_the_place_of_its_last_event(world):
    booking, before = await booked(world, 0), await sheet(world)
    payload = await move(world, world.staff, booking, world.tee_time(1))
    assert position(payload["cursor"], world) == position(before["cursor"], world) + 3
