"""A board that was read once and then fed by events shows what a fresh one shows."""

from asyncio import gather
from random import Random
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
from tests.thorough import times


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


class Party:
    """Some people who act at random, each by what they have in hand."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.random = world, Random(seed)
        self.people = [world.staff, *(world.player(name) for name in ("ana", "ben", "cleo"))]
        self.holds: list[tuple[Who, str]] = []
        self.bookings: list[str] = []
        self.blocks: list[str] = []
        self.refusals = 0

    async def act(self) -> None:
        who = self.random.choice(self.people)
        kind = self.random.choice(
            [
                *["hold", "hold", "book", "book", "convert", "release", "cancel", "wait", "other day"],
                *["check in", "undo", "tee off", "no show", "hole", "come after all", "not gone", "at hole", "walk in"],
            ]
        )
        server = self.world.server
        where = {"teeTimeId": self.world.tee_time(self.random.randrange(4)), "places": self.random.randint(1, 4)}
        payer = {"firstName": "Ana", "lastName": who.user_id}
        match kind:
            case "hold":
                self.note(await server.mutate("holdSlots", "hold { id }", who=who, **where), who)
            case "book":
                self.note(await server.mutate("bookSlots", "booking { id }", who=who, payer=payer, **where), who)
            case "convert" if self.holds:
                holder, hold_id = self.holds.pop(self.random.randrange(len(self.holds)))
                given = {"who": holder, "holdId": hold_id, "payer": payer}
                self.note(await server.mutate("bookSlots", "booking { id }", **given), who)
            case "release" if self.holds:
                holder, hold_id = self.holds.pop(self.random.randrange(len(self.holds)))
                self.note(await server.mutate("releaseHold", "hold { id }", who=holder, holdId=hold_id), None)
            case "cancel" if self.bookings:
                booking_id = self.random.choice(self.bookings)  # one that is cancelled already is refused
                self.note(
                    await server.mutate("cancelBooking", "booking { id }", who=self.world.staff, bookingId=booking_id)
                )
            case "check in" | "undo" | "tee off" | "no show" | "hole" if self.bookings:
                await self.play(kind)
            case "come after all" | "not gone" | "at hole" | "walk in" if self.bookings:
                await self.play(kind)
            case "wait":
                server.clock.advance(minutes=4)
                await tasks.sweep_holds(server.runtime)
                await tasks.watch_pace(server.runtime)
                await self.go_offline()
            case "other day":
                day = (self.world.day.replace(day=self.random.randint(5, 28))).isoformat()
                await server.mutate(
                    "generateTeeSheet",
                    "teeSheets { id }",
                    who=self.world.staff,
                    courseId=self.world.course,
                    date=day,
                )

    async def go_offline(self) -> None:
        given = {"courseId": self.world.course, "date": self.world.day.isoformat()}
        for operation in ("takeTeeSheetOffline", "bringTeeSheetOnline"):
            self.note(await self.world.server.mutate(operation, "teeSheet { id }", who=self.world.staff, **given))

    async def play(self, kind: str) -> None:
        operation = {"check in": "checkIn", "undo": "undoCheckIn", "tee off": "teeOff", "no show": "markNoShow"}
        given: dict[str, Any] = {"bookingId": self.random.choice(self.bookings), "who": self.world.staff}
        operation |= {"come after all": "undoNoShow", "not gone": "undoTeeOff", "at hole": "correctHole"}
        operation["walk in"] = "endRound"
        if kind in {"hole", "at hole"}:
            given["hole"] = self.random.randint(1, 18)
        name = operation.get(kind, "recordHole")  # whatever the booking has not come to is refused
        self.note(await self.world.server.mutate(name, "booking { id }", **given))

    async def act_at_the_desk(self) -> None:
        mutate, staff = self.world.server.mutate, self.world.staff
        tee_time = self.random.choice(self.world.tee_times[:4])
        payer = {"firstName": "Eva", "lastName": self.random.choice(["Gil", "Sol"])}
        sheet_of_day = {"courseId": self.world.course, "date": self.world.day.isoformat()}
        match self.random.choice(["update", "move", "block", "unblock", "squeeze", "delay"]):
            case "squeeze":
                given = sheet_of_day | {"localTime": f"08:{self.random.randrange(40):02}"}
                self.note(await mutate("squeezeTeeTime", "teeTime { id }", who=staff, **given))
            case "delay":
                given = sheet_of_day | {"firstStart": tee_time["localTime"], "minutes": self.random.randint(1, 12)}
                self.note(await mutate("delayTeeTimes", "teeSheet { id }", who=staff, **given))
            case "update" if self.bookings:
                given = {"bookingId": self.random.choice(self.bookings), "payer": payer}
                given["players"] = [{"firstName": "Guest"}] * self.random.randrange(3)
                given["removePositions"] = self.random.choice([[], [1], [2], [1, 2]])
                self.note(await mutate("updateBooking", "booking { id }", who=staff, **given))
            case "move" if self.bookings:
                given = {"bookingId": self.random.choice(self.bookings), "teeTimeId": tee_time["id"]}
                self.note(await mutate("moveBooking", "booking { id }", who=staff, **given))
            case "block":
                start = tee_time["localTime"]
                slots = [self.random.choice(tee_time["slots"])["id"]]
                range_or_place = self.random.choice([{"firstStart": start, "lastStart": "08:30"}, {"slotIds": slots}])
                given = sheet_of_day | range_or_place
                given |= {"kind": "OTHER", "keepBookings": self.random.random() < 0.5}
                made = await mutate("addBlock", "block { id }", who=staff, **given)
                self.note(made)
                self.blocks += [made["block"]["id"]] if made["block"] else []
            case "unblock" if self.blocks:
                given = {"blockId": self.blocks.pop(self.random.randrange(len(self.blocks)))}
                self.note(await mutate("removeBlock", "block { id }", who=staff, **given))

    def note(self, payload: Any, holder: Who | None = None) -> None:
        self.refusals += len(payload["problems"])
        if holder and payload.get("hold"):
            self.holds.append((holder, payload["hold"]["id"]))
        if payload.get("booking") and payload["booking"]["id"] not in self.bookings:
            self.bookings.append(payload["booking"]["id"])


@pytest.mark.parametrize("seed", [1, 2, 3][: times(3, usually=2)])
async def test_after_sixty_acts_of_several_people(world, seed):
    party, before = Party(world, seed), await sheet(world)
    for _ in range(60):
        await (party.act() if party.random.random() < 0.6 else party.act_at_the_desk())
    assert party.bookings
    assert party.refusals
    await hold(world, world.player("last"), -1)  # on a tee time of its own, so that the end is known
    await assert_followed(world, before)


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
