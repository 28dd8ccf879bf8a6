"""Booking places and cancelling bookings, through the API."""

from datetime import datetime, timedelta

import pytest

from kit.ids import new_id, parse_id, public_id
from tests.harness import found_world
from tests.tee_sheet.board import Board
from tests.tee_sheet.closing import set_status
from tests.tee_sheet.desk import (
    PAYER,
    add_player,
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
    sheet_events,
    types,
)

ONE_BOOKING = """query($id: ID!) { booking(id: $id) {
  id status holes price { amountCents currency } paid { amountCents currency } payer { firstName lastName }
  createdAt cancelledAt courseId groupId turnTeeTimeId teeTime { id } note staffNote
  players {
    position playerId slotId firstName lastName priceClass price { amountCents currency } checkedInAt noShowAt
  }
  pace { teedOffAt }
} }"""


async def test_four_players_are_one_booking_and_four_slots(world, clock):
    member = await add_player(world, "Eva", "MEMBER")
    players = [{"playerId": member}, {"firstName": "Luis", "lastName": "Ruiz", "priceClass": "GUEST"}]
    before = await head(world)
    payload = await book(world, world.staff, places=4, players=players, paidCents=1500)
    events = await club_events(world, after=before, upto=payload["cursor"])
    assert types(events) == ["booking.created", *["slot.booked"] * 4]
    slots = [slot["id"] for slot in world.tee_times[-1]["slots"]]
    common = {
        "timestamp": clock().isoformat(),
        "clubId": world.club,
        "courseId": world.course,
        "date": world.day.isoformat(),
        "bookingId": payload["booking"]["id"],
        "teeTimeId": world.tee_time(),
        "currency": "EUR",
        "payerFirstName": "Ana",
        "payerLastName": "García",
    }
    created = {
        "bookingStatus": "CONFIRMED",
        "startsAt": world.tee_times[-1]["startsAt"],
        "holes": 18,
        "priceCents": 4000 + 6000 + 9000 + 9000,
        "paidCents": 1500,
    }
    assert events[0].items() >= (common | created).items()
    for number, (event, cents) in enumerate(zip(events[1:], (4000, 6000, 9000, 9000), strict=True), 1):
        slot = {"slotId": slots[number - 1], "slotNumber": number, "slotStatus": "BOOKED", "priceCents": cents}
        assert event.items() >= (common | slot).items()
    names = [(p["position"], p["playerId"], p["slotId"], p["firstName"]) for p in events[0]["players"]]
    assert names == [
        (1, member, slots[0], "Eva"),
        (2, None, slots[1], "Luis"),
        *((n, None, slots[n - 1], "") for n in (3, 4)),
    ]
    answer = await world.server.run(ONE_BOOKING, who=world.staff, id=payload["booking"]["id"])
    board = Board(await sheet(world))
    assert answer.data["booking"] == board.bookings[payload["booking"]["id"]]


async def test_a_hold_becomes_a_booking_of_the_places_held(world):
    ana = world.player("ana")
    held = await hold(world, ana, places=2)
    payload = await book(world, ana, holdId=held["hold"]["id"])
    assert [player["slotId"] for player in payload["booking"]["players"]] == [
        slot["id"] for slot in world.tee_times[-1]["slots"][:2]
    ]
    events = await club_events(world, after=held["cursor"], upto=payload["cursor"])
    assert types(events) == ["booking.created", "slot.booked", "slot.booked"]


async def test_staff_book_from_the_hold_of_a_player(world):
    held = await hold(world, world.player("ana"))
    assert (await book(world, world.staff, holdId=held["hold"]["id"]))["booking"]["status"] == "CONFIRMED"


