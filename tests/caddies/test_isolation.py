"""A caddie of list 1 learns nothing of lists 2 and 3, by whatever operation or event: not even that they exist."""

import json
import re
from dataclasses import dataclass, replace

import pytest
import pytest_asyncio
from graphql import get_named_type

from auth.viewer import Role
from kit.ids import new_id, public_id
from kit.text import camel
from resolvers.caddies.mutations import CaddieMutations
from resolvers.caddies.queries import CaddieQueries
from resolvers.caddies.subscriptions import CaddieSubscriptions
from resolvers.root import core
from schema.caddies.events import CADDIE_FACTS
from tests.api.poller import poll
from tests.caddies.shack import CADDIE, EVENTS, add, add_all, done, follow, head, heard, mutation_of, set_status, start
from tests.harness import MORNING, World
from tests.house.everything import all_of
from tests.moulds import another_world

TURN = "id listNumber day status startedAt endedAt reason bookingId answer caddie { id name listNumber }"


def fields_of(kind):
    """Select all that a type can tell, but for where the club's stream stands, which moves with everything."""
    return re.sub(r"\w+__cursor: cursor|\w+__\w+: ", "", all_of(core, kind))


def all_but_the_cursor(query):
    return fields_of(get_named_type(core.query_type.fields[query].type))


OF_THE_DAY = "(clubId: $c, date: $d, span: WEEK)"
QUERIES = {
    "caddies": [
        f"query($c: ID!) {{ caddies(clubId: $c) {all_but_the_cursor('caddies')} }}",
        f"query($c: ID!) {{ caddies(clubId: $c, lists: [1], status: AVAILABLE) {{ caddies {{ {CADDIE} }} }} }}",
    ],
    "caddieQueue": [f"query($c: ID!) {{ caddieQueue(clubId: $c, list: 1) {all_but_the_cursor('caddieQueue')} }}"],
    "caddieDraw": [
        f"query($c: ID!, $d: Date!) {{ caddieDraw(clubId: $c, list: 1, week: $d) {all_but_the_cursor('caddieDraw')} }}"
    ],
    "caddieReport": [f"query($c: ID!, $d: Date!) {{ caddieReport{OF_THE_DAY} {all_but_the_cursor('caddieReport')} }}"],
    "caddieSettings": ["query($c: ID!) { caddieSettings(clubId: $c) { listCount fees { feeCents } } }"],
    "caddiesCsv": ["query($c: ID!) { caddiesCsv(clubId: $c) }"],
    "bookingCaddies": ["query($b: ID!) { bookingCaddies(bookingId: $b) { name } }"],
}
"""What a caddie of list 1 can ask of a club; each answer stays the same whatever happens to other lists."""
BY_LIST = {
    "caddies": "query($c: ID!, $l: Int!) { caddies(clubId: $c, lists: [$l]) { cursor } }",
    "caddies beside the own": "query($c: ID!, $l: Int!) { caddies(clubId: $c, lists: [1, $l]) { cursor } }",
    "caddieQueue": "query($c: ID!, $l: Int!) { caddieQueue(clubId: $c, list: $l) { cursor } }",
    "caddieDraw": "query($c: ID!, $l: Int!, $d: Date!) { caddieDraw(clubId: $c, list: $l, week: $d) { seed } }",
    "caddieReport": "query($c: ID!, $l: Int!, $d: Date!) { caddieReport(clubId: $c, date: $d, lists: [$l]) { first } }",
}
"""What takes the number of a list: one that exists is answered like one that does not."""
MUTATIONS = {
    "addCaddie": {"clubId": "c", "name": "Noa", "listNumber": "l"},
    "updateCaddie": {"caddieId": "caddie", "name": "Noa", "listNumber": 1},
    "deleteCaddie": {"caddieId": "caddie"},
    "setCaddieStatus": {"caddieId": "caddie", "status": "IN_PREP"},
    "startTurn": {"clubId": "c", "listNumber": "l", "caddieId": "caddie", "reason": "r"},
    "endTurn": {"turnId": "turn"},
    "skipTurn": {"clubId": "c", "listNumber": "l", "caddieId": "caddie"},
    "undoTurn": {"turnId": "turn", "act": "END"},
    "assignTurn": {"bookingId": "b", "caddieId": "caddie"},
    "answerTurnAssignment": {"turnId": "turn", "accept": True},
    "drawCaddieWeek": {"clubId": "c", "listNumber": "l"},
    "importCaddies": {"clubId": "c", "csv": "name,list\nNoa,2\n"},
    "setCaddieSettings": {"clubId": "c", "listCount": 1},
}
NAMES = {1: "Primo", 2: "Secundo", 3: "Tertio"}
NODES = ("caddie", "turn", "caddie_draw", "caddie_import")
KINDS = {"caddie": "Caddie", "turn": "Turn", "loop": "Turn", "caddie_draw": "CaddieDraw"}
NODES_SHOW = {name: f"... on {kind} {fields_of(core.type_map[kind])}" for name, kind in KINDS.items()}
"""What is asked of each of the own things."""


