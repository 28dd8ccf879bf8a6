"""Splitting, merging and swapping bookings, and moving players between them, through the API."""

from asyncio import gather

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from domain.tee_sheet.booking.regrouping import goes_along
from tests.tee_sheet.desk import (
    book,
    cancel,
    club_events,
    done,
    forbidden,
    hold,
    play,
    refused,
    sheet,
    types,
)
from tests.tee_sheet.test_concurrency import codes
from tests.tee_sheet.test_moves_api import make_sheet
from tests.tee_sheet.test_snapshot_and_events import assert_followed
from tests.tee_sheet.test_telling_parties import kinds
from tests.tee_sheet.waiting import join, offers

SHOWN = "id status price { amountCents } paid { amountCents } payer { lastName } teeTime { id } "
SHOWN += "players { position lastName slotId checkedInAt }"
WANTED = {
    "splitBooking": f"booking {{ {SHOWN} }} newBooking {{ {SHOWN} }}",
    "movePlayers": f"booking {{ {SHOWN} }} otherBooking {{ {SHOWN} }}",
    "mergeBookings": f"booking {{ {SHOWN} }}",
    "swapBookings": f"booking {{ {SHOWN} }} otherBooking {{ {SHOWN} }}",
}


async def party(world, number, *names, who=None, **more):
    players = [{"firstName": name, "lastName": name.upper(), "priceClass": "PUBLIC"} for name in names]
    who = who or world.staff
    if who is not world.staff:
        players = [{"firstName": p["firstName"], "lastName": p["lastName"]} for p in players]
    return (await book(world, who, number, len(names), players=players, **more))["booking"]["id"]


async def act(world, operation, booking_id, **more):
    return await done(world.server, operation, WANTED[operation], who=world.staff, bookingId=booking_id, **more)


def names(booking):
    return [(player["position"], player["lastName"]) for player in booking["players"]]


def booked_slots(shown, number):
    return [slot["bookingId"] for slot in shown["teeTimes"][number]["slots"]]


async def test_some_players_get_a_booking_of_their_own_in_their_places(world):
    booking = await party(world, 0, "a", "b", "c", "d", paidCents=30_000)
    await play(world, "checkIn", booking, positions=[2])
    await join(world, world.player("eva"), 0)
    before = await sheet(world)
    payload = await act(world, "splitBooking", booking, positions=[2, 4])
    old, new = payload["booking"], payload["newBooking"]
    assert (names(old), names(new)) == ([(1, "A"), (3, "C")], [(1, "B"), (2, "D")])
    assert (old["status"], new["status"]) == ("CONFIRMED", "CHECKED_IN")
    assert (old["price"]["amountCents"], new["price"]["amountCents"]) == (18_000, 18_000)
    assert (old["paid"]["amountCents"], new["paid"]["amountCents"]) == (18_000, 12_000)
    assert new["payer"] == {"lastName": "B"}
    after = await sheet(world)
    assert booked_slots(after, 0) == [booking, new["id"], booking, new["id"]]
    events = await club_events(world, after=before["cursor"], upto=payload["cursor"])
    assert types(events) == ["booking.updated", "booking.created", "slot.booked", "slot.booked"]
    assert await offers(world) == []
    await assert_followed(world, before)


async def test_a_split_that_leaves_nobody_or_names_nobody(world):
    booking = await party(world, 0, "a", "b")
    for positions in ([1, 2], [], [3], [1, 1]):
        problem = await refused(world, "splitBooking", who=world.staff, bookingId=booking, positions=positions)
        assert problem["path"] == ["input", "positions"]
    await cancel(world, world.staff, booking)
    problem = await refused(world, "splitBooking", who=world.staff, bookingId=booking, positions=[1])
    assert (problem["code"], problem["bookingStatus"]) == ("BOOKING_NOT_CHANGEABLE", "CANCELLED")


