"""Each `follow…` of `@fairway/live` shows what a fresh query says, whatever happens."""

from datetime import timedelta

import pytest

from tests.caddies import shack
from tests.clients.client import network
from tests.clients.following import following
from tests.guests.party import found_party
from tests.matching.golf import do, golfer
from tests.notifications.desk import tell
from tests.tee_sheet.desk import hold


async def sheet(world):
    async def act():
        await hold(world, world.player("eva"), 5)

    return "followSheet", {"courseId": world.course, "date": world.day.isoformat()}, world.staff, act


async def course(world):
    async def act():
        given = {"courseId": world.course, "status": "CLOSED", "reason": "Lightning seen"}
        made = await world.server.mutate("setCourseStatus", "cursor", who=world.staff, **given)
        assert made["problems"] == []

    return "followCourse", {"courseId": world.course}, world.staff, act


async def caddies(world):
    await shack.add_all(world, "Ana Eva Luis")

    async def act():
        await shack.start(world)

    return "followCaddies", {"clubId": world.club}, world.staff, act


async def occasion(world):
    party = await found_party(world)

    async def act():
        await party.invite("Vale", "Robin", "Kim")

    return "followOccasion", {"occasionId": party.id}, party.planner, act


async def headcounts(world):
    party = await found_party(world)

    async def act():
        await party.invite("Vale", "Robin", "Kim")

    return "followOccasion", {"occasionId": party.id, "plans": False}, world.staff, act


async def posts(world):
    party = await found_party(world)
    await party.invite("Vale", "Robin")

    async def act():
        given = {"occasionId": party.id, "kind": "GUESTBOOK", "text": "What a day"}
        await party.done("addPost", "post { id }", who=party.guest("Vale"), **given)

    return "followPosts", {"occasionId": party.id}, party.planner, act


async def notifications(world):
    async def act():
        await tell(world, world.player("ana"))

    return "followNotifications", {}, world.player("ana"), act


async def hosted(world, who):
    starts = (world.server.clock() + timedelta(days=3)).isoformat()
    given = {
        "placeName": "Old Course",
        "city": "Malaga",
        "timeZone": "Europe/Madrid",
        "latitude": 36.7,
        "longitude": -4.4,
    }
    made = await do(world, "hostTeeTime", who=who, selection="hostedTeeTime { id }", startsAt=starts, places=3, **given)
    return made["hostedTeeTime"]["id"]


async def feed(world):
    (ana, _), (eva, _) = await golfer(world, "ana"), await golfer(world, "eva")

    async def act():
        await hosted(world, ana)

    return "followFeed", {}, eva, act


async def room(world):
    (ana, _), (eva, _) = await golfer(world, "ana"), await golfer(world, "eva")
    tee_time = await hosted(world, ana)

    async def act():
        await do(world, "joinTeeTime", who=eva, selection="cursor", teeTimeId=tee_time)

    return "followHostedTeeTime", {"teeTimeId": tee_time}, ana, act


EACH = [sheet, course, caddies, occasion, headcounts, posts, notifications, feed, room]


@pytest.mark.parametrize("kind", EACH, ids=lambda kind: kind.__name__)
async def test_what_is_followed_is_what_a_fresh_query_says(kind, world, live):
    what, on, who, act = await kind(world)
    token = who.token(world.server.clock())
    async with (
        network(world.server.url) as (between, url),
        following(live, what, url=url, token=token, **on) as screen,
    ):
        await screen.note()
        between.cut()  # what happens while nobody hears it is heard afterwards
        await act()
        await screen.is_right()
