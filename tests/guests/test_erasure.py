"""What is held of a guest: written out, and erased, from the list and from what was told before."""

import asyncio
import json
from dataclasses import asdict, dataclass, is_dataclass
from itertools import count

import pytest
import pytest_asyncio

from events.base import catalogue
from events.rewriting import without_texts
from kit.database import connect
from tests.api.poller import poll
from tests.guests.party import Party, found_party
from tests.harness import settings_for
from tests.house.everything import example
from tests.patience import PATIENCE
from tests.realtime.support import until
from tests.realtime.test_two_processes import two_processes

NUMBERS = count(100)


@dataclass
class Unusual:
    """Somebody of whom much is held, in words that are nowhere else."""

    words: list[str]
    id: str = ""

    def named_in(self, text: str) -> list[str]:
        return [one for one in self.words if one.lower() in text.lower()]


def somebody() -> Unusual:
    """Make somebody up, another one each time."""
    number = next(NUMBERS)
    words = [f"Xaverianne{number}q", f"Quistelbrook{number}q", f"zwiebelkraut{number}q@quistelbrook.example"]
    said = [f"{word}{number}q" for word in ("Brokko", "Rollschuh", "Marmelade", "Ringelreihen", "Schokokuchen")]
    return Unusual([*words, f"+34 600 987 {number}", *said])


TABLES = """
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname
"""
REPLAY = """subscription($id: ID!, $after: String) { occasionEvents(occasionId: $id, after: $after) {
    __typename
    ... on StreamEvent { cursor type }
    ... on HouseholdCreated { name email phone }
    ... on HouseholdUpdated { name email phone }
    ... on GuestCreated { guestId person { ...All } directoryEntry { name groupName householdName } }
    ... on GuestUpdated { guestId person { ...All } directoryEntry { name groupName householdName } }
    ... on RsvpUpdated { guestId guestName rsvpStatus directoryEntry { name groupName householdName } }
    ... on GuestUnseated { guestName }
    ... on GuestbookCreated { content { authorName text } }
    ... on GuestbookUpdated { content { authorName text } }
    ... on GuestRequestCreated { authorName text }
    ... on GuestErased { guestId householdErased }
    ... on ActivityCreated { kind guestIds count }
} }
fragment All on Person {
    firstName lastName groupName dietNote needNote email phone answers { questionId answer }
}"""
LIST = "query($id: ID!) { guests(occasionId: $id) { cursor guests { id name email answers { answer } } } }"
RECORD = "query($id: ID!) { activity(occasionId: $id) { nodes { kind count guestNames householdName } } }"


async def with_one_unusual(party: Party, name: str = "Vado", *others: str) -> Unusual:
    """Invite a household with an unusual guest, who has told all that can be told."""
    question = {"text": "What do you sing?", "kind": "TEXT"}
    made = await party.done(
        "updateOccasion", "occasion { questions { questionId } }", occasionId=party.id, questions=[question]
    )
    one = somebody()
    first, last, email, phone, diet, need, song, wish, cake = one.words
    person = {"firstName": first, "lastName": last, "email": email, "phone": phone, "dietNote": diet, "needNote": need}
    person["answers"] = [{"questionId": made["occasion"]["questions"][0]["questionId"], "answer": song}]
    rest = [{"firstName": other, "lastName": name} for other in others]
    given = {"occasionId": party.id, "name": name, "email": email, "guests": [*rest, person]}
    made = await party.done("addHousehold", "household { id guests { id } }", **given)
    party.households[name] = made["household"]
    one.id = made["household"]["guests"][-1]["id"]
    await party.answer(name)
    await party.done("setGuestListing", "guest { id }", who=party.guest(name), guestId=one.id, isListed=True)
    given = {"who": party.guest(name), "occasionId": party.id, "guestId": one.id}
    posted = await party.done("addPost", "post { id }", kind="GUESTBOOK", text=wish, **given)
    await party.done("moderatePost", "post { id }", postId=posted["post"]["id"], status="APPROVED")
    await party.done("createGuestRequest", "guestRequest { id }", text=cake, **given)
    return one


