"""Golfers, made and asked through the API."""

from typing import Any
from urllib.parse import urlsplit

from tests.harness import Who, World
from tests.providers.picture_files import telling

GOLFER = """golfer {
    id name headline employer industry city country handicapIndex skillLevel connection
    own { hidesEmployer visibility timeZone language hasPlace }
}"""
EVENTS = """subscription($after: String) { golferEvents(after: $after) {
    ... on StreamEvent { type cursor }
    ... on ConnectionAsked { golferId golferName connection }
    ... on GolfersConnected { golferId connection }
    ... on GolfersDisconnected { golferId connection }
    ... on GolferBlocked { golferId }
    ... on GolferUnblocked { golferId }
} }"""


async def do(world: World, operation: str, /, *, who: Who, selection: str = GOLFER, **given: Any) -> Any:
    """Run a mutation that must succeed; give its payload."""
    payload = await world.server.mutate(operation, selection, who=who, **given)
    assert payload["problems"] == [], payload
    return payload


async def golfer(world: World, name: str, **more: Any) -> tuple[Who, str]:
    """Have a player say who they are; give the player and the golfer's id."""
    who = world.player(name)
    given = {"name": name.title(), "industry": "FINANCE", "timeZone": "Europe/Madrid"} | more
    return who, str((await do(world, "updateGolfer", who=who, **given))["golfer"]["id"])


async def problem_of(world: World, operation: str, /, *, who: Who, **given: Any) -> dict[str, Any]:
    """Run a mutation that a rule refuses; give its one problem."""
    payload = await world.server.mutate(operation, "cursor", who=who, **given)
    [problem] = payload["problems"]
    assert payload["cursor"] is None
    return dict(problem)


async def code_of(world: World, operation: str, /, *, who: Who, **given: Any) -> str:
    """Run a mutation that somebody may not do; give the code of the error."""
    kind = operation[0].upper() + operation[1:] + "Input"
    query = f"mutation($input: {kind}!) {{ {operation}(input: $input) {{ cursor }} }}"
    return (await world.server.run(query, who=who, input=given)).code


async def sent_photo(world: World, who: Who, content: bytes | None = None) -> str:
    """Send a photo as a client does, which is not shown yet; give its id."""
    selection = "pictureId url method headers { name value }"
    expected = await do(world, "uploadPicture", who=who, selection=selection)
    headers = {one["name"]: one["value"] for one in expected["headers"]}
    url = world.server.url + urlsplit(expected["url"]).path
    sent = await world.server.http.request(expected["method"], url, content=content or telling(), headers=headers)
    assert sent.status_code == 201, sent.text
    return str(expected["pictureId"])


async def see(world: World, who: Who, golfer_id: str) -> Any:
    """Ask for a golfer; give what is told, or the code of the refusal."""
    answer = await world.server.run(
        f"query($id: ID!) {{ {GOLFER.replace('golfer {', 'golfer(id: $id) {', 1)} }}", who=who, id=golfer_id
    )
    return answer.code if "errors" in answer else answer.data["golfer"]


async def names(world: World, who: Who, field: str = "golfers", arguments: str = "") -> list[str]:
    """Ask for a list of golfers; give their names."""
    answer = await world.server.run(f"{{ {field}{arguments} {{ nodes {{ name }} }} }}", who=who)
    return [one["name"] for one in answer.data[field]["nodes"]]
