"""What tests of players need: people of a club, added, changed and found through the API."""

from typing import Any

from tests.harness import Who, World

PLAYER = """player {
  id firstName lastName priceClass memberNumber phone email birthDate household hostId userId notes isActive
}"""
FOUND = "nodes { id firstName lastName } pageInfo { hasNextPage endCursor }"
LIST = f"""query($c: ID!, $s: String, $p: PriceClass, $a: Boolean, $f: Int! = 20, $after: String) {{
  players(clubId: $c, search: $s, priceClass: $p, active: $a, first: $f, after: $after) {{ {FOUND} }}
}}"""
EVENTS = """subscription($c: ID!, $a: String) { playerEvents(clubId: $c, after: $a) {
  ... on StreamEvent { type cursor clubId }
  ... on PlayerAdded {
    playerId firstName lastName priceClass memberNumber phone email birthDate household hostId notes isActive
  }
  ... on PlayerUpdated {
    playerId firstName lastName priceClass memberNumber phone email birthDate household hostId notes isActive changes
  }
} }"""
ANA = {
    "firstName": "Ana",
    "lastName": "Núñez",
    "priceClass": "MEMBER",
    "memberNumber": "M-017",
    "phone": "+34 612 345 678",
    "email": "ana@example.com",
    "birthDate": "1980-02-29",
    "household": "Núñez",
    "userId": "ana",
    "notes": "Prefers the early starts.",
}


async def do(world: World, operation: str, /, *, who: Who | None = None, selection: str = PLAYER, **given: Any) -> Any:
    """Run a mutation that must succeed, as staff unless somebody else is named; give its payload."""
    payload = await world.server.mutate(operation, selection, who=who or world.staff, **given)
    assert payload["problems"] == [], payload
    return payload


async def add(world: World, first: str = "Ben", last: str = "Ruiz", **more: Any) -> str:
    """Add a player; give the id."""
    given = {"clubId": world.club, "firstName": first, "lastName": last, "priceClass": "MEMBER"} | more
    return str((await do(world, "addPlayer", **given))["player"]["id"])


async def problem_of(world: World, operation: str, /, *, who: Who | None = None, **given: Any) -> dict[str, Any]:
    """Run a mutation that a rule refuses; give its one problem."""
    payload = await world.server.mutate(operation, "cursor", who=who or world.staff, **given)
    [problem] = payload["problems"]
    assert payload["cursor"] is None
    return dict(problem)


async def code_of(world: World, operation: str, /, *, who: Who, **given: Any) -> str:
    """Run a mutation that somebody may not do; give the code of the error."""
    kind = operation[0].upper() + operation[1:] + "Input"
    query = f"mutation($input: {kind}!) {{ {operation}(input: $input) {{ cursor }} }}"
    return (await world.server.run(query, who=who, input=given)).code


async def names(world: World, search: str | None = None, **more: Any) -> list[str]:
    """Search; give the names that were found."""
    answer = await world.server.run(LIST, who=world.staff, c=world.club, s=search, **more)
    return [f"{one['firstName']} {one['lastName']}" for one in answer.data["players"]["nodes"]]


async def told(world: World, *, after: str, count: int) -> list[Any]:
    """Give so many events of players behind a cursor."""
    async with world.server.socket(world.staff) as socket:
        await socket.subscribe(EVENTS, c=world.club, a=after)
        return await socket.events(count)
