"""The feed hears of each change of a hosted tee time that follows from what happens to the booking behind it."""

import pytest

from tests.matching.golf import golfer
from tests.matching.test_bookings_behind import behind, book
from tests.matching.test_feed_changes import Watch, snapshot
from tests.matching.test_hosted import act
from tests.matching.test_live_feed import FEED, Screen, all_follow

EVA = {"firstName": "Eva", "lastName": "Prado"}
NOA = {"firstName": "Noa", "lastName": "Vado"}


class Kept(Watch):
    """A screen that takes events until it shows what a fresh look shows."""

    async def follow(self):
        """Take what comes; give all that was said to change, or none where nothing came."""
        fresh = {row["teeTimeId"]: row for row in (await snapshot(self.world, self.who))["nodes"]}
        changes = set()
        while self.screen.rows != fresh:
            event = await self.socket.event()
            changes |= set(event["changes"]) | ({"out"} if not event["inFeed"] else set())
            self.screen.apply(event)
        await self.hear()
        return changes


@pytest.fixture
async def kept(world):
    """Ben's screen, with a tee time on it that Ana hosts with a booking of four places, of which Eva has joined one."""
    (ana, _), (ben, _), (eva, _) = [await golfer(world, name) for name in ("ana", "ben", "eva")]
    world.ana, world.eva, world.booking = ana, eva, await book(world, ana)
    world.hosted = await behind(world, ana, world.booking)
    await act(world, "joinTeeTime", who=eva, teeTimeId=world.hosted["id"])
    page = await snapshot(world, ben)
    async with world.server.socket(ben) as socket:
        await socket.subscribe(FEED, after=page["cursor"])
        await all_follow(world.server, 1)
        yield Kept(world, ben, Screen(page), socket)


async def desk(world, operation, selection="booking { id }", who=None, **given):
    payload = await world.server.mutate(operation, selection, who=who or world.staff, **given)
    assert payload["problems"] == [], payload
    return payload


async def test_a_moved_delayed_cancelled_and_restored_booking(world, kept):
    mine = {"bookingId": world.booking}
    await desk(world, "moveBooking", **mine, teeTimeId=world.tee_time(-2))
    assert await kept.follow() == {"startsAt"}
    given = {"courseId": world.course, "date": world.day.isoformat(), "firstStart": "06:00", "minutes": 20}
    await desk(world, "delayTeeTimes", "teeSheet { id }", **given)
    assert await kept.follow() == {"startsAt"}
    await desk(world, "cancelBooking", **mine)
    assert await kept.follow() == {"status", "out"}
    await desk(world, "restoreBooking", **mine)
    assert "status" in await kept.follow()
    assert list(kept.screen.rows) == [world.hosted["id"]]


async def test_players_who_are_named_or_taken_off_by_the_desk(world, kept):
    mine = {"bookingId": world.booking}
    await desk(world, "updateBooking", **mine, players=[{"position": 4, **NOA}])
    assert await kept.follow() == {"places", "openPlaces"}
    await desk(world, "updateBooking", **mine, removePositions=[2])
    assert await kept.follow() <= {"places", "openPlaces"}
    await desk(world, "updateBooking", **mine, players=[{"position": 3, **EVA}])
    assert "out" in await kept.follow()
    assert kept.screen.rows == {}


async def test_bookings_that_are_split_joined_swapped_and_merged(world, kept):
    mine = {"bookingId": world.booking}
    other = await book(world, world.ana, tee_time=world.tee_time(-2), players=[NOA], places=1)
    await desk(world, "swapBookings", **mine, otherBookingId=other)
    assert await kept.follow() == {"startsAt"}
    await desk(world, "splitBooking", **mine, positions=[4], payer=NOA)
    assert await kept.follow() == {"places", "openPlaces"}
    await desk(world, "movePlayers", **mine, otherBookingId=other, positions=[2])
    await kept.follow()
    await desk(world, "mergeBookings", bookingId=other, otherBookingIds=[world.booking])
    assert "out" in await kept.follow()


async def test_what_changes_nothing_in_the_feed_is_not_told(world, kept):
    given = {"courseId": world.course, "status": "CLOSED", "reason": "Fog"}
    await desk(world, "setCourseStatus", "course { id }", **given)
    assert await kept.follow() == set()
    await desk(world, "clearCourseStatusOverride", "course { id }", courseId=world.course)
    await desk(world, "checkIn", bookingId=world.booking, positions=[1])
    assert await kept.follow() == set()
    assert list(kept.screen.rows) == [world.hosted["id"]]
