"""Limits that a club sets: what is refused to whom, when it is free again, and what two at once can do."""

import asyncio
from datetime import timedelta

import pytest

from tests.harness import found_world
from tests.tee_sheet.desk import add_player, book, cancel, club_events, done, head, hold, refused

LIMITS = """club { bookingLimits {
  priceClass bookingsADay bookingsAWeek bookingsAhead noOverlap guestsADay sameGuestAYear bookerPlays
  cancellationsAWeek holdsAnHour
} }"""


async def limit(world, price_class="MEMBER", **limits):
    given = {"clubId": world.club, "priceClass": price_class} | limits
    return await done(world.server, "setBookingLimits", LIMITS, who=world.admin, **given)


async def members(world, *names):
    return [await add_player(world, name, "MEMBER", user_id=name.lower()) for name in names]


async def refused_booking(world, who, number, **more):
    given = {"teeTimeId": world.tee_time(number), "places": 1} | more
    problem = await refused(world, "bookSlots", who=who, **given)
    assert problem["code"] == "BOOKING_LIMIT_REACHED"
    return problem["bookingLimit"], problem["freeAt"], problem["freeOn"]


async def test_limits_are_set_by_admins_kept_and_told(world):
    since = await head(world)
    payload = await limit(world, bookingsADay=2, noOverlap=True)
    [member, *others] = payload["club"]["bookingLimits"]
    assert (member["priceClass"], member["bookingsADay"], member["noOverlap"]) == ("MEMBER", 2, True)
    assert {one["bookingsADay"] for one in others} == {None}
    [event] = await club_events(world, after=since, upto=payload["cursor"])
    assert (event["type"], event["changes"]) == ("club.updated", ["bookingLimits"])
    payload = await limit(world, bookingsADay=None, holdsAnHour=1)
    member = payload["club"]["bookingLimits"][0]
    assert (member["bookingsADay"], member["noOverlap"], member["holdsAnHour"]) == (None, True, 1)
    given = {"clubId": world.club, "priceClass": "MEMBER", "bookingsADay": 1}
    for who in (world.staff, world.player("ana")):
        assert (await world.server.run(SET, who=who, i=given)).code == "NOT_ALLOWED"
    bad = await world.server.mutate("setBookingLimits", "cursor", who=world.admin, **given | {"bookingsADay": -1})
    assert bad["problems"][0]["path"] == ["input", "bookingsADay"]


SET = "mutation($i: SetBookingLimitsInput!) { setBookingLimits(input: $i) { cursor } }"


async def test_a_member_books_so_many_a_day_and_the_desk_books_beyond(world):
    ana, _ = await members(world, "Ana", "Ben")
    await limit(world, bookingsADay=1)
    first = await book(world, world.player("ana"), 0)
    tomorrow = (world.day + timedelta(days=1)).isoformat()
    assert await refused_booking(world, world.player("ana"), 20) == ("BOOKINGS_A_DAY", None, tomorrow)
    await book(world, world.player("ben"), 1)
    await book(world, world.staff, 20, players=[{"playerId": ana}])
    assert (await refused_booking(world, world.player("ana"), 22))[0] == "BOOKINGS_A_DAY"  # what the desk booked counts
    assert first["booking"]["status"] == "CONFIRMED"


async def test_one_who_books_six_starts_at_once_gets_as_many_as_the_club_allows(world):
    await members(world, "Ana")
    await limit(world, bookingsADay=2)
    given = [
        world.server.mutate(
            "bookSlots", "booking { id }", who=world.player("ana"), teeTimeId=world.tee_time(n), places=1
        )
        for n in range(6)
    ]
    answers = await asyncio.gather(*given)
    assert sorted(len(answer["problems"]) for answer in answers) == [0, 0, 1, 1, 1, 1]


async def test_rounds_overlap_for_everybody_who_is_named(world):
    ana, ben = await members(world, "Ana", "Ben")
    for one in (ana, ben):
        await done(world.server, "updatePlayer", "player { id }", who=world.staff, playerId=one, household="Pérez")
    await limit(world, noOverlap=True)
    await book(world, world.player("ben"), 0)
    told = await refused_booking(
        world, world.player("ana"), 6, places=2, players=[{"playerId": ana}, {"playerId": ben}]
    )
    assert told[0] == "OVERLAP"
    assert told[1] is not None
    await book(world, world.player("ana"), 6, places=1, players=[{"playerId": ana}])


