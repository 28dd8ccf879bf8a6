"""Check-in, its undo, no-shows and tee-off, through the API."""

from dataclasses import replace

import pytest

from auth.viewer import Role
from tests.tee_sheet.desk import (
    book,
    booking_events,
    cancel,
    club_events,
    forbidden,
    head,
    play,
    refused,
    sheet,
    sheet_events,
    types,
)

OPERATIONS = ("checkIn", "undoCheckIn", "markNoShow", "undoNoShow", "teeOff", "undoTeeOff", "correctHole", "endRound")
LUIS = {"firstName": "Luis", "lastName": "Ruiz"}


async def booked(world, number=0, places=3, **more):
    return (await book(world, world.staff, number, places, **more))["booking"]["id"]


def arrived(payload):
    """Give the positions of those who have checked in, and of those who did not appear."""
    players = payload["booking"]["players"]
    return [p["position"] for p in players if p["checkedInAt"]], [p["position"] for p in players if p["noShowAt"]]


async def test_a_booking_checks_in_as_a_whole(world, clock):
    booking_id = await booked(world)
    before = await head(world)
    payload = await play(world, "checkIn", booking_id)
    assert payload["booking"]["status"] == "CHECKED_IN"
    assert arrived(payload) == ([1, 2, 3], [])
    [event] = await club_events(world, after=before, upto=payload["cursor"])
    now = clock().isoformat()
    told = {"type": "booking.checked-in", "bookingStatus": "CHECKED_IN", "checkedInAt": now, "positions": [1, 2, 3]}
    assert event.items() >= told.items()
    assert [player["checkedInAt"] for player in event["players"]] == [now] * 3
    assert await sheet_events(world, after=before, upto=payload["cursor"]) == [event]
    assert await booking_events(world, booking_id, after=before, upto=payload["cursor"]) == [event]


async def test_players_check_in_one_by_one(world, clock):
    booking_id = await booked(world)
    first = await play(world, "checkIn", booking_id, positions=[2])
    clock.advance(minutes=5)
    rest = await play(world, "checkIn", booking_id)
    assert arrived(first) == ([2], [])
    assert arrived(rest) == ([1, 2, 3], [])
    [event] = await club_events(world, after=first["cursor"], upto=rest["cursor"])
    assert event["positions"] == [1, 3]
    assert len({player["checkedInAt"] for player in event["players"]}) == 2


async def test_a_check_in_is_taken_back(world):
    booking_id = await booked(world)
    before = await play(world, "checkIn", booking_id)
    one = await play(world, "undoCheckIn", booking_id, positions=[3])
    assert (one["booking"]["status"], arrived(one)) == ("CHECKED_IN", ([1, 2], []))
    rest = await play(world, "undoCheckIn", booking_id)
    assert (rest["booking"]["status"], arrived(rest)) == ("CONFIRMED", ([], []))
    events = await club_events(world, after=before["cursor"], upto=rest["cursor"])
    assert types(events) == ["booking.check-in-undone"] * 2
    assert [event["positions"] for event in events] == [[3], [1, 2]]


async def test_a_player_who_did_not_appear(world, clock):
    booking_id = await booked(world)
    await play(world, "checkIn", booking_id, positions=[1, 3])
    clock.advance(hours=2)
    payload = await play(world, "markNoShow", booking_id)
    assert (payload["booking"]["status"], arrived(payload)) == ("CHECKED_IN", ([1, 3], [2]))
    shown = (await sheet(world))["figures"]
    assert (shown["players"], shown["checkedIn"], shown["noShows"]) == (3, 2, 1)
    assert shown["revenue"] == [{"amountCents": 27_000, "currency": "EUR"}]
    assert shown["utilisationPercent"] == 3.0


async def test_a_group_of_which_nobody_appeared(world, clock):
    booking_id = await booked(world)
    clock.advance(hours=2)
    one = await play(world, "markNoShow", booking_id, positions=[2])
    assert one["booking"]["status"] == "CONFIRMED"
    rest = await play(world, "markNoShow", booking_id)
    assert (rest["booking"]["status"], arrived(rest)) == ("NO_SHOW", ([], [1, 2, 3]))
    [event] = await booking_events(world, booking_id, after=one["cursor"], upto=rest["cursor"])
    told = {"type": "booking.no-show", "bookingStatus": "NO_SHOW", "noShowAt": clock().isoformat()}
    assert event.items() >= (told | {"positions": [1, 3]}).items()
    assert {slot["status"] for slot in (await sheet(world))["teeTimes"][0]["slots"][:3]} == {"BOOKED"}


async def test_a_player_who_comes_after_all(world, clock):
    booking_id = await booked(world)
    clock.advance(hours=2)
    await play(world, "markNoShow", booking_id, positions=[1, 2])
    payload = await play(world, "checkIn", booking_id, positions=[2, 3])
    assert (payload["booking"]["status"], arrived(payload)) == ("CHECKED_IN", ([2, 3], [1]))
    problem = await refused(world, "checkIn", who=world.staff, bookingId=booking_id)
    assert problem["positions"] == [2, 3]


