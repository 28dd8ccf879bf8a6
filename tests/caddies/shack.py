"""The acts of a caddie master through the API, a screen's copy of the lists, and what tests ask about both."""

from copy import deepcopy
from typing import Any

from events.cursor import Cursor
from tests.harness import Socket, Who, World

RESULTS = {
    "addCaddie": "caddie { id name listNumber status phoneNumber }",
    "updateCaddie": "caddie { id name listNumber status phoneNumber }",
    "deleteCaddie": "caddie { id isActive }",
    "setCaddieStatus": "caddie { id status statusLabel }",
    "startTurn": "turn { id status reason caddie { id name } }",
    "endTurn": "turn { id status feeTier fee { amountCents currency } tip { amountCents currency } }",
    "skipTurn": "turn { id status caddie { id name } }",
    "undoTurn": "turn { id status day startedAt endedAt feeTier answer bookingId caddie { id status } }",
    "assignTurn": "turn { id status answer assignedAs bookingId caddie { id name } }",
    "answerTurnAssignment": "turn { id status answer }",
    "drawCaddieWeek": "caddieDraw { id week seed listNumber drawn { caddieId wasSkipped } }",
    "importCaddies": "caddieImport { id added }",
    "setCaddieSettings": "settings { listCount fees { feeTier feeCents } }",
}
"""Every mutation of the caddies, and how to ask for its result."""
PROBLEM = """__typename code message path
  ... on CaddieStatusRefused { status wanted }
  ... on CaddieNotQueued { caddieStatus: status }
  ... on ReasonRequired { nextCaddieId }
  ... on TurnNotInField { turnStatus: status }
  ... on TurnMovedOn { turnStatus: status }
  ... on TurnNotAssignable { turnStatus: status }
  ... on AssignmentAnswered { answer }
  ... on CaddieAssigned { turnId bookingId }
  ... on WeekAlreadyDrawn { drawId }
  ... on ListInUse { highestList }
  ... on ImportRefused { rows { line column reason fault faultValues } }
  ... on InvalidInput { fault faultValues }"""
CADDIE = "id name listNumber status phoneNumber createdAt updatedAt"
SNAPSHOT = (
    f"""query($c: ID!, $lists: [Int!]) {{ caddies(clubId: $c, lists: $lists) {{ cursor caddies {{ {CADDIE} }} }} }}"""
)
QUEUE = """query($c: ID!, $list: Int!) { caddieQueue(clubId: $c, list: $list) {
  cursor day queue { place caddie { id name } turn { id bookingId } }
  inField { id startedAt bookingId caddie { id name } } draw { week seed drawn { caddieId wasSkipped } }
} }"""
EVENTS = """
fragment Facts on StreamEvent {
  __typename cursor type timestamp clubId
  ... on CaddieStatusChanged { caddieId name status statusLabel listNumber }
  ... on CaddieAdded { caddieId name listNumber status createdAt updatedAt phoneNumber }
  ... on CaddieUpdated { caddieId newName: name phoneNumber listNumber previousListNumber }
  ... on CaddieDeleted { caddieId listNumber }
  ... on TurnStarted { turnId caddieId name listNumber startedAt turnBookingId: bookingId }
  ... on TurnEnded { turnId caddieId name listNumber startedAt endedAt feeTier feeCents tipCents currency }
  ... on TurnUndone { turnId caddieId name listNumber act turnStatus outSince undoneBookingId: bookingId }
  ... on TurnQueueChanged { listNumber day queue { place caddieId name turnId bookingId } }
  ... on TurnAssigned { turnId caddieId name assignedAs answer assignedBookingId: bookingId }
  ... on TurnAnswered { turnId caddieId name assignedAs answer assignedBookingId: bookingId }
  ... on CaddieWeekDrawn { listNumber week seed drawn { caddieId wasSkipped } }
  ... on CaddieSettingsChanged { listCount fees { feeTier feeCents } }
}
subscription($c: ID!, $lists: [Int!], $types: [CaddieEventType!], $after: String) {
  caddieEvents(clubId: $c, lists: $lists, types: $types, after: $after) {
    ...Facts
    ... on StreamReset { reason cursor }
  }
}
"""


