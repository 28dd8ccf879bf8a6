"""R23: nobody reads what is over. Run it by hand: python -m tests.faults.r23_stale_reads [seconds of each part]

Clubs change through one process, one change after the other; readers ask another process by POST, whose answers are
ready. Each reader notes what was acknowledged before it asks, and must be told that, or something newer: while Redis is
there, while it is frozen, while it is gone, and without one.
"""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx

from tests.faults.report import Verdict, tell
from tests.faults.stage import Stage, faults_in, run, stage
from tests.harness import Server, World, found_world

CLUBS = 4
READERS = 8
NAME = "query($id: ID!) { club(id: $id) { name } }"


@dataclass
class Part:
    """What happened in one part of the experiment."""

    name: str
    changes: int = 0
    reads: int = 0
    stale: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.changes} changes, {self.reads} reads, {len(self.stale)} stale, {len(self.failures)} failed"


@dataclass
class Counted:
    """A club whose name says how often it has changed, and how much of that was acknowledged."""

    world: World
    changed: int = 0
    acknowledged: int = 0


async def change(club: Counted, part: Part, until: float) -> None:
    """Change a club, one change after the other."""
    while time.monotonic() < until:
        club.changed += 1
        number, world = club.changed, club.world
        try:
            payload = await world.server.mutate(
                "updateClub", "club { id }", who=world.admin, clubId=world.club, name=f"Club {number}"
            )
            assert payload["problems"] == [], payload["problems"]
        except (httpx.HTTPError, AssertionError, ValueError) as error:
            part.failures.append(repr(error))
        else:
            club.acknowledged, part.changes = number, part.changes + 1


async def ask(club: Counted, server: Server, part: Part, until: float) -> None:
    """Ask for a club's name again and again, and compare it with what was acknowledged before."""
    while time.monotonic() < until:
        least = club.acknowledged
        try:
            answer = await server.run(NAME, who=club.world.staff, id=club.world.club)
            told = int(answer.data["club"]["name"].rpartition(" ")[2])
        except (httpx.HTTPError, AssertionError, ValueError) as error:
            part.failures.append(repr(error))
            continue
        part.reads += 1
        if told < least:
            part.stale.append(f"{told} after {least}")


async def go(name: str, clubs: list[Counted], server: Server, seconds: float) -> Part:
    """Let writers and readers at it for a while."""
    part, until = Part(name), time.monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        for club in clubs:
            group.create_task(change(club, part, until))
        for number in range(READERS):
            group.create_task(ask(clubs[number % len(clubs)], server, part, until))
    return part


async def counted(server: Server) -> list[Counted]:
    """Found the clubs."""
    clubs = [Counted(await found_world(server)) for _ in range(CLUBS)]
    for club in clubs:
        await change(club, Part("first"), time.monotonic() + 0.2)
    return clubs


async def with_redis(here: Stage, seconds: float) -> tuple[list[Part], list[str]]:
    """Read while Redis is there, frozen, and gone."""
    async with here.program("one") as (first, one), here.program("other") as (second, other):
        clubs = await counted(one)
        parts = [await go("Redis there", clubs, other, seconds)]
        here.redis.freeze()
        parts.append(await go("Redis frozen", clubs, other, seconds))
        here.redis.thaw()
        parts.append(await go("Redis found again", clubs, other, min(seconds, 10)))
        here.redis.kill()
        parts.append(await go("Redis killed", clubs, other, seconds))
    return parts, faults_in(first) + faults_in(second)


async def without_redis(here: Stage, seconds: float) -> tuple[list[Part], list[str]]:
    """Read where there never was a Redis."""
    async with (
        here.program("one", REDIS_URL="") as (first, one),
        here.program("other", REDIS_URL="") as (second, other),
    ):
        clubs = await counted(one)
        part = await go("no Redis", [replace(club) for club in clubs], other, seconds)
    return [part], faults_in(first) + faults_in(second)


async def experiment(seconds: int, folder: Path) -> None:
    async with stage(folder) as here:
        parts, faults = await with_redis(here, seconds)
        more, further = await without_redis(here, seconds)
    parts, faults = [*parts, *more], [*faults, *further]
    stale = sum(len(part.stale) for part in parts)
    tell(
        f"R23: {CLUBS} writers at one process and {READERS} readers at another, {seconds} s for each state of Redis",
        Verdict(stale, 0, 0),
        promised={
            "no answer is older than a change that was acknowledged before the question": not stale,
            "no read and no change fails": not any(part.failures for part in parts),
            "there was enough to compare": all(part.changes > 10 and part.reads > 10 for part in parts),
            "nothing is logged as a fault": not faults,
        },
        **{part.name.replace(" ", "_"): part for part in parts},
        first_stale=[found for part in parts for found in part.stale][:3] or "none",
        first_failures=[found for part in parts for found in part.failures][:3] or "none",
        faults=faults[:3] or "none",
    )


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        run(experiment, size=600)