async def test_a_booking_that_moves_is_not_counted_twice(server):
    world = await found_world(server, days=(0, 1))
    await members(world, "Ana")
    await limit(world, bookingsADay=1, bookingsAhead=1, noOverlap=True)
    await done(server, "updateClub", "club { id }", who=world.admin, clubId=world.club, cancellationNoticeHours=0)
    booked = (await book(world, world.player("ana"), 0))["booking"]["id"]
    given = {"who": world.player("ana"), "bookingId": booked, "teeTimeId": world.tee_time(3)}
    await done(server, "moveBooking", "booking { id }", **given)
    limit_, free_at, _ = await refused_booking(world, world.player("ana"), 20)
    assert (limit_, free_at) == ("BOOKINGS_AHEAD", world.tee_times[3]["startsAt"])


async def test_guests_are_limited_by_day_and_by_year(server):
    world = await found_world(server, days=(0, 1))
    await members(world, "Ana", "Ben")
    await limit(world, guestsADay=2, sameGuestAYear=1)
    gus = [{"firstName": "Gus", "lastName": "Vega"}]
    await book(world, world.player("ana"), 0, places=1, players=gus)
    await book(world, world.player("ana"), 1, places=2)
    assert (await refused_booking(world, world.player("ana"), 2, places=2))[0] == "GUESTS_A_DAY"
    day = (world.day + timedelta(days=1)).isoformat()
    query = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { teeTimes { id } } }"
    later = (await server.run(query, who=world.staff, c=world.course, d=day)).data["teeSheet"]["teeTimes"][0]["id"]
    problem = await refused(world, "bookSlots", who=world.player("ben"), teeTimeId=later, places=1, players=gus)
    assert (problem["bookingLimit"], problem["freeOn"]) == (
        "SAME_GUEST_A_YEAR",
        (world.day + timedelta(days=365)).isoformat(),
    )
    other = [{"firstName": "Luz", "lastName": "Vega"}]
    await done(server, "bookSlots", "booking { id }", who=world.player("ben"), teeTimeId=later, places=1, players=other)


async def test_who_books_has_to_play_where_the_club_says_so(world):
    [ana] = await members(world, "Ana")
    await limit(world, bookerPlays=True)
    names = [{"firstName": "Gus", "lastName": "Vega"}]
    assert (await refused_booking(world, world.player("ana"), 0, players=names))[0] == "BOOKER_PLAYS"
    booked = await book(world, world.player("ana"), 0, places=2, players=[{"playerId": ana}])
    off = {"bookingId": booked["booking"]["id"], "players": [{"position": 1, "firstName": "Gus", "lastName": "Vega"}]}
    problem = await refused(world, "updateBooking", who=world.player("ana"), **off)
    assert problem["bookingLimit"] == "BOOKER_PLAYS"


async def test_who_cancels_too_often_waits(world, clock):
    await members(world, "Ana")
    await limit(world, cancellationsAWeek=2)
    await done(world.server, "updateClub", "club { id }", who=world.admin, clubId=world.club, cancellationNoticeHours=0)
    for number in (10, 11):
        booked = await book(world, world.player("ana"), number)
        await cancel(world, world.player("ana"), booked["booking"]["id"])
    limit_, free_at, _ = await refused_booking(world, world.player("ana"), 12)
    assert (limit_, free_at) == ("CANCELLATIONS_A_WEEK", (clock() + timedelta(days=7)).isoformat())


