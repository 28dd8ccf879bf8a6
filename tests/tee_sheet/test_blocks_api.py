"""Blocks: what they cover, what stands in their way, what comes free behind them."""

from asyncio import gather

import pytest

from tests.tee_sheet.desk import (
    add_player,
    ask,
    block,
    book,
    cancel,
    club_events,
    done,
    forbidden,
    hold,
    refused,
    sheet,
    types,
    unblock,
)
from tests.tee_sheet.test_concurrency import codes, slots_in_database
from tests.tee_sheet.test_snapshot_and_events import assert_followed
from tests.thorough import times


def places(shown, number):
    return [slot["status"] for slot in shown["teeTimes"][number]["slots"]]


async def test_a_range_of_starts_is_blocked_and_lifted(world):
    before = await sheet(world)
    payload = await block(world, firstStart="08:20", lastStart="09:00", reason="Aeration")
    assert len(payload["block"]["slotIds"]) == 20
    shown = await sheet(world)
    seen = [places(shown, n)[0] for n in (1, 2, 6, 7)]
    assert seen == ["AVAILABLE", "BLOCKED", "BLOCKED", "AVAILABLE"]
    assert [(row["kind"], row["reason"]) for row in shown["blocks"]] == [("MAINTENANCE", "Aeration")]
    events = await club_events(world, after=before["cursor"], upto=payload["cursor"])
    assert types(events) == ["block.added", *["slot.blocked"] * 20]
    await assert_followed(world, before)
    problem = await refused(world, "bookSlots", who=world.staff, teeTimeId=world.tee_time(2), places=1)
    assert (problem["code"], problem["path"]) == ("SLOTS_UNAVAILABLE", [])
    lifted = await unblock(world, payload["block"]["id"])
    events = await club_events(world, after=payload["cursor"], upto=lifted["cursor"])
    assert types(events) == ["block.removed", *["slot.available"] * 20]
    await assert_followed(world, before)
    assert (await sheet(world))["blocks"] == []


async def test_single_places_are_blocked(world):
    before, slots = await sheet(world), world.tee_times[3]["slots"]
    await block(world, slotIds=[slots[1]["id"], slots[3]["id"], slots[1]["id"]], kind="LEAGUE")
    assert places(await sheet(world), 3) == ["AVAILABLE", "BLOCKED", "AVAILABLE", "BLOCKED"]
    await assert_followed(world, before)
    booked = await book(world, world.player("ana"), 3, places=2)
    assert {p["slotId"] for p in booked["booking"]["players"]} == {slots[0]["id"], slots[2]["id"]}


async def test_a_booked_place_is_in_the_way_unless_its_booking_is_kept(world):
    one, two = [(await book(world, world.staff, number, places=2))["booking"]["id"] for number in (0, 1)]
    before = await sheet(world)
    given = {"courseId": world.course, "date": world.day.isoformat(), "kind": "TOURNAMENT"}
    around = given | {"firstStart": "08:00", "lastStart": "08:20"}
    problem = await refused(world, "addBlock", who=world.staff, **around)
    assert (problem["code"], set(problem["bookingIds"])) == ("PLACES_BOOKED", {one, two})
    kept = await block(world, **around, keepBookings=True)
    shown = await sheet(world)
    assert [places(shown, n) for n in (0, 2)] == [["BOOKED"] * 2 + ["BLOCKED"] * 2, ["BLOCKED"] * 4]
    assert len(kept["block"]["slotIds"]) == 12
    await assert_followed(world, before)


async def test_a_kept_booking_leaves_blocked_places_behind(world):
    bookings = [(await book(world, world.staff, 0, places=1))["booking"]["id"] for _ in range(3)]
    kept = await block(world, 0, keepBookings=True)
    before = await sheet(world)
    gone = await cancel(world, world.staff, bookings[0])
    given = {"bookingId": bookings[1], "teeTimeId": world.tee_time(1)}
    await done(world.server, "moveBooking", "booking { id }", who=world.staff, **given)
    events = await club_events(world, after=before["cursor"], upto=gone["cursor"])
    assert [(e["type"], e["slotStatus"]) for e in events[1:]] == [("slot.blocked", "BLOCKED")]
    assert places(await sheet(world), 0) == ["BLOCKED", "BLOCKED", "BOOKED", "BLOCKED"]
    await assert_followed(world, before)
    before = await sheet(world)
    await unblock(world, kept["block"]["id"])
    assert places(await sheet(world), 0) == ["AVAILABLE", "AVAILABLE", "BOOKED", "AVAILABLE"]
    await assert_followed(world, before)


async def test_holds_end_with_all_their_places(world):
    ana, slots = world.player("ana"), world.tee_times[4]["slots"]
    held = await hold(world, ana, 4, places=3)
    await hold(world, world.player("ben"), 4, places=1)
    before = await sheet(world)
    payload = await block(world, slotIds=[slots[0]["id"]], kind="WEATHER")
    assert places(await sheet(world), 4) == ["BLOCKED", "AVAILABLE", "AVAILABLE", "HELD"]
    events = await club_events(world, after=before["cursor"], upto=payload["cursor"])
    assert types(events) == ["block.added", "slot.blocked", "slot.available", "slot.available"]
    await assert_followed(world, before)
    problem = await refused(world, "bookSlots", who=ana, holdId=held["hold"]["id"])
    assert (problem["code"], problem["endedAs"]) == ("HOLD_ENDED", "WITHDRAWN")
    await hold(world, ana, 4, places=2)


