"""The acts of those who sell by draw and of those who enter, through the API."""

from datetime import timedelta
from typing import Any

from jobs import tasks
from tests.harness import Who, World
from tests.tee_sheet.desk import done

BALLOT = """ballot { id name status date firstStart lastStart entriesOpenAt entriesCloseAt drawsAt releasesAt seedHash
  entryCount placesWanted places placesLeft holes lookbackDays blockId cancelledReason
  draw { seed drawnAt starts { teeTimeId places }
    results { ballotEntryId rank gotBefore ticket places teeTimeIds refused { choice code } choice } } }"""
ENTRY = """ballotEntry { id ballotId status places teeTimeIds rank gotBefore choice bookingId
  players { position playerId firstName lastName } teeTime { id } }"""
ENTRIES = f"""query($b: ID!, $n: Int = 100) {{ ballotEntries(ballotId: $b, first: $n) {{
  nodes {{ {ENTRY.removeprefix("ballotEntry {").removesuffix("}")} }} }} }}"""


async def announce(world: World, *, closes: float = 60, releases: float = 90, **more: Any) -> Any:
    """Announce a ballot of some starts of the world's day, in minutes from now on; give it."""
    now = world.server.clock()
    given = {"courseId": world.course, "date": world.day.isoformat(), "firstStart": "10:00", "lastStart": "13:00"}
    given |= {"closesAt": (now + timedelta(minutes=closes)).isoformat()}
    given |= {"releasesAt": (now + timedelta(minutes=releases)).isoformat()}
    return (await done(world.server, "announceBallot", BALLOT, who=world.staff, **given | more))["ballot"]


async def enter(world: World, who: Who, ballot: Any, *numbers: int, **more: Any) -> Any:
    """Enter a ballot for tee times of the world by their numbers; give the entry."""
    wanted = {"ballotId": ballot["id"], "teeTimeIds": [world.tee_time(number) for number in numbers]}
    return (await done(world.server, "enterBallot", ENTRY, who=who, **wanted | more))["ballotEntry"]


async def read(world: World, ballot: Any, who: Who | None = None) -> Any:
    """Read a ballot, as staff unless somebody else is named."""
    query = f"query($id: ID!) {{ {BALLOT.replace('ballot {', 'ballot(id: $id) {', 1)} }}"
    return (await world.server.run(query, who=who or world.staff, id=ballot["id"])).data["ballot"]


async def entries(world: World, ballot: Any, who: Who | None = None) -> list[Any]:
    """Read the entries of a ballot, as staff unless somebody else is named."""
    answer = await world.server.run(ENTRIES, who=who or world.staff, b=ballot["id"])
    return list(answer.data["ballotEntries"]["nodes"])


async def pass_by(world: World, **span: float) -> None:
    """Let time pass, and the worker look."""
    world.server.clock.advance(**span)
    await tasks.tend_ballots(world.server.runtime)