def mutation_of(operation: str) -> str:
    """Write the document of a mutation that asks for its result and all that its problems say."""
    kind = operation[0].upper() + operation[1:] + "Input"
    wanted = f"{RESULTS[operation]} cursor problems {{ {PROBLEM} }}"
    return f"mutation($input: {kind}!) {{ {operation}(input: $input) {{ {wanted} }} }}"


async def act(world: World, operation: str, /, *, who: Who | None = None, **given: Any) -> Any:
    """Run a mutation, as staff unless somebody else is named; give its payload."""
    answer = await world.server.run(mutation_of(operation), who=who or world.staff, input=given)
    return answer.data[operation]


async def done(world: World, operation: str, /, *, who: Who | None = None, **given: Any) -> Any:
    """Run a mutation that must succeed; give its payload."""
    payload = await act(world, operation, who=who, **given)
    assert payload["problems"] == [], payload
    return payload


async def refused(world: World, operation: str, /, *, who: Who | None = None, **given: Any) -> Any:
    """Run a mutation that a rule refuses; give its one problem, once it is sure that nothing has changed."""
    before = await everything(world)
    payload = await act(world, operation, who=who, **given)
    [problem] = payload["problems"]
    assert payload["cursor"] is None
    assert problem["message"].endswith(".")
    assert await everything(world) == before
    return problem


async def add(world: World, name: str, list_number: int = 1, **more: Any) -> str:
    """Add a caddie; give the id."""
    who = world.admin if "phoneNumber" in more else world.staff
    given = {"clubId": world.club, "name": name, "listNumber": list_number, **more}
    return str((await done(world, "addCaddie", who=who, **given))["caddie"]["id"])


async def add_all(world: World, names: str, list_number: int = 1) -> dict[str, str]:
    """Add caddies whose names are separated by spaces; give their ids by name."""
    return {name: await add(world, name, list_number) for name in names.split()}


async def set_status(world: World, caddie_id: str, status: str, **more: Any) -> Any:
    """Set a caddie's status, which must succeed; give the payload."""
    return await done(world, "setCaddieStatus", caddieId=caddie_id, status=status, **more)


async def start(world: World, list_number: int = 1, **more: Any) -> Any:
    """Start a turn, which must succeed; give it."""
    payload = await done(world, "startTurn", clubId=world.club, listNumber=list_number, **more)
    return payload["turn"]


async def waiting(world: World, list_number: int = 1, *, who: Who | None = None) -> list[str]:
    """Name who waits in a list's queue, the head first."""
    return [place["caddie"]["name"] for place in (await queue(world, list_number, who=who))["queue"]]


async def queue(world: World, list_number: int = 1, *, who: Who | None = None) -> Any:
    """Read a list's queue."""
    answer = await world.server.run(QUEUE, who=who or world.staff, c=world.club, list=list_number)
    return answer.data["caddieQueue"]


async def read(world: World, *lists: int, who: Who | None = None) -> Any:
    """Read the caddies of lists."""
    answer = await world.server.run(SNAPSHOT, who=who or world.staff, c=world.club, lists=list(lists) or None)
    return answer.data["caddies"]


async def everything(world: World) -> Any:
    """Read all that an admin sees of three lists."""
    return [await read(world, who=world.admin), *[await queue(world, number) for number in (1, 2, 3)]]


def position(cursor: str, world: World) -> int:
    """Tell the place of a cursor in the club's stream."""
    return Cursor.parse(cursor, stream=f"club:{world.club}").position


async def follow(socket: Socket, world: World, *lists: int, after: str | None = None, types: Any = None) -> str:
    """Subscribe to lists."""
    return await socket.subscribe(EVENTS, c=world.club, lists=list(lists) or None, after=after, types=types)


def types(found: list[Any]) -> list[str]:
    """Give the wire names of events."""
    return [event["type"] for event in found]