async def test_a_place_stays_blocked_until_the_last_block_is_lifted(world):
    one = await block(world, 0)
    before = await sheet(world)
    two = await block(world, firstStart="08:00", lastStart="08:10", kind="LEAGUE")
    events = await club_events(world, after=one["cursor"], upto=two["cursor"])
    assert types(events) == ["block.added", *["slot.blocked"] * 4], "what was blocked before is not told again"
    lifted = await unblock(world, one["block"]["id"])
    events = await club_events(world, after=two["cursor"], upto=lifted["cursor"])
    assert types(events) == ["block.removed"]
    assert places(await sheet(world), 0) == ["BLOCKED"] * 4
    await unblock(world, two["block"]["id"])
    await assert_followed(world, before)
    assert places(await sheet(world), 0) == ["AVAILABLE"] * 4


async def test_a_block_is_lifted_once(world):
    made = (await block(world))["block"]["id"]
    payloads = await gather(*(ask(world.server, "removeBlock", who=world.staff, blockId=made) for _ in range(5)))
    assert codes([p.data["removeBlock"] for p in payloads]) == {"DONE": 1, "BLOCK_ALREADY_REMOVED": 4}
    problem = await refused(world, "removeBlock", who=world.staff, blockId=made)
    assert problem["removedAt"]


@pytest.mark.parametrize("wanted", ["range", "places"])
async def test_a_block_meets_a_booking_and_one_wins(world, wanted):
    for number in range(times(12, usually=6)):
        before = await sheet(world)
        start = world.tee_times[number]["localTime"]
        where = {"firstStart": start, "lastStart": start}
        if wanted == "places":
            where = {"slotIds": [world.tee_times[number]["slots"][0]["id"]]}
        given = {"courseId": world.course, "date": world.day.isoformat(), "kind": "OTHER"} | where
        taken = {"teeTimeId": world.tee_time(number), "places": 4}
        payer = {"firstName": "Ana", "lastName": "G"}
        acts = {
            "bookSlots": ask(world.server, "bookSlots", who=world.player("ana"), payer=payer, **taken),
            "addBlock": ask(world.server, "addBlock", who=world.staff, **given),
        }
        order = sorted(acts, reverse=number % 2 == 0)
        answers = await gather(*(acts[operation] for operation in order))
        done_or_not = {name: answer.data[name] for name, answer in zip(order, answers, strict=True)}
        booking, blocking = done_or_not["bookSlots"], done_or_not["addBlock"]
        outcome = {(p["problems"] or [{"code": "DONE"}])[0]["code"] for p in (booking, blocking)}
        assert outcome in ({"DONE", "SLOTS_UNAVAILABLE"}, {"DONE", "PLACES_BOOKED"})
        statuses = {row.status for row in await slots_in_database(world, number)}
        if booking["booking"]:
            assert statuses == {"BOOKED"}
        else:
            assert "BLOCKED" in statuses
            assert "BOOKED" not in statuses
        await assert_followed(world, before)


async def test_the_same_key_makes_one_block(world):
    one, two = [await block(world, idempotencyKey="k") for _ in range(2)]
    assert one == two
    assert len((await sheet(world))["blocks"]) == 1


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"firstStart": "08:00"}, ["input"]),
        ({}, ["input"]),
        ({"firstStart": "05:00", "lastStart": "06:00"}, ["input", "firstStart"]),
        ({"firstStart": "08:00", "lastStart": "09:00", "tees": [10]}, ["input", "firstStart"]),
        ({"firstStart": "08:00", "lastStart": "09:00", "reason": "x" * 501}, ["input", "reason"]),
        ({"firstStart": "08:00", "lastStart": "09:00", "tees": [-1, 2_000_000_000]}, ["input", "firstStart"]),
        ({"slotIds": ["slot_01h455vb4pex5vsknk084sn02q"] * 1201}, ["input", "slotIds"]),
    ],
)
async def test_what_covers_nothing_is_refused(world, given, path):
    given = {"courseId": world.course, "date": world.day.isoformat(), "kind": "OTHER"} | given
    problem = await refused(world, "addBlock", who=world.staff, **given)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", path)


async def test_a_day_without_a_sheet_and_a_place_of_another_day_are_refused(world):
    given = {"courseId": world.course, "date": "2026-05-09", "kind": "OTHER", "firstStart": "08:00"}
    problem = await refused(world, "addBlock", who=world.staff, lastStart="09:00", **given)
    assert (problem["code"], problem["path"]) == ("NO_TEE_SHEET", ["input", "date"])
    day = {"courseId": world.course, "date": "2026-05-05"}
    await done(world.server, "generateTeeSheet", "teeSheets { id }", who=world.staff, **day)
    slot = world.tee_times[0]["slots"][0]["id"]
    problem = await refused(world, "addBlock", who=world.staff, kind="OTHER", slotIds=[slot], **day)
    assert problem["path"] == ["input", "slotIds", "0"]


async def test_only_staff_block_and_everybody_sees_it_but_not_why(world):
    await add_player(world, "Ana", "MEMBER", user_id="ana")
    before, ana = await sheet(world), world.player("ana")
    made = await block(world, reason="Drainage")
    assert (await forbidden(world, "removeBlock", who=ana, blockId=made["block"]["id"])).code == "NOT_ALLOWED"
    for who, reason in ((world.staff, "Drainage"), (ana, "")):
        [row] = (await sheet(world, who=who))["blocks"]
        told = await club_events(world, after=before["cursor"], upto=made["cursor"], who=who)
        assert (row["kind"], row["reason"], told[0]["blockReason"]) == ("MAINTENANCE", reason, reason)
