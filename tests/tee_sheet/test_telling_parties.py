"""Who is told that a booking was moved, changed, delayed or blocked; and for how long a player hears of it."""

from dataclasses import replace

import pytest

from kit.ids import parse_id
from tests.notifications.desk import told
from tests.tee_sheet.board import BOOKING_EVENTS
from tests.tee_sheet.desk import add_player, block, book, cancel, delay, done, head

WANTED = "booking { id players { position playerId } }"


@pytest.fixture
def ana(world):
    return world.player("ana")


async def party(world):
    """Have the desk book for Ana, as a guest without an account, and for Ben, whom the club knows."""
    ben = await add_player(world, "Ben", "MEMBER", user_id="ben")
    players = [{"firstName": "Ana"}, {"playerId": ben}]
    booked = await book(world, world.clerk("ana"), 3, places=2, players=players)
    return booked["booking"]["id"], ben


async def change(world, who, booking, **given):
    return await done(world.server, "updateBooking", WANTED, who=who, bookingId=booking, **given)


async def kinds(world, *names):
    """Give what people were told of, but for the booking itself."""
    found = [await told(world, world.player(name)) for name in names]
    return [[row["kind"] for row in rows if row["kind"] != "BOOKED_FOR_YOU"] for rows in found]


async def test_a_moved_booking_is_told_to_its_party_and_not_to_who_moved_it(world, ana):
    booking, _ = await party(world)
    given = {"bookingId": booking, "teeTimeId": world.tee_time(6)}
    await done(world.server, "moveBooking", "booking { id }", who=world.staff, **given)
    assert await kinds(world, "ana", "ben", "staff") == [["BOOKING_MOVED"], ["BOOKING_MOVED"], []]
    [row] = await told(world, ana)
    assert (row["bookingId"], row["teeTimeId"]) == (booking, world.tee_time(6))
    assert world.tee_times[6]["localTime"][:5] in row["body"]
    await done(
        world.server,
        "moveBooking",
        "booking { id }",
        who=replace(world.staff, user_id="ana"),
        bookingId=booking,
        teeTimeId=world.tee_time(7),
    )
    assert await kinds(world, "ana", "ben") == [["BOOKING_MOVED"], ["BOOKING_MOVED"] * 2]


async def test_a_changed_booking_is_told_and_also_to_who_was_taken_off_it(world, ana):
    booking, _ = await party(world)
    await change(world, world.staff, booking, paidCents=100)
    assert await kinds(world, "ana", "ben") == [[], []], "what was paid alone is nobody's news"
    await change(world, world.staff, booking, removePositions=[2])
    assert await kinds(world, "ana", "ben") == [["BOOKING_UPDATED"], ["BOOKING_UPDATED"]]
    await change(world, world.staff, booking, payer={"firstName": "Eva", "lastName": "Gil"})
    assert await kinds(world, "ana", "ben") == [["BOOKING_UPDATED"] * 2, ["BOOKING_UPDATED"]]


async def test_a_kept_booking_under_a_block_is_told_to_its_party(world, ana):
    booking, _ = await party(world)
    await book(world, world.player("cleo"), 3)
    await block(world, 4)
    assert await kinds(world, "ana", "ben", "cleo") == [[], [], []]
    await block(world, 3, keepBookings=True)
    assert await kinds(world, "ana", "ben", "cleo") == [["BLOCKED"]] * 3
    assert (await told(world, ana))[0]["bookingId"] == booking


async def test_a_delay_is_told_with_the_new_start(world, ana):
    await party(world)
    await delay(world, world.tee_times[3]["localTime"], 7)
    assert await kinds(world, "ana", "ben", "staff") == [["TEE_TIMES_DELAYED"], ["TEE_TIMES_DELAYED"], []]
    [row] = await told(world, ana)
    hour, minute = world.tee_times[3]["localTime"].split(":")[:2]
    assert f"{hour}:{int(minute) + 7:02}" in row["body"]


def by_user(world, ben):
    return world.player("ben")


def by_player(world, ben):
    return world.player("somebody", player_id=parse_id("player", ben))


@pytest.mark.parametrize("as_whom", [by_user, by_player])
async def test_who_is_taken_off_a_booking_hears_that_and_nothing_after_it(world, ana, as_whom):
    booking, ben = await party(world)
    people = [as_whom(world, ben), ana, world.staff]
    heard = []
    before = await head(world)
    async with (
        world.server.socket(people[0]) as one,
        world.server.socket(ana) as two,
        world.server.socket(world.staff) as three,
    ):
        sockets = [one, two, three]
        for socket in sockets:
            await socket.subscribe(BOOKING_EVENTS, b=booking, after=before)
        await change(world, world.staff, booking, payer={"firstName": "Eva", "lastName": "Gil"})
        await change(world, world.staff, booking, removePositions=[2])
        await change(world, world.staff, booking, payer={"firstName": "Ada", "lastName": "Gil"})
        await change(world, world.staff, booking, players=[{"playerId": ben}])
        await cancel(world, world.staff, booking)
        for socket in sockets:
            events = []
            while not events or events[-1]["type"] != "booking.cancelled":
                events.append(await socket.event())
            heard.append(events)
    assert heard[1][-1]["cursor"] == heard[0][-1]["cursor"]
    cursors = [[event["cursor"] for event in events] for events in heard]
    assert cursors[1] == cursors[2], "for the booker and for staff nothing changes"
    updates = [[event["cursor"] for event in events if event["type"] == "booking.updated"] for events in heard]
    off, gap, back = updates[1][1:4]
    assert updates[0] == [cursor for cursor in updates[1] if cursor != gap]
    between = cursors[1][cursors[1].index(off) + 1 : cursors[1].index(back)]
    assert gap in between
    assert not set(between) & set(cursors[0])
    assert [cursor for cursor in cursors[1] if cursor not in between] == cursors[0]


async def test_who_was_taken_off_may_not_resume(world, ana):
    booking, _ = await party(world)
    since = await head(world)
    await change(world, world.staff, booking, removePositions=[2])
    async with world.server.socket(world.player("ben")) as socket:
        await socket.subscribe(BOOKING_EVENTS, b=booking, after=since)
        message = await socket.receive()
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == "NOT_FOUND"
