"""Screens follow lists that come and go as a whole, codes, mergers, seats that are shown, pictures, and planners."""

import pytest

from jobs import tasks
from tests.guests.followed import Followed, evening, first
from tests.guests.party import found_party
from tests.guests.posted import upload
from tests.guests.seating.floor import Floor
from tests.guests.test_invitations import redeem

FILE = "Household,First name,E-mail\nVado,Luz,\nPrado,Ana,ana@example.com\n"


async def test_planners_follow_invitations_and_codes(desk):
    party = desk.party
    vado = party.households["Vado"]["id"]
    await party.done("updateHousehold", "cursor", householdId=vado, email="vado@example.com")
    await desk.follow("sendInvitations", occasionId=party.id)
    await desk.follow("sendInvitations", occasionId=party.id, kind="RSVP_REMINDER")
    await desk.follow("reissueInvitation", householdId=vado)
    await desk.follow("rotateCheckInCode", guestId=first(party, "Vado"))
    await desk.follow("exportGuest", guestId=first(party, "Vado"))
    code = (await party.household("Vado"))["code"]
    async with desk.change():
        assert (await redeem(party.server, code))["problems"] == []


async def test_planners_follow_lists_that_come_as_a_whole(desk):
    party = desk.party
    async with desk.change():
        made = await party.done("importGuests", "report { added }", occasionId=party.id, csv=FILE, apply=True)
        assert made["report"]["added"] == 2
        found = await party.server.run(ALL, who=party.planner, id=party.id)
        prado = next(one for one in found.data["guests"]["guests"] if one["householdName"] == "Prado")
        party.households["Prado"] = {"id": prado["householdId"]}
    other = await found_party(party.world, name="Another")
    ribera = await other.invite("Ribera", "Noa", "Leo", plusOnes=1)
    async with desk.change():
        copied = await party.done("copyGuests", "households { id }", occasionId=party.id, householdIds=[ribera["id"]])
        party.households["Ribera"] = copied["households"][0]


ALL = "query($id: ID!) { guests(occasionId: $id) { guests { householdId householdName } } }"


async def test_who_plans_it_and_what_is_asked(desk):
    party = desk.party
    await desk.follow("updateOccasion", occasionId=party.id, planners=["planner", "rosa"])
    questions = [{"text": "Song?", "kind": "TEXT"}, {"text": "Bus?", "kind": "YES_NO"}]
    await desk.follow("updateOccasion", occasionId=party.id, questions=questions, name="Dinner")
    await desk.follow("updateOccasion", occasionId=party.id, planners=["planner"])


@pytest.mark.parametrize("own", [None, "Vado", "Lindero"])
async def test_pictures(bounded, own):
    party, vado = bounded, bounded.guest("Vado")
    one = Followed(party, own)
    post = {"occasionId": party.id, "kind": "GALLERY", "pictureId": await upload(party, vado)}
    if own == "Lindero":
        made = (await party.done("addPost", "post { id }", who=vado, **post))["post"]
    else:
        made = (await one.follow("addPost", "post { id }", who=vado, **post))["post"]
    for status in ("APPROVED", "HIDDEN", "APPROVED"):
        await one.follow("moderatePost", postId=made["id"], status=status)
    await one.follow("deletePost", who=vado, postId=made["id"])


