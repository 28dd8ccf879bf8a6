"""Places that are given up, held back for a while and released together, through the API."""

from asyncio import gather
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from domain.tee_sheet.offers.rules import release_of
from jobs import tasks
from tests.harness import found_world
from tests.tee_sheet.crowd import at_once
from tests.tee_sheet.desk import PAYER, book, cancel, club_events, delay, done, head, hold, refused, sheet, types
from tests.tee_sheet.test_snapshot_and_events import assert_followed
from tests.tee_sheet.waiting import fill, free, join, offers, statuses

RELEASE = "2026-05-04T07:30:00+00:00"
"""Half past nine in Madrid: the first time of the clock at which what is given up at seven is released."""
FOUND = """query($c: ID!, $d: Date!, $n: Int!, $h: Boolean!, $t: Time) {
  availableTeeTimes(courseId: $c, firstDate: $d, players: $n, heldBack: $h, earliest: $t) { edges { node {
    tee: teeTime { id } freePlaces heldBackPlaces releasedAt price { amountCents }
  } } }
}"""


@pytest_asyncio.fixture
async def world(server):
    """A club that holds back what is given up, and releases it at half past nine."""
    rules = {"heldBackMinutes": 30, "heldBackUntil": "09:30", "cancellationNoticeHours": 0}
    return await found_world(server, **rules)


async def held_back(world, number=-1):
    """Tell which places of a start are held back, and until when."""
    slots = (await sheet(world))["teeTimes"][number]["slots"]
    return [slot["heldUntil"] for slot in slots if slot["isHeldBack"]]


async def search(world, who, players=1, *, also=False, number=-1):
    """Find the last start of the day, if it is found."""
    given = {"c": world.course, "d": world.day.isoformat(), "n": players, "h": also}
    at = world.tee_times[number]["localTime"]
    answer = await world.server.run(FOUND, who=who, **given, t=at)
    return [edge["node"] for edge in answer.data["availableTeeTimes"]["edges"]]


async def test_what_is_cancelled_goes_to_who_waits_and_the_rest_is_held_back(world):
    ana = world.player("ana")
    await book(world, world.staff, places=1)
    booking = (await book(world, ana, places=3))["booking"]["id"]
    await join(world, world.player("ben"), size=2)
    before = await sheet(world)
    payload = await cancel(world, ana, booking)
    wanted = ["booking.cancelled", *["slot.available"] * 3, *["slot.held"] * 2, "waitlist.offer-created", "slot.held"]
    events = await club_events(world, after=before["cursor"], upto=payload["cursor"])
    assert types(events) == wanted
    assert (events[-1]["heldUntil"], events[-1]["isHeldBack"]) == (RELEASE, True)
    assert await held_back(world) == [RELEASE]
    await assert_followed(world, before)
    problem = await refused(world, "bookSlots", who=ana, teeTimeId=world.tee_time(), places=1, payer=PAYER)
    assert problem.items() >= {"code": "SLOTS_UNAVAILABLE", "placesLeft": 0, "releasedAt": RELEASE}.items()
    problem = await refused(world, "holdSlots", who=ana, teeTimeId=world.tee_time(), places=1)
    assert problem["releasedAt"] == RELEASE


async def test_the_staff_sell_what_is_held_back_and_no_more_of_it_than_they_need(world):
    await free(world, await fill(world))
    before = await sheet(world)
    await book(world, world.staff, places=1)
    await hold(world, world.staff, places=2)
    assert (await statuses(world), len(await held_back(world))) == (["BOOKED", "HELD", "HELD", "HELD"], 1)
    booking = await fill(world, 0, 1)
    await done(world.server, "moveBooking", "cursor", who=world.staff, bookingId=booking, teeTimeId=world.tee_time())
    assert await held_back(world) == []
    await assert_followed(world, before)


async def test_a_booking_is_restored_to_places_that_are_held_back(world):
    booking = await fill(world, places=3)
    await cancel(world, world.staff, booking)
    await done(world.server, "restoreBooking", "booking { id }", who=world.staff, bookingId=booking)
    assert (await statuses(world)).count("BOOKED") == 3
    assert await held_back(world) == [RELEASE], "the place that was free all the time was taken first"


@pytest.mark.parametrize("way", ["update", "leave", "move"])
async def test_what_players_give_up_otherwise_is_held_back_too(world, way):
    player = {"firstName": "Ana", "lastName": "Pérez", "priceClass": "MEMBER", "userId": "ana"}
    await done(world.server, "addPlayer", "player { id }", who=world.staff, clubId=world.club, **player)
    ana = world.player("ana")
    booking = {"bookingId": (await book(world, ana, places=2))["booking"]["id"]}
    if way == "update":
        await done(world.server, "updateBooking", "cursor", who=ana, **booking, removePositions=[2])
    elif way == "leave":
        await done(world.server, "leaveBooking", "cursor", who=ana, **booking)
    else:
        await done(world.server, "moveBooking", "cursor", who=ana, **booking, teeTimeId=world.tee_time(-2))
    assert await held_back(world) == [RELEASE] * (2 if way == "move" else 1)
    assert await held_back(world, -2) == []


async def test_what_is_released_goes_to_who_waits_by_then_and_to_everybody(world, clock):
    for number in (-1, -2):
        await free(world, await fill(world, number))
        clock.advance(minutes=10)
    await join(world, world.player("ben"), size=3)
    before = await sheet(world)
    clock.now = datetime.fromisoformat(RELEASE) - timedelta(seconds=1)
    await tasks.sweep_holds(world.server.runtime)
    assert await head(world) == before["cursor"]
    clock.advance(seconds=1)
    await tasks.sweep_holds(world.server.runtime)
    assert [offer["teeTimeId"] for offer in await offers(world)] == [world.tee_time(-1)]
    assert await statuses(world) == ["HELD"] * 3 + ["AVAILABLE"]
    assert await statuses(world, -2) == ["AVAILABLE"] * 4
    assert await held_back(world) == []
    await assert_followed(world, before)


