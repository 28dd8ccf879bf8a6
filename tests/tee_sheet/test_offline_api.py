"""Tee sheets that are taken offline and brought online again, through the API."""

from asyncio import gather

from jobs import tasks
from tests.tee_sheet.desk import (
    PAYER,
    ask,
    book,
    cancel,
    club_events,
    done,
    head,
    hold,
    play,
    refused,
    sheet,
    sheet_events,
    types,
    unchanged,
)

HOLD = "query($id: ID!) { node(id: $id) { ... on Hold { status } } }"


def day_of(world):
    return {"who": world.staff, "courseId": world.course, "date": world.day.isoformat()}


async def take_offline(world):
    return await done(world.server, "takeTeeSheetOffline", "teeSheet { id isOnline }", **day_of(world))


async def bring_online(world):
    return await done(world.server, "bringTeeSheetOnline", "teeSheet { id isOnline }", **day_of(world))


async def test_nothing_on_it_is_held_or_booked(world):
    held = await hold(world, world.player("ana"), 2)
    assert (await take_offline(world))["teeSheet"]["isOnline"] is False
    for who in (world.staff, world.player("ben")):
        for operation in ("holdSlots", "bookSlots"):
            given = {"payer": PAYER} if operation == "bookSlots" else {}
            problem = await refused(world, operation, who=who, teeTimeId=world.tee_time(), places=1, **given)
            assert problem["__typename"] == "SheetOffline"
    problem = await refused(world, "bookSlots", who=world.player("ana"), holdId=held["hold"]["id"], payer=PAYER)
    assert problem["__typename"] == "SheetOffline"
    assert (await bring_online(world))["teeSheet"]["isOnline"] is True
    await book(world, world.player("ben"))


async def test_its_holds_end_with_it(world, clock):
    await hold(world, world.player("late"), 5, places=2)
    clock.advance(minutes=10)
    held = [await hold(world, world.player(name), number, places=2) for number, name in enumerate("ab")]
    before = await head(world)
    last = await take_offline(world)
    events = await sheet_events(world, after=before, upto=last["cursor"])
    assert types(events) == ["tee-sheet.offline", *["slot.available"] * 6]
    assert events[0].items() >= {"sheetId": last["teeSheet"]["id"], "isOnline": False}.items()
    assert await club_events(world, after=before, upto=last["cursor"]) == events
    for one in held:
        answer = await world.server.run(HOLD, who=world.staff, id=one["hold"]["id"])
        assert answer.data["node"] == {"status": "WITHDRAWN"}
    async with unchanged(world):
        clock.advance(minutes=10)
        await tasks.sweep_holds(world.server.runtime)
    online = await bring_online(world)
    assert types(await sheet_events(world, after=last["cursor"], upto=online["cursor"])) == ["tee-sheet.online"]
    problem = await refused(world, "releaseHold", who=world.player("a"), holdId=held[0]["hold"]["id"])
    assert (problem["__typename"], problem["endedAs"]) == ("HoldEnded", "WITHDRAWN")


async def test_its_bookings_stay_and_are_played(world):
    first, second = [(await book(world, world.staff, n))["booking"]["id"] for n in range(2)]
    await take_offline(world)
    assert (await sheet(world))["figures"]["players"] == 2
    await play(world, "checkIn", first)
    await play(world, "teeOff", first)
    await cancel(world, world.staff, second)


async def test_twice_is_refused(world):
    problem = await refused(world, "bringTeeSheetOnline", **day_of(world))
    assert problem["__typename"] == "SheetAlreadyOnline"
    await take_offline(world)
    problem = await refused(world, "takeTeeSheetOffline", **day_of(world))
    assert problem["__typename"] == "SheetAlreadyOffline"


async def test_a_day_without_a_sheet(standing):
    for operation in ("takeTeeSheetOffline", "bringTeeSheetOnline"):
        problem = await refused(standing, operation, **day_of(standing) | {"date": "2027-01-01"})
        assert (problem["__typename"], problem["path"]) == ("NoTeeSheet", ["input", "date"])


async def test_nobody_slips_in_while_it_goes_offline(world):
    people = [world.player(f"golfer {n}") for n in range(12)]
    for number in range(5):
        before = await head(world)
        wanted = {"teeTimeId": world.tee_time(number), "places": 1}
        tries = [ask(world.server, "holdSlots", who=who, **wanted) for who in people[:6]]
        tries += [ask(world.server, "bookSlots", who=who, payer=PAYER, **wanted) for who in people[6:]]
        payload, *_ = await gather(take_offline(world), *tries)
        events = await club_events(world, after=before, upto=await head(world))
        offline = types(events).index("tee-sheet.offline")
        assert not {"slot.held", "slot.booked", "booking.created"} & set(types(events[offline:]))
        assert "HELD" not in {slot["status"] for row in (await sheet(world))["teeTimes"] for slot in row["slots"]}
        assert payload["teeSheet"]["isOnline"] is False
        await bring_online(world)
