"""Tables are shown to guests: theirs, with those who agreed to be listed; before, nothing tells of them."""

from datetime import timedelta

import pytest

from jobs.tasks import reveal_seatings
from tests.guests.seating.floor import refusal

OWN = """query($id: ID!) { household(id: $id) {
    tables { tableName seats { guestId seat } companions { name groupName householdName } }
    guests { attendances { tableId seat isLocked } }
} }"""
HEAR = """subscription($id: ID!, $after: String) { occasionEvents(occasionId: $id, after: $after) { __typename
    ... on GuestSeated { guestId tableId } ... on SeatChanged { guestId tableId seat } ... on GuestUnseated { guestId }
    ... on OccasionUpdated { isSeatingRevealed } ... on TableUpdated { name } } }"""


@pytest.fixture
def own(floor):
    """What a household sees of its tables."""

    async def see(name="Vado"):
        party = floor.party
        answer = await party.server.run(OWN, who=party.guest(name), id=party.households[name]["id"])
        return answer.data["household"]

    return see


@pytest.fixture
async def dinner(floor):
    """Isla and Noa sit at one table with Sol, who does not come for sure; Noa agreed to be listed, Sol did too."""
    await floor.seat("North", guests=floor.wishes({"Isla": 1, "Noa": 2, "Sol": None}))
    for name, guest in (("Ribera", "Noa"), ("Lindero", "Sol")):
        who = floor.party.guest(name)
        await floor.party.done("setGuestListing", "guest { id }", who=who, guestId=floor.guest(guest), isListed=True)
    await floor.party.answer("Ribera")
    return floor


async def reveal(floor, **more):
    return await floor.ask("revealSeating", "occasion { id }", occasionId=floor.party.id, **more)


async def hear(socket, dinner):
    """Follow as a household from this moment on, whenever the subscription begins."""
    await socket.subscribe(HEAR, id=dinner.party.id, after=(await dinner.party.read())["cursor"])


async def test_before_the_tables_are_shown_a_household_is_told_of_none(dinner, own):
    seen = await own()
    assert seen["tables"] == []
    assert all(one["attendances"][0] == {"tableId": None, "seat": None, "isLocked": False} for one in seen["guests"])
    async with dinner.party.server.socket(dinner.party.guest("Vado")) as socket:
        await hear(socket, dinner)
        await dinner.seat("South", "Teo", "Mar")
        await dinner.do("unseatGuests", "Mar")
        await dinner.plan(apply=True)
        await dinner.ask("undoAutoSeat", "tables { id }", occasionId=dinner.party.id)
        await dinner.ask("updateTable", "table { id }", tableId=dinner.tables["North"], name="Nord")
        await reveal(dinner)
        told = await socket.events(3)
    north, south = dinner.tables["North"], dinner.tables["South"]
    assert told[0] == {"__typename": "OccasionUpdated", "isSeatingRevealed": True}
    assert told[1:] == [
        {"__typename": "SeatChanged", "guestId": dinner.guest("Isla"), "tableId": north, "seat": 1},
        {"__typename": "SeatChanged", "guestId": dinner.guest("Teo"), "tableId": south, "seat": None},
    ]


async def test_then_it_sees_its_own_table_and_who_of_those_listed_sits_there(dinner, own):
    assert (await reveal(dinner))["problems"] == []
    seen = await own()
    assert seen["tables"] == [
        {
            "tableName": "North",
            "seats": [{"guestId": dinner.guest("Isla"), "seat": 1}],
            "companions": [{"name": "Noa Ribera", "groupName": "", "householdName": "Ribera"}],
        }
    ]
    who = dinner.party.guest("Ribera")
    await dinner.party.done("setGuestListing", "guest { id }", who=who, guestId=dinner.guest("Noa"), isListed=False)
    assert (await own())["tables"][0]["companions"] == [], "who takes it back is gone at once"


async def test_from_then_on_it_hears_of_its_own_seats_and_of_no_others(dinner):
    await reveal(dinner)
    async with dinner.party.server.socket(dinner.party.guest("Vado")) as socket:
        await hear(socket, dinner)
        await dinner.seat("South", "Luz")
        await dinner.seat("South", "Teo")
        await dinner.ask("updateTable", "table { id }", tableId=dinner.tables["East"], name="Est")
        await dinner.ask("updateTable", "table { id }", tableId=dinner.tables["North"], name="Nord")
        told = await socket.events(2)
    assert told == [
        {"__typename": "GuestSeated", "guestId": dinner.guest("Teo"), "tableId": dinner.tables["South"]},
        {"__typename": "TableUpdated", "name": "Nord"},
    ]


async def test_tables_are_hidden_again(dinner, own):
    assert refusal(await reveal(dinner, reveal=False))["code"] == "SEATING_HIDDEN"
    await reveal(dinner)
    assert refusal(await reveal(dinner))["code"] == "SEATING_ALREADY_REVEALED"
    assert (await reveal(dinner, reveal=False))["problems"] == []
    assert (await own())["tables"] == []


async def test_at_the_moment_that_was_set_they_show_by_themselves_and_all_are_told(dinner, own, clock):
    party = dinner.party
    at = clock() + timedelta(hours=1)
    await party.done("updateOccasion", "occasion { id }", occasionId=party.id, revealSeatingAt=at.isoformat())
    await reveal_seatings(party.server.runtime)
    assert (await own())["tables"] == []
    clock.advance(hours=1)
    assert len((await own())["tables"]) == 1, "at that moment, whenever the job comes"
    async with party.server.socket(party.guest("Vado")) as socket:
        await hear(socket, dinner)
        await reveal_seatings(party.server.runtime)
        await reveal_seatings(party.server.runtime)
        assert await socket.events(1) == [{"__typename": "OccasionUpdated", "isSeatingRevealed": True}]
    assert refusal(await reveal(dinner))["code"] == "SEATING_ALREADY_REVEALED"


async def test_a_draft_shows_nothing(floor):
    await floor.party.done("closeOccasion", "occasion { id }", occasionId=floor.party.id)
    assert refusal(await reveal(floor))["code"] == "OCCASION_NOT_OPEN"