async def test_cancelling_frees_the_places(world, clock):
    booked = await book(world, world.staff, places=4)
    payload = await cancel(world, world.staff, booked["booking"]["id"])
    assert payload["booking"] == {"id": booked["booking"]["id"], "status": "CANCELLED"}
    events = await club_events(world, after=booked["cursor"], upto=payload["cursor"])
    assert types(events) == ["booking.cancelled", *["slot.available"] * 4]
    cancelled = {
        "bookingStatus": "CANCELLED",
        "cancelledAt": clock().isoformat(),
        "priceCents": 36000,
        "currency": "EUR",
    }
    assert events[0].items() >= (cancelled | {"bookingId": booked["booking"]["id"]}).items()
    for number, (event, slot) in enumerate(zip(events[1:], world.tee_times[-1]["slots"], strict=True), 1):
        expected = {"slotId": slot["id"], "slotNumber": number, "slotStatus": "AVAILABLE", "bookingId": None}
        assert event.items() >= (expected | {"priceCents": 9000, "teeTimeId": world.tee_time()}).items()
    await book(world, world.staff, places=4)


async def test_events_reach_the_club_their_day_and_their_booking_alone(server):
    world = await found_world(server, days=(0, 1))
    tomorrow = (world.day + timedelta(days=1)).isoformat()
    before = await head(world)
    mine = await book(world, world.staff, 0, places=2)
    other = await book(world, world.staff, 1, places=1)
    await hold(world, world.player("ana"), 2)
    gone = await cancel(world, world.staff, mine["booking"]["id"])
    tee_time = (await sheet(world, day=tomorrow))["teeTimes"][0]["id"]
    fence = await done(server, "holdSlots", "hold { id }", who=world.staff, teeTimeId=tee_time, places=1)
    everything = await club_events(world, after=before, upto=fence["cursor"])
    assert types(everything).count("slot.held") == 2
    assert await sheet_events(world, after=before, upto=gone["cursor"]) == everything[:-1]
    assert await sheet_events(world, after=before, upto=fence["cursor"], day=tomorrow) == everything[-1:]
    own = [event for event in everything if event["bookingId"] == mine["booking"]["id"]]
    assert types(own) == ["booking.created", "slot.booked", "slot.booked", "booking.cancelled"]
    booking_id = mine["booking"]["id"]
    assert await booking_events(world, booking_id, after=before, upto=own[-1]["cursor"]) == own
    others = await booking_events(world, other["booking"]["id"], after=before, upto=other["cursor"])
    assert types(others) == ["booking.created", "slot.booked"]


@pytest.mark.parametrize(
    ("booker", "classes", "cents"),
    [
        ("MEMBER", ["MEMBER", "GUEST", "GUEST"], 16_000),
        ("GUEST", ["GUEST", "PUBLIC", "PUBLIC"], 24_000),
        ("PUBLIC", ["PUBLIC", "PUBLIC", "PUBLIC"], 27_000),
        (None, ["PUBLIC", "PUBLIC", "PUBLIC"], 27_000),
    ],
)
async def test_who_books_sets_the_prices_of_the_party(world, booker, classes, cents):
    if booker:
        await add_player(world, "Ana", booker, user_id="ana")
    payload = await book(world, world.player("ana"), places=3)
    assert [player["priceClass"] for player in payload["booking"]["players"]] == classes
    assert payload["booking"]["price"] == {"amountCents": cents, "currency": "EUR"}


async def test_nine_holes_have_a_price_of_their_own(world):
    payload = await book(world, world.player("ana"), places=2, holes=9)
    assert payload["booking"]["price"]["amountCents"] == 10_000
    assert [slot["price"]["amountCents"] for slot in (await sheet(world))["teeTimes"][-1]["slots"]] == [
        5000,
        5000,
        9000,
        9000,
    ]


@pytest.mark.parametrize(("price_class", "holes"), [("MEMBER", 9), ("PUBLIC", 7), ("PUBLIC", 0)])
async def test_a_round_that_is_not_on_sale(world, price_class, holes):
    await add_player(world, "Ana", price_class, user_id="ana")
    problem = await refused(
        world, "bookSlots", who=world.player("ana"), teeTimeId=world.tee_time(), places=1, holes=holes
    )
    assert (problem["code"], problem["priceClass"], problem["holes"]) == ("NOT_ON_SALE", price_class, holes)


