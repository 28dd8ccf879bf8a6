"""What guests ask for, and what those who plan the occasion make of it."""

import asyncio

import pytest
import pytest_asyncio

from tests.guests.party import Party

REQUEST = "id status text reply authorName householdId guestId"
LIST = """query($id: ID!, $status: RequestStatus) {
    guestRequests(occasionId: $id, status: $status) { nodes { text status } }
}"""
FOLLOW = """subscription($id: ID!, $after: String) {
    occasionEvents(occasionId: $id, after: $after, types: [GUEST_REQUEST_CREATE, GUEST_REQUEST_UPDATE]) {
    ... on StreamEvent { type householdId }
    ... on GuestRequestCreated { guestRequestId text status reply }
    ... on GuestRequestUpdated { guestRequestId text status reply }
    } }"""
UPDATE = "mutation($input: UpdateGuestRequestInput!) { updateGuestRequest(input: $input) { cursor problems { code } } }"


@pytest_asyncio.fixture
async def guests(party: Party) -> Party:
    await party.invite("Vado", "Isla", "Teo")
    await party.invite("Lindero", "Sol")
    return party


async def ask(party, who, text="A chair in the shade", **more):
    given = {"occasionId": party.id, "text": text} | more
    return (await party.done("createGuestRequest", f"guestRequest {{ {REQUEST} }}", who=who, **given))["guestRequest"]


async def update(party, request, *, who=None, **given):
    return await party.mutate(
        "updateGuestRequest", f"guestRequest {{ {REQUEST} }}", who=who, requestId=request["id"], **given
    )


async def listed(party, who, **given):
    answer = await party.server.run(LIST, who=who, id=party.id, **given)
    return [(one["text"], one["status"]) for one in answer.data["guestRequests"]["nodes"]]


async def test_a_request_is_asked_worked_on_and_answered_and_both_sides_hear_it(guests):
    vado, lindero = guests.guest("Vado"), guests.guest("Lindero")
    since = (await guests.read())["cursor"]
    async with (
        guests.server.socket(guests.planner) as planner,
        guests.server.socket(vado) as own,
        guests.server.socket(lindero) as other,
    ):
        for socket in (planner, own, other):
            await socket.subscribe(FOLLOW, id=guests.id, after=since)
        request = await ask(guests, vado)
        assert (request["status"], request["authorName"], request["reply"]) == ("OPEN", "Vado", "")
        await update(guests, request, status="IN_PROGRESS")
        done = (await update(guests, request, status="DONE", reply="By the old oak."))["guestRequest"]
        assert (done["status"], done["reply"]) == ("DONE", "By the old oak.")
        theirs = await ask(guests, lindero, text="A taxi at midnight")
        heard = [await planner.events(4), await own.events(3)]
        alone = await other.event()
    assert alone["guestRequestId"] == theirs["id"], "others' requests are nobody's business"
    for events in heard:
        assert [(one["type"], one["status"]) for one in events[:3]] == [
            ("guest-request.create", "OPEN"), ("guest-request.update", "IN_PROGRESS"), ("guest-request.update", "DONE"),
        ]  # fmt: skip
        assert events[2]["reply"] == "By the old oak."
    assert await listed(guests, guests.planner) == [("A taxi at midnight", "OPEN"), ("A chair in the shade", "DONE")]
    assert await listed(guests, guests.planner, status="OPEN") == [("A taxi at midnight", "OPEN")]
    assert await listed(guests, vado) == [("A chair in the shade", "DONE")]


async def test_a_household_changes_what_nobody_has_taken_up_and_says_when_it_is_no_longer_needed(guests):
    vado = guests.guest("Vado")
    request = await ask(guests, vado)
    assert (await update(guests, request, who=vado, text="Two chairs"))["guestRequest"]["text"] == "Two chairs"
    await update(guests, request, status="IN_PROGRESS")
    refused = await update(guests, request, who=vado, text="Three chairs")
    assert [one["code"] for one in refused["problems"]] == ["REQUEST_TAKEN"]
    assert (await update(guests, request, who=vado, status="DONE"))["guestRequest"]["status"] == "DONE"


@pytest.mark.parametrize("given", [{"status": "DECLINED"}, {"status": "OPEN"}, {"reply": "Yes"}])
async def test_a_household_does_not_work_on_its_own_request(guests, given):
    vado = guests.guest("Vado")
    request = await ask(guests, vado)
    answer = await guests.server.run(UPDATE, who=vado, input={"requestId": request["id"], **given})
    assert answer.code == "NOT_ALLOWED"


async def test_another_household_s_request_is_answered_like_none(guests):
    request = await ask(guests, guests.guest("Vado"))
    lindero = guests.guest("Lindero")
    answer = await guests.server.run(UPDATE, who=lindero, input={"requestId": request["id"], "text": "Mine"})
    assert answer.code == "NOT_FOUND"
    node = "query($id: ID!) { node(id: $id) { id } }"
    assert (await guests.server.run(node, who=lindero, id=request["id"])).code == "NOT_FOUND"


async def test_those_who_plan_ask_for_a_guest_whom_they_name(guests):
    isla = guests.households["Vado"]["guests"][0]["id"]
    request = await ask(guests, guests.planner, guestId=isla)
    assert (request["authorName"], request["householdId"]) == ("Isla Vado", guests.households["Vado"]["id"])
    assert await listed(guests, guests.guest("Vado")) == [("A chair in the shade", "OPEN")]
    refused = await guests.mutate("createGuestRequest", "guestRequest { id }", occasionId=guests.id, text="For whom?")
    assert [(one["code"], one["path"]) for one in refused["problems"]] == [("INVALID_INPUT", ["input", "guestId"])]


async def test_a_household_asks_up_to_a_hundred_times(guests):
    vado = guests.guest("Vado")
    for _ in range(99):
        await ask(guests, vado)
    given = {"occasionId": guests.id, "text": "More"}
    answers = await asyncio.gather(
        *(guests.mutate("createGuestRequest", "guestRequest { id }", who=vado, **given) for _ in range(3))
    )
    codes = sorted(one["problems"][0]["code"] if one["problems"] else "" for one in answers)
    assert codes == ["", "TOO_MANY_REQUESTS", "TOO_MANY_REQUESTS"]
    await ask(guests, guests.planner, guestId=guests.households["Vado"]["guests"][0]["id"])


async def test_what_is_asked_is_in_the_record(guests):
    request = await ask(guests, guests.guest("Vado"))
    await update(guests, request, status="DONE")
    query = "query($id: ID!) { activity(occasionId: $id) { nodes { kind actor householdName } } }"
    entries = (await guests.server.run(query, who=guests.planner, id=guests.id)).data["activity"]["nodes"]
    assert [(one["kind"], one["actor"], one["householdName"]) for one in entries[:2]] == [
        ("REQUEST_UPDATED", "planner", "Vado"), ("REQUEST_CREATED", None, "Vado"),
    ]  # fmt: skip
