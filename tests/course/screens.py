"""What screens ask about a course's status, and a screen's copy of its conditions that events alone keep up to date."""

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from tests.harness import Answer, Server, Socket, Who, World
from tests.realtime.support import until

WEATHER = "weather { observedAt windKmh gustKmh rainMmPerHour temperatureC weatherCode attribution }"
STATUS = "status since source causes reason closedUntil overrideUntil"
PLAY = "score level stale lightningUntil cartPolicy holesOpen temporaryGreens note"
CONDITIONS = (
    f"query($c: ID!) {{ courseConditions(courseId: $c) {{ cursor courseId name timeZone {STATUS} {PLAY} {WEATHER} }} }}"
)
FACTS = f"""
fragment Facts on CourseStatusStreamEvent {{
  __typename
  ... on StreamEvent {{ cursor type courseId clubId date }}
  ... on CourseStatusChanged {{
    previousStatus newStatus source causes playabilityScore reason cartsSuspended closedUntil dates
  }}
  ... on CourseConditionsChanged {{ {STATUS} {PLAY} {WEATHER} }}
  ... on CourseThresholdsChanged {{ changes thresholds {{ windWarningKmh windSevereKmh }} }}
  ... on StreamReset {{ cursor why: reason }}
}}
"""
EVENTS = (
    FACTS
    + """subscription($c: ID!, $types: [CourseStatusEventType!], $after: String) {
  courseStatusEvents(courseId: $c, types: $types, after: $after) { ...Facts }
}"""
)


async def conditions(world: World, who: Who | None = None) -> Any:
    """Read the conditions of the world's course, as anybody may."""
    return (await ask(world.server, world.course, who)).data["courseConditions"]


async def ask(server: Server, course: str, who: Who | None = None) -> Answer:
    """Ask for a course's conditions; give the whole answer."""
    return await server.run(CONDITIONS, who=who, c=course)


async def follow(socket: Socket, world: World, **more: Any) -> Socket:
    """Let a socket follow the course; give it when it does."""
    rooms, name = world.server.process.fanout.census, f"club:{world.club}"
    before = sum(rooms().get(name, {}).values())
    await socket.subscribe(EVENTS, c=world.course, **more)
    await until(lambda: sum(rooms().get(name, {}).values()) == before + 1)
    return socket


async def heard(world: World, *, after: str, upto: str, who: Who | None = None) -> list[Any]:
    """Give what is told between two cursors, the last one included."""
    events: list[Any] = []
    async with world.server.socket(who) as socket:
        await socket.subscribe(EVENTS, c=world.course, after=after)
        while not events or events[-1]["cursor"] != upto:
            events.append(await socket.event())
    return events


class Screen:
    """What a screen knows of a course: the answer of the query, and what events have changed of it since."""

    def __init__(self, snapshot: dict[str, Any]) -> None:
        self._known = deepcopy(snapshot)

    def apply(self, event: dict[str, Any]) -> None:
        """Bring the screen up to date with one event."""
        self._known["cursor"] = event["cursor"]
        if event["__typename"] == "CourseConditionsChanged":
            self._known |= {name: value for name, value in event.items() if name in self._known}

    def shown(self, *, at: datetime) -> dict[str, Any]:
        """Give what the query would answer at a moment: weather of more than 30 minutes before it is stale."""
        weather = self._known["weather"]
        old = weather is None or datetime.fromisoformat(weather["observedAt"]) + timedelta(minutes=30) < at
        return self._known | {"stale": self._known["stale"] or old}
