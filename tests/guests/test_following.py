"""Who hears what of an occasion: planners everything, households what is theirs, and of others what all may know."""

from contextlib import AsyncExitStack
from dataclasses import replace

from realtime import metrics
from realtime.metrics import total_of
from schema.guests.classes import NO_PLANNER
from tests.api.poller import poll

FOLLOW = """subscription($id: ID!, $after: String) { occasionEvents(occasionId: $id, after: $after) {
    __typename
    ... on StreamEvent { type guestId householdId }
    ... on RsvpUpdated { guestName rsvpStatus mealId directoryEntry { name } }
    ... on GuestUpdated { person { firstName dietNote email } directoryEntry { name } }
    ... on HouseholdUpdated { email }
} }"""


async def follow(socket, party, query=FOLLOW):
    """Follow an occasion from now on, whenever the subscription begins."""
    await socket.subscribe(query, id=party.id, after=(await party.read())["cursor"])


async def change(party, name, **values):
    guest = party.households[name]["guests"][0]["id"]
    await party.done("updateGuests", "cursor", guests=[{"guestId": guest, **values}])


async def test_a_household_hears_all_of_its_own_and_of_others_what_the_directory_shows(party):
    await party.invite("Vado", "Isla")
    await party.invite("Lindero", "Sol")
    own, other = party.guest("Vado"), party.guest("Lindero")
    async with party.server.socket(own) as mine, party.server.socket(other) as theirs:
        for socket in (mine, theirs):
            await follow(socket, party)
        await change(party, "Vado", dietNote="No celery", email="isla@example.com")
        await party.answer("Vado")
        isla = party.households["Vado"]["guests"][0]["id"]
        await party.done("setGuestListing", "cursor", who=own, guestId=isla, isListed=True)
        mine_heard = await mine.events(3)
        [entry] = await theirs.events(1)
        await change(party, "Lindero", dietNote="Salt")
        [last] = await theirs.events(1)
    assert mine_heard[0]["person"] == {"firstName": "Isla", "dietNote": "No celery", "email": "isla@example.com"}
    assert (mine_heard[1]["guestName"], mine_heard[1]["rsvpStatus"]) == ("Isla Vado", "ACCEPTED")
    assert entry["directoryEntry"] == {"name": "Isla Vado"}
    assert entry["person"] is None, "another household's guest"
    assert last["person"]["dietNote"] == "Salt"


async def test_an_answer_is_executed_twice_for_guests_however_many_listen(party):
    names = [f"House {n}" for n in range(6)]
    for name in names:
        await party.invite(name, "Ana")
    listing = {"guestId": party.households[names[0]]["guests"][0]["id"], "isListed": True}
    await party.done("setGuestListing", "cursor", who=party.guest(names[0]), **listing)
    await party.answer(names[0])
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(party.server.socket(party.guest(name))) for name in names]
        for socket in sockets:
            await follow(socket, party)
        await change(party, names[0], groupName="Bride")  # who follows first may be shown it by itself
        for socket in sockets:
            assert (await socket.event())["type"] == "guest.update"
        before = total_of(metrics.executions)
        await change(party, names[0], groupName="Groom")
        told = [await socket.event() for socket in sockets]
        assert total_of(metrics.executions) - before == 2, "the household's, and the others'"
    assert [one["person"] is not None for one in told] == [True, *[False] * 5]


async def test_who_plans_it_no_more_is_cut_off_and_refused_when_coming_back(party):
    other = replace(party.planner, user_id="rosa")
    await party.done("updateOccasion", "cursor", occasionId=party.id, planners=["planner", "rosa"])
    async with party.server.socket(other) as socket, party.server.socket(party.planner) as witness:
        for one in (socket, witness):
            await follow(one, party, FOLLOW.replace("after: $after", "after: $after, types: [HOUSEHOLD_CREATE]"))
        await party.invite("Vado", "Isla")
        for one in (socket, witness):
            assert (await one.event())["type"] == "household.create"
        await party.done("updateOccasion", "cursor", occasionId=party.id, planners=["planner"])
        await party.invite("Lindero", "Sol")
        assert (await witness.event())["type"] == "household.create"
        assert await socket.closed() == (1013, NO_PLANNER)
    async with party.server.socket(other) as back:
        await follow(back, party)
        refused = await back.receive()
        assert (refused["type"], refused["payload"][0]["extensions"]["code"]) == ("error", "NOT_FOUND")
        for name in ("planner", "admin"):
            who = party.planner if name == "planner" else party.world.admin
            async with party.server.socket(who) as still:
                await follow(still, party)
                await party.invite(f"House {name}", "Ana")
                assert (await still.event())["type"] == "household.create"


