"""Whatever happens, and wherever: who polls sees what who asks anew sees."""

import asyncio
from collections import Counter
from itertools import count
from random import Random

from api.app import create_app
from jobs import tasks
from tests.api.poller import counted, poll, sheet_of
from tests.harness import found_world, serving, settings_for
from tests.patience import PATIENCE
from tests.tee_sheet.board import SNAPSHOT
from tests.tee_sheet.desk import RESULTS, add_player, ask, book, cancel, done, hold
from tests.thorough import THOROUGH

CLUB = "query($id: ID!) { club(id: $id) { name holdMinutes namePrivacy courses { id name holes playSuspendedSince } } }"
CLUBS = "{ clubs { name courses { name } } }"
TEMPLATE = "query($c: ID!) { sheetTemplate(courseId: $c) { firstStart lastStart intervals { minutes } } }"
BOOKINGS = """query($c: ID!) {
  bookings(clubId: $c) { nodes { status paid { amountCents } rainCheck { code } } pageInfo { endCursor } }
}"""
TWO = """query($c: ID!, $d: Date!, $b: ID!) {
  booking(id: $b) { status cancelledAt players { firstName slotId } teeTime { slots { status } } }
  course(id: $c) { name }
  day: teeSheet(courseId: $c, date: $d) { id prices { price { amountCents } } figures { players } }
}"""
NUMBERS = count()


class Desk:
    """Does something, no one knows what, and remembers what can be done next."""

    def __init__(self, world, random):
        self.world, self.random = world, random
        self.people = [world.staff, world.player("ana"), world.player("ben")]
        self.holds, self.bookings, self.blocks, self.done = [], [], [], 0
        self.today = {"courseId": world.course, "date": world.day.isoformat()}

    def plan(self):
        """Give everything once, in any order, after what the rest needs; for a thorough test as much again."""
        acts = [self.hold, self.release, self.book, self.cancel, self.expire, self.rename, self.course, self.play]
        acts += [self.suspend, self.template, self.generate, self.player, self.fail, self.change, self.move]
        acts += [self.block, self.unblock, self.shift, self.rain]
        first = [self.book, self.hold, self.block, self.book, self.book, self.book]
        return first + self.random.sample(acts, len(acts)) + self.random.choices(acts, k=25 * THOROUGH)

    async def act(self, act):
        self.done += 1
        await act()

    async def hold(self):
        who = self.random.choice(self.people)
        given = {"teeTimeId": self.world.tee_time(self.random.randrange(4)), "places": self.random.randint(1, 2)}
        payload = (await ask(self.world.server, "holdSlots", who=who, **given)).data["holdSlots"]
        if payload["hold"]:
            self.holds.append((who, payload["hold"]["id"]))

    async def release(self):
        if self.holds:
            who, held = self.holds.pop()
            await ask(self.world.server, "releaseHold", who=who, holdId=held)

    async def book(self):
        given = {"teeTimeId": self.world.tee_time(self.random.randrange(8)), "places": self.random.randint(1, 3)}
        who = self.random.choice(self.people)
        payload = (await ask(self.world.server, "bookSlots", who=who, **given)).data["bookSlots"]
        if payload["booking"]:
            self.bookings.append(payload["booking"]["id"])

    async def cancel(self):
        if self.bookings:
            await cancel(self.world, self.world.staff, self.bookings.pop())

    async def change(self):
        if self.bookings:
            given = {"bookingId": self.bookings[-1], "payer": {"firstName": "Eva", "lastName": str(self.done)}}
            given |= {"players": [{}], "paidCents": 100 * self.done}
            await ask(self.world.server, "updateBooking", who=self.world.staff, **given)

    async def move(self):
        if self.bookings:
            given = {"bookingId": self.bookings[-1], "teeTimeId": self.world.tee_time(self.random.randrange(8))}
            await ask(self.world.server, "moveBooking", who=self.world.staff, **given)

    async def block(self):
        start = self.world.tee_times[self.random.randrange(8)]["localTime"]
        given = self.today | {"kind": "OTHER", "firstStart": start, "lastStart": start, "keepBookings": True}
        payload = (await ask(self.world.server, "addBlock", who=self.world.staff, **given)).data["addBlock"]
        if payload["block"]:
            self.blocks.append(payload["block"]["id"])

    async def unblock(self):
        if self.blocks:
            await ask(self.world.server, "removeBlock", who=self.world.staff, blockId=self.blocks.pop())

    async def shift(self):
        given = self.today | {"localTime": f"08:{self.done % 60:02}"}
        await ask(self.world.server, "squeezeTeeTime", who=self.world.staff, **given)
        given = self.today | {"firstStart": "09:00", "minutes": 1}
        await ask(self.world.server, "delayTeeTimes", who=self.world.staff, **given)

    async def rain(self):
        if self.bookings:
            given = {"bookingId": self.bookings[-1], "holesPlayed": 9}
            await ask(self.world.server, "issueRainCheck", who=self.world.staff, **given)

    async def expire(self):
        self.world.server.clock.advance(minutes=10)
        await tasks.sweep_holds(self.world.server.runtime)

    async def play(self):
        if self.bookings:
            given = {"who": self.world.staff, "bookingId": self.bookings.pop()}
            for operation, more in (("checkIn", {}), ("teeOff", {}), ("recordHole", {"hole": 1})):
                await ask(self.world.server, operation, **given, **more)

    async def suspend(self):
        operation = self.random.choice(["suspendPlay", "resumePlay"])  # what is so already is refused
        await ask(self.world.server, operation, who=self.world.staff, courseId=self.world.course)

    async def rename(self):
        privacy = self.random.choice(["FULL", "INITIALS", "HIDDEN"])
        given = {"clubId": self.world.club, "name": f"Club {self.done}", "namePrivacy": privacy}
        await done(self.world.server, "updateClub", RESULTS["updateClub"], who=self.world.admin, **given)

    async def course(self):
        given = {"clubId": self.world.club, "name": f"Course {self.done}", "holes": 9}
        await done(self.world.server, "createCourse", RESULTS["createCourse"], who=self.world.admin, **given)
        given = {"courseId": self.world.course, "name": f"Old {self.done}"}
        await done(self.world.server, "updateCourse", RESULTS["updateCourse"], who=self.world.admin, **given)

    async def template(self):
        prices = [{"priceClass": "PUBLIC", "holes": 18, "amountCents": 100 * self.done}]
        given = {"firstStart": "08:00", "lastStart": "09:00", "intervalMinutes": 5 + self.done, "prices": prices}
        given["courseId"] = self.world.course
        await done(self.world.server, "setSheetTemplate", "template { id }", who=self.world.staff, **given)

    async def generate(self):
        given = {"courseId": self.world.course, "date": f"2026-06-{self.done % 28 + 1:02}"}
        await done(self.world.server, "generateTeeSheet", "teeSheets { id }", who=self.world.staff, **given)

    async def player(self):
        await add_player(self.world, f"Player {self.done}", "MEMBER")

    async def fail(self):
        given = {"teeTimeId": self.world.tee_time(0), "places": 9}
        await ask(self.world.server, "holdSlots", who=self.world.staff, **given)


