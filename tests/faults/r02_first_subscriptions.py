"""R2: a thousand first subscriptions at once. Run it by hand: python -m tests.faults.r02_first_subscriptions [sockets]

They come to a fresh process that follows nothing yet, while the club changes twenty times a second through it and
through another process, whose news comes by Redis. Every second one has a cursor of before; the others begin with what
comes next.
"""

from dataclasses import replace
from pathlib import Path

from tests.faults.followers import Follower, all_have_heard, following
from tests.faults.load import Load
from tests.faults.report import Verdict, tell, total
from tests.faults.stage import come_about, faults_in, figure, run, stage
from tests.harness import found_world
from tests.realtime.sockets import rename


def verdict_of(follower: Follower, happened: list[str], *, resumed: bool, open_at: int) -> Verdict:
    """Judge one; without a cursor, from what it heard first on, but at the latest from when all were open."""
    if resumed:
        return Verdict.of(follower.names, expected=happened)
    first = happened.index(follower.names[0]) if follower.names else open_at
    return Verdict.of(follower.names, expected=happened[min(first, open_at) :])


def refusals(followers: list[Follower]) -> list[str]:
    return [follower.refusal for follower in followers if follower.refusal]


async def experiment(sockets: int, folder: Path) -> None:
    async with stage(folder) as here, here.program("one") as (_, one), here.program("fresh") as (running, fresh):
        world = await found_world(one)
        start = await rename(world, "Start")
        resumed = [Follower(world, start, held=True) for _ in range(0, sockets, 2)]
        newcomers = [Follower(world, None, held=True) for _ in range(1, sockets, 2)]
        followers = [follower for pair in zip(resumed, newcomers, strict=False) for follower in pair]
        load = Load(lambda: [world, replace(world, server=fresh)])

        async def all_are_open() -> bool:
            return await figure(fresh, "teesheet_ws_room_subscriptions") + len(refusals(followers)) == len(followers)

        async with following(followers, [fresh]):
            async with load.running():
                await load.reaches(20)
                for follower in followers:
                    follower.subscribe()
                took = await come_about(all_are_open)
                open_at = len(await here.names())
                await load.reaches(len(load.done) + 100)
            happened = await here.names()
            if not refusals(followers):
                await all_have_heard(resumed, len(happened))
                await all_have_heard(newcomers, len(happened) - open_at)
    faults = faults_in(running)
    tell(
        f"R2: {len(followers)} first subscriptions at the same moment on a fresh process",
        total([verdict_of(f, happened, resumed=True, open_at=open_at) for f in resumed])
        + total([verdict_of(f, happened, resumed=False, open_at=open_at) for f in newcomers]),
        promised={
            "no subscription is refused": not refusals(followers),
            "no mutation fails": not load.failures,
            "nothing is logged as a fault": not faults,
        },
        changes=len(happened),
        changes_before_all_were_open=open_at,
        all_open_after=f"{took:.2f} s",
        events_heard=sum(len(follower.names) for follower in followers),
        refused=f"{len(refusals(followers))} {refusals(followers)[:1]}",
        changes_that_failed=load.failures[:3] or 0,
        faults=faults[:3] or "none",
    )


if __name__ == "__main__":
    run(experiment, size=1_000)
