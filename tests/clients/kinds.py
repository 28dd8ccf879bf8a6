"""All that `@fairway/live` follows, each with an act that changes it."""

from datetime import timedelta

from tests.caddies import shack
from tests.clients.following import Kind
from tests.guests.party import found_party
from tests.harness import Who, World
from tests.matching.golf import do, golfer
from tests.tee_sheet.desk import book, cancel, hold


async def sheet(world: World) -> Kind:
    async def act() -> None:
        await hold(world, world.player("eva"), 5)

    return Kind("followSheet", {"courseId": world.course, "date": world.day.isoformat()}, world.staff, act)


async def course(world: World) -> Kind:
    async def act() -> None:
        given = {"courseId": world.course, "status": "CLOSED", "reason": "Lightning seen"}
        made = await world.server.mutate("setCourseStatus", "cursor", who=world.staff, **given)
        assert made["problems"] == []

    return Kind("followCourse", {"courseId": world.course}, world.staff, act)


async def caddies(world: World) -> Kind:
    await shack.add_all(world, "Ana Eva Luis")

    async def act() -> None:
        await shack.start(world)

    return Kind("followCaddies", {"clubId": world.club}, world.staff, act)


async def occasion(world: World) -> Kind:
    party = await found_party(world)

    async def act() -> None:
        await party.invite("Vale", "Robin", "Kim")

    return Kind("followOccasion", {"occasionId": party.id}, party.planner, act)


async def headcounts(world: World) -> Kind:
    party = await found_party(world)

    async def act() -> None:
        await party.invite("Vale", "Robin", "Kim")

    return Kind("followOccasion", {"occasionId": party.id, "plans": False}, world.staff, act)


async def posts(world: World) -> Kind:
    party = await found_party(world)
    await party.invite("Vale", "Robin")

    async def act() -> None:
        given = {"occasionId": party.id, "kind": "GUESTBOOK", "text": "What a day"}
        await party.done("addPost", "post { id }", who=party.guest("Vale"), **given)

    return Kind("followPosts", {"occasionId": party.id}, party.planner, act)


async def notifications(world: World) -> Kind:
    booked = await book(world, world.player("ana"))

    async def act() -> None:
        await cancel(world, world.staff, booked["booking"]["id"])

    return Kind("followNotifications", {}, world.player("ana"), act)


async def hosted(world: World, who: Who) -> str:
    starts = (world.server.clock() + timedelta(days=3)).isoformat()
    given = {
        "placeName": "Old Course",
        "city": "Malaga",
        "timeZone": "Europe/Madrid",
        "latitude": 36.7,
        "longitude": -4.4,
    }
    made = await do(world, "hostTeeTime", who=who, selection="hostedTeeTime { id }", startsAt=starts, places=3, **given)
    return str(made["hostedTeeTime"]["id"])


async def feed(world: World) -> Kind:
    (ana, _), (eva, _) = await golfer(world, "ana"), await golfer(world, "eva")

    async def act() -> None:
        await hosted(world, ana)

    return Kind("followFeed", {}, eva, act)


async def room(world: World) -> Kind:
    (ana, _), (eva, _) = await golfer(world, "ana"), await golfer(world, "eva")
    tee_time = await hosted(world, ana)

    async def act() -> None:
        await do(world, "joinTeeTime", who=eva, selection="cursor", teeTimeId=tee_time)

    return Kind("followHostedTeeTime", {"teeTimeId": tee_time}, ana, act)


EACH = (sheet, course, caddies, occasion, headcounts, posts, notifications, feed, room)


async def found_each(world: World) -> list[Kind]:
    """Make each in a world, so that it can be followed."""
    return [await kind(world) for kind in EACH]