class Screen:
    """Shows one answer to one user, and polls for the next."""

    def __init__(self, server, who, query, **variables):
        self.server, self.who, self.query, self.variables = server, who, query, variables
        self.tag, self.body = None, None

    async def refresh(self):
        """Poll once; tell with which status that was answered."""
        answer = await poll(self.server, self.who, self.query, tag=self.tag, **self.variables)
        if answer.status_code == 200:
            self.tag, self.body = answer.headers["etag"], answer.json()
        return answer.status_code

    async def is_right(self):
        """Compare with the same question by POST, and with one that was never asked, so that it is read anew."""
        asked = await self.server.run(self.query, who=self.who, **self.variables)
        anew = await self.server.run(self.query, who=self.who, **self.variables, asked=next(NUMBERS))
        return self.body == asked == anew


async def test_after_anything_at_all_a_poll_shows_what_a_new_query_shows(world):
    desk, ana, before = Desk(world, Random(2026)), world.player("ana"), await counted(world.server)
    kept = (await book(world, ana, 10, places=2))["booking"]["id"]
    screens = [
        Screen(world.server, who, query, **variables)
        for who in (world.staff, ana)
        for query, variables in [
            (SNAPSHOT, sheet_of(world)),
            (CLUB, {"id": world.club}),
            (CLUBS, {}),
            (TEMPLATE, {"c": world.course}),
            (BOOKINGS, {"c": world.club}),
            (TWO, {**sheet_of(world), "b": kept}),
        ]
    ]
    seen = Counter()
    for number, act in enumerate(desk.plan()):
        if number == 15:
            await cancel(world, world.staff, kept)
        await desk.act(act)
        seen.update([await screen.refresh() for screen in screens])
        assert all([await screen.is_right() for screen in screens]), f"after act {number}"
    assert min(seen[200], seen[304]) > 30, seen
    assert (await counted(world.server) - before)["not_modified"] > 20, "most tags were checked by running the query"


async def test_what_another_process_does_is_seen_once_the_log_is_swept(settings, clock):
    quick = settings_for(settings, sweep_interval_degraded_ms=50)
    async with (
        serving(create_app(quick, with_jobs=False, clock=clock), clock) as here,
        serving(create_app(quick, with_jobs=False, clock=clock), clock) as there,
    ):
        world = await found_world(here)
        screen = Screen(there, world.staff, SNAPSHOT, **sheet_of(world))
        await screen.refresh()
        for number in range(3):
            made = await book(world, world.staff, number)
            async with asyncio.timeout(PATIENCE):
                while await screen.refresh() == 304:
                    pass
            assert screen.body["data"]["teeSheet"]["cursor"] == made["cursor"]
            assert await screen.refresh() == 304


async def test_a_tag_of_one_process_is_good_for_another_that_has_nothing_ready(settings, clock, world):
    first = await poll(world.server, world.staff, **sheet_of(world))
    async with serving(create_app(settings, with_jobs=False, clock=clock), clock) as restarted:
        again = await poll(restarted, world.staff, tag=first.headers["etag"], **sheet_of(world))
    assert (again.status_code, again.content) == (304, b"")


async def test_a_change_that_does_not_show_leaves_the_answer_with_the_client(world):
    screen = Screen(world.server, world.staff, CLUB, id=world.club)
    assert await screen.refresh() == 200
    await hold(world, world.staff)
    assert await screen.refresh() == 304
    assert await screen.is_right()
