import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count

from api.app import create_app
from tests.harness import found_world, serving, settings_for
from tests.patience import PATIENCE
from tests.realtime.support import until

EVENTS = """subscription($club: ID!, $after: String) {
  clubEvents(clubId: $club, types: [BOOKING_CREATED], after: $after) {
    __typename ... on BookingCreated { payerFirstName }
  }
}"""


@asynccontextmanager
async def two_processes(settings, clock, **changes):
    """Two applications on one database, and a world that both serve."""
    async with AsyncExitStack() as stack:
        one, other = [
            await stack.enter_async_context(
                serving(
                    create_app(settings_for(settings, instance_name=name, **changes), with_jobs=False, clock=clock),
                    clock,
                )
            )
            for name in ("one", "other")
        ]
        yield await found_world(one), one, other


class Bookings:
    """A numbered run of bookings on one process, followed on another."""

    def __init__(self, world, here, socket, *, first):
        self.world, self.here, self.socket = world, here, socket
        self._numbers = count(first)
        self.made, self.seen = [], []

    async def book(self):
        """Book a place."""
        number = next(self._numbers)
        payload = await self.here.mutate(
            "bookSlots",
            "booking { id }",
            who=self.world.staff,
            teeTimeId=self.world.tee_time(number // 4),
            places=1,
            payer={"firstName": str(number), "lastName": "Golfer"},
        )
        assert payload["problems"] == []
        self.made.append(number)

    async def book_many(self, times):
        for _ in range(times):
            await self.book()

    async def arrive(self):
        """Wait until all bookings so far are seen over there, in order and once."""
        async with asyncio.timeout(PATIENCE):
            while len(self.seen) < len(self.made):
                self.seen.append(int((await self.socket.event())["payerFirstName"]))
        assert self.seen == self.made

    async def is_seen(self):
        """Book a place and wait until that is seen."""
        await self.book()
        await self.arrive()


@asynccontextmanager
async def followed(world, here, there, *, first=0):
    """Bookings that are made here and seen there."""
    name = f"Club Followed From {first}"  # a new one each time: what changes nothing has no cursor to follow from
    payload = await here.mutate("updateClub", "club { id }", who=world.admin, clubId=world.club, name=name)
    assert payload["cursor"]
    async with there.socket(world.staff) as socket:
        await socket.subscribe(EVENTS, club=world.club, after=payload["cursor"])
        yield Bookings(world, here, socket, first=first)


async def broadcaster(server):
    return (await server.http.get(f"{server.url}/readyz")).json()["broadcaster"]


async def health_metric(server):
    lines = (await server.http.get(f"{server.url}/metrics")).text.splitlines()
    return next(line.split()[1] for line in lines if line.startswith("fairway_broadcaster_healthy "))


async def test_what_happens_on_one_process_is_seen_on_the_other_and_the_other_way_round(settings, clock, redis_server):
    async with two_processes(settings, clock, redis_url=redis_server.url) as (world, one, other):
        for here, there, first in ((one, other, 0), (other, one, 50)):
            async with followed(world, here, there, first=first) as bookings:
                for _ in range(3):
                    await bookings.is_seen()


async def test_over_the_death_and_the_return_of_redis_each_event_is_seen_once_and_in_order(
    settings, clock, redis_server
):
    async with (
        two_processes(settings, clock, redis_url=redis_server.url) as (world, one, other),
        followed(world, one, other) as bookings,
    ):
        await bookings.is_seen()
        assert await broadcaster(one) == await broadcaster(other) == "ok"
        assert await health_metric(one) == "1.0"

        going_on = asyncio.create_task(bookings.book_many(40))
        await until(lambda: len(bookings.made) > 10)
        redis_server.kill()
        await going_on
        await bookings.arrive()
        await bookings.is_seen()
        assert await broadcaster(one) == await broadcaster(other) == "away: the log is swept instead"
        assert await health_metric(one) == "0.0"

        going_on = asyncio.create_task(bookings.book_many(40))
        await until(lambda: len(bookings.made) > 50)
        redis_server.start()
        await going_on
        await bookings.arrive()
        await until(lambda: one.runtime.hub.healthy and other.runtime.hub.healthy)
        for _ in range(3):
            await bookings.is_seen()
        assert await broadcaster(one) == await broadcaster(other) == "ok"
        assert await health_metric(one) == "1.0"


async def test_a_frozen_redis_holds_no_mutation_up(settings, clock, redis_server):
    async with (
        two_processes(settings, clock, redis_url=redis_server.url) as (world, one, other),
        followed(world, one, other) as bookings,
    ):
        await bookings.is_seen()
        redis_server.freeze()
        await bookings.book()
        assert one.runtime.hub.healthy  # it did not wait until that was noticed
        await bookings.book_many(10)
        await bookings.arrive()
        redis_server.thaw()
        await until(lambda: one.runtime.hub.healthy and other.runtime.hub.healthy)
        for _ in range(3):
            await bookings.is_seen()


async def test_without_redis_two_processes_still_hear_each_other(settings, clock):
    async with two_processes(settings, clock) as (world, one, other), followed(world, one, other) as bookings:
        assert await broadcaster(one) == "memory"
        for _ in range(2):
            await bookings.is_seen()
