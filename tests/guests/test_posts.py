"""What guests post: who sees it when, what is told of it, and votes for music."""

import asyncio

import pytest

from tests.guests.posted import FOLLOW, POST, POSTS, add, added, moderate, refusal, seen


async def test_a_guest_sees_the_own_pending_post_and_others_once_it_is_approved(guests):
    vado, lindero = guests.guest("Vado"), guests.guest("Lindero")
    post = await added(guests, vado, text="  Such a\r\n\n\n\nlovely   day ")
    assert (post["status"], post["authorName"], post["isOwn"], post["text"]) == (
        "PENDING", "Vado", True, "Such a\n\nlovely day",
    )  # fmt: skip
    pending, approved = ("Such a\n\nlovely day", "PENDING"), ("Such a\n\nlovely day", "APPROVED")
    assert await seen(guests, vado) == await seen(guests, guests.planner) == [pending]
    assert await seen(guests, lindero) == []
    shown = (await moderate(guests, post, "APPROVED"))["post"]
    assert shown["status"] == "APPROVED"
    assert await seen(guests, vado) == await seen(guests, lindero) == [approved]
    await moderate(guests, post, "HIDDEN")
    assert await seen(guests, lindero) == []
    assert await seen(guests, vado) == [(pending[0], "HIDDEN")]


async def test_whoever_may_not_see_a_post_is_told_that_there_is_none(guests):
    vado, lindero = guests.guest("Vado"), guests.guest("Lindero")
    post = await added(guests, vado, kind="MUSIC", title="Blue Danube")
    node = "query($id: ID!) { node(id: $id) { id } }"
    assert (await guests.server.run(node, who=lindero, id=post["id"])).code == "NOT_FOUND"
    assert (await guests.server.run(node, who=vado, id=post["id"])).data["node"] == {"id": post["id"]}
    [sol] = guests.households["Lindero"]["guests"]
    for operation, given in (("voteForMusic", {"guestId": sol["id"]}), ("deletePost", {})):
        kind = operation[0].upper() + operation[1:]
        query = f"mutation($input: {kind}Input!) {{ {operation}(input: $input) {{ cursor }} }}"
        answer = await guests.server.run(query, who=lindero, input={"postId": post["id"], **given})
        assert answer.code == "NOT_FOUND"
    await moderate(guests, post, "APPROVED")
    query = "mutation($input: DeletePostInput!) { deletePost(input: $input) { cursor } }"
    assert (await guests.server.run(query, who=lindero, input={"postId": post["id"]})).code == "NOT_ALLOWED"
    query = "mutation($input: ModeratePostInput!) { moderatePost(input: $input) { cursor } }"
    answer = await guests.server.run(query, who=vado, input={"postId": post["id"], "status": "HIDDEN"})
    assert answer.code == "NOT_ALLOWED"


async def test_staff_who_do_not_plan_see_no_posts(guests):
    for query in ("posts", "guestRequests"):
        asked = f"query($id: ID!) {{ {query}(occasionId: $id) {{ cursor }} }}"
        assert (await guests.server.run(asked, who=guests.world.staff, id=guests.id)).code == "NOT_ALLOWED"
        assert "errors" not in await guests.server.run(asked, who=guests.world.admin, id=guests.id)


async def test_what_planners_post_is_shown_at_once_also_for_a_guest(guests):
    hosts = await added(guests, guests.planner, text="Welcome")
    assert (hosts["status"], hosts["authorName"], hosts["householdId"]) == ("APPROVED", "Summer Wedding", None)
    isla = guests.households["Vado"]["guests"][0]
    hers = await added(guests, guests.planner, text="Read out for her", guestId=isla["id"])
    assert (hers["authorName"], hers["guestId"]) == ("Isla Vado", isla["id"])
    assert [text for text, _ in await seen(guests, guests.guest("Lindero"))] == ["Read out for her", "Welcome"]


async def test_a_household_writes_for_its_own_guests_alone(guests):
    sol = guests.households["Lindero"]["guests"][0]["id"]
    query = "mutation($input: AddPostInput!) { addPost(input: $input) { cursor } }"
    given = {"occasionId": guests.id, "kind": "GUESTBOOK", "text": "Not hers", "guestId": sol}
    assert (await guests.server.run(query, who=guests.guest("Vado"), input=given)).code == "NOT_FOUND"
    assert (await guests.server.run(query, who=guests.guest("Lindero"), input=given)).data


