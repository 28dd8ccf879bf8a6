"""Tables and seats of an occasion, through the API."""

from dataclasses import dataclass, field
from typing import Any

from tests.guests.party import Party
from tests.harness import Who

SEAT = "guestId guestName tableId seat isLocked rsvpStatus groupName isVip householdId"
TABLE = f"id name capacity seated shape x y isAccessible isVip partId seats {{ {SEAT} }}"
RULE = "id kind firstGuestId firstHouseholdId secondGuestId secondHouseholdId"
PROBLEM = "flaw guestIds tableIds ruleId householdId"
CHART = f"""query($id: ID!, $part: ID) {{ seatingChart(occasionId: $id, partId: $part) {{
    cursor partId tables {{ {TABLE} }} unseated {{ {SEAT} }} rules {{ {RULE} }} seatingProblems {{ {PROBLEM} }}
}} }}"""
PLAN = f"plan {{ isApplied cost seats {{ guestId tableId previousTableId }} seatingProblems {{ {PROBLEM} }} }}"
REFUSED = """problems { __typename code message path
    ... on TableFull { seatsLeft } ... on SeatLocked { guestIds } ... on NotSeated { guestIds }
    ... on SeatOccupied { guestId } ... on SeatsTaken { seated } ... on SeatNotWanted { rsvpStatus }
    ... on SeatingRuleBroken { rules { ruleId kind guestIds } } }"""


@dataclass
class Floor:
    """The tables of a party's dinner, by name, and its guests, by first name."""

    party: Party
    tables: dict[str, str] = field(default_factory=dict)

    async def set_table(self, name: str, capacity: int = 4, **more: Any) -> str:
        made = await self.party.done(
            "addTable", f"table {{ {TABLE} }}", occasionId=self.party.id, name=name, capacity=capacity, **more
        )
        self.tables[name] = made["table"]["id"]
        return str(made["table"]["id"])

    def guest(self, name: str) -> str:
        """Give the id of a guest by the first name."""
        homes = self.party.households.values()
        ids = (one["id"] for home in homes for one in home["guests"] if one["name"].split()[:1] == [name])
        return str(next(ids))

    def wishes(self, names: dict[str, int | None] | list[str]) -> list[dict[str, Any]]:
        seats = names if isinstance(names, dict) else dict.fromkeys(names)
        return [{"guestId": self.guest(name), "seat": seat} for name, seat in seats.items()]

    async def seat(self, table: str, *names: str, **more: Any) -> Any:
        """Seat guests at a table; gives the payload."""
        given = {"tableId": self.tables[table], "guests": self.wishes(list(names))} | more
        return await self.ask("seatGuests", f"tables {{ {TABLE} }}", **given)

    async def do(self, operation: str, *names: str, **more: Any) -> Any:
        """Unseat, lock or unlock guests; gives the payload."""
        return await self.ask(operation, "tables { id seated }", guestIds=list(map(self.guest, names)), **more)

    async def swap(self, one: str, other: str, **more: Any) -> Any:
        ids = {"guestId": self.guest(one), "otherGuestId": self.guest(other)}
        return await self.ask("swapSeats", "tables { id seated }", **ids, **more)

    async def rule(self, kind: str, **sides: Any) -> str:
        made = await self.party.done(
            "setSeatingRule", "seatingRule { id }", occasionId=self.party.id, kind=kind, **sides
        )
        return str(made["seatingRule"]["id"])

    async def plan(self, **more: Any) -> Any:
        payload = await self.party.done("autoSeat", PLAN, occasionId=self.party.id, **more)
        return payload["plan"]

    async def ask(self, operation: str, selection: str, /, **given: Any) -> Any:
        """Run a mutation; what it is refused for is told in full."""
        kind = operation[0].upper() + operation[1:] + "Input"
        query = f"mutation($i: {kind}!) {{ {operation}(input: $i) {{ {selection} {REFUSED} }} }}"
        answer = await self.party.server.run(query, who=self.party.planner, i=given)
        return answer.data[operation]

    async def chart(self, who: Who | None = None) -> Any:
        answer = await self.party.server.run(CHART, who=who or self.party.planner, id=self.party.id)
        return answer.data["seatingChart"]

    async def places(self) -> dict[str, tuple[str, int | None]]:
        """Tell who sits where: table and seat, by first name."""
        names = {table_id: name for name, table_id in self.tables.items()}
        seats = [seat for table in (await self.chart())["tables"] for seat in table["seats"]]
        return {seat["guestName"].split()[0]: (names[seat["tableId"]], seat["seat"]) for seat in seats}

    async def flaws(self) -> list[str]:
        return [problem["flaw"] for problem in (await self.chart())["seatingProblems"]]


def refusal(payload: Any) -> Any:
    [problem] = payload["problems"]
    return problem