async def test_nobody_holds_for_ever_by_holding_again(world, clock):
    await members(world, "Ana")
    await limit(world, holdsAnHour=3)
    for _ in range(3):
        held = await hold(world, world.player("ana"))
        await done(world.server, "releaseHold", "hold { id }", who=world.player("ana"), holdId=held["hold"]["id"])
        clock.advance(minutes=5)
    problem = await refused(world, "holdSlots", who=world.player("ana"), teeTimeId=world.tee_time(), places=1)
    assert (problem["bookingLimit"], problem["freeAt"]) == (
        "HOLDS_AN_HOUR",
        (clock() + timedelta(minutes=45)).isoformat(),
    )
    clock.advance(minutes=45)
    held = await hold(world, world.player("ana"))
    await book(world, world.player("ana"), holdId=held["hold"]["id"])  # which counts no more
    for number in range(4, 7):
        await hold(world, world.staff, number)


@pytest.mark.parametrize(("price_class", "at"), [("MEMBER", "07:30"), ("PUBLIC", "09:00")])
async def test_booking_opens_at_a_time_of_the_clock_for_each_class(server, clock, price_class, at):
    world = await found_world(server, days=(0, 20))
    await add_player(world, "Ana", price_class, user_id="ana")
    days = {"memberWindowDays": 14, "publicWindowDays": 14}
    hours = {"memberOpensAt": "07:30", "publicOpensAt": "09:00"}
    await done(server, "updateClub", "club { id }", who=world.admin, clubId=world.club, **days, **hours)
    day = world.day + timedelta(days=20)
    query = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { teeTimes { id } } }"
    read = (await server.run(query, who=world.staff, c=world.course, d=day.isoformat())).data["teeSheet"]
    start = read["teeTimes"][0]["id"]
    clock.advance(days=6)  # 7:00 in Madrid, fourteen days before
    problem = await refused(world, "bookSlots", who=world.player("ana"), teeTimeId=start, places=1)
    hour, minute = (int(part) for part in at.split(":"))
    opens_at = clock().replace(hour=hour - 2, minute=minute)
    assert (problem["code"], problem["opensAt"]) == ("BOOKING_WINDOW_CLOSED", opens_at.isoformat())
    search = "query($c: ID!, $d: Date!) { availableTeeTimes(courseId: $c, firstDate: $d) { nodes { freePlaces } } }"
    given = {"who": world.player("ana"), "c": world.course, "d": day.isoformat()}
    assert (await server.run(search, **given)).data["availableTeeTimes"]["nodes"] == []
    clock.now = opens_at
    assert len((await server.run(search, **given)).data["availableTeeTimes"]["nodes"]) > 0
    await done(server, "bookSlots", "booking { id }", who=world.player("ana"), teeTimeId=start, places=1)


async def test_what_is_offered_to_who_waits_is_limited_too(world):
    await members(world, "Ana")
    await limit(world, bookingsADay=1)
    full = (await book(world, world.staff, 30 % len(world.tee_times), 4))["booking"]["id"]
    start = world.tee_times[30 % len(world.tee_times)]["localTime"]
    window = {"earliest": start, "latest": start, "partySize": 1}
    given = {"courseId": world.course, "date": world.day.isoformat()} | window
    entry = await done(world.server, "joinWaitlist", "waitlistEntry { id }", who=world.player("ana"), **given)
    await book(world, world.player("ana"), 0)
    await cancel(world, world.staff, full)
    query = "query($id: ID!) { node(id: $id) { ... on WaitlistEntry { offer { id } } } }"
    found = await world.server.run(query, who=world.player("ana"), id=entry["waitlistEntry"]["id"])
    offer = found.data["node"]["offer"]["id"]
    problem = await refused(world, "acceptWaitlistOffer", who=world.player("ana"), offerId=offer)
    assert problem["bookingLimit"] == "BOOKINGS_A_DAY"


async def test_the_desk_restores_and_regroups_beyond_limits(world):
    await members(world, "Ana", "Ben")
    one, two = [(await book(world, world.player("ana"), number, places=2))["booking"]["id"] for number in (0, 20)]
    await limit(world, bookingsADay=0, noOverlap=True)
    await cancel(world, world.staff, two)
    for operation, given in (
        ("restoreBooking", {}),
        ("swapBookings", {"otherBookingId": one}),
        ("splitBooking", {"positions": [2]}),
    ):
        await done(world.server, operation, "cursor", who=world.staff, bookingId=two, **given)
