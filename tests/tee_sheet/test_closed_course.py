"""What a closed course means for the sale of its starts: who is refused what, until when, and what goes on."""

from datetime import UTC, datetime, timedelta

import pytest

from jobs import tasks
from tests.harness import found_world
from tests.house.statements import listed, statements
from tests.tee_sheet.closing import close, set_status
from tests.tee_sheet.desk import (
    PAYER,
    add_player,
    ask,
    block,
    book,
    cancel,
    club_events,
    delay,
    done,
    forbidden,
    head,
    hold,
    play,
    refused,
    sheet,
    squeeze,
    types,
    unblock,
)
from tests.tee_sheet.test_moves_api import booked, make_course, make_sheet, move
from tests.tee_sheet.test_search_api import STARTS, found
from tests.tee_sheet.waiting import accept, decline, expire, fill, free, freed, join, node, offers, statuses

pytestmark = pytest.mark.lone  # what it runs looks at all clubs

MIDNIGHT = datetime(2026, 5, 4, 22, 0, tzinfo=UTC)
"""When the morning's day ends in Madrid."""
TODAY = {"__typename": "CourseClosed", "code": "COURSE_CLOSED", "courseStatus": "CLOSED"}
HOLD = "query($id: ID!) { node(id: $id) { ... on Hold { status } } }"


async def closed_to(world, operation, who, **given):
    """Have a mutation refused by the closure; tells until when it lasts."""
    problem = await refused(world, operation, who=who, **given)
    assert problem.items() >= TODAY.items(), problem
    return problem["closedUntil"]


async def add(world, who, booking, **more):
    given = {"bookingId": booking, "players": [{"firstName": "Eva"}]} | more
    return await done(world.server, "updateBooking", "booking { players { firstName } }", who=who, **given)


@pytest.mark.parametrize("somebody", ["staff", "ana"])
async def test_no_start_of_the_day_is_sold_and_each_of_another_day_is(world, somebody):
    who = world.staff if somebody == "staff" else world.player("ana")
    _, tomorrow = await make_sheet(world, days=1)
    held = (await hold(world, who, 1, places=2))["hold"]["id"]
    early = await booked(world, 2, who)
    late = await done(
        world.server, "bookSlots", "booking { id }", who=who, teeTimeId=tomorrow[0], places=1, payer=PAYER
    )
    await set_status(world, "CLOSED", reason="Standing water")
    problem = await refused(world, "holdSlots", who=who, teeTimeId=world.tee_time(), places=1)
    said = {"closedReason": "Standing water", "closedUntil": MIDNIGHT.isoformat(), "path": []}
    assert problem.items() >= (TODAY | said).items()
    start = {"teeTimeId": world.tee_time()}
    await closed_to(world, "bookSlots", who, **start, places=1, payer=PAYER)
    await closed_to(world, "bookSlots", who, holdId=held, payer=PAYER)
    await closed_to(world, "updateBooking", who, bookingId=early, players=[{"firstName": "Eva"}])
    if who is world.staff:  # a player's notice period is over
        await closed_to(world, "moveBooking", who, bookingId=early, **start)
    await closed_to(world, "moveBooking", who, bookingId=late["booking"]["id"], **start)
    await move(world, who, late["booking"]["id"], tomorrow[1])
    await add(world, who, late["booking"]["id"])
    given = {"who": who, "teeTimeId": tomorrow[-1], "places": 1}
    tomorrow_held = (await done(world.server, "holdSlots", "hold { id }", **given))["hold"]["id"]
    await done(world.server, "bookSlots", "booking { id }", who=who, holdId=tomorrow_held, payer=PAYER)


async def test_a_closure_ends_at_its_moment_and_a_start_at_that_moment_is_sold(world):
    ten = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
    await set_status(world, "CLOSED", until=ten)
    at = {row["localTime"]: row["id"] for row in world.tee_times}
    ana = world.player("ana")
    given = {"places": 1, "payer": PAYER}
    assert await closed_to(world, "bookSlots", ana, teeTimeId=at["09:50:00"], **given) == ten.isoformat()
    await done(world.server, "bookSlots", "booking { id }", who=ana, teeTimeId=at["10:00:00"], **given)
    world.server.clock.now = ten  # nobody has come to end it: it holds nobody up
    await done(world.server, "bookSlots", "booking { id }", who=ana, teeTimeId=at["10:10:00"], **given)