async def test_what_is_split_is_merged_again(world):
    booking = await party(world, 0, "a", "b", "c", paidCents=20_000)
    new = (await act(world, "splitBooking", booking, positions=[1, 2]))["newBooking"]["id"]
    before = await sheet(world)
    payload = await act(world, "mergeBookings", booking, otherBookingIds=[new])
    assert names(payload["booking"]) == [(1, "A"), (2, "B"), (3, "C")]
    assert payload["booking"]["paid"]["amountCents"] == 20_000
    events = await club_events(world, after=before["cursor"], upto=payload["cursor"])
    assert types(events) == ["booking.merged", "booking.updated", "slot.booked", "slot.booked"]
    assert (events[0]["bookingId"], events[0]["intoBookingId"], events[0]["bookingStatus"]) == (
        new,
        booking,
        "CANCELLED",
    )
    await assert_followed(world, before)
    problem = await refused(world, "restoreBooking", who=world.staff, bookingId=new)
    assert problem["code"] == "INVALID_INPUT"


async def test_four_singles_become_one_booking_and_nobody_else_gets_between(world):
    singles = [await party(world, 0, name) for name in "abcd"]
    await join(world, world.player("eva"), 0)
    before = await sheet(world)
    payload = await act(world, "mergeBookings", singles[0], otherBookingIds=singles[1:])
    assert names(payload["booking"]) == [(1, "A"), (2, "B"), (3, "C"), (4, "D")]
    assert booked_slots(await sheet(world), 0) == [singles[0]] * 4
    assert await offers(world) == []
    await assert_followed(world, before)


async def test_bookings_that_do_not_go_together(world):
    ana = await party(world, 0, "a", "b", "c")
    ben = await party(world, 1, "b", "c")
    nine = await party(world, 2, "d", holes=9)
    given = {"who": world.staff, "bookingId": ana}
    for others in ([ben], [nine], [ana], [], [ben, ben]):
        problem = await refused(world, "mergeBookings", otherBookingIds=others, **given)
        assert problem["code"] == "INVALID_INPUT"
    problem = await refused(world, "movePlayers", otherBookingId=ana, positions=[1], **given)
    assert problem["path"] == ["input", "otherBookingId"]


async def test_players_go_over_to_a_booking_on_another_start(world):
    ana, ben = await party(world, 0, "a", "b", "c"), await party(world, 3, "d")
    await play(world, "checkIn", ana, positions=[3])
    before = await sheet(world)
    payload = await act(world, "movePlayers", ana, positions=[1, 3], otherBookingId=ben)
    assert (names(payload["booking"]), names(payload["otherBooking"])) == ([(2, "B")], [(1, "D"), (2, "A"), (3, "C")])
    assert (payload["booking"]["status"], payload["otherBooking"]["status"]) == ("CONFIRMED", "CHECKED_IN")
    after = await sheet(world)
    assert booked_slots(after, 0) == [None, ana, None, None]
    assert booked_slots(after, 3) == [ben, ben, ben, None]
    await assert_followed(world, before)


async def test_the_last_players_who_leave_a_booking_end_it(world):
    ana, ben = await party(world, 0, "a"), await party(world, 3, "d")
    before = await sheet(world)
    payload = await act(world, "movePlayers", ana, positions=[1], otherBookingId=ben)
    assert (payload["booking"]["status"], payload["booking"]["players"]) == ("CANCELLED", [])
    await assert_followed(world, before)


@pytest.mark.parametrize(
    "operation",
    [
        "checkIn",
        "undoCheckIn",
        "markNoShow",
        "undoNoShow",
        "teeOff",
        "undoTeeOff",
        "recordHole",
        "correctHole",
        "endRound",
    ],
)
async def test_nothing_is_played_on_a_booking_that_all_have_left(world, operation):
    one, two = await party(world, 0, "Ana"), await party(world, 0, "Ben")
    await done(world.server, "mergeBookings", "cursor", who=world.staff, bookingId=one, otherBookingIds=[two])
    more = {"hole": 1} if "Hole" in operation or operation == "endRound" else {}
    problem = await refused(world, operation, who=world.staff, bookingId=two, **more)
    assert problem["code"] in {"TRANSITION_REFUSED", "NOT_ON_COURSE", "NOT_CHECKED_IN", "NOT_NO_SHOW"}