def names(room):
    return {camel(field.python_name) for field in room.__strawberry_definition__.fields}


def test_every_operation_of_the_caddies_is_walked():
    assert names(CaddieQueries) == set(QUERIES)
    assert names(CaddieMutations) == set(MUTATIONS)
    assert names(CaddieSubscriptions) == {"caddieEvents"}
    takes_lists = {
        name
        for name, field in core.query_type.fields.items()
        if not {"list", "lists", "listNumber", "listNumbers"}.isdisjoint(field.args)
    }
    assert takes_lists == {name.split()[0] for name in BY_LIST}
    of_lists = {
        kind.name
        for kind in core.type_map.values()
        if any(i.name == "Node" for i in getattr(kind, "interfaces", ()))
        and (kind.name == "CaddieImport" or "listNumber" in kind.fields)
    }
    assert of_lists == {"Caddie", "Turn", "CaddieDraw", "CaddieImport"}


@dataclass
class Lists:
    """A club with three lists, a caddie of the first who looks on, and things of the other two by kind."""

    world: World
    booking: str
    own: dict[str, str]
    other: dict[str, str]
    moved: str
    """A caddie who had a loop on list 1 before they came to list 2."""

    @property
    def variables(self):
        return {"c": self.world.club, "b": self.booking, "d": self.world.day.isoformat()}

    async def answers(self, who):
        """Ask everything that can be asked, in every way; give the answers as text."""
        found = []
        for queries in QUERIES.values():
            for query in queries:
                used = {name: value for name, value in self.variables.items() if f"${name}:" in query}
                found.append(json.dumps(await self.world.server.run(query, who=who, **used)))
                by_get = await poll(self.world.server, who, query, **used)
                found.append(f"{by_get.headers.get('etag')} {by_get.text}")
        for name, node_id in self.own.items():
            query = f"query($id: ID!) {{ node(id: $id) {{ {NODES_SHOW[name]} }} }}"
            found.append(json.dumps(await self.world.server.run(query, who=who, id=node_id)))
        return found


async def book(world):
    given = {"teeTimeId": world.tee_time(0), "places": 1, "payer": {"firstName": "Eva", "lastName": "Ruiz"}}
    payload = await world.server.mutate("bookSlots", "booking { id }", who=world.player("eva"), **given)
    return payload["booking"]["id"]


async def things(world, number):
    """Make a thing of each kind on a list, and give their ids by kind."""
    ids = await add_all(world, f"{NAMES[number]}A {NAMES[number]}B {NAMES[number]}C", number)
    drawn = await done(world, "drawCaddieWeek", clubId=world.club, listNumber=number)
    turn = await start(world, number, caddieId=ids[f"{NAMES[number]}A"], reason="Secret reason")
    return {"caddie": ids[f"{NAMES[number]}B"], "turn": turn["id"], "caddie_draw": drawn["caddieDraw"]["id"]}


async def moved_from_one_to_two(world):
    """Let a caddie of list 1 have a loop, and move to list 2; give the caddie and the loop."""
    caddie = await add(world, "Primo Mobile")
    turn = await start(world, caddieId=caddie)
    await done(world, "endTurn", turnId=turn["id"])
    await done(world, "updateCaddie", caddieId=caddie, listNumber=2)
    return caddie, turn["id"]


async def lists_of(world):
    moved, loop = await moved_from_one_to_two(world)
    own, other = await things(world, 1), await things(world, 2)
    own["loop"] = loop
    imported = await done(
        world, "importCaddies", who=world.admin, clubId=world.club, csv="name,list,phone\nTertio Sol,3,600 123 456\n"
    )
    return Lists(world, await book(world), own, other | {"caddie_import": imported["caddieImport"]["id"]}, moved)


@pytest_asyncio.fixture
async def lists(world):
    return await lists_of(world)


@pytest_asyncio.fixture(scope="module")
async def made_lists(shared_server):
    shared_server.clock.now = MORNING
    return await lists_of(await another_world(shared_server))


@pytest_asyncio.fixture
async def standing_lists(server, made_lists):
    """Lists for tests that change nothing there."""
    return made_lists


