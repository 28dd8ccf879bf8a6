"""A board that was read once and then fed by events shows what a fresh one shows."""

from asyncio import gather
from typing import Any

import pytest

from jobs import tasks
from tests.harness import Who, World, found_world
from tests.tee_sheet.board import SHEET_EVENTS, Board
from tests.tee_sheet.desk import (
    add_player,
    book,
    cancel,
    club_events,
    done,
    head,
    hold,
    play,
    position,
    read_until,
    send_off,
    sheet,
    sheet_events,
)


async def assert_followed(world: World, before: Any, *, who: Who | None = None) -> None:
    """Feed the events since a snapshot to its board, and compare it with a fresh snapshot."""
    after = await sheet(world, who=who)
    board = Board(before)
    assert after["cursor"] != before["cursor"]
    for event in await sheet_events(world, after=before["cursor"], upto=after["cursor"], who=who):
        board.apply(event)
    shown = {name: value for name, value in after.items() if name != "cursor"}
    if who is None:
        assert board.shown() == shown
    else:  # a player's list of bookings is their own, and so are no other's figures
        assert board.shown()["teeTimes"] == shown["teeTimes"]


async def test_after_hold_slots(world):
    before = await sheet(world)
    await hold(world, world.player("ana"), places=3)
    await assert_followed(world, before)


async def test_after_release_hold(world):
    held = await hold(world, world.player("ana"), places=3)
    before = await sheet(world)
    await done(world.server, "releaseHold", "hold { id }", who=world.player("ana"), holdId=held["hold"]["id"])
    await assert_followed(world, before)


async def test_after_a_hold_has_expired(world, clock):
    await hold(world, world.player("ana"), places=2)
    before = await sheet(world)
    clock.advance(minutes=10)
    await tasks.sweep_holds(world.server.runtime)
    await assert_followed(world, before)


async def test_after_book_slots_directly(world):
    known = await add_player(world, "Eva", "MEMBER")
    before = await sheet(world)
    players = [{"playerId": known}, {"firstName": "Luis", "lastName": "Ruiz", "priceClass": "GUEST"}]
    await book(world, world.staff, 3, places=4, players=players, paidCents=1500)
    await assert_followed(world, before)


async def test_after_book_slots_of_nine_holes(world):
    before = await sheet(world)
    await book(world, world.staff, 3, places=2, holes=9)
    await assert_followed(world, before)


async def test_after_book_slots_from_a_hold(world):
    held = await hold(world, world.player("ana"), places=3)
    before = await sheet(world)
    await book(world, world.player("ana"), holdId=held["hold"]["id"])
    await assert_followed(world, before)


async def test_after_cancel_booking(world):
    booked = await book(world, world.staff, places=4, paidCents=200)
    before = await sheet(world)
    await cancel(world, world.staff, booked["booking"]["id"])
    await assert_followed(world, before)


async def test_after_a_place_was_sold_cancelled_and_sold_again(world):
    before = await sheet(world)
    first = await book(world, world.staff, places=4)
    await cancel(world, world.staff, first["booking"]["id"])
    await book(world, world.staff, places=2)
    await assert_followed(world, before)


async def test_after_check_in_and_its_undo(world):
    booking_id = (await book(world, world.staff, places=4))["booking"]["id"]
    for operation, positions in [("checkIn", [2, 3]), ("checkIn", None), ("undoCheckIn", [2]), ("undoCheckIn", None)]:
        before = await sheet(world)
        await play(world, operation, booking_id, positions=positions)
        await assert_followed(world, before)


async def test_after_mark_no_show(world, clock):
    booking_id = (await book(world, world.staff, 0, places=3))["booking"]["id"]
    clock.advance(hours=2)
    for operation, positions in [("markNoShow", [2]), ("markNoShow", [1]), ("checkIn", [2]), ("markNoShow", None)]:
        before = await sheet(world)
        await play(world, operation, booking_id, positions=positions)
        await assert_followed(world, before)
    everybody = (await book(world, world.staff, 10, places=2))["booking"]["id"]
    clock.advance(hours=1)
    before = await sheet(world)
    assert (await play(world, "markNoShow", everybody))["booking"]["status"] == "NO_SHOW"
    await assert_followed(world, before)


async def test_after_tee_off_and_record_hole(world, clock):
    ids = [(await book(world, world.staff, number, places=2, holes=9))["booking"]["id"] for number in (0, 1)]
    before = await sheet(world)
    for booking_id in ids:
        await play(world, "checkIn", booking_id)
        await play(world, "teeOff", booking_id, expectedMinutes=90)
    await assert_followed(world, before)
    for hole in (1, 2, 5, 9):
        for booking_id in ids:
            before = await sheet(world)
            clock.advance(minutes=17)
            await play(world, "recordHole", booking_id, hole=hole)
            await assert_followed(world, before)
    assert {row["status"] for row in (await sheet(world))["bookings"]} == {"COMPLETED"}


async def test_after_what_was_done_by_mistake_is_taken_back(world, clock):
    absent = (await book(world, world.staff, 0, places=2))["booking"]["id"]
    gone = await send_off(world, 1, expectedMinutes=120)
    clock.advance(hours=2)
    await play(world, "markNoShow", absent)
    await play(world, "recordHole", gone, hole=4)
    acts = [
        *[("undoNoShow", absent, {"positions": [1]}), ("undoNoShow", absent, {}), ("markNoShow", absent, {})],
        *[("checkIn", absent, {}), ("correctHole", gone, {"hole": 9}), ("correctHole", gone, {"hole": 18})],
        *[("correctHole", gone, {"hole": 2}), ("endRound", gone, {"hole": 3}), ("correctHole", gone, {})],
        *[("undoTeeOff", gone, {}), ("teeOff", gone, {})],
    ]
    for operation, booking_id, more in acts:
        before = await sheet(world)
        await play(world, operation, booking_id, **more)
        await assert_followed(world, before)