async def test_a_group_of_a_size_that_may_not_play(world):
    template = {"firstStart": "08:00", "lastStart": "09:00", "intervalMinutes": 10, "groupSizes": [2, 4]}
    prices = [{"priceClass": "PUBLIC", "holes": 18, "amountCents": 9000}]
    staff, course = world.staff, world.course
    await done(
        world.server, "setSheetTemplate", "template { id }", who=staff, courseId=course, prices=prices, **template
    )
    day, ana = "2026-05-06", world.player("ana")
    await done(world.server, "generateTeeSheet", "teeSheets { id }", who=staff, courseId=course, date=day)
    tee_time = (await sheet(world, day=day))["teeTimes"][0]
    for operation in ("holdSlots", "bookSlots"):
        for places in (1, 3):
            problem = await refused(world, operation, who=ana, teeTimeId=tee_time["id"], places=places)
            assert (problem["code"], problem["allowed"]) == ("GROUP_SIZE_NOT_ALLOWED", [2, 4])
            assert problem["path"] == ["input", "places"]
    await done(world.server, "holdSlots", "hold { id }", who=ana, teeTimeId=tee_time["id"], places=2)
    await done(world.server, "holdSlots", "hold { id }", who=staff, teeTimeId=tee_time["id"], places=1)


async def test_what_a_booking_must_say(world):
    ana, here = world.player("ana"), {"teeTimeId": world.tee_time()}
    named = {"firstName": "Luis"}
    held = (await hold(world, ana, 0, places=2))["hold"]["id"]
    known = await add_player(world, "Eva", "MEMBER")
    cases = [
        ({"payer": PAYER, "places": 1}, ["input"]),
        ({"payer": PAYER, "holdId": held, **here}, ["input"]),
        ({"payer": PAYER, **here}, ["input", "places"]),
        ({"places": 1, **here}, ["input", "payer"]),
        ({"places": 1, "players": [named, named], **here}, ["input", "players"]),
        ({"players": [named] * 5, **here}, ["input", "places"]),
        ({"players": [{"playerId": known}] * 2, **here}, ["input", "players"]),
        (
            {"players": [named, {"playerId": public_id("player", new_id())}], **here},
            ["input", "players", "1", "playerId"],
        ),
        ({"players": [{**named, "priceClass": "MEMBER"}], **here}, ["input", "players", "0", "priceClass"]),
        ({"players": [{"firstName": "L" * 101}], **here}, ["input", "players", "0", "firstName"]),
        ({"places": 1, "payer": {"firstName": "A\u0000", "lastName": ""}, **here}, ["input", "payer", "firstName"]),
        ({"players": [named], "paidCents": -1, **here}, ["input", "paidCents"]),
    ]
    for given, path in cases:
        problem = await refused(world, "bookSlots", who=ana, **given)
        assert (problem["code"], problem["path"]) == ("INVALID_INPUT", path), given
    for given in ({"places": 1}, {"places": 3}, {"players": [named] * 3}):
        problem = await refused(world, "bookSlots", who=ana, holdId=held, payer=PAYER, **given)
        assert (problem["code"], problem["places"]) == ("PLAYERS_DO_NOT_MATCH_HOLD", 2), given
        assert problem["path"] == ["input", "players"]


async def test_only_staff_note_what_was_paid(world):
    answer = await forbidden(
        world, "bookSlots", who=world.player("ana"), teeTimeId=world.tee_time(), places=1, payer=PAYER, paidCents=1
    )
    assert answer.code == "NOT_ALLOWED"