async def test_a_closure_of_several_days(world):
    starts = [(await make_sheet(world, days=days))[1][0] for days in range(1, 5)]
    until = MIDNIGHT + timedelta(days=2)
    await set_status(world, "CLOSED", until=until)
    for start in (world.tee_time(), *starts[:2]):
        assert await closed_to(world, "holdSlots", world.staff, teeTimeId=start, places=1) == until.isoformat()
    for start in starts[2:]:
        await done(world.server, "holdSlots", "hold { id }", who=world.staff, teeTimeId=start, places=1)


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        ("Asia/Tokyo", datetime(2026, 5, 4, 15, 0, tzinfo=UTC)),
        ("Europe/Madrid", datetime(2026, 5, 4, 22, 0, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 5, 5, 4, 0, tzinfo=UTC)),
    ],
)
async def test_a_closure_by_the_weather_covers_the_local_day_whichever_it_is_by_then(server, clock, zone, midnight):
    clock.now = midnight - timedelta(minutes=1)
    world = await found_world(server, zone=zone, days=(0, 1))
    world.day += timedelta(days=1)
    await world.read()
    await set_status(world, "CLOSED")
    held = await hold(world, world.staff, 0)
    clock.now = midnight
    next_one = (midnight + timedelta(days=1)).isoformat()
    given = {"teeTimeId": world.tee_time(), "places": 1}
    assert await closed_to(world, "holdSlots", world.staff, **given) == next_one
    assert await closed_to(world, "bookSlots", world.staff, holdId=held["hold"]["id"], payer=PAYER) == next_one


async def test_staff_sell_in_spite_of_it_when_they_say_so(world):
    force = {"evenIfClosed": True}
    _, [tomorrow, *_] = await make_sheet(world, days=1)
    given = {"teeTimeId": tomorrow, "places": 1, "payer": PAYER}
    later = (await done(world.server, "bookSlots", "booking { id }", who=world.staff, **given))["booking"]["id"]
    await set_status(world, "CLOSED")
    held = (await hold(world, world.staff, 0, **force))["hold"]["id"]
    await closed_to(world, "bookSlots", world.staff, holdId=held, payer=PAYER)
    await book(world, world.staff, holdId=held, **force)
    early = await booked(world, 1, **force)
    assert len((await add(world, world.staff, early, **force))["booking"]["players"]) == 2
    given = {"who": world.staff, "bookingId": later, "teeTimeId": world.tee_time(2)} | force
    await done(world.server, "moveBooking", "booking { id }", **given)
    assert (await sheet(world))["figures"]["players"] == 4


async def test_nobody_else_may_say_so_whether_it_is_closed_or_not(world):
    ana = world.player("ana")
    mine = await booked(world, 0, ana)
    await join(world, ana, 3)
    await freed(world, 3)
    [offer] = await offers(world)
    start = {"teeTimeId": world.tee_time(), "evenIfClosed": True}
    for _ in range(2):
        for operation, given in (
            ("holdSlots", start | {"places": 1}),
            ("bookSlots", start | {"places": 1, "payer": PAYER}),
            ("updateBooking", {"bookingId": mine, "payer": PAYER, "evenIfClosed": True}),
            ("moveBooking", {"bookingId": mine} | start),
            ("acceptWaitlistOffer", {"offerId": offer["id"], "evenIfClosed": True}),
        ):
            assert (await forbidden(world, operation, who=ana, **given)).code == "NOT_ALLOWED"
        await set_status(world, "CLOSED")


async def test_a_hold_that_a_closing_has_ended_says_that_the_course_is_closed(world):
    ana = world.player("ana")
    held = (await hold(world, ana, places=2))["hold"]["id"]
    before = await head(world)
    await close(world)
    assert types(await club_events(world, after=before, upto=await head(world))) == ["slot.available"] * 2
    await closed_to(world, "bookSlots", ana, holdId=held, payer=PAYER)
    ended = {"code": "HOLD_ENDED", "endedAs": "WITHDRAWN"}.items()
    assert (await refused(world, "releaseHold", who=ana, holdId=held)).items() >= ended
    given = {"holdId": held, "payer": PAYER, "evenIfClosed": True}
    assert (await refused(world, "bookSlots", who=world.staff, **given)).items() >= ended
    await set_status(world, "OPEN")
    assert (await refused(world, "bookSlots", who=ana, holdId=held, payer=PAYER)).items() >= ended
    await hold(world, ana, places=2)


