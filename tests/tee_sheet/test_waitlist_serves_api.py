"""What is free is offered to who asks for it, and nobody waits for what they have, through the API."""

from asyncio import gather
from datetime import timedelta

import pytest
from sqlalchemy import text

from jobs import tasks
from tests.harness import found_world
from tests.tee_sheet.desk import add_player, book, cancel, club_events, delay, done, head, refused, types
from tests.tee_sheet.test_telling_parties import kinds
from tests.tee_sheet.waiting import accept, decline, fill, found_ahead, free, freed, join, leave, node, offers, waitlist


async def test_what_is_free_is_offered_to_who_joins(world):
    entry = await join(world, world.player("ana"), None, size=2, offerNow=True)
    assert entry["offer"]["teeTimeId"] == world.tee_time(0), "the first start of the day"
    assert (await accept(world, world.player("ana"), entry["offer"]["id"]))["booking"]["status"] == "CONFIRMED"


async def test_nothing_is_offered_where_too_little_is_free(world):
    await fill(world, places=3)
    entry = await join(world, world.player("ana"), size=2, offerNow=True)
    assert entry["offer"] is None


async def test_who_joins_later_gets_nothing_that_somebody_before_them_wants(world):
    first = await join(world, world.player("ana"), size=4)
    second = await join(world, world.player("ben"), size=4, offerNow=True)
    assert second["offer"] is None
    assert [offer["entryId"] for offer in await offers(world)] == [first["id"]]


async def test_who_declines_is_offered_another_start_at_once(world):
    ana = world.player("ana")
    first = (await join(world, ana, None, offerNow=True))["offer"]
    await decline(world, ana, first["id"])
    [second] = await offers(world)
    assert (second["teeTimeId"], second["id"] == first["id"]) == (world.tee_time(1), False)


async def test_nobody_waits_for_what_their_class_cannot_book_yet(server, clock):
    world = await found_world(server, days=(0, 13))
    day = (world.day + timedelta(days=13)).isoformat()
    given = {"courseId": world.course, "date": day, "partySize": 4, "firstName": "Ana", "lastName": "Gil"}
    for who in (world.player("ana"), world.staff):
        problem = await refused(world, "joinWaitlist", who=who, **given)
        assert (problem["code"], problem["daysAhead"]) == ("BOOKING_WINDOW_CLOSED", 7)


async def test_who_books_such_a_start_waits_no_longer(world):
    ana = world.player("ana")
    entry = await join(world, ana, None, size=2, offerNow=True)
    small = await join(world, world.player("ben"), None, size=1)
    before = await head(world)
    last = await book(world, ana, 5, places=2)
    assert (await node(world, entry["id"]))["status"] == "BOOKED"
    assert [row["id"] for row in (await waitlist(world))["entries"]] == [small["id"]]
    events = types(await club_events(world, after=before, upto=last["cursor"]))
    assert events[:5] == ["booking.created", "slot.booked", "slot.booked", "waitlist.left", "waitlist.offer-declined"]
    assert [offer["entryId"] for offer in await offers(world)] == [small["id"]], "what was offered goes on"


async def test_a_booking_that_is_too_small_or_at_another_time_leaves_who_waits(world):
    ana = world.player("ana")
    entry = await join(world, ana, 3, size=2)
    await book(world, ana, 3, places=1)
    await book(world, ana, 4, places=2)
    assert (await node(world, entry["id"]))["status"] == "WAITING"


async def test_a_player_whom_the_staff_book_waits_no_longer(world):
    eva = await add_player(world, "Eva", "MEMBER")
    entry = await join(world, world.staff, None, playerId=eva, firstName="", lastName="")
    await book(world, world.staff, 3, players=[{"playerId": eva}])
    assert (await node(world, entry["id"]))["status"] == "BOOKED"


async def test_an_offer_follows_a_delay_and_ends_where_the_start_does_not_do(world):
    ana, ben = world.player("ana"), world.player("ben")
    until = world.tee_times[1]["localTime"]
    wide = (await join(world, ana, None, offerNow=True))["offer"]
    narrow = (await join(world, ben, None, latest=until, offerNow=True))["offer"]
    assert [wide["teeTimeId"], narrow["teeTimeId"]] == [world.tee_time(0)] * 2
    await delay(world, "08:00", 30)
    assert await kinds(world, "ana", "ben") == [
        ["WAITLIST_OFFER_MOVED", "WAITLIST_OFFER"],
        ["WAITLIST_OFFER_WITHDRAWN", "WAITLIST_OFFER"],
    ]
    assert [offer["id"] for offer in await offers(world)] == [wide["id"]]


