"""What people do at random around three tee sheets of a club: the desk, players, and those who may do none of it."""

import re
from asyncio import gather
from dataclasses import replace
from random import Random
from typing import Any

from auth.viewer import Role
from jobs import tasks
from tests.harness import Who, World
from tests.tee_sheet.desk import RESULTS
from tests.tee_sheet.walk_of_deposits import DEPOSIT_ACTS

KNOWN = """query($c: ID!, $d: Date!) {
  teeSheet(courseId: $c, date: $d) {
    teeTimes { id localTime startsAt slots { id status } }
    bookings { id status groupId holes paid { amountCents } players { position } rainCheck { code } }
    blocks { id }
  }
  waitlist(courseId: $c, date: $d) { entries { id offer { id } } }
}"""
NAMES = ("Ana", "Ben", "Cleo", "Dario", "Eva")
ADVICE = re.compile(
    r"(?:^|[;:.,] |\b(?:or|and) )(?:please )?(add|ask|book|bring|call|check|choose|correct|delay|do|end|give|hold|"
    r"issue|join|keep|leave|let|look|mend|move|name|note|pay|read|record|release|remove|report|resume|say|see|sell|send|set|"
    r"split|take|tell|try|undo|use|wait|write)\b",
    re.IGNORECASE,
)
"""How a clause begins that tells who is refused what they can do."""
UNKNOWN = "booking_00000000000000000000000000"