async def dumped(postgres) -> str:
    """Give all rows of all tables as text."""
    owner = await connect(postgres.owner_url, purpose="tests")
    try:
        tables = [row["relname"] for row in await owner.fetch(TABLES)]
        assert len(tables) > 30
        rows = [row[0] for table in tables for row in await owner.fetch(f'SELECT t::text FROM "{table}" t')]
    finally:
        await owner.close()
    return "\n".join(rows)


async def replay(party: Party, server=None, *, who=None, after: str | None, upto: str) -> list[dict]:
    """Give what was told after a cursor, up to another one."""
    async with (server or party.server).socket(who or party.planner) as socket:
        await socket.subscribe(REPLAY, id=party.id, after=after)
        told = [await socket.event()]
        while told[-1]["cursor"] != upto:
            told.append(await socket.event())
    return told


@pytest_asyncio.fixture
async def start(party):
    return (await party.read())["cursor"]


async def test_what_is_held_of_a_guest_is_written_out_for_planners_and_the_own_household(party):
    guest = await with_one_unusual(party)
    await party.invite("Lindero", "Sol")
    for who in (party.planner, party.guest("Vado")):
        payload = await party.done("exportGuest", "export", who=who, guestId=guest.id)
        held = json.loads(payload["export"])
        assert guest.named_in(payload["export"]) == guest.words
        assert held["household"]["email"] == guest.words[2]
        assert held["guest"]["answers"] == [{"question": "What do you sing?", "answer": guest.words[6]}]
        assert [(one["part"], one["status"]) for one in held["attendances"]] == [("Dinner", "ACCEPTED")]
        assert ("planners" in held) == (who is party.planner)
        assert {"RSVP_SUBMITTED", "LISTING_CHANGED"} <= {one["kind"] for one in held["activity"]}
        code = (await party.household("Vado"))["code"]
        assert code not in payload["export"], "a file that is handed around opens nothing"
    query = "mutation($input: ExportGuestInput!) { exportGuest(input: $input) { export problems { code } } }"
    refused = await party.server.run(query, who=party.guest("Lindero"), input={"guestId": guest.id})
    assert refused.code == "NOT_FOUND"
    record = (await party.server.run(RECORD, who=party.planner, id=party.id)).data["activity"]["nodes"]
    assert [one["kind"] for one in record[:2]] == ["GUEST_EXPORTED"] * 2


async def test_an_erased_guest_is_named_nowhere_any_more(party, postgres, start):
    guest = await with_one_unusual(party)
    assert guest.named_in(await dumped(postgres)) == guest.words, "this shows nothing unless they are there before"
    payload = await party.done("eraseGuest", "guestId", guestId=guest.id)
    assert payload["guestId"] == guest.id
    assert guest.named_in(await dumped(postgres)) == []
    told = await replay(party, after=start, upto=payload["cursor"])
    assert guest.named_in(json.dumps(told)) == []
    types = [one["type"] for one in told]
    assert {"household.create", "guest.create", "guest.update", "rsvp.update", "guest.delete"} <= set(types)
    assert {"guestbook.create", "guestbook.update", "guestbook.delete"} <= set(types)
    assert {"guest-request.create", "guest-request.delete"} <= set(types)
    assert types[-2:] == ["guest.erase", "activity.create"]


async def test_a_household_that_was_the_guest_s_own_before_is_named_no_more(party, postgres, start):
    """As after a merger: what it was called, and how it was reached, may be what the guest is called."""
    vado = await party.invite("Vado", "Isla")
    guest = await with_one_unusual(party, (one := somebody()).words[1])
    home = party.households[one.words[1]]["id"]
    assert one.named_in(await dumped(postgres)) == [one.words[1]]
    await party.done("mergeHouseholds", "household { id }", householdId=vado["id"], otherId=home)
    await party.done("eraseGuest", "guestId", guestId=guest.id)
    left = await dumped(postgres)
    assert guest.named_in(left) + one.named_in(left) == []
    kept = (await party.household("Vado"))["guests"]
    assert [one["name"] for one in kept] == ["Isla Vado"]