async def test_a_group_tees_off(world, clock):
    booking_id = await booked(world)
    await play(world, "checkIn", booking_id, positions=[1])
    before = await head(world)
    clock.advance(hours=1, minutes=2)
    payload = await play(world, "teeOff", booking_id)
    assert payload["booking"]["status"] == "ON_COURSE"
    assert payload["booking"]["pace"] == {"holesCompleted": 0, "level": None, "minutesBehind": None}
    [event] = await sheet_events(world, after=before, upto=payload["cursor"])
    told = {"type": "booking.tee-off", "bookingStatus": "ON_COURSE", "teedOffAt": clock().isoformat()}
    assert event.items() >= (told | {"startHole": 1, "expectedMinutes": 240}).items()
    clock.advance(minutes=5)
    late = await play(world, "markNoShow", booking_id)
    assert (late["booking"]["status"], arrived(late)) == ("ON_COURSE", ([1], [2, 3]))


@pytest.mark.parametrize(("given", "minutes"), [({"holes": 9}, 120), ({}, 200), ({"expectedMinutes": 170}, 170)])
async def test_what_is_expected_of_a_round(world, given, minutes):
    changed = {"courseId": world.course, "minutesFor18Holes": 200}
    await world.server.mutate("updateCourse", "course { id }", who=world.admin, **changed)
    booking_id = await booked(world, holes=given.get("holes", 18))
    await play(world, "checkIn", booking_id)
    await play(world, "teeOff", booking_id, **{k: v for k, v in given.items() if k != "holes"})
    [shown] = (await sheet(world))["bookings"]
    assert shown["pace"]["expectedMinutes"] == minutes


async def test_nobody_tees_off_who_has_not_checked_in(world):
    booking_id = await booked(world)
    problem = await refused(world, "teeOff", who=world.staff, bookingId=booking_id)
    assert problem["__typename"] == "NobodyCheckedIn"
    await play(world, "checkIn", booking_id)
    await play(world, "undoCheckIn", booking_id)
    problem = await refused(world, "teeOff", who=world.staff, bookingId=booking_id)
    assert problem["code"] == "NOBODY_CHECKED_IN"


async def in_status(world, clock, status):
    """Bring a booking into a status."""
    booking_id = await booked(world)
    clock.advance(hours=2)
    steps = {
        "CONFIRMED": [],
        "CHECKED_IN": ["checkIn"],
        "ON_COURSE": ["checkIn", "teeOff"],
        "COMPLETED": ["checkIn", "teeOff", "recordHole"],
        "NO_SHOW": ["markNoShow"],
        "CANCELLED": [],
    }
    for step in steps[status]:
        await play(world, step, booking_id, **({"hole": 18} if step == "recordHole" else {}))
    if status == "CANCELLED":
        await cancel(world, world.staff, booking_id)
    return booking_id


WANTED = {
    "checkIn": "CHECKED_IN",
    "undoCheckIn": "CONFIRMED",
    "teeOff": "ON_COURSE",
    "markNoShow": "NO_SHOW",
    "undoNoShow": "CONFIRMED",
    "cancelBooking": "CANCELLED",
}


@pytest.mark.parametrize(
    ("status", "operations"),
    [
        ("ON_COURSE", ["checkIn", "undoCheckIn", "teeOff", "cancelBooking"]),
        ("COMPLETED", ["checkIn", "undoCheckIn", "teeOff", "cancelBooking"]),
        ("NO_SHOW", ["undoCheckIn", "teeOff", "cancelBooking", "markNoShow"]),
        ("CANCELLED", ["checkIn", "undoCheckIn", "teeOff", "markNoShow", "undoNoShow"]),
    ],
)
async def test_each_other_transition_is_refused_by_name(world, clock, status, operations):
    booking_id = await in_status(world, clock, status)
    for operation in operations:
        problem = await refused(world, operation, who=world.staff, bookingId=booking_id)
        assert problem["__typename"] == "TransitionRefused", operation
        assert (problem["bookingStatus"], problem["wanted"]) == (status, WANTED[operation])
        assert problem["message"].startswith(f"A booking cannot go from {status} to {WANTED[operation]}; ")


@pytest.mark.parametrize("status", ["CONFIRMED", "CHECKED_IN", "COMPLETED", "NO_SHOW", "CANCELLED"])
async def test_a_group_that_is_not_on_the_course_completes_no_hole(world, clock, status):
    booking_id = await in_status(world, clock, status)
    problem = await refused(world, "recordHole", who=world.staff, bookingId=booking_id, hole=18)
    assert (problem["__typename"], problem["bookingStatus"]) == ("NotOnCourse", status)


async def test_staff_cancel_a_group_that_has_checked_in(world):
    booking_id = await booked(world)
    await play(world, "checkIn", booking_id)
    assert (await cancel(world, world.staff, booking_id))["booking"]["status"] == "CANCELLED"
    assert (await sheet(world))["figures"]["checkedIn"] == 0


