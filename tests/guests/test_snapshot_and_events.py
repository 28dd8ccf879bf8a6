"""A screen that was read once and then fed by events shows what a fresh one shows.

Left out is what clients read again, because no event tells it: the place in the queue, which moves with the answers of
others, the problems of a seating, who plans an occasion and its questions, codes, and who voted for music; and for a
household its seats when tables are shown, and what somebody answered who comes to it from another household.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest_asyncio

from events.cursor import Cursor
from kit.ids import new_id
from tests.guests import screen
from tests.guests.party import Party, found_party
from tests.guests.screen import FOLLOW, Screen, by_id, plain
from tests.guests.seating.floor import CHART, Floor
from tests.harness import Who, World


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
        found[name] = (await ask(party, query, who, party.id))["nodes"]
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
    return found


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
    end, found = position(party, upto), []
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
        assert known.shown() == as_shown(after)

    async def follow(self, operation: str, selection: str = "cursor", /, **given: Any) -> Any:
        """Do something that must succeed, and compare."""
        async with self.change():
            return await self.party.done(operation, selection, **given)


@pytest_asyncio.fixture
async def bounded(world: World) -> Party:
    """An occasion with six places, two households, and room for both."""
    party = await found_party(world, capacity=6)
    await party.invite("Vado", "Isla", "Teo", plusOnes=1)
    await party.invite("Lindero", "Sol", "Mar")
    return party


@pytest_asyncio.fixture
async def desk(bounded: Party) -> Followed:
    return Followed(bounded)


def evening(party: Party, days: int = 29) -> dict[str, Any]:
    begins = party.server.clock() + timedelta(days=days)
    return {"startsAt": begins.isoformat(), "endsAt": (begins + timedelta(hours=3)).isoformat()}


def first(party: Party, name: str, number: int = 0) -> str:
    return str(party.households[name]["guests"][number]["id"])


async def test_planners_follow_the_occasion_and_its_parts(desk):
    party = desk.party
    soon = (party.server.clock() + timedelta(days=5)).isoformat()
    await desk.follow("updateOccasion", occasionId=party.id, name="Dinner", language="ES", rsvpDeadline=soon)
    await desk.follow("updateOccasion", occasionId=party.id, revealSeatingAt=soon)
    drinks = {"name": "Drinks", "capacity": 40, "place": "Terrace", "meals": [{"name": "Tapas"}], **evening(party)}
    part = (await desk.follow("addPart", "part { id }", occasionId=party.id, part=drinks))["part"]["id"]
    await desk.follow("updatePart", partId=part, name="Aperitif", capacity=None, place="Bar", meals=[])
    await desk.follow("deletePart", partId=part)
    await desk.follow("closeOccasion", occasionId=party.id)
    await party.done("closeOccasion", "cursor", occasionId=party.id)
    await desk.follow("publishOccasion", occasionId=party.id)


async def test_planners_follow_households(desk):
    party = desk.party
    part = {"name": "Drinks", **evening(party)}
    drinks = (await party.done("addPart", "part { id }", occasionId=party.id, part=part))["part"]["id"]
    home = party.households["Vado"]["id"]
    async with desk.change():
        await party.invite("Prado", "Ana", email="prado@example.com", partIds=[drinks])
    await desk.follow("updateHousehold", householdId=home, language="ES", phone="+34 611 222 333", plusOnes=3)
    await desk.follow("updateHousehold", householdId=home, plusOnes=0)
    await desk.follow("updateHousehold", householdId=home, partIds=[drinks])
    await desk.follow("updateHousehold", householdId=home, partIds=None)
    await desk.follow("deletePart", partId=drinks)
    async with desk.change():
        await party.done("deleteHousehold", "cursor", householdId=party.households.pop("Prado")["id"])
    async with desk.change():
        gone = party.households.pop("Lindero")["id"]
        await party.done("mergeHouseholds", "cursor", householdId=home, otherId=gone)


async def test_planners_follow_guests(desk):
    party = desk.party
    await party.answer("Vado", only=1)
    isla, sol = first(party, "Vado"), first(party, "Lindero")
    async with desk.change():
        new = {"firstName": "Luz", "lastName": "Prado", "householdName": "Prado", "ageGroup": "INFANT"}
        chosen = "guests { id householdId }"
        made = await party.done("addGuests", chosen, occasionId=party.id, guests=[new])
        party.households["Prado"] = {"id": made["guests"][0]["householdId"], "guests": made["guests"]}
    details = {"dietNote": "No celery", "diets": ["VEGAN"], "email": "isla@example.com", "isVip": True}
    await desk.follow("updateGuests", guests=[{"guestId": isla, "groupName": "Bride", **details}])
    await desk.follow("updateGuests", guests=[{"guestId": first(party, "Prado"), "takesPlace": True}])
    await desk.follow("updateGuests", guests=[{"guestId": isla, "householdId": party.households["Lindero"]["id"]}])
    await desk.follow("deleteGuests", guestIds=[isla, first(party, "Prado")])
    await desk.follow("eraseGuest", guestId=sol)


async def test_planners_follow_answers_and_who_moves_up(desk):
    party = desk.party
    fish = (await party.read())["parts"][0]["meals"][0]["mealId"]
    async with desk.change():
        await party.answer("Vado")
    await desk.follow(
        "submitRsvp",
        who=party.guest("Vado"),
        guests=[{"guestId": first(party, "Vado"), "mealId": fish, "needs": ["OTHER"]}],
    )
    await party.invite("Prado", "Ana", "Leo")
    async with desk.change():
        await party.answer("Lindero")
    async with desk.change():
        await party.answer("Prado")
    assert await party.statuses("Prado") == ["WAITLISTED"] * 2
    async with desk.change():
        await party.answer("Vado", "DECLINED", only=1)
    assert await party.statuses("Prado") == ["ACCEPTED"] * 2
    await desk.follow("updatePart", partId=party.main, meals=[{"name": "Risotto"}])
    on_behalf = [{"guestId": first(party, "Vado"), "status": "ACCEPTED"}]
    await desk.follow("setRsvpOnBehalf", householdId=party.households["Vado"]["id"], guests=on_behalf)
    await desk.follow("updatePart", partId=party.main, capacity=20)
    listed = {"guestId": first(party, "Vado", 1), "isListed": True}
    await desk.follow("setGuestListing", who=party.guest("Vado"), **listed)
    await desk.follow("updateGuests", guests=[{"guestId": first(party, "Vado", 1), "firstName": "Theo"}])
    async with desk.change():
        await party.answer("Vado", "DECLINED")


async def test_planners_follow_the_seating(desk):
    party, floor = desk.party, Floor(desk.party)
    async with desk.change():
        await floor.set_table("One", 4)
    async with desk.change():
        await floor.set_table("Two", 3, isVip=True, shape="SQUARE")
    await desk.follow("updateTable", tableId=floor.tables["One"], name="Uno", capacity=6, x=1.5, isAccessible=False)
    async with desk.change():
        await floor.seat("One", "Isla", "Teo")
    async with desk.change():
        await floor.party.done("seatGuests", "cursor", tableId=floor.tables["Two"], guests=floor.wishes({"Sol": 2}))
    async with desk.change():
        await floor.seat("Two", "Teo")
    for operation, names in (("lockSeat", ["Sol"]), ("unlockSeat", ["Sol"])):
        await desk.follow(operation, guestIds=list(map(floor.guest, names)))
    await desk.follow("swapSeats", guestId=floor.guest("Isla"), otherGuestId=floor.guest("Sol"))
    async with desk.change():
        rule = await floor.rule("APART", firstGuestId=floor.guest("Isla"), secondGuestId=floor.guest("Mar"))
    async with desk.change():
        await floor.rule("TOGETHER", firstGuestId=floor.guest("Isla"), secondGuestId=floor.guest("Mar"))
    await desk.follow("unseatGuests", guestIds=[floor.guest("Isla")])
    await desk.follow("autoSeat", "plan { isApplied }", occasionId=party.id, apply=True)
    await desk.follow("revealSeating", occasionId=party.id)
    async with desk.change():
        await party.answer("Vado", "DECLINED", only=1)
    await desk.follow("revealSeating", occasionId=party.id, reveal=False)
    await desk.follow("removeSeatingRule", seatingRuleId=rule)
    await desk.follow("deleteTable", tableId=floor.tables["Two"])
    await desk.follow("deleteGuests", guestIds=[floor.guest("Mar")])


async def test_planners_follow_arrivals(desk, clock):
    party = desk.party
    await party.answer("Vado", only=2)
    isla = first(party, "Vado")
    clock.advance(days=30)
    scanned = clock()
    clock.advance(minutes=20)
    given = {"occasionId": party.id, "guestId": isla}
    await desk.follow("checkInGuest", **given)
    await desk.follow("checkInGuest", **given, scannedAt=scanned.isoformat())
    await desk.follow("undoGuestCheckIn", guestId=isla)
    await desk.follow("checkInGuest", **given, wholeHousehold=True)
    await desk.follow("checkInGuest", occasionId=party.id, guestId=first(party, "Lindero"), accept=True)


async def test_planners_follow_what_guests_ask_for_and_post(desk):
    party, vado = desk.party, desk.party.guest("Vado")
    asks = {"occasionId": party.id, "text": "A high chair", "guestId": first(party, "Vado")}
    made = await desk.follow("createGuestRequest", "guestRequest { id }", who=vado, **asks)
    request = made["guestRequest"]["id"]
    await desk.follow("updateGuestRequest", requestId=request, status="IN_PROGRESS", reply="It will be there.")
    for post in ({"kind": "GUESTBOOK", "text": "Thank you!"}, {"kind": "TRIBUTE", "text": "To you both"}):
        await desk.follow("addPost", who=vado, occasionId=party.id, guestId=first(party, "Vado"), **post)
    song = {"occasionId": party.id, "kind": "MUSIC", "title": "Volare", "artist": "Anyone"}
    post = (await desk.follow("addPost", "post { id }", who=vado, **song))["post"]["id"]
    await desk.follow("moderatePost", postId=post, status="APPROVED")
    await desk.follow("voteForMusic", who=vado, postId=post, guestId=first(party, "Vado"))
    await desk.follow("unvoteForMusic", who=vado, postId=post, guestId=first(party, "Vado"))
    await desk.follow("moderatePost", postId=post, status="HIDDEN")
    await desk.follow("deletePost", postId=post)
    await desk.follow("eraseGuest", guestId=first(party, "Vado"))


@pytest_asyncio.fixture
async def home(bounded: Party) -> Followed:
    return Followed(bounded, "Vado")


async def test_a_household_follows_the_occasion_and_itself(home):
    party, vado = home.party, home.party.households["Vado"]["id"]
    soon = (party.server.clock() + timedelta(days=5)).isoformat()
    await home.follow("updateOccasion", occasionId=party.id, name="Dinner", language="ES", rsvpDeadline=soon)
    drinks = {"name": "Drinks", "place": "Terrace", "meals": [{"name": "Tapas"}], **evening(party)}
    part = (await home.follow("addPart", "part { id }", occasionId=party.id, part=drinks))["part"]["id"]
    await home.follow("updatePart", partId=part, name="Aperitif", place="Bar")
    await home.follow("updateHousehold", householdId=vado, partIds=[party.main], phone="+34 611 222 333", plusOnes=3)
    await home.follow("updateHousehold", householdId=vado, partIds=None, plusOnes=0)
    await home.follow("deletePart", partId=part)
    guest = {"firstName": "Luz", "lastName": "Vado", "householdId": vado}
    made = await home.follow("addGuests", "guests { id }", occasionId=party.id, guests=[guest])
    luz = made["guests"][0]["id"]
    await home.follow("updateGuests", guests=[{"guestId": luz, "dietNote": "No celery", "isVip": True}])
    await home.follow("deleteGuests", guestIds=[luz])
    await home.follow("eraseGuest", guestId=first(party, "Vado", 1))
    lindero = party.households["Lindero"]["id"]
    await party.done("addGuests", "cursor", occasionId=party.id, guests=[guest])
    await home.follow("updateGuests", guests=[{"guestId": first(party, "Vado"), "householdId": lindero}])
    await home.follow("closeOccasion", occasionId=party.id)
    await party.done("closeOccasion", "cursor", occasionId=party.id)
    await home.follow("publishOccasion", occasionId=party.id)


async def test_a_household_follows_its_answers_and_moves_up(home):
    party, vado, part = home.party, home.who, {"name": "Drinks", **evening(home.party)}
    drinks = (await party.done("addPart", "part { id }", occasionId=party.id, part=part))["part"]["id"]
    await party.invite("Prado", "Ana", "Leo", "Eva")
    await party.answer("Prado")
    await party.answer("Lindero", only=1)
    async with home.change():
        await party.answer("Vado")
    assert await party.statuses("Vado") == ["WAITLISTED"] * 3
    async with home.change():
        await party.answer("Prado", "DECLINED", only=1)
    assert await party.statuses("Vado") == ["ACCEPTED"] * 3
    comes = {"guestId": first(party, "Vado"), "parts": [{"partId": drinks, "status": "ACCEPTED"}], "needs": ["OTHER"]}
    await home.follow("submitRsvp", who=vado, guests=[comes])
    async with home.change():
        await party.answer("Vado", "DECLINED", only=1, who=vado)


async def test_a_household_follows_the_directory(home):
    party, isla = home.party, first(home.party, "Vado")
    part = {"name": "Drinks", **evening(party)}
    drinks = (await party.done("addPart", "part { id }", occasionId=party.id, part=part))["part"]["id"]
    for name, guest in (("Vado", isla), ("Lindero", first(party, "Lindero"))):
        who = party.guest(name)
        await party.answer(name, only=1)
        await home.follow("setGuestListing", who=who, guestId=guest, isListed=True)
        await home.follow("updateGuests", guests=[{"guestId": guest, "firstName": "Ines", "groupName": "Bride"}])
        answer = {"guestId": guest, "status": "DECLINED"}
        await home.follow("submitRsvp", who=who, guests=[answer])
        await home.follow("submitRsvp", who=who, guests=[answer | {"status": "ACCEPTED"}])
    both = {"guestId": isla, "parts": [{"partId": drinks, "status": "ACCEPTED"}]}
    await home.follow("submitRsvp", who=home.who, guests=[both])
    lindero = party.households["Lindero"]["id"]
    await home.follow("updateHousehold", householdId=lindero, partIds=[drinks])
    await home.follow("updateHousehold", householdId=party.households["Vado"]["id"], partIds=[drinks])
    await party.done("updateHousehold", "cursor", householdId=lindero, partIds=None)
    await party.answer("Lindero", only=1)
    await home.follow("setGuestListing", who=party.guest("Lindero"), guestId=first(party, "Lindero"), isListed=False)
    await home.follow("setGuestListing", who=party.guest("Lindero"), guestId=first(party, "Lindero"), isListed=True)
    await home.follow("deleteGuests", guestIds=[first(party, "Lindero")])
    await party.invite("Prado", "Ana")
    await party.answer("Prado")
    await home.follow("setGuestListing", who=party.guest("Prado"), guestId=first(party, "Prado"), isListed=True)
    await home.follow("deleteHousehold", householdId=party.households["Prado"]["id"])


async def test_a_household_follows_its_seats_and_arrivals(home, clock):
    party, floor, isla = home.party, Floor(home.party), first(home.party, "Vado")
    await party.answer("Vado", only=2)
    for name in ("One", "Two"):
        await floor.set_table(name)
    await party.done("revealSeating", "cursor", occasionId=party.id)
    for table in ("One", "Two"):
        async with home.change():
            await floor.seat(table, "Isla")
    await home.follow("lockSeat", guestIds=[isla])
    await home.follow("unlockSeat", guestIds=[isla])
    await floor.seat("One", "Teo")
    await home.follow("swapSeats", guestId=isla, otherGuestId=floor.guest("Teo"))
    await home.follow("unseatGuests", guestIds=[isla])
    await home.follow("deleteTable", tableId=floor.tables["Two"])
    clock.advance(days=30)
    given = {"occasionId": party.id, "guestId": isla}
    await home.follow("checkInGuest", **given)
    await home.follow("undoGuestCheckIn", guestId=isla)
