"""Hundreds of things are done to an occasion at random, while some follow it who break off and come back.

Whatever was done: who fed a screen by events sees what a fresh one shows, nothing is over its bound, and what is
counted is what there is.
"""

from collections import Counter
from contextlib import AsyncExitStack
from typing import Any

import pytest

from tests.guests.followed import Followed, as_shown, evening, mark, position
from tests.guests.party import Party, found_party
from tests.guests.screen import FOLLOW, Screen, plain
from tests.guests.test_at_once import assert_sound
from tests.guests.test_headcount import COUNT, count
from tests.guests.walk import STAYS, Walk
from tests.harness import Socket
from tests.thorough import times

STEPS, STRETCH = 200, 25
HEADS = f"""subscription($id: ID!, $after: String) {{ headcount(occasionId: $id, after: $after) {{ {COUNT} }} }}"""


class Follower:
    """Somebody with a screen, who hears what happens while there is a socket, and comes back with a cursor."""

    def __init__(self, followed: Followed, walk: Walk) -> None:
        self.followed, self.walk = followed, walk
        self.screen: Screen | None = None
        self.cursor = ""

    async def begin(self) -> None:
        """Read once."""
        snapshot = await self.followed.read()
        self.screen, self.cursor = Screen(snapshot), snapshot["occasion"]["cursor"]

    async def listen(self, stack: AsyncExitStack) -> Socket:
        """Come back."""
        party = self.followed.party
        socket = await stack.enter_async_context(party.server.socket(self.followed.who))
        await socket.subscribe(FOLLOW, id=party.id, after=self.cursor)
        return socket

    async def hear(self, socket: Socket, upto: str, *, most: int | None) -> None:
        """Hear what there is, and break off when the mark behind `upto` is heard, or some events earlier."""
        end, heard = position(self.followed.party, upto), 0
        while most is None or heard < most:
            event = plain(await socket.event())
            assert event["__typename"] != "StreamReset", event
            if position(self.followed.party, event["cursor"]) > end and most is None:
                return  # the mark, and what follows it, is heard again by who compares
            assert self.screen
            self.screen.apply(event)
            self.cursor, heard = event["cursor"], heard + 1
            if position(self.followed.party, event["cursor"]) > end:
                return


@pytest.mark.parametrize("seed", range(times(6, usually=1)))
async def test_who_follows_sees_what_there_is_and_nothing_is_over_its_bound(world, seed):
    party = await found_party(world, capacity=12)
    await party.done(
        "addPart", "part { id }", occasionId=party.id, part={"name": "Drinks", "capacity": 6, **evening(party)}
    )
    for name in STAYS:
        await party.invite(name, "Isla", "Teo", email=f"{name.lower()}@example.com")
    walk = Walk(party, seed)
    everybody = [Follower(Followed(party, own), walk) for own in (None, *STAYS)]
    for one in everybody:
        await one.begin()
    heads = ""
    for _ in range(STEPS // STRETCH):
        async with AsyncExitStack() as stack:
            sockets = [await one.listen(stack) for one in everybody]
            counting = await stack.enter_async_context(party.server.socket(party.planner))
            await counting.subscribe(HEADS, id=party.id, after=heads or None)
            for number in range(STRETCH):
                await walk.step()
                if number % 5 == 0:
                    await assert_bounds(party)
            upto = (await party.read())["cursor"]
            await mark(party, party.planner)
            for one, socket in zip(everybody, sockets, strict=True):
                await one.hear(socket, upto, most=walk.random.randint(1, 40))
                socket.raw.transport.abort()  # as a phone that has lost its network
            heads = await last_count(party, counting)
    for one in everybody:
        fresh = await one.followed.read()
        await mark(party, party.planner)
        async with AsyncExitStack() as stack:
            await one.hear(await one.listen(stack), fresh["occasion"]["cursor"], most=None)
        assert one.screen
        one.screen.read_anew(fresh)
        assert one.screen.shown() == as_shown(fresh)
    assert len(walk.done) > 20, walk.done


async def last_count(party: Party, socket: Socket) -> str:
    """Hear the headcount until it shows what there is; gives its cursor."""
    wanted = await count(party)
    while True:
        told = await socket.event()
        if position(party, told["cursor"]) >= position(party, wanted["cursor"]):
            assert told == wanted
            return str(told["cursor"])


BOUNDS = """query($id: ID!) {
    occasion(id: $id) { parts { id name isMain capacity } }
    guests(occasionId: $id) { guests {
        id takesPlace ageGroup diets needs attendances { partId status tableId arrivedAt }
    } }
    seatingChart(occasionId: $id) { tables { id capacity seated seats { guestId } } }
}"""


async def assert_bounds(party: Party) -> None:
    """Make sure that no part and no table is over its bound, and that the headcount says what the list does."""
    await assert_sound(party)
    found = (await party.server.run(BOUNDS, who=party.planner, id=party.id)).data
    guests = {one["id"]: one for one in found["guests"]["guests"]}
    at: Counter[str] = Counter()
    for table in found["seatingChart"]["tables"]:
        assert table["seated"] == len(table["seats"]) <= table["capacity"]
        at[table["id"]] = table["seated"]
    main = next(one["id"] for one in found["occasion"]["parts"] if one["isMain"])
    heads = [(one, row) for one in guests.values() for row in one["attendances"] if row["partId"] == main]
    assert at.total() == sum(row["tableId"] is not None for _, row in heads)
    counted = await count(party)
    assert counted["invited"] == len(heads)
    assert {one["status"]: one["guests"] for one in counted["statuses"] if one["guests"]} == by(heads, "status")
    coming = [(one, row) for one, row in heads if row["status"] == "ACCEPTED"]
    assert counted["taken"] == sum(one["takesPlace"] for one, _ in coming)
    assert counted["arrived"] == sum(row["arrivedAt"] is not None for _, row in coming)
    ages = Counter(one["ageGroup"] for one, _ in coming)
    assert {one["ageGroup"]: one["guests"] for one in counted["ages"] if one["guests"]} == ages
    diets = Counter(diet for one, _ in coming for diet in one["diets"])
    assert {one["diet"]: one["guests"] for one in counted["diets"]} == diets


def by(heads: list[tuple[Any, Any]], name: str) -> Counter[str]:
    return Counter(row[name] for _, row in heads)
