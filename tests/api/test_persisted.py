"""Documents that clients name by an id: in whatever way they send it, and nothing else where that is set."""

import json
from contextlib import asynccontextmanager

import pytest

from api.app import create_app
from api.trusted import TrustedDocuments
from kit.errors import SetupError
from tests.harness import HeldClock, found_world, serving, settings_for

CLUB = "query Club($id: ID!) { club(id: $id) { name } }"
RENAME = "mutation Rename($input: UpdateClubInput!) { updateClub(input: $input) { cursor } }"
FOLLOW = "subscription Follow($id: ID!) { clubEvents(clubId: $id) { ... on ClubUpdated { name } } }"
FLAT = {"sha256:c1": CLUB, "f1": FOLLOW}
APOLLO = {
    "format": "apollo-persisted-query-manifest",
    "version": 1,
    "operations": [{"id": "r1", "name": "Rename", "type": "mutation", "body": RENAME}],
}


@asynccontextmanager
async def served(settings, folder, *, only=False):
    (folder / "web.json").write_text(json.dumps(FLAT))
    (folder / "phone.json").write_text(json.dumps(APOLLO))
    changed = settings_for(settings, persisted_documents=folder, persisted_documents_only=only)
    clock = HeldClock()
    async with serving(create_app(changed, with_jobs=False, clock=clock), clock) as server:
        yield server


async def post(server, who, **body):
    headers = {"Authorization": f"Bearer {who.token(server.clock())}"}
    return (await server.http.post(f"{server.url}/graphql", json=body, headers=headers)).json()


async def test_a_document_is_named_by_its_id(settings, tmp_path):
    async with served(settings, tmp_path) as server:
        world = await found_world(server)
        name = (await server.run(CLUB, who=world.staff, id=world.club)).data["club"]["name"]
        by_apollo = {"persistedQuery": {"version": 1, "sha256Hash": "c1"}}
        ways = [{"documentId": "c1"}, {"documentId": "sha256:c1"}, {"extensions": by_apollo}]
        for way in ways:
            answer = await post(server, world.staff, variables={"id": world.club}, **way)
            assert answer["data"]["club"]["name"] == name
        headers = {"Authorization": f"Bearer {world.staff.token(server.clock())}", "GraphQL-Require-Preflight": "1"}
        given = {"documentId": "c1", "variables": json.dumps({"id": world.club})}
        polled = await server.http.get(f"{server.url}/graphql", params=given, headers=headers)
        assert polled.json()["data"]["club"]["name"] == name
        async with server.socket(world.staff) as socket:
            payload = {"documentId": "f1", "variables": {"id": world.club}}
            await socket.send(id="1", type="subscribe", payload=payload)
            await server.run("{ viewer { userId } }", who=world.staff)
            change = {"input": {"clubId": world.club, "name": "Otro Club"}}
            await post(server, world.admin, documentId="r1", variables=change)
            assert await socket.event() == {"name": "Otro Club"}


async def test_an_id_that_is_unknown_lets_apollo_send_the_text(settings, tmp_path):
    async with served(settings, tmp_path) as server:
        world = await found_world(server)
        unknown = {"persistedQuery": {"version": 1, "sha256Hash": "none"}}
        answer = await post(server, world.staff, variables={"id": world.club}, extensions=unknown)
        assert answer["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
        answer = await post(server, world.staff, query=CLUB, variables={"id": world.club}, extensions=unknown)
        assert answer["data"]["club"]
        answer = await post(server, world.staff, variables={})
        assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_nothing_else_runs_where_only_these_do(settings, tmp_path):
    async with served(settings, tmp_path) as open_server:
        world = await found_world(open_server)
    async with served(settings, tmp_path, only=True) as server:
        assert (await post(server, world.staff, documentId="c1", variables={"id": world.club}))["data"]["club"]
        assert (await post(server, world.staff, query=CLUB, variables={"id": world.club}))["data"]["club"]
        answer = await post(server, world.staff, query="{ viewer { roles } }")
        assert answer["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_REQUIRED"
        async with server.socket(world.staff) as socket:
            await socket.send(id="1", type="subscribe", payload={"query": "{ viewer { roles } }"})
            [error] = (await socket.receive())["payload"]
            assert error["extensions"]["code"] == "PERSISTED_QUERY_REQUIRED"


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "can't be read"), ("{", "not JSON"), ('{"a": 1}', "a text for each id"), ("{}", "no manifest with")],
)
def test_a_manifest_that_is_none_is_told_when_the_server_starts(tmp_path, content, said):
    file = tmp_path / "manifest.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(SetupError, match=said):
        TrustedDocuments.read(file, only=False)


def test_two_documents_with_one_id_are_told_too(tmp_path):
    for name, text in (("a", CLUB), ("b", FOLLOW)):
        (tmp_path / f"{name}.json").write_text(json.dumps({"x": text}))
    with pytest.raises(SetupError, match="another document"):
        TrustedDocuments.read(tmp_path, only=False)
