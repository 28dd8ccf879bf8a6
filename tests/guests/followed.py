"""Snapshots of an occasion, screens that are fed by events from there on, and what is compared with them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from events.cursor import Cursor
from kit.ids import new_id
from tests.guests import screen
from tests.guests.party import Party
from tests.guests.screen import FOLLOW, Screen, by_id, plain
from tests.guests.seating.floor import CHART
from tests.harness import Who


async def ask(party: Party, query: str, who: Who, id: str) -> Any:
    answer = await party.server.run(query, who=who, id=id)
    [found] = answer.data.values()
    return found


async def of_planner(party: Party) -> dict[str, Any]:
    """Read all that those who plan an occasion see."""
    who, homes = party.planner, [one["id"] for one in party.households.values()]
    found: dict[str, Any] = {}
    found["occasion"] = await ask(party, screen.OCCASION, who, party.id)
    found["guests"] = (await ask(party, screen.GUESTS, who, party.id))["guests"]
    found["households"] = [await ask(party, screen.HOUSEHOLD, who, one) for one in homes]
    found["directory"] = (await ask(party, screen.DIRECTORY, who, party.id))["guests"]
    for name, query in (("activity", screen.ACTIVITY), ("requests", screen.REQUESTS), ("posts", screen.POSTS)):
        found[name] = await pages(party, query, who)
    found["chart"] = await ask(party, CHART, who, party.id)
    inside = {guest["id"]: guest for one in found["households"] for guest in one.pop("guests")}
    assert inside == by_id(found["guests"]), "both lists show the same guests"
    return found


async def of_household(party: Party, name: str) -> dict[str, Any]:
    """Read all that a household sees by its own token."""
    who, found = party.guest(name), {"own": party.households[name]["id"]}
    found["occasion"] = await ask(party, screen.OCCASION, who, party.id)
    home = await ask(party, screen.HOUSEHOLD, who, found["own"])
    found["guests"], found["households"] = home.pop("guests"), [home]
    found["directory"] = (await ask(party, screen.DIRECTORY, who, party.id))["guests"]
    found["requests"] = await pages(party, screen.REQUESTS, who)
    found["posts"] = await pages(party, screen.POSTS, who)
    return found


async def pages(party: Party, query: str, who: Who) -> list[dict[str, Any]]:
    """Read a list that has pages, to its end."""
    rows: list[dict[str, Any]] = []
    after = None
    while True:
        answer = await party.server.run(query, who=who, id=party.id, after=after)
        [page] = answer.data.values()
        rows += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return rows
        after = page["pageInfo"]["endCursor"]


def as_shown(snapshot: dict[str, Any]) -> dict[str, Any]:
    """Give a snapshot with lists by id, as a screen shows it."""
    found = {name: value for name, value in snapshot.items() if name != "own"}
    for name in ("households", "guests", "activity", "requests", "posts"):
        if name in found:
            found[name] = by_id(found[name])
    found["directory"] = by_id(found["directory"], "guestId")
    if "chart" in found:
        chart = {name: found["chart"][name] for name in ("partId", "tables", "unseated", "rules")}
        chart |= {name: by_id(chart[name]) for name in ("tables", "rules")}
        found["chart"] = chart | {"unseated": sorted(chart["unseated"], key=lambda one: one["guestId"])}
    found["occasion"] = {name: value for name, value in found["occasion"].items() if name != "cursor"}
    return found


def position(party: Party, cursor: str) -> int:
    return Cursor.parse(cursor, stream=f"occasion:{party.id}").position


async def mark(party: Party, who: Who) -> None:
    """Have everybody hear something, so that whoever waits knows that there was nothing before it."""
    if (await ask(party, screen.OCCASION, who, party.id))["status"] == "CLOSED":
        await party.done("publishOccasion", "cursor", occasionId=party.id)
    else:
        await party.done("updateOccasion", "cursor", occasionId=party.id, name=f"Wedding {new_id()}")


async def events(party: Party, who: Who, *, after: str, upto: str) -> list[dict[str, Any]]:
    """Give what somebody hears in (after, upto], where there is something behind that."""
    found: list[dict[str, Any]] = []
    end = position(party, upto)
    async with party.server.socket(who) as socket:
        await socket.subscribe(FOLLOW, id=party.id, after=after)
        while True:
            event = plain(await socket.event())
            assert event["__typename"] != "StreamReset", event
            if position(party, event["cursor"]) > end:
                return found
            found.append(event)


class Followed:
    """Those who plan an occasion, or one household, with a screen for each change."""

    def __init__(self, party: Party, own: str | None = None) -> None:
        self.party, self.own, self.who = party, own, party.guest(own) if own else party.planner

    async def read(self) -> dict[str, Any]:
        return await (of_household(self.party, self.own) if self.own else of_planner(self.party))

    @asynccontextmanager
    async def change(self) -> AsyncIterator[None]:
        """Compare what a screen shows behind a change, of which something must be heard, with a fresh one."""
        before = await self.read()
        yield
        after = await self.read()
        await mark(self.party, self.who)
        known, since = Screen(before), before["occasion"]["cursor"]
        heard = await events(self.party, self.who, after=since, upto=after["occasion"]["cursor"])
        for event in heard:
            known.apply(event)
        assert heard
        known.read_anew(after)
        assert known.shown() == as_shown(after)

    async def follow(self, operation: str, selection: str = "cursor", /, **given: Any) -> Any:
        """Do something that must succeed, and compare."""
        async with self.change():
            return await self.party.done(operation, selection, **given)


def evening(party: Party, days: int = 29) -> dict[str, Any]:
    begins = party.server.clock() + timedelta(days=days)
    return {"startsAt": begins.isoformat(), "endsAt": (begins + timedelta(hours=3)).isoformat()}


def first(party: Party, name: str, number: int = 0) -> str:
    return str(party.households[name]["guests"][number]["id"])