@pytest.mark.parametrize("own", [None, "Vado"])
async def test_a_merger_brings_answers_seats_arrivals_and_what_was_said(bounded, clock, own):
    party, floor, lindero = bounded, Floor(bounded), bounded.guest("Lindero")
    one, sol = Followed(party, own), first(bounded, "Lindero")
    part = {"name": "Drinks", "capacity": 1, **evening(party)}
    drinks = (await party.done("addPart", "part { id }", occasionId=party.id, part=part))["part"]["id"]
    await party.done("updateHousehold", "cursor", householdId=party.households["Vado"]["id"], partIds=[party.main])
    await party.answer("Lindero")
    waits = [
        {"guestId": guest["id"], "parts": [{"partId": drinks, "status": "ACCEPTED"}]}
        for guest in party.households["Lindero"]["guests"]
    ]
    await party.done("submitRsvp", "cursor", who=lindero, guests=waits)
    await floor.set_table("North")
    await floor.seat("North", "Sol", "Mar")
    await party.done("revealSeating", "cursor", occasionId=party.id)
    clock.advance(days=30)
    await party.done("checkInGuest", "cursor", occasionId=party.id, guestId=sol)
    asks = {"occasionId": party.id, "guestId": sol}
    await party.done("createGuestRequest", "cursor", who=lindero, text="A high chair", **asks)
    await party.done("addPost", "cursor", who=lindero, kind="GUESTBOOK", text="Thank you!", **asks)
    song = {"kind": "MUSIC", "title": "Volare", **asks}
    post = (await party.done("addPost", "post { id }", who=lindero, **song))["post"]["id"]
    await party.done("moderatePost", "cursor", postId=post, status="APPROVED")
    ids = [party.households[name]["id"] for name in ("Vado", "Lindero")]
    async with one.change():
        party.households.pop("Lindero")
        await party.done("mergeHouseholds", "cursor", householdId=ids[0], otherId=ids[1])


async def test_two_households_that_wait_and_merge_wait_as_one(world):
    party = await found_party(world, capacity=2)
    for name, guests in (("Prado", 2), ("Vado", 1), ("Ribera", 1), ("Lindero", 1)):
        await party.invite(name, *(f"Ana {number}" for number in range(guests)))
        await party.answer(name)
    vado, lindero = Followed(party, "Vado"), party.households["Lindero"]["id"]
    async with vado.change():
        gone = party.households.pop("Lindero")["id"]
        await party.done("mergeHouseholds", "cursor", householdId=party.households["Vado"]["id"], otherId=gone)
    places = [row["queuePlace"] for guest in (await party.household("Vado"))["guests"] for row in guest["attendances"]]
    assert (places, lindero) == ([1, 1], gone)
    async with Followed(party, "Ribera").change():
        await party.answer("Vado", "DECLINED")
        await party.done("updatePart", "cursor", partId=party.main, capacity=3)


async def test_a_household_hears_its_place_in_the_queue_whoever_moves(bounded):
    party = bounded
    await party.answer("Vado")
    await party.answer("Lindero")
    for name in ("Prado", "Ribera"):
        await party.invite(name, "Ana", "Leo")
        await party.answer(name)
    for own in ("Ribera", None):
        async with Followed(party, own).change():
            await party.answer("Prado", "DECLINED")
        async with Followed(party, own).change():
            await party.answer("Prado")


async def test_a_guest_who_comes_to_a_household_brings_the_answers(home):
    party, floor, sol = home.party, Floor(home.party), first(home.party, "Lindero")
    await party.answer("Lindero")
    await floor.set_table("North")
    await floor.seat("North", "Sol")
    await home.follow("updateGuests", guests=[{"guestId": sol, "householdId": party.households["Vado"]["id"]}])
    await home.follow("revealSeating", occasionId=party.id)
    mar = {"guestId": first(party, "Lindero", 1), "householdId": party.households["Vado"]["id"]}
    await floor.seat("North", "Mar")
    await home.follow("updateGuests", guests=[mar | {"dietNote": "No celery"}])


async def test_a_household_follows_that_its_seats_are_shown_and_hidden(home, clock):
    party, floor = home.party, Floor(home.party)
    await floor.set_table("North")
    await floor.seat("North", "Isla", "Sol")
    await home.follow("revealSeating", occasionId=party.id)
    await home.follow("revealSeating", occasionId=party.id, reveal=False)
    past = clock().isoformat()
    await home.follow("updateOccasion", occasionId=party.id, revealSeatingAt=past)
    await home.follow("updateOccasion", occasionId=party.id, revealSeatingAt=None)
    await party.done("updateOccasion", "cursor", occasionId=party.id, revealSeatingAt=past.replace("2026", "2027"))
    clock.advance(days=366)
    async with home.change():
        await tasks.reveal_seatings(party.server.runtime)
