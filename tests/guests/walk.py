"""What people do at random to an occasion: planners, households by their own tokens, and the door."""

from random import Random
from typing import Any

from jobs import tasks
from tests.guests.followed import evening
from tests.guests.party import Party
from tests.harness import Who

LIST = """query($id: ID!) {
    guests(occasionId: $id) { guests { id householdId attendances { partId status tableId isLocked arrivedAt } } }
    occasion(id: $id) { status parts { id isMain capacity } }
    seatingChart(occasionId: $id) { tables { id capacity } rules { id } }
    posts(occasionId: $id, first: 100) { nodes { id status kind } }
    guestRequests(occasionId: $id, first: 100) { nodes { id } }
}"""
HOME = "query($id: ID!) { household(id: $id) { id } }"
NAMES = ("Ana", "Ben", "Cleo", "Dario", "Eva", "Fina", "Gil", "Hugo")
STAYS = ("Vado", "Lindero")
"""Households that are followed, and not taken off the list."""


class Walk:
    """An occasion, and somebody who does the next thing to it."""

    def __init__(self, party: Party, seed: int) -> None:
        self.party, self.random = party, Random(seed)
        self.known: dict[str, Any] = {}
        self.done: dict[str, int] = {}
        """How often each thing was done, and not refused."""
        self.number = 0

    async def step(self) -> None:
        """Do something, which may be refused."""
        self.party.server.clock.advance(minutes=1)
        answer = await self.party.server.run(LIST, who=self.party.planner, id=self.party.id)
        self.known = answer.data
        await getattr(self, self.random.choice(ACTS))()

    async def do(self, operation: str, who: Who | None = None, selection: str = "cursor", /, **given: Any) -> Any:
        """Run a mutation; give its payload where it was not refused. Nothing may fail by a fault of ours."""
        kind = operation[0].upper() + operation[1:] + "Input"
        query = f"mutation($i: {kind}!) {{ {operation}(input: $i) {{ {selection} problems {{ code message }} }} }}"
        answer = await self.party.server.run(query, who=who or self.party.planner, i=given)
        if "errors" in answer:
            assert answer.code in {"NOT_FOUND", "NOT_ALLOWED"}, (operation, given, answer)
            return None
        payload = answer.data[operation]
        if payload["problems"]:
            return None
        self.done[operation] = self.done.get(operation, 0) + 1
        return payload

    # whom it is about

    @property
    def guests(self) -> list[dict[str, Any]]:
        return self.known["guests"]["guests"]  # type: ignore[no-any-return]

    def pick(self, rows: list[Any]) -> Any:
        return self.random.choice(rows) if rows else None

    def guest(self) -> str:
        row = self.pick(self.guests)
        return str(row["id"]) if row else "guest_00000000000000000000000000"

    def home(self) -> str:
        return self.random.choice(list(self.party.households))

    def home_id(self, *, but: tuple[str, ...] = ()) -> str:
        row = self.pick([one for name, one in self.party.households.items() if name not in but])
        return str(row["id"]) if row else "household_00000000000000000000000000"

    def of_home(self, name: str) -> list[dict[str, Any]]:
        return [one for one in self.guests if one["householdId"] == self.party.households[name]["id"]]

    def part(self) -> str:
        return str(self.pick(self.known["occasion"]["parts"])["id"])

    def table(self) -> str:
        row = self.pick(self.known["seatingChart"]["tables"])
        return str(row["id"]) if row else "table_00000000000000000000000000"

    def post(self, **of: Any) -> str:
        rows = [one for one in self.known["posts"]["nodes"] if of.items() <= one.items()]
        row = self.pick(rows)
        return str(row["id"]) if row else "post_00000000000000000000000000"

    def person(self) -> dict[str, Any]:
        infant = self.random.random() < 0.15
        return {
            "firstName": self.random.choice(NAMES),
            "lastName": "Prado",
            "ageGroup": "INFANT" if infant else self.random.choice(["ADULT", "CHILD"]),
            "groupName": self.random.choice(["", "Bride", "Groom"]),
            "diets": self.random.sample(["VEGAN", "HALAL", "NUT_ALLERGY"], self.random.randrange(2)),
            "needs": self.random.sample(["WHEELCHAIR", "HIGH_CHAIR"], self.random.randrange(2)),
        }

    # what those do who plan it

    async def invite(self) -> None:
        self.number += 1
        name = f"House {self.number}"
        guests = [self.person() for _ in range(self.random.randint(1, 3))]
        parts = self.random.choice([[], [], [self.party.main]])
        more = {"guests": guests, "partIds": parts, "plusOnes": self.random.choice([0, 0, 1])}
        made = await self.do("addHousehold", None, "household { id }", occasionId=self.party.id, name=name, **more)
        if made:
            self.party.households[name] = made["household"]

    async def add(self) -> None:
        rows = [{"householdId": self.home_id(), **self.person()} for _ in range(self.random.randint(1, 3))]
        await self.do("addGuests", occasionId=self.party.id, guests=rows)

    async def take(self) -> None:
        rows = "".join(f"{self.home()},{self.random.choice(NAMES)} {n}\n" for n in range(3))
        text = f"Household,First name\n{rows}"
        await self.do("importGuests", None, "report { added }", occasionId=self.party.id, csv=text, apply=True)

    async def change(self) -> None:
        change: dict[str, Any] = self.random.choice(
            [
                self.person(),
                {"isVip": self.random.random() < 0.5, "dietNote": "No celery"},
                {"ageGroup": "INFANT", "takesPlace": self.random.random() < 0.5},
                {"householdId": self.home_id()},
                {"householdId": self.home_id()},
            ]
        )
        others = self.random.sample(self.guests, min(2, len(self.guests)))
        await self.do("updateGuests", guests=[{"guestId": one["id"], **change} for one in others])

    async def remove(self) -> None:
        await self.do("deleteGuests", guestIds=[self.guest()])

    async def erase(self) -> None:
        guest = self.guest()
        if any([one["id"] for one in self.of_home(name)] == [guest] for name in STAYS):
            return  # the last one takes the household along
        if await self.do("eraseGuest", guestId=guest):
            await self.forget()

    async def change_home(self) -> None:
        change: dict[str, Any] = self.random.choice(
            [
                {"name": None, "plusOnes": self.random.randrange(3)},
                {"partIds": self.random.choice([None, [self.party.main], [self.part()]])},
                {"language": "ES", "phone": "+34 611 222 333"},
            ]
        )
        await self.do("updateHousehold", householdId=self.home_id(), **change)

    async def remove_home(self) -> None:
        if await self.do("deleteHousehold", householdId=self.home_id(but=STAYS)):
            await self.forget()

    async def merge(self) -> None:
        if await self.do("mergeHouseholds", householdId=self.home_id(), otherId=self.home_id(but=STAYS)):
            await self.forget()

    async def forget(self) -> None:
        """Know no more of households that are gone."""
        for name in list(self.party.households):
            answer = await self.party.server.run(HOME, who=self.party.planner, id=self.party.households[name]["id"])
            if "errors" in answer:
                del self.party.households[name]

    async def capacity(self) -> None:
        await self.do("updatePart", partId=self.part(), capacity=self.random.choice([4, 8, 12, 16, None]))

    async def parts(self) -> None:
        others = [one["id"] for one in self.known["occasion"]["parts"] if not one["isMain"]]
        if len(others) > 1:
            await self.do("deletePart", partId=self.random.choice(others))
        else:
            part = {"name": "Brunch", "capacity": 6, "isSeated": False, **evening(self.party, 31)}
            await self.do("addPart", occasionId=self.party.id, part=part)

    async def details(self) -> None:
        change: dict[str, Any] = self.random.choice(
            [
                {"planners": ["planner", *self.random.sample(["rosa", "ivo"], self.random.randrange(3))]},
                {"questions": [{"text": f"Song {self.number}?", "kind": "TEXT"}]},
                {"revealSeatingAt": self.random.choice([None, "2026-05-01T00:00:00Z", "2027-05-01T00:00:00Z"])},
            ]
        )
        await self.do("updateOccasion", occasionId=self.party.id, **change)

    async def close(self) -> None:
        await self.do("closeOccasion", occasionId=self.party.id)
        await self.invite()
        await self.do("publishOccasion", occasionId=self.party.id)

    async def send(self) -> None:
        kind = self.random.choice(["INVITATION", "RSVP_REMINDER"])
        await self.do("sendInvitations", occasionId=self.party.id, kind=kind)

    async def codes(self) -> None:
        await self.do("reissueInvitation", householdId=self.home_id(but=STAYS))
        await self.do("rotateCheckInCode", guestId=self.guest())

    # tables and seats

    async def lay(self) -> None:
        self.number += 1
        given = {"name": f"Table {self.number}", "capacity": self.random.randint(2, 6)}
        await self.do("addTable", occasionId=self.party.id, **given, isVip=self.random.random() < 0.2)

    async def change_table(self) -> None:
        await self.do("updateTable", tableId=self.table(), capacity=self.random.randint(2, 6), x=self.random.random())

    async def remove_table(self) -> None:
        await self.do("deleteTable", tableId=self.table())

    async def seat(self) -> None:
        guests = {self.guest(): self.random.choice([None, None, 1, 2, 3]) for _ in range(self.random.randint(1, 3))}
        rows = [{"guestId": guest, "seat": seat} for guest, seat in guests.items()]
        await self.do("seatGuests", tableId=self.table(), guests=rows, force=self.random.random() < 0.5)

    def seated(self) -> str:
        row = self.pick([one for one in self.guests if any(it["tableId"] for it in one["attendances"])])
        return str(row["id"]) if row else self.guest()

    async def unseat(self) -> None:
        await self.do("unseatGuests", guestIds=[self.seated()])

    async def swap(self) -> None:
        await self.do("swapSeats", guestId=self.seated(), otherGuestId=self.seated(), force=True)

    async def lock(self) -> None:
        await self.do(self.random.choice(["lockSeat", "unlockSeat"]), guestIds=[self.seated()])

    async def plan(self) -> None:
        await self.do("autoSeat", occasionId=self.party.id, apply=True)
        if self.random.random() < 0.5:
            await self.do("undoAutoSeat", occasionId=self.party.id)

    async def rule(self) -> None:
        rules = self.known["seatingChart"]["rules"]
        if len(rules) > 3:
            await self.do("removeSeatingRule", seatingRuleId=self.random.choice(rules)["id"])
        else:
            sides = {"firstGuestId": self.guest(), "secondHouseholdId": self.home_id()}
            kind = self.random.choice(["TOGETHER", "APART"])
            await self.do("setSeatingRule", occasionId=self.party.id, kind=kind, **sides)

    async def reveal(self) -> None:
        await self.do("revealSeating", occasionId=self.party.id, reveal=self.random.random() < 0.6)
        await tasks.reveal_seatings(self.party.server.runtime)

    # the door

    async def arrive(self) -> None:
        more = {"wholeHousehold": self.random.random() < 0.3, "accept": self.random.random() < 0.5}
        await self.do("checkInGuest", occasionId=self.party.id, guestId=self.guest(), **more)

    async def leave(self) -> None:
        await self.do("undoGuestCheckIn", guestId=self.guest())

    # households

    async def answer(self) -> None:
        name = self.home()
        guests = self.of_home(name)
        chosen = self.random.sample(guests, self.random.randint(0, len(guests)))
        status = self.random.choice(["ACCEPTED", "ACCEPTED", "ACCEPTED", "DECLINED", "PENDING"])
        parts = [{"partId": self.part(), "status": status}]
        rows = [{"guestId": one["id"], "parts": parts} for one in chosen]
        more = {"guests": rows, "mayBeSplit": self.random.random() < 0.3}
        if self.random.random() < 0.6:
            await self.do("submitRsvp", self.party.guest(name), **more)
        else:
            await self.do("setRsvpOnBehalf", householdId=self.party.households[name]["id"], **more)

    async def listing(self) -> None:
        name = self.home()
        for one in self.of_home(name)[:2]:
            is_listed = self.random.random() < 0.7
            await self.do("setGuestListing", self.party.guest(name), guestId=one["id"], isListed=is_listed)

    async def ask(self) -> None:
        name = self.home()
        one = self.pick(self.of_home(name))
        named = {"guestId": one["id"]} if one else {}
        asks = {"occasionId": self.party.id, "text": "A high chair", **named}
        await self.do("createGuestRequest", self.party.guest(name), **asks)
        row = self.pick(self.known["guestRequests"]["nodes"])
        if row:
            await self.do("updateGuestRequest", requestId=row["id"], status="IN_PROGRESS", reply="It will be there.")

    async def say(self) -> None:
        name = self.home()
        one = self.pick(self.of_home(name))
        named = {"guestId": one["id"]} if one else {}
        said = self.random.choice([{"kind": "MUSIC", "title": "Volare"}, {"kind": "GUESTBOOK", "text": "Thank you!"}])
        await self.do("addPost", self.party.guest(name), occasionId=self.party.id, **named, **said)

    async def moderate(self) -> None:
        status = self.random.choice(["APPROVED", "APPROVED", "HIDDEN", "PENDING"])
        await self.do("moderatePost", postId=self.post(), status=status)
        if self.random.random() < 0.2:
            await self.do("deletePost", postId=self.post())

    async def vote(self) -> None:
        name = self.home()
        one, post = self.pick(self.of_home(name)), self.post(kind="MUSIC", status="APPROVED")
        if one:
            operation = self.random.choice(["voteForMusic", "voteForMusic", "unvoteForMusic"])
            await self.do(operation, self.party.guest(name), postId=post, guestId=one["id"])


ACTS = [
    *("invite", "add", "take", "change", "change", "change", "remove", "erase", "change_home", "change_home"),
    *("remove_home", "merge", "capacity", "capacity", "parts", "details", "details", "close", "send", "codes"),
    *("lay", "lay", "change_table", "remove_table", "seat", "seat", "seat", "unseat", "swap", "lock", "plan", "rule"),
    *("reveal", "reveal", "arrive", "leave", *["answer"] * 9, "listing", "listing", "ask", "say", "moderate", "vote"),
]