class Walk:
    """Three sheets, eight people in seven roles, and what they have in hand."""

    def __init__(self, sheets: list[World], seed: int, *, known_player: str) -> None:
        self.sheets, self.random, self.known_player = sheets, Random(seed), known_player
        self.server, staff = sheets[0].server, sheets[0].staff
        self.desk = [replace(sheets[0].admin, club_ids=staff.club_ids), staff]
        self.desk.append(replace(staff, roles=(Role.STARTER,), user_id="starter"))
        self.players = [sheets[0].player("ana"), sheets[0].player("ben")]
        others = ((Role.CADDIE, "master"), (Role.DEVICE, "cart"), (Role.PLANNER, "planner"))
        self.others = [replace(staff, roles=(role,), user_id=name) for role, name in others]
        self.done: dict[str, int] = {}
        """How often each thing was done, and not refused."""
        self.refused: dict[str, str] = {}
        """What was refused, by its code, and in which words."""
        self.at_a_loss: set[tuple[str, str]] = set()
        """Refusals that do not say what can be done."""
        self.till = 0
        """What should be in the shop's till, in cents: what was handed in, less what was handed out, cards apart."""
        self.holds: list[str] = []
        self.codes: list[str] = []
        self.standing: list[str] = []
        self.known: list[Any] = []

    async def step(self) -> None:
        """Let somebody do something, which may be refused; at times two do something at the same moment."""
        self.server.clock.advance(minutes=1)
        self.known = [await self._look(world) for world in self.sheets]
        if self.random.random() < 0.15:
            await gather(*(getattr(self, self.random.choice(OF_TWO))() for _ in range(2)))
        else:
            act = self.random.choice(ACTS)
            await (DEPOSIT_ACTS[act](self) if act in DEPOSIT_ACTS else getattr(self, act)())

    async def _look(self, world: World) -> Any:
        day = world.day.isoformat()
        data = (await self.server.run(KNOWN, who=world.staff, c=world.course, d=day)).data
        codes = (row["rainCheck"]["code"] for row in data["teeSheet"]["bookings"] if row["rainCheck"])
        self.codes = list(dict.fromkeys([*self.codes, *codes]))
        return data

    async def do(self, operation: str, who: Who, /, **given: Any) -> Any:
        """Run a mutation; give its payload where it was not refused. Nothing may fail by a fault of ours."""
        kind = operation[0].upper() + operation[1:] + "Input"
        wanted = f"{RESULTS.get(operation, 'cursor')} cursor problems {{ code message }}"
        query = f"mutation($i: {kind}!) {{ {operation}(input: $i) {{ {wanted} }} }}"
        answer = await self.server.run(query, who=who, i=given)
        if "errors" in answer:
            assert answer.code in {"NOT_FOUND", "NOT_ALLOWED"}, (operation, who.user_id, given, answer)
            return None
        payload = answer.data[operation]
        for problem in payload["problems"]:
            self.refused[problem["code"]] = problem["message"]
            if not (ADVICE.search(problem["message"]) and problem["message"].endswith(".")):
                self.at_a_loss.add((operation, problem["message"]))
        if payload["problems"]:
            return None
        self.done[operation] = self.done.get(operation, 0) + 1
        return payload

    # whom and what it is about

    def one(self, rows: list[Any]) -> Any:
        return self.random.choice(rows) if rows else None

    def clerk(self) -> Who:
        """Somebody of the desk, and at times somebody who may not do what a desk does."""
        return self.one(self.desk) if self.random.random() < 0.9 else self.anybody()

    def anybody(self) -> Who:
        return self.random.choice([*self.desk, *self.players, *self.others])

    def booker(self) -> Who:
        return self.one([*self.players, *self.desk[1:]]) if self.random.random() < 0.9 else self.anybody()

    def number(self) -> int:
        """Which of the sheets: that of today the most often."""
        return self.random.choice([0, 0, 0, 1, 2, 2])

    def start(self, number: int) -> Any:
        """A start of a sheet: one of today's about now, or one of the first of a day to come."""
        rows = self.known[number]["teeSheet"]["teeTimes"]
        now = self.server.clock().isoformat()
        first = next((n for n, row in enumerate(rows) if row["startsAt"] > now), len(rows) - 1)
        return self.random.choice(rows[max(0, first - 4) : first + 3] or rows[-3:])

    def bookings(self, *statuses: str) -> list[Any]:
        rows = [row for known in self.known for row in known["teeSheet"]["bookings"]]
        return [row for row in rows if not statuses or row["status"] in statuses]

    def booking(self, *statuses: str) -> Any:
        """A booking, of a status that suits or, at times, of any."""
        suit = self.bookings(*statuses) if self.random.random() < 0.85 else []
        return self.one(suit or self.bookings()) or {"id": UNKNOWN, "players": [], "paid": {"amountCents": 0}}

    def positions(self, booking: Any) -> list[int]:
        had = [player["position"] for player in booking["players"]] or [1]
        return sorted(self.random.sample(had, self.random.randint(1, len(had))))

    def day(self, number: int) -> dict[str, Any]:
        world = self.sheets[number]
        return {"courseId": world.course, "date": world.day.isoformat()}

    def person(self) -> dict[str, str]:
        return {"firstName": self.random.choice(NAMES), "lastName": self.random.choice(["Gil", "Sol"])}

    def party(self, places: int) -> list[dict[str, Any]]:
        named: list[dict[str, Any]] = [self.person() for _ in range(self.random.randint(0, places))]
        if named and self.random.random() < 0.2:
            named[0] = {"playerId": self.known_player}
        return named

    # what is sold

    async def hold(self) -> None:
        given = {"teeTimeId": self.start(self.number())["id"], "places": self.random.randint(1, 4)}
        made = await self.do("holdSlots", self.booker(), **given)
        self.holds += [made["hold"]["id"]] if made else []

    async def release(self) -> None:
        if self.holds:
            hold = self.holds.pop(self.random.randrange(len(self.holds)))
            await self.do("releaseHold", self.random.choice([*self.players, self.desk[1]]), holdId=hold)

    async def convert(self) -> None:
        if self.holds:
            hold, payer = self.random.choice(self.holds), self.person()
            await self.do("bookSlots", self.random.choice([*self.players, self.desk[1]]), holdId=hold, payer=payer)

    async def book(self) -> None:
        places, who, number = self.random.randint(1, 4), self.booker(), self.number()
        given = {"teeTimeId": self.start(number)["id"], "places": places, "payer": self.person()}
        given |= {"players": self.party(places), "holes": self.random.choice([None, 9, 18])}
        paid = self.random.choice([0, 0, 4000, 9001, 36000]) if who in self.desk else 0
        blocks = self.known[number]["teeSheet"]["blocks"]
        block = self.one(blocks)["id"] if blocks and who in self.desk and self.random.random() < 0.3 else None
        if await self.do("bookSlots", who, paidCents=paid, blockId=block, **given):
            self.till += paid

    async def cancel(self) -> None:
        await self.do("cancelBooking", self.booker(), bookingId=self.booking("CONFIRMED", "CHECKED_IN")["id"])

    async def restore(self) -> None:
        await self.do("restoreBooking", self.clerk(), bookingId=self.booking("CANCELLED")["id"])

    async def change(self) -> None:
        booking, who = self.booking("CONFIRMED", "CHECKED_IN"), self.booker()
        change: dict[str, Any] = self.random.choice(
            [
                {"players": [self.person()]},
                {"players": [{"position": one, **self.person()} for one in self.positions(booking)]},
                {"removePositions": self.positions(booking)},
                {"payer": self.person()},
            ]
        )
        await self.do("updateBooking", who, bookingId=booking["id"], **change)

    async def move(self) -> None:
        given = {"bookingId": self.booking("CONFIRMED", "CHECKED_IN")["id"]}
        await self.do("moveBooking", self.booker(), teeTimeId=self.start(self.number())["id"], **given)

    async def leave(self) -> None:
        await self.do("leaveBooking", self.one(self.players), bookingId=self.booking("CONFIRMED")["id"])

    # what the desk does to several

    async def split(self) -> None:
        booking = self.booking("CONFIRMED", "CHECKED_IN")
        await self.do("splitBooking", self.clerk(), bookingId=booking["id"], positions=self.positions(booking))

    async def regroup(self) -> None:
        one, two = (self.booking("CONFIRMED", "CHECKED_IN") for _ in range(2))
        operation, more = self.random.choice(
            [
                ("swapBookings", {"otherBookingId": two["id"]}),
                ("mergeBookings", {"otherBookingIds": [two["id"]]}),
                ("movePlayers", {"otherBookingId": two["id"], "positions": self.positions(one)}),
            ]
        )
        await self.do(operation, self.clerk(), bookingId=one["id"], **more)

    async def group(self) -> None:
        number = self.number()
        starts = [{"teeTimeId": self.start(number)["id"], "places": self.random.randint(1, 3)} for _ in range(2)]
        given = {"name": "Acme", "organiser": self.person(), "starts": starts}
        await self.do("bookGroup", self.clerk(), holes=self.random.choice([None, 9, 18]), **given)

    async def change_group(self) -> None:
        groups = [row["groupId"] for row in self.bookings() if row["groupId"]]
        if groups and self.random.random() < 0.5:
            await self.do("cancelBookingGroup", self.clerk(), groupId=self.random.choice(groups))
        elif groups:
            starts = [{"teeTimeId": self.start(self.number())["id"], "places": 1}]
            given = {"groupId": self.random.choice(groups), "starts": starts, "payer": self.person()}
            await self.do("updateBookingGroup", self.clerk(), **given)

    async def stand(self) -> None:
        number = self.number()
        weekday = self.sheets[number].day.strftime("%A").upper()
        until = self.sheets[1].day.isoformat()
        given: dict[str, Any] = {"courseId": self.sheets[number].course, "weekday": weekday, "until": until}
        given |= {"localTime": self.start(number)["localTime"], "places": self.random.randint(1, 3)}
        given["payer"] = self.person()
        made = await self.do("setStandingBooking", self.clerk(), holes=self.random.choice([None, 18]), **given)
        self.standing += [made["standingBooking"]["id"]] if made else []
        await tasks.make_standing_bookings(self.server.runtime)

    async def end_standing(self) -> None:
        if self.standing:
            await self.do("endStandingBooking", self.clerk(), standingBookingId=self.random.choice(self.standing))

    # the sheet itself

    async def block(self) -> None:
        number = self.number()
        start, other = self.start(number), self.start(number)
        first, last = sorted(row["localTime"] for row in (start, other))
        where = self.random.choice(
            [{"firstStart": first, "lastStart": last}, {"slotIds": [self.random.choice(start["slots"])["id"]]}]
        )
        given = self.day(number) | where | {"kind": "OTHER", "keepBookings": self.random.random() < 0.5}
        await self.do("addBlock", self.clerk(), **given)

    async def unblock(self) -> None:
        if block := self.one([row for known in self.known for row in known["teeSheet"]["blocks"]]):
            await self.do("removeBlock", self.clerk(), blockId=block["id"])

    async def squeeze(self) -> None:
        number = self.number()
        at = f"{self.start(number)['localTime'][:3]}{self.random.randrange(60):02}"
        given = self.day(number) | {"localTime": at, "evenIfTurning": self.random.random() < 0.5}
        await self.do("squeezeTeeTime", self.clerk(), **given)

    async def delay(self) -> None:
        number = self.number()
        given = self.day(number) | {"firstStart": self.start(number)["localTime"]}
        given |= {"minutes": self.random.choice([-10, -5, 3, 5, 12]), "evenIfTurning": self.random.random() < 0.5}
        await self.do("delayTeeTimes", self.clerk(), **given)

    async def restrict(self) -> None:
        number = self.number()
        first, last = sorted(self.start(number)["localTime"] for _ in range(2))
        asked: dict[str, Any] = {"firstStart": first, "lastStart": last}
        asked |= self.random.choice([{"shopSale": "HIDDEN"}, {"shopSale": "TAKEN"}, {"fewestPlayers": 2}])
        rules = self.random.choice([[], [asked]])
        await self.do("updateTeeSheet", self.clerk(), **self.day(number), restrictions=rules)

    async def close(self) -> None:
        course = self.sheets[self.number()].course
        if self.random.random() < 0.3:
            await self.do("setCourseStatus", self.clerk(), courseId=course, status="CLOSED", reason="Storm")
        else:
            await self.do("clearCourseStatusOverride", self.clerk(), courseId=course)

    async def offline(self) -> None:
        number = self.random.choice([0, 1, 2])
        for operation in ("takeTeeSheetOffline", "bringTeeSheetOnline"):
            await self.do(operation, self.one(self.desk), **self.day(number))

    # who waits

    async def join(self) -> None:
        given = self.day(self.number()) | {"partySize": self.random.randint(1, 3), **self.person()}
        await self.do("joinWaitlist", self.booker(), offerNow=self.random.random() < 0.5, **given)

    async def answer(self) -> None:
        entries = [row for known in self.known for row in known["waitlist"]["entries"]]
        if offer := self.one([row["offer"]["id"] for row in entries if row["offer"]]):
            operation = self.random.choice(["acceptWaitlistOffer", "acceptWaitlistOffer", "declineWaitlistOffer"])
            await self.do(operation, self.booker(), offerId=offer)
        elif entries:
            await self.do("leaveWaitlist", self.booker(), entryId=self.random.choice(entries)["id"])

    # the day of play

    async def arrive(self) -> None:
        booking = self.booking("CONFIRMED", "CHECKED_IN")
        operation = self.random.choice(["checkIn", "checkIn", "checkIn", "undoCheckIn", "markNoShow", "undoNoShow"])
        positions = self.positions(booking) if self.random.random() < 0.5 else None
        await self.do(operation, self.clerk(), bookingId=booking["id"], positions=positions)

    async def tee_off(self) -> None:
        await self.do("teeOff", self.clerk(), bookingId=self.booking("CHECKED_IN")["id"])

    async def play(self) -> None:
        booking, hole = self.booking("ON_COURSE", "COMPLETED")["id"], self.random.randint(1, 9)
        operation = self.random.choice(["recordHole", "recordHole", "correctHole", "endRound", "undoTeeOff"])
        more = {} if operation == "undoTeeOff" else {"hole": hole}
        await self.do(operation, self.one([*self.desk, self.others[1]]), bookingId=booking, **more)

    async def suspend(self) -> None:
        for operation in ("suspendPlay", "resumePlay"):
            await self.do(operation, self.clerk(), courseId=self.sheets[0].course)

    async def wait(self) -> None:
        self.server.clock.advance(minutes=self.random.randint(1, 5))
        await tasks.sweep_holds(self.server.runtime)
        await tasks.watch_pace(self.server.runtime)

    # money

    async def pay(self) -> None:
        kind, cents = self.random.choice(list(WAYS)), self.random.choice([1, 500, 4000, 9000])
        given = {"bookingId": self.booking()["id"], "kind": kind, "amountCents": cents, "reason": "Asked for"}
        if await self.do("addLedgerEntry", self.clerk(), **given):
            self.till += WAYS[kind] * cents

    async def note_paid(self) -> None:
        booking, cents = self.booking("CONFIRMED", "CHECKED_IN"), self.random.choice([0, 4000, 20000])
        if await self.do("updateBooking", self.clerk(), bookingId=booking["id"], paidCents=cents):
            self.till += cents - booking["paid"]["amountCents"]

    async def issue(self) -> None:
        suit = [row for row in self.bookings("CONFIRMED", "ON_COURSE") if row["paid"]["amountCents"]]
        booking = self.one(suit) or self.booking()
        await self.do("issueRainCheck", self.clerk(), bookingId=booking["id"], holesPlayed=self.random.randrange(12))

    async def redeem(self) -> None:
        code = self.one(self.codes) or "ACDEF-34679"
        given = {"bookingId": self.booking("CONFIRMED")["id"], "code": code, "forfeitRest": self.random.random() < 0.7}
        await self.do("redeemRainCheck", self.clerk(), **given)


WAYS = {"PAYMENT": 1, "REFUND": -1, "FEE": 0, "DISCOUNT": 0}
"""What goes into the till by an entry, and what out of it."""
OF_TWO = ["hold", "book", "convert", "cancel", "restore", "change", "move", "split", "regroup", "group", "answer"]
"""What two do at the same moment."""
ACTS = [
    *[*OF_TWO, "hold", "book", "book", "book", "cancel", "split", "regroup", "regroup", "release", "leave", "stand"],
    *[
        "change_group",
        "delay",
        "delay",
        "end_standing",
        "block",
        "unblock",
        "unblock",
        "squeeze",
        "restrict",
        "offline",
    ],
    *["close", "close", "close", "join", "join"],
    *["answer", "arrive", "arrive", "arrive", "tee_off", "tee_off", "play", "play", "suspend", "wait", "wait"],
    *["pay", "pay", "note_paid", "issue", "issue", "redeem", "redeem"],
    *[*DEPOSIT_ACTS, "ask_deposit", "ask_deposit", "pay_deposit", "pay_deposit", "pay_deposit", "refund_deposit"],
]