async def happen(lists):
    """Let everything happen to lists 2 and 3 that can: each mutation, and each event."""
    world, turn = lists.world, lists.other["turn"]
    await done(world, "endTurn", turnId=turn, feeTier="DOUBLE", tipCents=500)
    await set_status(world, lists.other["caddie"], "LATE")
    await set_status(world, lists.other["caddie"], "AVAILABLE")
    assigned = await done(world, "assignTurn", bookingId=lists.booking, listNumber=2)
    await done(world, "answerTurnAssignment", turnId=assigned["turn"]["id"], accept=False)
    skipped = await done(world, "skipTurn", clubId=world.club, listNumber=2, reason="Secret reason")
    await done(world, "undoTurn", turnId=skipped["turn"]["id"], act="SKIP")
    await done(world, "updateCaddie", caddieId=lists.other["caddie"], name="Secundo Renamed")
    await done(world, "updateCaddie", who=world.admin, caddieId=lists.other["caddie"], phoneNumber="600 765 432")
    await done(world, "updateCaddie", caddieId=lists.other["caddie"], listNumber=3)
    await done(world, "updateCaddie", caddieId=lists.moved, name="Secundo Mobile")
    gone = await add(world, "Tertio Gone", 3)
    await done(world, "deleteCaddie", caddieId=gone)
    await done(world, "drawCaddieWeek", clubId=world.club, listNumber=3)
    await done(world, "importCaddies", clubId=world.club, csv="name,list\nSecundo File,2\nTertio File,3\n")
    await done(world, "setCaddieSettings", who=world.admin, clubId=world.club, listCount=7)
    await start(world, 3)


async def test_no_answer_of_a_caddie_changes_by_what_happens_to_other_lists(lists):
    who = lists.world.caddie(1)
    before = await lists.answers(who)
    await happen(lists)
    assert await lists.answers(who) == before
    for answer in before:
        for secret in ("Secundo", "Tertio", "600 ", "Secret", '"listNumber": 2', "GRAPHQL_", *lists.other.values()):
            assert secret not in answer


async def test_no_event_of_other_lists_reaches_a_caddie(lists):
    world, since = lists.world, await head(lists.world)
    club = "subscription($c: ID!, $a: String) { clubEvents(clubId: $c, after: $a) { ... on StreamEvent { type } } }"
    sheet = """subscription($c: ID!, $d: Date!, $a: String) {
        teeSheetEvents(courseId: $c, date: $d, after: $a) { ... on StreamEvent { type } } }"""
    async with world.server.socket(world.caddie(1)) as live, world.server.socket(world.caddie(1)) as elsewhere:
        await follow(live, world, after=since)
        await elsewhere.subscribe(club, c=world.club, a=since)
        await elsewhere.subscribe(sheet, c=world.course, d=world.day.isoformat(), a=since)
        await happen(lists)
        mark = await add(world, "Zz Mark", 1)
        heard_live = [await live.event(), await live.event()]
        await book(world)
        event = await elsewhere.event()
    assert [event["type"] for event in heard_live] == ["caddie:added", "turn:queue_changed"]
    assert heard_live[0]["caddieId"] == mark
    assert {event["listNumber"] for event in heard_live} == {1}
    assert event["type"].startswith(("booking", "slot"))  # the first of what the two hear: nothing came before it

    async with world.server.socket(world.admin) as socket:
        await follow(socket, world, after=since)
        told = set()
        while (event := await socket.event()).get("caddieId") != mark:
            told.add(event["type"])
    assert told == {fact.type for fact in CADDIE_FACTS}, "let it happen, above"
    for who in (world.caddie(1), replace(world.caddie(1), roles=(Role.CADDIE, Role.PLAYER))):
        kept = await heard(world, 1, after=since, who=who)
        assert kept[:2] == heard_live
        assert {event["listNumber"] for event in kept} == {1}


async def test_who_follows_two_lists_hears_nothing_of_the_third_nor_what_staff_are_told(lists):
    world, since = lists.world, await head(lists.world)
    await happen(lists)
    for own in ((1, 2), (1, 3)):
        kept = await heard(world, 1, own[1], after=since, who=world.caddie(*own))
        assert {event["listNumber"] for event in kept if "listNumber" in event} <= set(own)
        assert "caddie:settings_changed" not in {event["type"] for event in kept}
        assert not any(event.get("previousListNumber") or event.get("phoneNumber") for event in kept)
        picked = await heard(world, 1, after=since, who=world.caddie(*own))
        assert {event["listNumber"] for event in picked} == {1}
    nobody = world.caddie()
    async with world.server.socket(nobody) as socket:
        await follow(socket, world, after=since)
        await socket.subscribe(
            "subscription($c: ID!, $a: String) { clubEvents(clubId: $c, after: $a) { __typename } }",
            c=world.club,
            a="no cursor",
        )
        assert (await socket.receive())["type"] == "error"  # and nothing before it