class Board:
    """A screen's copy of the lists that it shows, kept up to date by events alone, as a client would write it."""

    def __init__(self, snapshot: Any, queues: dict[int, Any]) -> None:
        self.caddies = {row["id"]: deepcopy(row) for row in snapshot["caddies"]}
        self.queues = {
            number: [(place["caddie"]["id"], (place["turn"] or {}).get("id")) for place in q["queue"]]
            for number, q in queues.items()
        }
        self.days = {number: q["day"] for number, q in queues.items()}
        self.in_field = {turn["id"]: turn["caddie"]["id"] for q in queues.values() for turn in q["inField"]}

    def apply(self, event: Any) -> None:
        """Take an event in."""
        row: Any = self.caddies.get(event.get("caddieId"))
        match event["type"]:
            case "caddie:added":
                names = CADDIE.split()[1:]
                self.caddies[event["caddieId"]] = {"id": event["caddieId"]} | {name: event[name] for name in names}
            case "caddie:deleted":
                del self.caddies[event["caddieId"]]
            case "caddie:status_changed":
                row["status"] = event["status"]
            case "caddie:updated" if row is not None:
                if event["newName"] is not None:
                    row |= {"name": event["newName"], "updatedAt": event["timestamp"]}
                if event["phoneNumber"] is not None:
                    row["phoneNumber"] = event["phoneNumber"] or None
            case "turn:queue_changed":
                self.queues[event["listNumber"]] = [(p["caddieId"], p["turnId"]) for p in event["queue"]]
                self.days[event["listNumber"]] = event["day"]
            case kind if kind.startswith("turn:"):
                self._apply_turn(kind, event["turnId"], event)

    def _apply_turn(self, kind: str, turn_id: str, event: Any) -> None:
        match kind:
            case "turn:started":
                self.in_field[turn_id] = event["caddieId"]
            case "turn:ended":
                del self.in_field[turn_id]
            case "turn:undone" if event["outSince"]:
                self.in_field[turn_id] = event["caddieId"]
            case "turn:undone":
                self.in_field.pop(turn_id, None)
            case "turn:assigned" | "turn:answered":
                assigned = turn_id if event["answer"] in {"PENDING", "ACCEPTED"} else None
                for waiting in self.queues.values():
                    waiting[:] = [(one, assigned if one == event["caddieId"] else had) for one, had in waiting]

    def shown(self) -> Any:
        """Give what the screen shows."""
        rows = sorted(self.caddies.values(), key=lambda row: (row["listNumber"], row["name"], row["id"]))
        return rows, self.queues, self.days, self.in_field


async def board(world: World, *lists: int, who: Who | None = None) -> tuple[Board, str]:
    """Read a screen's copy of some lists anew, and the cursor that it was read at."""
    snapshot = await read(world, *lists, who=who)
    queues = {number: await queue(world, number, who=who) for number in lists}
    return Board(snapshot, queues), snapshot["cursor"]


async def assert_followed(world: World, before: tuple[Board, str], *lists: int, who: Who | None = None) -> list[Any]:
    """Feed the events since a snapshot to its board, and compare it with a fresh one; give the events."""
    kept, cursor = before
    found = await until_marked(world, *lists, after=cursor, who=who)
    for event in found:
        kept.apply(event)
    fresh, _ = await board(world, *lists, who=who)
    assert kept.shown() == fresh.shown()
    return found


async def heard(world: World, *lists: int, after: str, who: Who | None = None) -> list[Any]:
    """Give what a viewer of lists hears after a cursor, without the caddie who is added to mark the end."""
    found = await until_marked(world, *lists, after=after, who=who)
    return found[:-2]


async def until_marked(world: World, *lists: int, after: str, who: Who | None = None) -> list[Any]:
    """Add a caddie to the first list, who marks the end, and give all that a viewer of lists hears up to it."""
    mark = await add(world, "Zz Mark", lists[0])
    found: list[Any] = []
    async with world.server.socket(who or world.staff) as socket:
        await follow(socket, world, *lists, after=after)
        while not (found and found[-1]["type"] == "turn:queue_changed" and _has(found[-1], mark)):
            found.append(await socket.event())
            assert "reason" not in found[-1], found[-1]
    at = [position(event["cursor"], world) for event in found]
    assert at == sorted(set(at))
    return found


async def head(world: World) -> str:
    """Give the cursor of where the club's stream stands."""
    return str((await read(world))["cursor"])


def _has(event: Any, caddie_id: str) -> bool:
    return any(place["caddieId"] == caddie_id for place in event["queue"])