async def test_all_hear_of_what_is_approved_and_hidden_and_its_household_of_the_rest(guests):
    vado, lindero = guests.guest("Vado"), guests.guest("Lindero")
    since = (await guests.read())["cursor"]
    async with (
        guests.server.socket(guests.planner) as planner,
        guests.server.socket(vado) as own,
        guests.server.socket(lindero) as other,
    ):
        for socket in (planner, own, other):
            await socket.subscribe(FOLLOW, id=guests.id, after=since)
        post = await added(guests, vado, text="Thank you!")
        for status in ("APPROVED", "HIDDEN"):
            await moderate(guests, post, status)
        await guests.done("deletePost", "postId", who=vado, postId=post["id"])
        marker = await added(guests, guests.planner, text="The end")
        heard = {name: await socket.events(count) for name, socket, count in (
            ("planner", planner, 5), ("own", own, 5), ("other", other, 3))}  # fmt: skip
    kinds = ["guestbook.create", "guestbook.update", "guestbook.update", "guestbook.delete", "guestbook.create"]
    assert [one["type"] for one in heard["planner"]] == [one["type"] for one in heard["own"]] == kinds
    approved, hidden, end = heard["other"]
    assert (approved["status"], approved["content"]["text"]) == ("APPROVED", "Thank you!")
    assert (hidden["status"], hidden["content"]) == ("HIDDEN", None)
    assert end["postId"] == marker["id"], "of what nobody sees any more, nobody hears that it is gone"
    assert [one["isOwn"] for one in heard["own"] if "isOwn" in one] == [True, True, True, False]
    assert [approved["isOwn"], approved["authorHouseholdId"]] == [False, None]
    assert heard["planner"][0]["authorHouseholdId"] == guests.households["Vado"]["id"]


@pytest.mark.parametrize(("post", "path"), [
    ({"kind": "MUSIC"}, "title"), ({"kind": "GUESTBOOK"}, "text"), ({"kind": "TRIBUTE"}, "text"),
    ({"kind": "GALLERY"}, "pictureId"), ({"kind": "GUESTBOOK", "text": "a", "title": "b"}, "title"),
    ({"kind": "TRIBUTE", "text": "a", "artist": "b"}, "artist"), ({"kind": "GUESTBOOK", "text": " \n\t\n "}, "text"),
    ({"kind": "GUESTBOOK", "text": "a" * 2_001}, "text"), ({"kind": "GUESTBOOK", "text": "a\u200bb"}, "text"),
    ({"kind": "MUSIC", "title": "a" * 201}, "title"),
])  # fmt: skip
async def test_each_kind_has_what_it_needs_and_nothing_else(guests, post, path):
    assert refusal(await add(guests, guests.guest("Vado"), **post)) == ("INVALID_INPUT", ["input", path])


async def test_a_guest_votes_once_for_each_piece_and_takes_that_back(guests):
    vado, lindero = guests.guest("Vado"), guests.guest("Lindero")
    isla, teo = (one["id"] for one in guests.households["Vado"]["guests"])
    [sol] = (one["id"] for one in guests.households["Lindero"]["guests"])
    song = await added(guests, vado, kind="MUSIC", title="Blue Danube", artist="A band")

    async def vote(who, guest, operation="voteForMusic"):
        return await guests.mutate(operation, f"post {{ {POST} }}", who=who, postId=song["id"], guestId=guest)

    assert refusal(await vote(vado, isla)) == ("POST_NOT_APPROVED", [])
    await moderate(guests, song, "APPROVED")
    assert (await vote(vado, isla))["post"]["votes"] == 1
    assert refusal(await vote(vado, isla)) == ("ALREADY_VOTED", [])
    assert (await vote(vado, teo))["post"]["votes"] == 2
    theirs = (await vote(lindero, sol))["post"]
    assert (theirs["votes"], theirs["votedGuestIds"]) == (3, [sol]), "who else voted is nobody's business"
    assert (await vote(guests.planner, sol, "unvoteForMusic"))["post"]["votedGuestIds"] == [isla, teo]
    assert refusal(await vote(lindero, sol, "unvoteForMusic")) == ("NOT_VOTED", [])
    query = "query($id: ID!) { activity(occasionId: $id, first: 5) { nodes { kind actor guestNames } } }"
    noted = (await guests.server.run(query, who=guests.planner, id=guests.id)).data["activity"]["nodes"]
    assert [(one["kind"], one["actor"], one["guestNames"]) for one in noted] == [
        ("MUSIC_UNVOTED", "planner", ["Sol Lindero"]),
        ("MUSIC_VOTED", None, ["Sol Lindero"]),
        ("MUSIC_VOTED", None, ["Teo Vado"]),
        ("MUSIC_VOTED", None, ["Isla Vado"]),
        ("POST_MODERATED", "planner", []),
    ]