async def test_nobody_waits_for_the_worker_when_the_moment_has_come(world, clock):
    await free(world, await fill(world))
    clock.now = datetime.fromisoformat(RELEASE)
    await book(world, world.player("ana"), places=4)
    assert await statuses(world) == ["BOOKED"] * 4


async def test_searches_say_what_is_held_back_and_count_it_where_it_can_be_sold(world):
    await book(world, world.staff)
    await free(world, await fill(world, places=2))
    ana, found = world.player("ana"), {"freePlaces": 1, "heldBackPlaces": 2, "releasedAt": RELEASE}
    shown = found | {"tee": {"id": world.tee_time()}, "price": {"amountCents": 9000}}
    assert await search(world, ana) == [shown]
    assert await search(world, ana, 3) == []
    assert await search(world, ana, 3, also=True) == await search(world, world.staff, 3) == [shown]
    assert await search(world, world.staff, 4) == []


async def test_what_a_block_covers_is_held_back_no_more(world):
    await free(world, await fill(world))
    before = await sheet(world)
    at = world.tee_times[-1]["localTime"]
    given = {"courseId": world.course, "date": world.day.isoformat(), "firstStart": at, "lastStart": at}
    made = await done(world.server, "addBlock", "block { id }", who=world.staff, kind="OTHER", **given)
    assert await statuses(world) == ["BLOCKED"] * 4
    await done(world.server, "removeBlock", "cursor", who=world.staff, blockId=made["block"]["id"])
    assert (await statuses(world), await held_back(world)) == (["AVAILABLE"] * 4, [])
    await assert_followed(world, before)


async def test_of_many_who_sell_at_once_each_gets_other_places(world, clock):
    await free(world, await fill(world))
    before = await sheet(world)
    given = {"teeTimeId": world.tee_time(), "places": 1, "payer": PAYER}
    clock.now = datetime.fromisoformat(RELEASE)
    selling = at_once(world, "bookSlots", [world.staff, world.player("ana")] * 3, **given)
    payloads, _ = await gather(selling, tasks.sweep_holds(world.server.runtime))
    assert sum(payload["booking"] is not None for payload in payloads) == 4
    assert await statuses(world) == ["BOOKED"] * 4
    await assert_followed(world, before)


async def test_a_start_that_comes_back_releases_in_time_to_be_sold(world):
    start = datetime.fromisoformat(world.tee_times[-1]["startsAt"])
    at = world.tee_times[-1]["localTime"]
    await delay(world, at, 120)
    hour_before = (start - timedelta(hours=1)).astimezone(MADRID).time().isoformat()
    given = {"clubId": world.club, "heldBackUntil": hour_before}
    await done(world.server, "updateClub", "cursor", who=world.admin, **given)
    await free(world, await fill(world))
    before = await sheet(world)
    assert await held_back(world) == [(start - timedelta(hours=1)).isoformat()] * 4
    later = (start + timedelta(hours=2)).astimezone(MADRID).time().isoformat()
    await delay(world, later, -120)
    assert await held_back(world) == [(start - timedelta(hours=2)).isoformat()] * 4
    await assert_followed(world, before)


async def test_a_club_that_holds_nothing_back_has_it_free_at_once(world):
    await done(world.server, "updateClub", "cursor", who=world.admin, clubId=world.club, heldBackMinutes=0)
    await free(world, await fill(world))
    assert await statuses(world) == ["AVAILABLE"] * 4
    for minutes in (-1, 10_081):
        given = {"clubId": world.club, "heldBackMinutes": minutes}
        assert (await refused(world, "updateClub", who=world.admin, **given))["path"] == ["input", "heldBackMinutes"]


MADRID = ZoneInfo("Europe/Madrid")


def instant(text):
    return datetime.fromisoformat(text).replace(tzinfo=MADRID).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "start", "minutes", "at", "release"),
    [
        ("2026-05-04T07:00", "2026-05-08T12:00", 0, "19:00", None),
        ("2026-05-04T07:00", "2026-05-08T12:00", 60, "19:00", "2026-05-04T19:00"),
        ("2026-05-04T18:00", "2026-05-08T12:00", 60, "19:00", "2026-05-04T19:00"),  # the moment itself
        ("2026-05-04T18:01", "2026-05-08T12:00", 60, "19:00", "2026-05-05T19:00"),
        ("2026-05-04T23:30", "2026-05-08T12:00", 60, "19:00", "2026-05-05T19:00"),
        ("2026-05-04T20:00", "2026-05-05T12:00", 60, "19:00", "2026-05-04T21:00"),  # the clock's time comes too late
        ("2026-05-04T09:00", "2026-05-04T12:00", 60, "19:00", "2026-05-04T10:00"),
        ("2026-05-04T09:01", "2026-05-04T12:00", 60, "19:00", None),  # so does an hour
        ("2026-03-28T20:00", "2026-04-02T12:00", 60, "02:30", "2026-03-29T03:30"),  # a time that the clock jumps over
    ],
)
def test_when_a_place_is_released(now, start, minutes, at, release):
    given = {"minutes": minutes, "at": time.fromisoformat(at), "zone": MADRID}
    found = release_of(now=instant(now), starts_at=instant(start), **given)
    assert found == (release and instant(release))
