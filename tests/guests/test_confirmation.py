"""One answer from a guest's own link, and all who see it: three open screens, the guest's other tab, and who polls."""

from typing import Any

from tests.api.poller import poll
from tests.guests.party import Party
from tests.guests.seating.floor import Floor
from tests.guests.test_invitations import ask, redeem

EVENTS = """subscription($id: ID!, $after: String) {{ occasionEvents(occasionId: $id, after: $after, types: [{}]) {{
    ... on StreamEvent {{ type guestId partId }} ... on RsvpUpdated {{ rsvpStatus mealId guestName }}
    ... on GuestUnseated {{ previousTableId }} ... on ActivityCreated {{ kind householdId guestIds }} }} }}"""
HEADS = "subscription($id: ID!) { headcount(occasionId: $id) { taken statuses { status guests } } }"
LIST = "query($id: ID!) { guests(occasionId: $id, status: ACCEPTED) { guests { name } } }"
OWN = "query($id: ID!) { household(id: $id) { guests { rsvpStatus } } }"
ANSWER = """mutation($guests: [GuestRsvpInput!]!) { submitRsvp(input: { guests: $guests }) {
    cursor problems { code } household { guests { rsvpStatus } } } }"""


async def test_an_answer_from_the_own_link_reaches_every_screen(party: Party) -> None:
    vado = await party.invite("Vado", "Isla", "Teo")
    isla, teo = (one["id"] for one in vado["guests"])
    floor = Floor(party)
    north = await floor.set_table("North")
    await floor.seat("North", "Isla", "Teo")
    token = (await redeem(party.server, vado["code"]))["token"]
    server, since = party.server, (await party.read())["cursor"]
    planners = {"id": party.id}, {"id": vado["id"]}
    tags = [
        (await poll(server, who, query, **given)).headers["etag"]
        for who, query, given in zip((party.planner, party.guest("Vado")), (LIST, OWN), planners, strict=True)
    ]
    answers = [{"guestId": isla, "status": "ACCEPTED", "mealId": "m1"}, {"guestId": teo, "status": "DECLINED"}]
    screens = {"list": "RSVP_UPDATE", "chart": "SEATING_DELETE", "record": "ACTIVITY_CREATE"}
    async with (
        server.socket(party.planner) as planner,
        server.socket(party.planner) as counting,
        server.socket(acknowledged=False) as tab,
    ):
        ids = {name: await planner.subscribe(EVENTS.format(kind), id=party.id, after=since)
               for name, kind in screens.items()}  # fmt: skip
        await counting.subscribe(HEADS, id=party.id)
        assert (await counting.event())["taken"] == 0
        assert (await tab.initialise(token))["type"] == "connection_ack"
        await tab.subscribe(EVENTS.format("RSVP_UPDATE"), id=party.id, after=since)
        done = (await ask(server, token, ANSWER, guests=answers))["data"]["submitRsvp"]
        assert done["problems"] == []
        heard: dict[str, list[Any]] = {name: [] for name in screens}
        names = {one: name for name, one in ids.items()}
        while sum(map(len, heard.values())) < 4:
            message = await planner.receive()
            heard[names[message["id"]]].append(message["payload"]["data"]["occasionEvents"])
        in_tab = await tab.events(2)
        while (counted := await counting.event())["taken"] != 1:
            pass
    told = [(one["guestName"], one["rsvpStatus"], one["mealId"]) for one in heard["list"]]
    assert sorted(told) == [("Isla Vado", "ACCEPTED", "m1"), ("Teo Vado", "DECLINED", None)]
    assert in_tab == heard["list"]
    assert [(one["guestId"], one["previousTableId"]) for one in heard["chart"]] == [(teo, north)]
    assert [(one["kind"], one["guestIds"]) for one in heard["record"]] == [("RSVP_SUBMITTED", [isla, teo])]
    assert {one["status"]: one["guests"] for one in counted["statuses"]} == {
        "ACCEPTED": 1, "DECLINED": 1, "PENDING": 0, "WAITLISTED": 0,
    }  # fmt: skip
    listed, own = [
        await poll(server, who, query, tag=tag, **given)
        for who, query, given, tag in zip(
            (party.planner, party.guest("Vado")), (LIST, OWN), planners, tags, strict=True
        )
    ]
    assert listed.json()["data"]["guests"]["guests"] == [{"name": "Isla Vado"}]
    assert own.json()["data"]["household"] == done["household"]