async def test_votes_that_come_at_once_are_all_counted_and_each_once(guests):
    song = await added(guests, guests.planner, kind="MUSIC", title="Blue Danube")
    people = [one["id"] for name in ("Vado", "Lindero") for one in guests.households[name]["guests"]]
    given = [{"postId": song["id"], "guestId": one} for one in people * 5]
    answers = await asyncio.gather(*(guests.mutate("voteForMusic", "post { votes }", **one) for one in given))
    assert sorted(one["post"]["votes"] for one in answers if one["post"]) == [1, 2, 3]
    assert {refusal(one)[0] for one in answers if not one["post"]} == {"ALREADY_VOTED"}


async def test_pages_go_on_where_they_ended_and_can_be_narrowed(guests):
    for number in range(5):
        await added(guests, guests.planner, text=f"Entry {number}")
    await added(guests, guests.guest("Vado"), kind="MUSIC", title="Blue Danube")
    first = (await guests.server.run(POSTS, who=guests.planner, id=guests.id, kind="GUESTBOOK", first=3)).data["posts"]
    after = first["pageInfo"]["endCursor"]
    rest = (await guests.server.run(POSTS, who=guests.planner, id=guests.id, kind="GUESTBOOK", after=after)).data[
        "posts"
    ]
    texts = [one["text"] for one in first["nodes"] + rest["nodes"]]
    assert texts == ["Entry 4", "Entry 3", "Entry 2", "Entry 1", "Entry 0"]
    assert (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)
    assert await seen(guests, guests.planner, status="PENDING") == [("Blue Danube", "PENDING")]


async def test_an_old_snapshot_and_what_happened_since_make_the_new_one(guests):
    vado = guests.guest("Vado")
    before = (await guests.server.run(POSTS, who=vado, id=guests.id)).data["posts"]
    post = await added(guests, vado, text="Thank you!")
    await moderate(guests, post, "APPROVED")
    async with guests.server.socket(vado) as socket:
        await socket.subscribe(FOLLOW, id=guests.id, after=before["cursor"])
        told = {}
        for event in await socket.events(2):
            told[event["postId"]] = (event["content"]["text"], event["status"])
    assert list(told.values()) == await seen(guests, vado)


async def test_what_a_household_posted_is_that_one_s_with_which_it_was_merged(guests):
    vado, lindero = guests.guest("Vado"), guests.guest("Lindero")
    post = await added(guests, lindero, text="From us two")
    ids = {name: guests.households[name]["id"] for name in ("Vado", "Lindero")}
    await guests.done("mergeHouseholds", "household { id }", householdId=ids["Vado"], otherId=ids["Lindero"])
    assert await seen(guests, vado) == [("From us two", "PENDING")]
    await guests.done("deletePost", "postId", who=vado, postId=post["id"])


async def test_a_closed_occasion_can_be_read_and_what_one_wrote_taken_back(guests):
    vado = guests.guest("Vado")
    post = await added(guests, vado)
    await guests.done("closeOccasion", "occasion { id }", occasionId=guests.id)
    assert refusal(await add(guests, vado)) == ("OCCASION_NOT_OPEN", [])
    assert refusal(await moderate(guests, post, "APPROVED")) == ("OCCASION_NOT_OPEN", [])
    assert refusal(await guests.mutate("deletePost", "postId", postId=post["id"])) == ("OCCASION_NOT_OPEN", [])
    await guests.done("deletePost", "postId", who=vado, postId=post["id"])
    assert await seen(guests, vado) == []


async def test_a_household_posts_up_to_a_hundred_times_and_no_more_at_once(guests):
    vado = guests.guest("Vado")
    for _ in range(98):
        await added(guests, vado)
    answers = await asyncio.gather(*(add(guests, vado) for _ in range(6)))
    assert (
        sorted(one["problems"][0]["code"] if one["problems"] else "" for one in answers)
        == ["", ""] + ["TOO_MANY_POSTS"] * 4
    )
    await added(guests, guests.guest("Lindero"))


async def test_a_repeat_with_the_same_key_posts_once(guests):
    vado = guests.guest("Vado")
    first, again = [await added(guests, vado, idempotencyKey="once") for _ in range(2)]
    assert first == again
    assert len(await seen(guests, vado)) == 1