async def test_many_who_join_at_once_are_offered_each_place_once(world):
    people = [world.player(f"p{n}") for n in range(12)]
    await gather(*(join(world, who, None, size=2, offerNow=True) for who in people))
    live = await offers(world)
    assert len({offer["entryId"] for offer in live}) == len(live)
    starts = [offer["teeTimeId"] for offer in live]
    assert all(starts.count(start) <= 2 for start in starts)


async def test_who_joins_anew_is_not_offered_the_same_again(world):
    ana = world.player("ana")
    first = await join(world, ana, 0, offerNow=True)
    await leave(world, ana, first["id"])
    again = await join(world, ana, 0, offerNow=True)
    assert (first["offer"]["teeTimeId"], again["offer"]) == (world.tee_time(0), None)


async def test_who_books_for_others_waits_on(world):
    await add_player(world, "Ana", "MEMBER", "ana")
    entry = await join(world, world.player("ana"), 3)
    await book(world, world.player("ana"), 3, players=[{"firstName": "Max", "lastName": "Moe"}])
    assert (await node(world, entry["id"]))["status"] == "WAITING"


@pytest.mark.parametrize("way", ["updateBooking", "moveBooking", "restoreBooking"])
async def test_who_comes_to_such_a_start_by_another_way_waits_no_longer(world, way):
    eva = await add_player(world, "Eva", "MEMBER")
    if way == "updateBooking":
        given = {"bookingId": await fill(world, 3, 1), "players": [{"playerId": eva}]}
    else:
        made = await book(world, world.staff, 4 if way == "moveBooking" else 3, players=[{"playerId": eva}])
        given = {"bookingId": made["booking"]["id"]}
    if way == "moveBooking":
        given |= {"teeTimeId": world.tee_time(3)}
    elif way == "restoreBooking":
        await cancel(world, world.staff, given["bookingId"])
    entry = await join(world, world.staff, 3, playerId=eva, firstName="", lastName="")
    await done(world.server, way, "booking { id }", who=world.staff, **given)
    assert (await node(world, entry["id"]))["status"] == "BOOKED"


async def test_a_start_that_is_delayed_into_what_somebody_asked_for_is_offered(world):
    await delay(world, "12:00", 20)
    entry = await join(world, world.player("ana"), None, earliest="12:10")
    await delay(world, "11:50", 20)
    [offer] = await offers(world)
    assert (offer["entryId"], offer["teeTimeId"]) == (entry["id"], world.tee_time(-2))


SERVE = text(
    "SELECT convert_from(payload, 'UTF8')::json ->> 'sheet_id' FROM pgqueuer WHERE entrypoint = 'serve_waitlist'"
)


async def test_who_is_passed_over_until_booking_opens_is_served_then(server, clock):
    world = await found_ahead(server, 6)
    ana = await join(world, world.player("ana"), size=4)
    await done(server, "updateClub", "club { id }", who=world.admin, clubId=world.club, publicWindowDays=5)
    await add_player(world, "Ben", "MEMBER", "ben")
    ben = await join(world, world.player("ben"), size=2)
    await freed(world)
    assert [offer["entryId"] for offer in await offers(world)] == [ben["id"]], "who may book by now"
    await leave(world, world.player("ben"), ben["id"])
    async with server.runtime.database.tenant(world.tenant_id) as session:
        [sheet_id] = await session.scalars(SERVE, {"tenant": str(world.tenant_id)})
    clock.advance(hours=16, minutes=59)  # to a minute before midnight, when the fifth day before begins
    await tasks.serve_waitlist(server.runtime, tenant_id=world.tenant_id, sheet_id=sheet_id)
    assert await offers(world) == []
    clock.advance(minutes=1)
    await tasks.serve_waitlist(server.runtime, tenant_id=world.tenant_id, sheet_id=sheet_id)
    assert [offer["entryId"] for offer in await offers(world)] == [ana["id"]]


async def test_what_comes_free_while_people_join_is_offered_to_one_of_them(world):
    people = [world.player(f"p{n}") for n in range(4)]
    await fill(world, 0, 4)
    for number in (1, 2):
        booking = await fill(world, number)
        at = {"earliest": world.tee_times[0]["localTime"], "latest": world.tee_times[number]["localTime"]}
        waiting = [join(world, who, None, size=4, offerNow=True, **at) for who in people]
        entries, _ = await gather(gather(*waiting), free(world, booking))
        assert len(await offers(world)) == 1
        for who, entry in zip(people, entries, strict=True):
            await leave(world, who, entry["id"])
        await fill(world, number)
