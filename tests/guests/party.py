"""An occasion with its households, made through the API, for tests of the guests."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from auth.viewer import Role
from kit.ids import parse_id
from tests.harness import Server, Who, World

HOUSEHOLD = """id name code plusOnes cursor parts { id name }
    guests { id name isPlusOne rsvpStatus attendances { partId status mealId queuePlace tableId } }"""
OCCASION = """query($id: ID!) { occasion(id: $id) {
    id name status cursor guestCount planners parts { id name capacity isMain meals { mealId name } }
} }"""


@dataclass
class Party:
    """An occasion, who plans it, and what was made for it."""

    world: World
    planner: Who
    id: str
    main: str
    households: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def server(self) -> Server:
        return self.world.server

    async def mutate(self, operation: str, selection: str, /, *, who: Who | None = None, **given: Any) -> Any:
        return await self.server.mutate(operation, selection, who=who or self.planner, **given)

    async def done(self, operation: str, selection: str, /, *, who: Who | None = None, **given: Any) -> Any:
        payload = await self.mutate(operation, selection, who=who, **given)
        assert payload["problems"] == [], payload
        return payload

    async def read(self) -> Any:
        return (await self.server.run(OCCASION, who=self.planner, id=self.id)).data["occasion"]

    async def invite(self, name: str, *guests: str, **more: Any) -> dict[str, Any]:
        """Invite a household with guests of these first names."""
        people = [{"firstName": one, "lastName": name} for one in guests]
        given = {"occasionId": self.id, "name": name, "guests": people} | more
        payload = await self.done("addHousehold", f"household {{ {HOUSEHOLD} }}", **given)
        self.households[name] = payload["household"]
        return self.households[name]

    def guest(self, name: str) -> Who:
        """Somebody of a household, by its own token."""
        household_id = parse_id("household", self.households[name]["id"])
        return Who(self.world.tenant_id, (Role.GUEST,), user_id=f"guest {name}", household_id=household_id)

    async def household(self, name: str, *, who: Who | None = None) -> dict[str, Any]:
        query = f"query($id: ID!) {{ household(id: $id) {{ {HOUSEHOLD} }} }}"
        answer = await self.server.run(query, who=who or self.planner, id=self.households[name]["id"])
        return answer.data["household"]  # type: ignore[no-any-return]

    async def answer(
        self, name: str, status: str = "ACCEPTED", *, only: int | None = None, who: Who | None = None, **more: Any
    ) -> Any:
        """Answer for a household's guests, or for the first ones of them, by its own token."""
        guests = self.households[name]["guests"][:only]
        given = {"guests": [{"guestId": one["id"], "status": status} for one in guests]} | more
        chosen = f"household {{ {HOUSEHOLD} }}"
        return await self.mutate("submitRsvp", chosen, who=who or self.guest(name), **given)

    async def statuses(self, name: str, part: str | None = None) -> list[str]:
        """Give what a household's guests answered for a part, or the main one."""
        found = await self.household(name)
        rows = [one["attendances"] for one in found["guests"]]
        return [row["status"] for mine in rows for row in mine if row["partId"] == (part or self.main)]


async def found_party(world: World, *, capacity: int | None = None, publish: bool = True, **more: Any) -> Party:
    """Make an occasion with one part, a dinner, at 19:00 in a month."""
    planner = replace(world.staff, roles=(Role.PLANNER,), user_id="planner")
    begins = world.server.clock() + timedelta(days=30)
    part = {
        "name": "Dinner",
        "startsAt": begins.isoformat(),
        "endsAt": (begins + timedelta(hours=5)).isoformat(),
        "capacity": capacity,
        "isSeated": True,
        "meals": [{"name": "Fish"}, {"name": "Risotto"}],
    }
    given: dict[str, Any] = {
        "clubId": world.club,
        "name": "Summer Wedding",
        "kind": "WEDDING",
        "rsvpDeadline": (begins - timedelta(days=10)).isoformat(),
        "part": part | more.pop("part", {}),
    }
    made = await world.server.mutate("createOccasion", "occasion { id parts { id } }", who=planner, **given | more)
    assert made["problems"] == [], made
    occasion = made["occasion"]
    party = Party(world, planner, occasion["id"], occasion["parts"][0]["id"])
    if publish:
        await party.done("publishOccasion", "occasion { status }", occasionId=party.id)
    return party
