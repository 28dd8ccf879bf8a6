"""Instances that are replaced one after the other under subscribers. `tests/faults` does it with whole programs."""

from contextlib import asynccontextmanager

from api.app import create_app
from tests.faults.fleet import fleet_of
from tests.faults.followers import Follower, all_have_heard, following
from tests.faults.load import Load
from tests.faults.report import Verdict, total
from tests.harness import found_world, serving, settings_for
from tests.realtime.sockets import rename

SUBSCRIBERS = 40


async def test_subscribers_of_instances_that_are_replaced_lose_nothing_and_hear_nothing_twice(
    settings, clock, redis_server
):
    @asynccontextmanager
    async def instance(name):
        own = settings_for(settings, instance_name=name, redis_url=redis_server.url, ws_stop_spread=200)
        async with serving(create_app(own, with_jobs=False, clock=clock), clock) as server:
            yield server

    async with fleet_of(instance, "one", "two") as fleet:
        world = await found_world(fleet.taking[0][0])
        start = await rename(world, "Start")
        followers, late = [Follower(world, start) for _ in range(SUBSCRIBERS)], Follower(world, start)
        load = Load(lambda: fleet.worlds(world))
        async with fleet.keeping(followers):
            async with load.running(per_second=None):
                await load.reaches(10)
                for name in ("one again", "two again"):
                    await fleet.stop_oldest()
                    await fleet.add(name)
                    await load.reaches(len(load.done) + 10)
            async with following([late], [fleet.taking[0][0]]):
                assert await all_have_heard([*followers, late], len(load.done))
    assert load.failures == []
    assert late.names == [change.name for change in load.done]
    assert total([Verdict.of(f.names, expected=late.names) for f in followers]) == Verdict(0, 0, 0)
    assert set(fleet.codes) == {1001}
    assert fleet.codes[1001] >= SUBSCRIBERS