async def test_a_headcount_ends_with_the_planning_of_who_follows_it(party):
    other = replace(party.planner, user_id="rosa")
    await party.done("updateOccasion", "cursor", occasionId=party.id, planners=["planner", "rosa"])
    heads = "subscription($id: ID!) { headcount(occasionId: $id) { invited } }"
    async with party.server.socket(other) as socket, party.server.socket(party.planner) as witness:
        for one in (socket, witness):
            await one.subscribe(heads, id=party.id)
            assert await one.event() == {"invited": 0}
        await party.done("updateOccasion", "cursor", occasionId=party.id, planners=["planner"])
        assert await socket.closed() == (1013, NO_PLANNER)
        await party.invite("Vado", "Isla")
        while await witness.event() != {"invited": 1}:
            pass
    answer = await party.server.run(heads.replace("subscription", "query"), who=other, id=party.id)
    assert answer.code == "NOT_FOUND"


async def test_the_directory_follows_a_household_s_name_and_a_merger(party):
    await party.invite("Vado", "Isla")
    await party.invite("Lindero", "Sol")
    isla = party.households["Vado"]["guests"][0]["id"]
    await party.done("setGuestListing", "cursor", who=party.guest("Vado"), guestId=isla, isListed=True)
    await party.answer("Vado")
    async with party.server.socket(party.guest("Lindero")) as socket:
        await follow(socket, party, FOLLOW.replace("directoryEntry { name }", "directoryEntry { name householdName }"))
        await party.done("updateHousehold", "cursor", householdId=party.households["Vado"]["id"], name="Vado Ríos")
        assert (await socket.event())["directoryEntry"] == {"name": "Isla Vado", "householdName": "Vado Ríos"}
        ids = [party.households[name]["id"] for name in ("Lindero", "Vado")]
        await party.done("mergeHouseholds", "cursor", householdId=ids[0], otherId=ids[1])
        told = [await socket.event() for _ in range(2)]
        assert told[1]["directoryEntry"] == {"name": "Isla Vado", "householdName": "Lindero"}


async def test_who_plans_it_again_hears_what_was_before_and_what_comes(party):
    """A cursor from before the removal is replayed past it."""
    other = replace(party.planner, user_id="rosa")
    both, alone = ["planner", "rosa"], ["planner"]
    before = (await party.read())["cursor"]
    for planners in (both, alone, both):
        await party.done("updateOccasion", "cursor", occasionId=party.id, planners=planners)
    async with party.server.socket(other) as socket:
        await socket.subscribe(FOLLOW, id=party.id, after=before)
        replayed = [one["type"] for one in await socket.events(6)]
        await party.invite("Vado", "Isla")
        assert (await socket.event())["type"] == "household.create"
    assert replayed == ["occasion.update", "activity.create"] * 3


async def test_an_occasion_is_held_by_the_clock_of_its_club_also_for_who_polls(party):
    query = "query($id: ID!) { occasion(id: $id) { timeZone } }"
    await party.invite("Vado", "Isla")
    first = await poll(party.server, party.guest("Vado"), query, id=party.id)
    assert first.json()["data"]["occasion"] == {"timeZone": "Europe/Madrid"}
    admin, club = party.world.admin, party.world.club
    await party.server.mutate("updateClub", "club { id }", who=admin, clubId=club, timeZone="Atlantic/Canary")
    then = await poll(party.server, party.guest("Vado"), query, tag=first.headers["ETag"], id=party.id)
    assert then.json()["data"]["occasion"] == {"timeZone": "Atlantic/Canary"}


async def test_a_household_that_a_guest_has_left_hears_that_and_nothing_of_the_guest(party):
    await party.invite("Vado", "Isla", "Teo")
    await party.invite("Lindero", "Sol")
    home = party.households["Lindero"]["id"]
    async with party.server.socket(party.guest("Vado")) as left, party.server.socket(party.guest("Lindero")) as joined:
        for socket in (left, joined):
            await follow(socket, party)
        await change(party, "Vado", householdId=home, email="isla@example.com", dietNote="No celery")
        teo = [{"guestId": party.households["Vado"]["guests"][1]["id"], "status": "ACCEPTED"}]
        await party.done("submitRsvp", "cursor", who=party.guest("Vado"), guests=teo)
        told, own = await left.events(2)
        [whole] = await joined.events(1)
    isla = party.households["Vado"]["guests"][0]["id"]
    assert (told["type"], told["guestId"], told["householdId"], told["person"]) == ("guest.update", isla, home, None)
    assert own["guestName"] == "Teo Vado"
    assert whole["person"] == {"firstName": "Isla", "dietNote": "No celery", "email": "isla@example.com"}
