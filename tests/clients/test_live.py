"""`@fairway/live` follows a sheet over a network that is cut, frozen, and closed to sockets."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.clients.client import Client, network, running
from tests.harness import World
from tests.realtime.sockets import server_with

Shown = dict[str, Any]
QUICK = {"ping": 300, "pong": 700, "open": 2_000, "refused": 200}


class Screen:
    """A screen that follows the sheet of a world, and the tokens that it is given."""

    def __init__(self, client: Client, token: Callable[[], str]) -> None:
        self._client = client
        self.token = token
        self.asked = 0
        self.seen: list[Shown] = []

    async def shows(self, **wanted: Any) -> Shown:
        """Wait until the screen shows this; give all that it shows then."""
        while not self.seen or any(self.seen[-1][name] != value for name, value in wanted.items()):
            told = await self._client.hear()
            if told == {"wants": "token"}:
                self.asked += 1
                await self._client.say(self.token())
            else:
                self.seen.append(told)
        return self.seen[-1]


@asynccontextmanager
async def screen(live: str, world: World, address: str, **waits: int) -> AsyncIterator[Screen]:
    given = {"url": f"{address}/graphql", "query": json.dumps(QUICK | waits)}
    async with running(live, "live.js", **given, course=world.course, day=world.day.isoformat()) as client:
        yield Screen(client, lambda: world.staff.token(world.server.clock()))


async def hold(world: World, number: int) -> str:
    made = await world.server.mutate(
        "holdSlots", "hold { id }", who=world.staff, teeTimeId=world.tee_time(number), places=2
    )
    assert made["problems"] == []
    return str(made["hold"]["id"])


async def book(world: World, hold_id: str, last_name: str) -> str:
    players = [{"firstName": "Robin", "lastName": last_name}, {"firstName": "Kim", "lastName": last_name}]
    made = await world.server.mutate("bookSlots", "booking { id }", who=world.staff, holdId=hold_id, players=players)
    assert made["problems"] == []
    return str(made["booking"]["id"])


async def test_a_screen_follows_what_happens_to_a_sheet(world, live):
    async with screen(live, world, world.server.url) as shown:
        await shown.shows(status="live", held=0, payers=[])
        held = await hold(world, -1)
        await shown.shows(held=2)
        booking = await book(world, held, "Vale")
        await shown.shows(held=0, payers=["Vale"] * 2, checkedIn=0)
        await world.server.mutate("checkIn", "booking { id }", who=world.staff, bookingId=booking)
        await shown.shows(checkedIn=2)
        await world.server.mutate("cancelBooking", "booking { id }", who=world.staff, bookingId=booking)
        await shown.shows(payers=[])
        name = {"firstName": "Ana", "lastName": "Serra", "partySize": 2}
        where = {"courseId": world.course, "date": world.day.isoformat()}
        await world.server.mutate("joinWaitlist", "waitlistEntry { id }", who=world.staff, **where, **name)
        await shown.shows(waiting=["Serra"])


async def test_a_connection_that_was_cut_leaves_no_gap_and_empties_no_screen(world, live):
    async with network(world.server.url) as (between, address), screen(live, world, address) as shown:
        places = (await shown.shows(status="live", held=0))["places"]
        between.cut()
        await hold(world, -1)
        await shown.shows(status="reconnecting")
        await shown.shows(status="live", held=2)
        assert {was["places"] for was in shown.seen[2:]} == {places}


async def test_a_frozen_network_is_noticed_and_nothing_is_lost_when_it_thaws(world, live):
    async with network(world.server.url) as (between, address), screen(live, world, address) as shown:
        await shown.shows(status="live", held=0)
        between.freeze()
        await hold(world, -1)
        await shown.shows(status="reconnecting", held=0)
        between.thaw()
        await shown.shows(status="live", held=2)


async def test_a_server_that_dies_is_followed_by_another(world, live, settings, clock):
    async with (
        server_with(settings, clock) as other,
        network(world.server.url) as (between, address),
        screen(live, world, address) as shown,
    ):
        await shown.shows(status="live", held=0)
        between.lead_to(other.url)
        between.cut()
        await shown.shows(status="reconnecting")
        await hold(world, -1)
        await shown.shows(status="live", held=2)


async def test_a_token_that_expires_is_replaced_and_one_that_is_refused_waits_for_another(world, live):
    async with screen(live, world, world.server.url) as shown:
        brief = replace(world.staff, lifetime=timedelta(seconds=1))
        shown.token = lambda: brief.token(world.server.clock())
        await shown.shows(status="live", held=0)
        world.server.clock.advance(seconds=5)
        shown.token = lambda: "a.b.c"
        await shown.shows(status="signedOut", held=0)
        await hold(world, -1)
        shown.token = lambda: world.staff.token(world.server.clock())
        await shown.shows(status="live", held=2)


async def test_where_sockets_are_blocked_events_come_by_a_stream(world, live):
    async with network(world.server.url) as (between, address):
        between.refuses = (b"Upgrade: websocket",)
        async with screen(live, world, address) as shown:
            await shown.shows(status="live", mode="stream", held=0)
            between.cut()
            await hold(world, -1)
            await shown.shows(status="live", held=2)


async def test_where_nothing_stays_open_a_screen_polls_and_goes_back_to_a_socket(world, live):
    async with network(world.server.url) as (between, address):
        between.refuses = (b"Upgrade: websocket", b"text/event-stream")
        async with screen(live, world, address, socketAgain=1_500) as shown:
            await shown.shows(status="polling", mode="polling", held=0)
            await hold(world, -1)
            await shown.shows(status="polling", held=2)
            between.refuses = ()
            await shown.shows(status="live", mode="socket", held=2)
            await hold(world, -2)
            await shown.shows(held=4)


async def test_a_request_that_fails_empties_no_screen(world, live):
    async with network(world.server.url) as (between, address), screen(live, world, address) as shown:
        places = (await shown.shows(status="live", held=0))["places"]
        between.refuses = (b"POST /graphql",)
        between.cut()
        joins = {"courseId": world.course, "date": world.day.isoformat(), "partySize": 1, "lastName": "Serra"}
        await world.server.mutate("joinWaitlist", "waitlistEntry { id }", who=world.staff, firstName="Ana", **joins)
        await shown.shows(failing=True, status="reconnecting", places=places, waiting=[])
        between.refuses = ()
        await shown.shows(failing=False, status="live", places=places, waiting=["Serra"])