async def test_after_the_pace_was_watched(world, clock):
    booking_id = await send_off(world, expectedMinutes=180)
    clock.advance(minutes=10)
    await play(world, "recordHole", booking_id, hole=1)
    for minutes, level in ((15, "INFO"), (5, "WARNING"), (5, "CRITICAL")):
        before = await sheet(world)
        clock.advance(minutes=minutes)
        await tasks.watch_pace(world.server.runtime)
        await assert_followed(world, before)
        assert (await sheet(world))["bookings"][0]["pace"]["level"] == level


async def test_after_suspend_play_and_resume_play(world, clock):
    booking_id = await send_off(world)
    for operation in ("suspendPlay", "resumePlay"):
        before = await sheet(world)
        await done(world.server, operation, "course { id }", who=world.staff, courseId=world.course)
        clock.advance(minutes=13)
        await assert_followed(world, before)
    before = await sheet(world)
    await play(world, "recordHole", booking_id, hole=1)
    await assert_followed(world, before)


async def test_after_take_tee_sheet_offline_and_bring_tee_sheet_online(world):
    await hold(world, world.player("ana"), places=3)
    for operation in ("takeTeeSheetOffline", "bringTeeSheetOnline"):
        before = await sheet(world)
        given = {"courseId": world.course, "date": world.day.isoformat()}
        await done(world.server, operation, "teeSheet { id }", who=world.staff, **given)
        await assert_followed(world, before)


async def test_after_cancelling_a_booking_that_has_checked_in(world):
    booking_id = (await book(world, world.staff, places=2))["booking"]["id"]
    await play(world, "checkIn", booking_id, positions=[1])
    before = await sheet(world)
    await cancel(world, world.staff, booking_id)
    await assert_followed(world, before)


async def test_after_generate_tee_sheet(world):
    since, day = await head(world), "2026-05-05"
    assert await sheet(world, day=day) is None
    made = await done(
        world.server, "generateTeeSheet", "teeSheets { id }", who=world.staff, courseId=world.course, date=day
    )
    board, after = Board(None), await sheet(world, day=day)
    for event in await sheet_events(world, after=since, upto=made["cursor"], day=day):
        board.apply(event)
    assert after.pop("cursor") == made["cursor"]
    assert len(after["teeTimes"]) == 25
    assert board.shown() == after


async def test_mutations_beside_the_sheet_leave_it_as_it_is(world):
    before = await sheet(world)
    await done(world.server, "updateClub", "club { id }", who=world.admin, clubId=world.club, holdMinutes=12)
    await done(world.server, "updateCourse", "course { id }", who=world.admin, courseId=world.course, name="New")
    await add_player(world, "Eva", "MEMBER")
    await hold(world, world.player("ana"))  # something that the sheet does show, to wait for
    await assert_followed(world, before)


@pytest.mark.parametrize("privacy", ["INITIALS", "FULL", "HIDDEN"])
async def test_a_player_s_screen_follows_too(server, privacy):
    world = await found_world(server, namePrivacy=privacy)
    ana = world.player("ana")
    before = await sheet(world, who=ana)
    await book(world, world.staff, 0, places=2)
    mine = await book(world, ana, places=2)
    await hold(world, ana, 4, places=3)
    await cancel(world, world.staff, mine["booking"]["id"])
    await assert_followed(world, before, who=ana)


async def test_nothing_is_missed_or_doubled_between_the_query_and_the_subscription(world):
    acts = [
        book(world, world.player(f"p{n}"), n // 4, payer={"firstName": f"P{n}", "lastName": "X"}) for n in range(50)
    ]
    cursors: list[str] = []

    async def note(act: Any) -> None:
        cursors.append((await act)["cursor"])

    async def watch() -> tuple[Any, list[Any]]:
        while len(cursors) < 10:
            await sheet(world)
        before = await sheet(world)  # in the midst of it
        async with world.server.socket(world.staff) as socket:
            await socket.subscribe(SHEET_EVENTS, c=world.course, d=world.day.isoformat(), after=before["cursor"])
            await gather(working, *(note(act) for act in acts[40:]))  # however busy the machine: some are still to come
            return before, await read_until(socket, max(cursors, key=lambda c: position(c, world)), world)

    working = gather(*(note(act) for act in acts[:40]))
    before, events = await watch()
    positions = [position(event["cursor"], world) for event in events]
    first = position(before["cursor"], world) + 1
    assert 0 < len(before["bookings"]) < 50
    assert positions == list(range(first, first + len(events)))
    board = Board(before)
    for event in events:
        board.apply(event)
    after = await sheet(world)
    assert len(after["bookings"]) == 50
    assert board.shown() == {name: value for name, value in after.items() if name != "cursor"}


async def test_the_club_s_room_carries_all_that_the_sheet_s_does(world):
    before = await sheet(world)
    booked = await book(world, world.staff, places=2)
    last = await cancel(world, world.staff, booked["booking"]["id"])
    of_club = await club_events(world, after=before["cursor"], upto=last["cursor"])
    assert of_club == await sheet_events(world, after=before["cursor"], upto=last["cursor"])