async def test_what_was_posted_for_a_household_that_stays_stays(party):
    guest = await with_one_unusual(party, "Vado", "Isla")
    given = {"who": party.guest("Vado"), "occasionId": party.id, "kind": "GUESTBOOK"}
    await party.done("addPost", "post { id }", text="From all of us", **given)
    await party.done("eraseGuest", "guestId", guestId=guest.id)
    query = "query($id: ID!) { posts(occasionId: $id, kind: GUESTBOOK) { nodes { text } } }"
    posts = (await party.server.run(query, who=party.planner, id=party.id)).data["posts"]["nodes"]
    assert [one["text"] for one in posts] == ["From all of us"]


async def test_events_stay_with_their_ids_and_positions_and_can_be_read(party, postgres, start):
    guest = await with_one_unusual(party, "Vado", "Isla")
    owner = await connect(postgres.owner_url, purpose="tests")
    query = """SELECT position, id, type, data FROM events
        WHERE stream_id = (SELECT id FROM streams WHERE name = $1) ORDER BY position"""
    before = await owner.fetch(query, f"occasion:{party.id}")
    await party.done("eraseGuest", "guestId", guestId=guest.id)
    after = await owner.fetch(query, f"occasion:{party.id}")
    await owner.close()
    assert [tuple(row)[:3] for row in after[: len(before)]] == [tuple(row)[:3] for row in before]
    for old, new in zip(before, after, strict=False):
        catalogue[new["type"]].parse(json.loads(new["data"]))
        about = {json.loads(old["data"]).get(name) for name in ("guest_id", "household_id", "author_household_id")}
        if about.isdisjoint({guest.id, party.households["Vado"]["id"]}):
            assert new["data"] == old["data"], "what is about others is not touched"
    others = [json.loads(row["data"]) for row in after if row["type"] == "guest.create"]
    assert [one["person"]["first_name"] for one in others] == ["Isla", ""]


async def test_the_last_of_a_household_takes_it_along_and_others_keep_theirs(party):
    alone, together = await with_one_unusual(party), await with_one_unusual(party, "Ribera", "Isla")
    told = await party.done("eraseGuest", "guestId", guestId=alone.id)
    gone = await party.server.run(
        "query($id: ID!) { household(id: $id) { id } }", who=party.planner, id=party.households["Vado"]["id"]
    )
    assert gone.code == "NOT_FOUND"
    told = await party.done("eraseGuest", "guestId", guestId=together.id)
    kept = await party.server.run(
        "query($id: ID!) { household(id: $id) { name email guests { name } } }",
        who=party.planner,
        id=party.households["Ribera"]["id"],
    )
    wanted = {"name": "Ribera", "email": None, "guests": [{"name": "Isla Ribera"}]}
    assert kept.data["household"] == wanted, "the guest's own address is the household's no more"
    assert told["cursor"]


async def test_what_others_did_stays_and_names_nobody(party):
    guest = await with_one_unusual(party, "Vado", "Isla")
    await party.done("eraseGuest", "guestId", guestId=guest.id)
    record = (await party.server.run(RECORD, who=party.planner, id=party.id)).data["activity"]["nodes"]
    by_kind = {one["kind"]: one for one in record}
    assert by_kind["GUEST_ERASED"] == {"kind": "GUEST_ERASED", "count": 1, "guestNames": [], "householdName": None}
    assert by_kind["HOUSEHOLD_ADDED"]["guestNames"] == ["Isla Vado"]
    assert by_kind["HOUSEHOLD_ADDED"]["count"] == 2, "there was one more, whoever that was"
    query = "query($id: ID!) { node(id: $id) { id } }"
    assert (await party.server.run(query, who=party.planner, id=guest.id)).code == "NOT_FOUND"


async def test_households_may_not_erase_and_planners_may_after_the_end_too(party):
    guest = await with_one_unusual(party)
    query = "mutation($input: EraseGuestInput!) { eraseGuest(input: $input) { guestId problems { code } } }"
    refused = await party.server.run(query, who=party.guest("Vado"), input={"guestId": guest.id})
    assert refused.code == "NOT_ALLOWED"
    refused = await party.server.run(query, who=party.world.staff, input={"guestId": guest.id})
    assert refused.code == "NOT_ALLOWED"
    await party.done("closeOccasion", "occasion { id }", occasionId=party.id)
    await party.done("eraseGuest", "guestId", guestId=guest.id)
    again = await party.server.run(query, who=party.planner, input={"guestId": guest.id})
    assert again.code == "NOT_FOUND"