async def test_what_was_done_before_is_said(world, clock):
    booking_id = await booked(world)
    given = {"who": world.staff, "bookingId": booking_id}
    problem = await refused(world, "undoCheckIn", **given)
    assert (problem["__typename"], problem["positions"]) == ("NotCheckedIn", [1, 2, 3])
    await play(world, "checkIn", booking_id, positions=[1])
    problem = await refused(world, "checkIn", positions=[1, 2], **given)
    assert (problem["__typename"], problem["positions"]) == ("AlreadyCheckedIn", [1])
    problem = await refused(world, "undoCheckIn", positions=[1, 3], **given)
    assert (problem["__typename"], problem["positions"]) == ("NotCheckedIn", [3])
    clock.advance(hours=2)
    problem = await refused(world, "markNoShow", positions=[1, 2], **given)
    assert (problem["__typename"], problem["positions"]) == ("AlreadyCheckedIn", [1])
    await play(world, "markNoShow", booking_id, positions=[2])
    problem = await refused(world, "markNoShow", positions=[2, 3], **given)
    assert (problem["__typename"], problem["positions"]) == ("AlreadyNoShow", [2])


@pytest.mark.parametrize("positions", [[], [0], [4], [1, 1]])
async def test_players_who_are_not_there(world, clock, positions):
    booking_id = await booked(world)
    clock.advance(hours=2)
    for operation in ("checkIn", "undoCheckIn", "markNoShow"):
        problem = await refused(world, operation, who=world.staff, bookingId=booking_id, positions=positions)
        assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "positions"])


async def test_nothing_of_it_before_its_time(world, clock):
    booking_id = await booked(world)
    problem = await refused(world, "markNoShow", who=world.staff, bookingId=booking_id)
    starts_at = world.tee_times[0]["startsAt"]
    assert (problem["__typename"], problem["possibleFrom"]) == ("TooEarly", starts_at)
    clock.advance(hours=-8)  # an hour before midnight in Madrid
    problem = await refused(world, "checkIn", who=world.staff, bookingId=booking_id)
    assert (problem["__typename"], problem["possibleFrom"]) == ("TooEarly", "2026-05-03T22:00:00+00:00")
    clock.advance(hours=1)
    await play(world, "checkIn", booking_id)
    clock.advance(minutes=-1)
    problem = await refused(world, "teeOff", who=world.staff, bookingId=booking_id)
    assert problem["__typename"] == "TooEarly"
    clock.advance(minutes=1)
    await play(world, "teeOff", booking_id)


@pytest.mark.parametrize("minutes", [19, 601])
async def test_a_round_that_no_group_plays_in_that_time(world, minutes):
    booking_id = await booked(world)
    await play(world, "checkIn", booking_id)
    given = {"bookingId": booking_id, "expectedMinutes": minutes}
    problem = await refused(world, "teeOff", who=world.staff, **given)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "expectedMinutes"])


async def test_the_booker_leaves_it_to_the_club(world, clock):
    ana = world.player("ana")
    booking_id = (await book(world, ana, 0))["booking"]["id"]
    clock.advance(hours=2)
    for operation in OPERATIONS:
        answer = await forbidden(world, operation, who=ana, bookingId=booking_id)
        assert answer.code == "NOT_ALLOWED"
    for role in (Role.STARTER, Role.ADMIN):
        who = replace(world.staff, roles=(role,))
        await play(world, "checkIn", booking_id, who=who)
        await play(world, "undoCheckIn", booking_id, who=who)


@pytest.mark.parametrize("privacy", ["INITIALS", "FULL", "HIDDEN"])
async def test_shared_events_carry_names_as_the_club_allows(world, clock, privacy):
    given = {"clubId": world.club, "namePrivacy": privacy}
    await world.server.mutate("updateClub", "club { id }", who=world.admin, **given)
    seen = {"INITIALS": ("L.", "R."), "FULL": ("Luis", "Ruiz"), "HIDDEN": ("", "")}[privacy]
    booking_id = await booked(world, places=2, players=[LUIS])
    before = await head(world)
    await play(world, "checkIn", booking_id)
    await play(world, "undoCheckIn", booking_id)
    clock.advance(hours=2)
    await play(world, "markNoShow", booking_id, positions=[2])
    await play(world, "checkIn", booking_id, positions=[1])
    last = await play(world, "teeOff", booking_id)
    caddie = replace(world.staff, roles=(Role.CADDIE,))
    for who, names in ((world.player("ben"), seen), (caddie, seen), (world.staff, ("Luis", "Ruiz"))):
        for events in (
            await club_events(world, after=before, upto=last["cursor"], who=who),
            await sheet_events(world, after=before, upto=last["cursor"], who=who),
        ):
            assert len(events) == 5
            assert {(e["players"][0]["firstName"], e["players"][0]["lastName"]) for e in events} == {names}