async def test_players_find_no_places_where_none_are_free(world):
    ana, ben = await party(world, 0, "a", "b"), await party(world, 3, "d")
    await hold(world, world.player("eva"), 3, places=2)
    given = {"bookingId": ana, "positions": [1, 2], "otherBookingId": ben}
    problem = await refused(world, "movePlayers", who=world.staff, **given)
    assert (problem["code"], problem["placesLeft"]) == ("SLOTS_UNAVAILABLE", 1)


async def test_two_bookings_swap_full_starts(world):
    ana, ben = await party(world, 0, *"abcd"), await party(world, 5, *"efgh")
    await join(world, world.player("eva"), None)
    before = await sheet(world)
    payload = await act(world, "swapBookings", ana, otherBookingId=ben)
    after = await sheet(world)
    assert (booked_slots(after, 0), booked_slots(after, 5)) == ([ben] * 4, [ana] * 4)
    assert payload["booking"]["teeTime"]["id"] == world.tee_time(5)
    events = await club_events(world, after=before["cursor"], upto=payload["cursor"])
    assert types(events) == ["booking.updated"] * 2 + ["slot.booked"] * 8
    assert await offers(world) == []
    await assert_followed(world, before)


async def test_what_the_smaller_booking_does_not_need_comes_free(world):
    ana, ben = await party(world, 0, "a", "b", "c"), await party(world, 5, "d")
    before = await sheet(world)
    await act(world, "swapBookings", ana, otherBookingId=ben)
    after = await sheet(world)
    assert (booked_slots(after, 0), booked_slots(after, 5)) == ([ben, None, None, None], [ana, ana, ana, None])
    await assert_followed(world, before)
    await party(world, 5, "e")
    await act(world, "swapBookings", ana, otherBookingId=ben)


async def test_the_larger_booking_needs_free_places_beside(world):
    ana, ben = await party(world, 0, "a", "b", "c"), await party(world, 5, "d")
    await party(world, 5, "e", "f")
    problem = await refused(world, "swapBookings", who=world.staff, bookingId=ana, otherBookingId=ben)
    assert (problem["code"], problem["placesLeft"]) == ("SLOTS_UNAVAILABLE", 2)
    await party(world, 0, "g")
    same = await party(world, 5, "h")
    problem = await refused(world, "swapBookings", who=world.staff, bookingId=ben, otherBookingId=same)
    assert problem["path"] == ["input", "otherBookingId"]


async def test_a_swap_with_another_day_expects_everybody_anew(world):
    ana = await party(world, 0, "a")
    _, starts = await make_sheet(world, days=2)
    given = {"teeTimeId": starts[0], "places": 1, "payer": {"firstName": "B", "lastName": "B"}}
    ben = (await done(world.server, "bookSlots", "booking { id }", who=world.staff, **given))["booking"]["id"]
    await play(world, "checkIn", ana)
    payload = await act(world, "swapBookings", ana, otherBookingId=ben)
    assert payload["booking"]["status"] == "CONFIRMED"
    assert [player["checkedInAt"] for player in payload["booking"]["players"]] == [None]


async def test_those_concerned_are_told(world):
    ana = await party(world, 0, "a", who=world.player("ana"))
    ben = await party(world, 0, "b", who=world.player("ben"))
    cleo = await party(world, 5, "c", who=world.player("cleo"))
    await act(world, "mergeBookings", ana, otherBookingIds=[ben])
    await act(world, "swapBookings", ana, otherBookingId=cleo)
    assert await kinds(world, "ana", "ben", "cleo") == [
        ["BOOKING_MOVED", "BOOKING_UPDATED"],
        ["BOOKING_UPDATED"],
        ["BOOKING_MOVED"],
    ]


async def test_it_is_for_the_desk(world):
    ana = world.player("ana")
    mine, other = await party(world, 0, "a", "b", who=ana), await party(world, 1, "c", who=ana)
    given = {
        "splitBooking": {"positions": [1]},
        "movePlayers": {"positions": [1], "otherBookingId": other},
        "mergeBookings": {"otherBookingIds": [other]},
        "swapBookings": {"otherBookingId": other},
    }
    for operation, more in given.items():
        assert (await forbidden(world, operation, who=ana, bookingId=mine, **more)).code == "NOT_ALLOWED"