async def test_a_place_that_comes_free_is_given_to_who_waits_while_the_occasion_is_open_and_not_before(world):
    party = await found_party(world, capacity=1)
    guest = await with_one_unusual(party)
    await party.invite("Lindero", "Sol")
    await party.answer("Lindero")
    await party.done("closeOccasion", "occasion { id }", occasionId=party.id)
    await party.done("eraseGuest", "guestId", guestId=guest.id)
    assert await party.statuses("Lindero") == ["WAITLISTED"], "nobody is told of a place at what is over"
    await party.done("publishOccasion", "occasion { id }", occasionId=party.id)
    assert await party.statuses("Lindero") == ["ACCEPTED"]


async def test_other_processes_forget_too(settings, clock):
    """What they keep of the stream in memory, and the answers that they keep ready for those who poll."""
    still = settings_for(settings, sweep_interval_degraded_ms=50)
    async with two_processes(still, clock) as (world, one, other):
        party = await found_party(world)
        start = (await party.read())["cursor"]
        guest = await with_one_unusual(party)
        upto = (await party.read())["cursor"]
        for server in (one, other):
            assert guest.named_in(json.dumps(await replay(party, server, after=start, upto=upto)))
            async with asyncio.timeout(PATIENCE):
                while not in_memory(server, guest):  # the answer is kept once the stream is followed
                    assert guest.named_in((await poll(server, party.planner, LIST, id=party.id)).text)
        erased = await party.done("eraseGuest", "guestId", guestId=guest.id)
        for server in (one, other):
            await until(lambda server=server: in_memory(server, guest) == [])
            told = await replay(party, server, after=start, upto=erased["cursor"])
            assert guest.named_in(json.dumps(told)) == []
            assert guest.named_in((await poll(server, party.planner, LIST, id=party.id)).text) == []


def in_memory(server, guest) -> list[str]:
    """Name what a process keeps: in the tails of streams, in answers to events, and in answers for those who poll."""
    hub, http = server.runtime.hub, server.process.http
    tails = [message.data for follower in hub._followers.values() for message, _ in follower._tail._events]
    answers = [answer.body for answer in http._ready._answers.values()]
    bodies = [body for group in server.process.fanout._groups.values() for body in group._cache._bodies.values()]
    kept = guest.named_in(json.dumps(tails)), guest.named_in(str(answers)), guest.named_in(str(bodies))
    return [] if not any(kept) else guest.words if kept[0] and kept[1] else kept[0] + kept[1] + kept[2]


async def test_two_who_erase_and_a_household_that_answers_at_once(party):
    """Whoever comes first: nothing fails, and nothing is left."""
    for number in range(4):
        name = f"House {number}"
        guest = await with_one_unusual(party, name, "Isla")
        query = "mutation($input: EraseGuestInput!) { eraseGuest(input: $input) { guestId problems { code } } }"
        answers = await asyncio.gather(
            *(party.server.run(query, who=party.planner, input={"guestId": guest.id}) for _ in range(2)),
            answered(party, name, "DECLINED"),
            answered(party, name, "ACCEPTED"),
        )
        codes = [answer["errors"][0]["extensions"]["code"] for answer in answers if "errors" in answer]
        assert codes.count("NOT_FOUND") == len(codes) >= 1
        assert guest.named_in(json.dumps(await party.server.run(LIST, who=party.planner, id=party.id))) == []


async def answered(party, name, status):
    query = "mutation($input: SubmitRsvpInput!) { submitRsvp(input: $input) { problems { code } } }"
    guests = [{"guestId": one["id"], "status": status} for one in party.households[name]["guests"]]
    return await party.server.run(query, who=party.guest(name), input={"guests": guests})


@pytest.mark.parametrize("kind", sorted(name for name, kind in catalogue.items() if hasattr(kind, "about")))
def test_every_fact_of_an_occasion_can_be_read_without_its_texts(kind):
    fact = example(catalogue[kind])
    bare = without_texts(fact)
    assert catalogue[kind].parse(json.loads(json.dumps(bare, default=_plain))) == bare
    assert "Ana" not in json.dumps(bare, default=_plain)


def _plain(value):
    return asdict(value) if is_dataclass(value) else str(value)
