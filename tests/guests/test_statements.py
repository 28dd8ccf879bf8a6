"""How often what happens a hundred times an evening speaks to the database, however many it is about."""

import pytest

from tests.guests.party import found_party
from tests.guests.test_door import codes
from tests.guests.test_files import take
from tests.guests.test_invitations import redeem
from tests.house.statements import listed, statements

SCAN = "mutation($i: CheckInGuestInput!) { checkInGuest(input: $i) { cursor problems { code } } }"


@pytest.mark.parametrize(("guests", "whole"), [(1, False), (8, True)])
async def test_a_scan(party, guests, whole):
    await party.invite("Vado", *(f"Guest {number}" for number in range(guests)))
    await party.answer("Vado")
    given = {"occasionId": party.id, "code": (await codes(party))["Guest 0 Vado"], "wholeHousehold": whole}
    with statements(party.server) as sent:
        answer = await party.server.run(SCAN, who=party.planner, i=given)
    assert answer.data["checkInGuest"]["problems"] == []
    assert len(sent) == 7, listed(sent)


async def test_a_code_that_is_redeemed_for_the_first_time_and_again(party):
    vado = await party.invite("Vado", "Isla")
    for count in (4, 1):
        with statements(party.server) as sent:
            assert (await redeem(party.server, vado["code"]))["problems"] == []
        assert len(sent) == count, listed(sent)


@pytest.mark.parametrize("guests", [1, 300])
async def test_a_file_of_any_length(party, guests):
    text = "Household,First name\n" + "".join(f"House {number // 3},Guest {number}\n" for number in range(guests))
    for apply, count in ((False, 3), (True, 6)):
        with statements(party.server) as sent:
            assert (await take(party, text, apply=apply))["problems"] == []
        assert len(sent) == count, listed(sent)


CHART = """query($id: ID!) { seatingChart(occasionId: $id) { cursor
    tables { name seats { guestName } } unseated { guestName } rules { kind } seatingProblems { flaw } } }"""


class Counted:
    """How many statements each operation sent."""

    def __init__(self, party):
        self.party, self.sent = party, {}

    async def do(self, operation, **given):
        with statements(self.party.server) as sent:
            done = await self.party.mutate(operation, "cursor", **given)
        assert done["problems"] == [], (operation, done)
        self.sent[operation] = len(sent)


async def seated_party(party, guests):
    """Invite so many guests by twos, set tables for them, and keep two apart; give the ids of guests and tables."""
    rows = [{"householdName": f"House {number // 2}", "firstName": f"Guest {number}"} for number in range(guests)]
    added = await party.done("addGuests", "guests { id }", occasionId=party.id, guests=rows)
    ids, tables = [one["id"] for one in added["guests"]], []
    for number in range(guests // 4):
        given = {"name": f"Table {number}", "capacity": 8 if number else 30}
        tables.append((await party.done("addTable", "table { id }", occasionId=party.id, **given))["table"]["id"])
    sides = {"firstGuestId": ids[0], "secondGuestId": ids[-1]}
    await party.done("setSeatingRule", "seatingRule { id }", occasionId=party.id, kind="APART", **sides)
    return ids, tables


@pytest.mark.parametrize("guests", [8, 80])
async def test_seats_of_any_number_of_guests(party, guests):
    ids, tables = await seated_party(party, guests)
    few, counted, here = ids[: guests // 4], Counted(party), {"occasionId": party.id}
    arranged = [{"guestId": one, "tableId": tables[place % len(tables)]} for place, one in enumerate(ids)]
    await counted.do("autoSeat", **here, apply=True)
    await counted.do("undoAutoSeat", **here)
    await counted.do("arrangeSeats", **here, seats=arranged)
    await counted.do("seatGuests", tableId=tables[0], guests=[{"guestId": one} for one in few])
    await counted.do("lockSeat", guestIds=few)
    await counted.do("unlockSeat", guestIds=few)
    await counted.do("swapSeats", guestId=ids[0], otherGuestId=ids[-1])
    await counted.do("revealSeating", **here)
    await counted.do("unseatGuests", guestIds=ids)
    await counted.do("deleteTable", tableId=tables[0])
    assert counted.sent == {
        "autoSeat": 15,
        "undoAutoSeat": 11,
        "arrangeSeats": 10,
        "seatGuests": 10,
        "lockSeat": 8,
        "unlockSeat": 8,
        "swapSeats": 10,
        "revealSeating": 7,
        "unseatGuests": 9,
        "deleteTable": 7,
    }
    with statements(party.server) as sent:
        answer = await party.server.run(CHART, who=party.planner, id=party.id)
    assert len(answer.data["seatingChart"]["unseated"]) == guests
    assert len(sent) == 7, listed(sent)


@pytest.mark.parametrize("waiting", [2, 20])
async def test_a_queue_of_any_length(world, waiting):
    party = await found_party(world, capacity=1)
    names = [f"House {number}" for number in range(waiting + 1)]
    for name in names:
        await party.invite(name, "Ana", email=f"{name.split()[1]}@example.com")
        await party.answer(name)
    counted = Counted(party)
    first = [{"guestId": party.households[names[0]]["guests"][0]["id"], "status": "DECLINED"}]
    await counted.do("submitRsvp", who=party.guest(names[0]), guests=first)
    await counted.do("updatePart", partId=party.main, capacity=waiting)
    assert await party.statuses(names[-1]) == ["ACCEPTED"]
    assert counted.sent == {"submitRsvp": 8, "updatePart": 9}


@pytest.mark.parametrize("guests", [2, 8])
async def test_a_merger_of_households_of_any_size_that_wait(world, guests):
    party = await found_party(world, capacity=1)
    for name in ("Vado", "Lindero"):
        await party.invite(name, *(f"Guest {number}" for number in range(guests)))
        await party.answer(name)
        for number in range(guests):
            given = {"who": party.guest(name), "occasionId": party.id, "text": f"Text {number}"}
            await party.done("addPost", "cursor", kind="GUESTBOOK", **given)
            await party.done("createGuestRequest", "cursor", **given)
    counted, ids = Counted(party), [party.households[name]["id"] for name in ("Vado", "Lindero")]
    await counted.do("mergeHouseholds", householdId=ids[0], otherId=ids[1])
    home = {"householdId": (await party.invite("Ribera", "Noa"))["id"]}
    moved = [{"guestId": one["id"], **home} for one in party.households["Lindero"]["guests"]]
    await counted.do("updateGuests", guests=moved)
    assert counted.sent == {"mergeHouseholds": 22, "updateGuests": 12}
    assert sorted(await party.statuses("Ribera")) == ["PENDING"] + ["WAITLISTED"] * guests