@pytest.mark.parametrize("way", [1, -1])
async def test_crossed_swaps_and_merges_at_once_lose_no_place(world, way):
    ids = [await party(world, number, *"ab") for number in range(4)]
    before = await sheet(world)
    pairs = [(ids[n], ids[(n + way) % 4]) for n in range(4)]
    answers = await gather(
        *(
            world.server.mutate("swapBookings", "booking { id }", who=world.staff, bookingId=one, otherBookingId=two)
            for one, two in pairs
        ),
        world.server.mutate(
            "mergeBookings", "booking { id }", who=world.staff, bookingId=ids[0], otherBookingIds=[ids[2]]
        ),
    )
    assert set(codes(answers)) <= {"DONE", "BOOKING_NOT_CHANGEABLE", "INVALID_INPUT", "SLOTS_UNAVAILABLE"}
    after = await sheet(world)
    sold = [
        slot["bookingId"] for number in range(4) for slot in after["teeTimes"][number]["slots"] if slot["bookingId"]
    ]
    assert len(sold) == 8
    live = [row for row in after["bookings"] if row["status"] != "CANCELLED"]
    assert sorted(sold) == sorted(row["id"] for row in live for _ in row["players"])
    await assert_followed(world, before)


@drawn(st.integers(0, 100_000), st.integers(0, 100_000))
def test_no_cent_is_lost_or_made_when_players_leave(paid, price):
    along = goes_along(paid, price_cents=price)
    assert 0 <= along <= paid
    assert paid - along <= max(price, 0) or along == 0


async def test_who_replaces_somebody_inherits_nothing(world):
    booking = await party(world, 0, "a", "b")
    await play(world, "checkIn", booking)
    change = {"who": world.staff, "bookingId": booking}
    wanted = "booking { status players { lastName checkedInAt } }"
    for player in ({"firstName": "Ana", "lastName": "A"}, {"firstName": "a", "lastName": "Gil"}):
        payload = await done(world.server, "updateBooking", wanted, players=[{"position": 1, **player}], **change)
        assert payload["booking"]["players"][0]["checkedInAt"], "it is the same person"
    other = {"position": 1, "firstName": "Eva", "lastName": "Sol"}
    payload = await done(world.server, "updateBooking", wanted, players=[other], **change)
    assert [p["checkedInAt"] is None for p in payload["booking"]["players"]] == [True, False]
    other = {"position": 2, "firstName": "Max", "lastName": "Mut"}
    payload = await done(world.server, "updateBooking", wanted, players=[other], **change)
    assert payload["booking"]["status"] == "CONFIRMED"


async def test_a_booking_of_nobody_but_no_shows_is_one(world, clock):
    booking = await party(world, 0, "a", "b")
    clock.advance(hours=2)
    await play(world, "markNoShow", booking, positions=[2])
    before = await sheet(world)
    given = {"who": world.staff, "bookingId": booking, "removePositions": [1]}
    payload = await done(world.server, "updateBooking", "booking { status }", **given)
    assert payload["booking"]["status"] == "NO_SHOW"
    await assert_followed(world, before)


async def test_staff_seat_groups_of_any_size(world):
    given = {"courseId": world.course, "date": "2026-05-20"}
    template = {"firstStart": "08:00", "lastStart": "09:00", "intervalMinutes": 10, "groupSizes": [2, 4]}
    template["prices"] = [{"priceClass": "PUBLIC", "holes": 18, "amountCents": 9000}]
    made = await world.server.mutate(
        "setSheetTemplate", "template { id }", who=world.staff, courseId=world.course, **template
    )
    assert made["problems"] == []
    payload = await done(world.server, "generateTeeSheet", "teeSheets { teeTimes { id } }", who=world.staff, **given)
    start = payload["teeSheets"][0]["teeTimes"][0]["id"]
    wish = {"teeTimeId": start, "places": 3, "payer": {"firstName": "A", "lastName": "B"}}
    booked = await done(world.server, "bookSlots", "booking { id }", who=world.staff, **wish)
    await done(
        world.server,
        "updateBooking",
        "booking { id }",
        who=world.staff,
        bookingId=booked["booking"]["id"],
        removePositions=[1, 2],
    )
