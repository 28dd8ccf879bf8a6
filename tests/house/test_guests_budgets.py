"""What occasions say to the database."""

from tests.guests.party import found_party
from tests.house.statements import listed, statements

POSTS = """query($id: ID!) { posts(occasionId: $id) {
    cursor nodes { text votes votedGuestIds picture { url width } }
} }"""


async def test_posts_cost_the_same_however_many_there_are(world):
    party = await found_party(world)
    await party.invite("Vado", "Isla")
    [isla] = (one["id"] for one in party.households["Vado"]["guests"])

    async def post_and_read(number):
        for _ in range(number):
            given = {"occasionId": party.id, "kind": "MUSIC", "title": "Blue Danube"}
            made = await party.done("addPost", "post { id }", **given)
            await party.done("voteForMusic", "post { id }", postId=made["post"]["id"], guestId=isla)
        with statements(party.server) as sent:
            answer = await party.server.run(POSTS, who=party.guest("Vado"), id=party.id)
        return len(answer.data["posts"]["nodes"]), sent

    (few, first), (many, sent) = await post_and_read(1), await post_and_read(9)
    assert (few, many) == (1, 10)
    assert max(len(first), len(sent)) <= 5, listed(sent)


async def test_a_post_costs_few_statements(world):
    party = await found_party(world)
    await party.invite("Vado", "Isla")
    given = {"occasionId": party.id, "kind": "GUESTBOOK", "text": "Thank you!"}
    with statements(party.server) as sent:
        await party.done("addPost", "post { id status }", who=party.guest("Vado"), **given)
    assert len(sent) == 5, listed(sent)


async def test_an_answer_to_an_invitation_costs_few_statements(world):
    party = await found_party(world)
    when = {"startsAt": "2026-06-07T10:00:00Z", "endsAt": "2026-06-07T13:00:00Z"}
    await party.done("addPart", "part { id }", occasionId=party.id, part={"name": "Brunch", **when})
    await party.invite("Vado", "Isla", "Teo", "Mar")
    for status, budget in (("ACCEPTED", 5), ("DECLINED", 7), ("ACCEPTED", 5)):
        guests = [{"guestId": one["id"], "status": status} for one in party.households["Vado"]["guests"]]
        with statements(party.server) as sent:
            done = await party.mutate("submitRsvp", "cursor", who=party.guest("Vado"), guests=guests)
        assert done["problems"] == []
        assert len(sent) == budget, listed(sent)


GUESTS = """query($id: ID!) { guests(occasionId: $id) {
    cursor guests { name householdName rsvpStatus attendances { status queuePlace tableId } }
} }"""


async def test_the_master_list_costs_the_same_however_many_are_invited(world):
    party = await found_party(world)

    async def invite_and_read(number):
        rows = [{"householdName": f"House {one // 3}", "firstName": "Ana"} for one in range(number)]
        await party.done("addGuests", "guests { id }", occasionId=party.id, guests=rows)
        with statements(party.server) as sent:
            answer = await party.server.run(GUESTS, who=party.planner, id=party.id)
        return len(answer.data["guests"]["guests"]), sent

    (few, first), (many, sent) = await invite_and_read(2), await invite_and_read(98)
    assert (few, many) == (2, 100)
    assert max(len(first), len(sent)) <= 10, listed(sent)


async def test_a_thousand_guests_are_invited_by_few_statements(world):
    party = await found_party(world)
    rows = [{"householdName": f"House {one // 3}", "firstName": "Ana"} for one in range(1_000)]
    with statements(party.server) as sent:
        await party.done("addGuests", "cursor", occasionId=party.id, guests=rows)
    assert len(sent) <= 6, listed(sent)


async def test_a_club_s_occasions_cost_the_same_however_many_there_are(world):
    query = "query($club: ID!) { occasions(clubId: $club) { name planners parts { name } } }"

    async def plan_and_read(number):
        for _ in range(number):
            party = await found_party(world)
        with statements(party.server) as sent:
            answer = await party.server.run(query, who=party.planner, club=world.club)
        return len(answer.data["occasions"]), sent

    (few, first), (many, sent) = await plan_and_read(1), await plan_and_read(5)
    assert (few, many) == (1, 6)
    assert len(first) == len(sent) <= 6, listed(sent)