@pytest.mark.parametrize("name", sorted(BY_LIST))
async def test_a_list_that_exists_is_answered_like_one_that_does_not(standing_lists, name):
    who, query = standing_lists.world.caddie(1), BY_LIST[name]
    used = {name: value for name, value in standing_lists.variables.items() if f"${name}:" in query}
    answers = [
        await standing_lists.world.server.run(query, who=who, l=number, **used) for number in (2, 3, 9, 1000, -1)
    ]
    assert all(answer == answers[0] for answer in answers)
    assert answers[0].code == "NOT_FOUND"
    own = await standing_lists.world.server.run(query, who=replace(who, caddie_lists=(1, 2)), l=2, **used)
    assert "errors" not in own


async def test_following_a_list_that_exists_is_answered_like_one_that_does_not(standing_lists):
    answers = []
    async with standing_lists.world.server.socket(standing_lists.world.caddie(1)) as socket:
        for number in (2, 3, 9):
            for chosen in ([number], [1, number]):
                await socket.subscribe(EVENTS, c=standing_lists.world.club, lists=chosen)
                message = await socket.receive()
                answers.append((message["type"], message["payload"]))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][1][0]["extensions"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("kind", NODES)
async def test_a_thing_of_another_list_is_answered_like_one_that_does_not_exist(standing_lists, kind):
    query = "query($id: ID!) { node(id: $id) { __typename id } }"
    who, nowhere = standing_lists.world.caddie(1), public_id(kind, new_id())
    missing = await standing_lists.world.server.run(query, who=who, id=nowhere)
    assert await standing_lists.world.server.run(query, who=who, id=standing_lists.other[kind]) == missing
    assert missing.code == "NOT_FOUND"
    if kind in standing_lists.own:
        assert "errors" not in await standing_lists.world.server.run(query, who=who, id=standing_lists.own[kind])


@pytest.mark.parametrize("name", sorted(MUTATIONS))
async def test_a_mutation_tells_a_caddie_nothing_of_another_list(standing_lists, name):
    nowhere = {kind: public_id(kind, new_id()) for kind in ("caddie", "turn")}
    cases = [(standing_lists.other, 2), (standing_lists.other, 3), (nowhere, 9), (nowhere, 2)]
    answers = []
    for found, number in cases:
        fill = {**found, **standing_lists.variables, "l": number}
        given = {k: fill.get(v, v) if isinstance(v, str) else v for k, v in MUTATIONS[name].items()}
        answers.append(
            await standing_lists.world.server.run(mutation_of(name), who=standing_lists.world.caddie(1), input=given)
        )
    assert all(answer == answers[0] for answer in answers)
    assert answers[0].code in {"NOT_FOUND", "NOT_ALLOWED"}


async def test_a_caddie_who_has_moved_away_is_not_shown_where_they_went(lists):
    world = lists.world
    turn = lists.own["turn"]
    query = f"query($id: ID!) {{ node(id: $id) {{ ... on Turn {{ {TURN} }} }} }}"
    assert (await world.server.run(query, who=world.caddie(1), id=turn)).data["node"]["caddie"]["name"] == "PrimoA"
    ended = await done(world, "endTurn", turnId=turn)
    row = (await world.server.run(query, who=world.staff, id=ended["turn"]["id"])).data["node"]
    await done(world, "updateCaddie", caddieId=row["caddie"]["id"], listNumber=2)
    seen = (await world.server.run(query, who=world.caddie(1), id=turn)).data["node"]
    assert seen["caddie"] is None
    assert seen["status"] == "ENDED"
    missing = await world.server.run(
        "query($id: ID!) { node(id: $id) { id } }", who=world.caddie(1), id=row["caddie"]["id"]
    )
    assert missing.code == "NOT_FOUND"


@pytest.mark.parametrize("role", [Role.PLAYER, Role.PLANNER, Role.GUEST, Role.DEVICE])
async def test_others_than_staff_and_caddies_see_no_caddies(standing_lists, role):
    who = replace(standing_lists.world.player("somebody"), roles=(role,), caddie_lists=(1, 2, 3))
    for name, queries in QUERIES.items():
        used = {name: value for name, value in standing_lists.variables.items() if f"${name}:" in queries[0]}
        code = (await standing_lists.world.server.run(queries[0], who=who, **used)).code
        assert code == ("NOT_FOUND" if name == "bookingCaddies" else "NOT_ALLOWED"), name
    async with standing_lists.world.server.socket(who) as socket:
        await follow(socket, standing_lists.world)
        message = await socket.receive()
    assert message["payload"][0]["extensions"]["code"] == "NOT_ALLOWED"