async def test_an_offer_that_a_closing_has_ended_and_one_that_a_closure_has_grown_over(world):
    ana, ben = world.player("ana"), world.player("ben")
    await join(world, ana, 0)
    await freed(world, 0)
    [ended] = await offers(world)
    await close(world)
    problem = await refused(world, "acceptWaitlistOffer", who=ana, offerId=ended["id"])
    assert problem.items() >= {"code": "OFFER_ENDED", "offerStatus": "WITHDRAWN"}.items()
    await set_status(world, "OPEN")
    await join(world, ben, 1)
    await freed(world, 1)
    [offer] = await offers(world)
    await set_status(world, "CLOSED")
    await closed_to(world, "acceptWaitlistOffer", ben, offerId=offer["id"])
    await closed_to(world, "acceptWaitlistOffer", world.staff, offerId=offer["id"])
    await accept(world, world.staff, offer["id"], evenIfClosed=True)


async def test_what_sells_nothing_goes_on(world, clock):
    ana = world.player("ana")
    _, [tomorrow, *_] = await make_sheet(world, days=1)
    first, second, third = [await booked(world, n, places=2, paidCents=4500) for n in range(3)]
    held = [(await hold(world, world.player(name), n))["hold"]["id"] for n, name in ((4, "eva"), (5, "luis"))]
    await set_status(world, "CLOSED")
    swap = {"bookingId": second, "removePositions": [1], "players": [{"firstName": "Eva"}]}
    await done(world.server, "updateBooking", "booking { id }", who=world.staff, **swap)
    for change in ({"players": [{"position": 1, "firstName": "Ida"}]}, {"removePositions": [2]}, {"paidCents": 1}):
        await done(world.server, "updateBooking", "booking { id }", who=world.staff, bookingId=second, **change)
    await move(world, world.staff, second, tomorrow)
    entry = await join(world, ana, 6)
    await done(world.server, "leaveWaitlist", "waitlistEntry { id }", who=ana, entryId=entry["id"])
    given = {"who": world.staff, "bookingId": first, "holesPlayed": 0}
    check = (await done(world.server, "issueRainCheck", "rainCheck { code }", **given))["rainCheck"]
    given = {"who": world.staff, "code": check["code"], "bookingId": third, "forfeitRest": True}
    await done(world.server, "redeemRainCheck", "booking { id }", **given)
    await squeeze(world, "08:05")
    await delay(world, "08:10", 5)
    await play(world, "checkIn", third)
    await play(world, "teeOff", third)
    await done(world.server, "releaseHold", "hold { id }", who=world.player("eva"), holdId=held[0])
    clock.advance(minutes=10)
    await tasks.sweep_holds(world.server.runtime)
    assert (await world.server.run(HOLD, who=world.staff, id=held[1])).data["node"] == {"status": "EXPIRED"}
    clock.advance(hours=2)
    await play(world, "markNoShow", first)


async def test_places_that_come_free_are_told_and_offered_to_nobody(world, clock):
    ana = world.player("ana")
    _, [tomorrow, *_] = await make_sheet(world, days=1)
    bookings = [await fill(world, n) for n in range(3)]
    blocked = (await block(world, 3))["block"]["id"]
    await hold(world, world.player("late"), 4)
    released = await hold(world, world.player("ben"), 5)
    await set_status(world, "CLOSED")
    await join(world, ana, None)
    before = await head(world)
    await free(world, bookings[0])
    await done(
        world.server, "updateBooking", "booking { id }", who=world.staff, bookingId=bookings[1], removePositions=[1]
    )
    await move(world, world.staff, bookings[2], tomorrow)
    await unblock(world, blocked)
    await done(world.server, "releaseHold", "hold { id }", who=world.player("ben"), holdId=released["hold"]["id"])
    await squeeze(world, "08:05")
    clock.advance(minutes=10)
    await tasks.sweep_holds(world.server.runtime)
    for operation in ("takeTeeSheetOffline", "bringTeeSheetOnline"):
        given = {"courseId": world.course, "date": world.day.isoformat()}
        await done(world.server, operation, "teeSheet { id }", who=world.staff, **given)
    told = types(await club_events(world, after=before, upto=await head(world)))
    assert (told.count("slot.available"), told.count("slot.released")) == (4 + 1 + 4 + 4 + 1, 1)
    assert not {"slot.held", "waitlist.offer-created"} & set(told)
    assert await offers(world) == []
    await set_status(world, "OPEN")
    await cancel(world, world.staff, bookings[1])
    assert [offer["places"] for offer in await offers(world)] == [1]