async def test_a_booking_is_cancelled_once(world, clock):
    booked = await book(world, world.staff)
    cancelled_at = clock().isoformat()
    await cancel(world, world.staff, booked["booking"]["id"])
    clock.advance(minutes=1)
    problem = await refused(world, "cancelBooking", who=world.staff, bookingId=booked["booking"]["id"])
    assert (problem["code"], problem["cancelledAt"]) == ("BOOKING_ALREADY_CANCELLED", cancelled_at)


async def test_the_booker_may_cancel_until_the_notice_period_and_staff_later_too(server, clock):
    world = await found_world(server, days=(0, 2), cancellationNoticeHours=30)
    ana, day = world.player("ana"), world.day + timedelta(days=2)
    tee_time = (await sheet(world, day=day.isoformat()))["teeTimes"][0]
    given = {"who": ana, "teeTimeId": tee_time["id"], "places": 1, "payer": PAYER}
    first, second = [(await done(server, "bookSlots", "booking { id }", **given))["booking"]["id"] for _ in range(2)]
    clock.advance(hours=25)  # 08:00 in two days is 49 hours away, and 30 hours before it is 19 hours away
    problem = await refused(world, "cancelBooking", who=ana, bookingId=first)
    deadline = clock() - timedelta(hours=6)
    assert problem["code"] == "CANCELLATION_TOO_LATE"
    assert (problem["noticeHours"], problem["deadline"]) == (30, deadline.isoformat())
    await cancel(world, world.staff, first)
    clock.now = deadline
    assert (await cancel(world, ana, second))["booking"]["status"] == "CANCELLED"


async def test_what_was_just_booked_is_cancelled_without_notice_for_ten_minutes(world, clock):
    ana, shown = world.player("ana"), "query($id: ID!) { booking(id: $id) { cancellableUntil } }"
    first, second = [(await book(world, ana, 0))["booking"]["id"] for _ in range(2)]
    until = clock() + timedelta(minutes=10)
    assert (await world.server.run(shown, who=ana, id=first)).data["booking"] == {"cancellableUntil": until.isoformat()}
    clock.now = until
    await cancel(world, ana, first)
    assert (await world.server.run(shown, who=ana, id=first)).data["booking"] == {"cancellableUntil": None}
    clock.advance(seconds=1)
    problem = await refused(world, "cancelBooking", who=ana, bookingId=second)
    assert (problem["code"], problem["deadline"]) == ("CANCELLATION_TOO_LATE", until.isoformat())


async def test_what_nobody_can_play_is_cancelled_without_notice(world, clock):
    ana = world.player("ana")
    first, second = [(await book(world, ana, 0))["booking"]["id"] for _ in range(2)]
    clock.advance(minutes=30)
    assert (await refused(world, "cancelBooking", who=ana, bookingId=first))["code"] == "CANCELLATION_TOO_LATE"
    await set_status(world, "CLOSED")
    await cancel(world, ana, first)
    clock.now = datetime.fromisoformat(world.tee_times[0]["startsAt"]) + timedelta(seconds=1)
    problem = await refused(world, "cancelBooking", who=ana, bookingId=second)
    assert problem["deadline"] == world.tee_times[0]["startsAt"]


async def test_a_player_of_a_booking_who_did_not_make_it_sees_it_and_may_not_cancel_it(world):
    eva_id = await add_player(world, "Eva", "MEMBER")
    eva = world.player("eva", player_id=parse_id("player", eva_id))
    booked = await book(world, world.clerk("ana"), players=[{"playerId": eva_id}])
    answer = await world.server.run(ONE_BOOKING, who=eva, id=booked["booking"]["id"])
    assert answer.data["booking"]["players"][0]["firstName"] == "Eva"
    refusal = await forbidden(world, "cancelBooking", who=eva, bookingId=booked["booking"]["id"])
    assert refusal.code == "NOT_ALLOWED"
    stranger = await forbidden(world, "cancelBooking", who=world.player("ben"), bookingId=booked["booking"]["id"])
    assert stranger.code == "NOT_FOUND"