async def test_a_start_behind_the_closure_is_offered_and_one_before_its_end_is_not(world):
    await set_status(world, "CLOSED", until=datetime(2026, 5, 4, 8, 0, tzinfo=UTC))
    at = {row["localTime"]: n for n, row in enumerate(world.tee_times)}
    await join(world, world.player("ana"), None)
    force = {"evenIfClosed": True}
    early = await booked(world, at["09:50:00"], places=4, **force)
    late = await fill(world, at["10:00:00"])
    await free(world, early)
    assert await offers(world) == []
    await free(world, late)
    assert [offer["teeTimeId"] for offer in await offers(world)] == [world.tee_time(at["10:00:00"])]


async def test_what_is_declined_or_not_answered_goes_to_nobody_once_it_is_closed(world):
    for number, name in enumerate(("ana", "ben")):
        await join(world, world.player(name), number)
        await freed(world, number)
        await join(world, world.player(f"behind {name}"), number)
    first, second = await offers(world)
    await set_status(world, "CLOSED")
    await decline(world, world.player("ana"), first["id"])
    assert types(await expire(world)) == ["waitlist.offer-expired", "slot.available"]
    assert await offers(world) == []
    assert (await node(world, second["id"]))["offerStatus"] == "EXPIRED"
    assert await statuses(world, 0) == await statuses(world, 1) == ["AVAILABLE"] * 4


async def test_a_search_finds_no_start_that_is_closed(world):
    await make_sheet(world, days=1)
    course = await make_course(world)
    await make_sheet(world, course=course, template={})
    both = {"club": world.club, "to": (world.day + timedelta(days=1)).isoformat(), "first": 100}
    given = both | {"from": world.day.isoformat()}
    for who in (world.player("ana"), world.staff):
        assert len(await found(world, who, **both)) == 75
    with statements(world.server) as usual:
        await world.server.run(STARTS, who=world.staff, **given)
    await set_status(world, "CLOSED")
    for who in (world.player("ana"), world.staff):
        assert len(await found(world, who, **both)) == 50
        assert await found(world, who) == []
        assert len(await found(world, who, course=course)) == 25
    await set_status(world, "CLOSED", course=course, until=datetime(2026, 5, 4, 8, 0, tzinfo=UTC))
    assert (await found(world, course=course))[0] == "10:00"
    assert len(await found(world, **both)) == 25 + 13
    with statements(world.server) as sent:
        await world.server.run(STARTS, who=world.staff, **given)
    assert len(sent) <= len(usual), listed(sent)
    await set_status(world, "CLOSED", until=MIDNIGHT + timedelta(days=1))
    assert len(await found(world, **both)) == 13
    await set_status(world, "CONDITIONAL")
    assert len(await found(world, **both)) == 50 + 13


async def test_a_repeat_gives_the_first_answer_although_the_course_has_closed(world):
    ana = world.player("ana")
    await add_player(world, "Ana", "MEMBER", user_id="ana")
    given = {"teeTimeId": world.tee_time(), "places": 2, "payer": PAYER, "idempotencyKey": "k"}
    first = (await ask(world.server, "bookSlots", who=ana, **given)).data["bookSlots"]
    await close(world)
    assert (await ask(world.server, "bookSlots", who=ana, **given)).data["bookSlots"] == first
    await closed_to(world, "bookSlots", ana, **given | {"idempotencyKey": "another"})
    await set_status(world, "OPEN")
    await book(world, ana, places=2, idempotencyKey="another")
