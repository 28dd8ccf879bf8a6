import asyncio
import json
import traceback
from datetime import datetime, timedelta, tzinfo

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from api.app import create_app
from api.http import MAX_BODY_BYTES, RESPONSE_TYPE
from auth.viewer import Role
from kit.ids import new_id
from tests.harness import MORNING, HeldClock, Who, found_world, serving
from tests.patience import PATIENCE

JSON = "application/json"
TYPENAME = "{ __typename }"
PREFLIGHT = {"GraphQL-Require-Preflight": "1"}
SOMEBODY = Who(new_id(), (Role.PLAYER,))


@pytest_asyncio.fixture
async def post(site):
    """Send JSON to /graphql."""

    async def send(body, *, accept=RESPONSE_TYPE, token=None, **headers):
        sent = {"Accept": accept, "Content-Type": JSON} | headers
        if token:
            sent["Authorization"] = token
        content = body if isinstance(body, bytes) else json.dumps(body)
        return await site.http.post(f"{site.url}/graphql", content=content, headers=sent)

    return send


@pytest_asyncio.fixture
async def get(site):
    """Send a query in the URL of /graphql."""

    async def send(headers=PREFLIGHT, **parameters):
        headers = {"Accept": RESPONSE_TYPE} | headers
        return await site.http.get(f"{site.url}/graphql", params=parameters, headers=headers)

    return send


def refusal(response):
    """Give status, code and sentence of an answer that has an error and nothing else."""
    answer = response.json()
    assert set(answer) == {"errors"}, answer
    [error] = answer["errors"]
    assert error["message"][-1] in ".!?"
    return response.status_code, error["extensions"]["code"], error["message"]


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        (RESPONSE_TYPE, RESPONSE_TYPE),
        (f"{RESPONSE_TYPE}; charset=utf-8, {JSON};q=0.9", RESPONSE_TYPE),
        (f"{JSON}, {RESPONSE_TYPE}", JSON),
        (JSON, JSON),
        ("application/*", RESPONSE_TYPE),
        ("*/*", JSON),
        ("", JSON),
    ],
)
async def test_the_answer_has_the_type_that_was_asked_for(post, accept, given):
    good = await post({"query": TYPENAME}, accept=accept)
    assert (good.status_code, good.headers["content-type"]) == (200, given)
    assert good.json() == {"data": {"__typename": "Query"}}
    cannot_run = await post({"query": "{ nothing }"}, accept=accept)
    assert cannot_run.headers["content-type"] == given
    assert cannot_run.status_code == (400 if given == RESPONSE_TYPE else 200)
    assert "data" not in cannot_run.json()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query A { __typename } query B { __typename }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query A { __typename }", "operationName": "B"}, "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_a_document_that_cannot_run_is_refused_with_a_code(post, body, code):
    status, given, _ = refusal(await post(body))
    assert (status, given) == (400, code)
    assert refusal(await post(body, accept=JSON))[:2] == (200, code)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b'"text"',
        b"null",
        b"{}",
        b'{"query": ""}',
        b'{"query": 7}',
        b'{"query": "{ __typename }", "variables": []}',
        b'{"query": "{ __typename }", "extensions": 7}',
        b'{"query": "{ __typename }", "operationName": 7}',
        b"[" * 100_000,
    ],
)
@pytest.mark.parametrize("accept", [JSON, RESPONSE_TYPE])
async def test_what_is_no_request_is_refused_whatever_is_accepted(post, body, accept):
    assert refusal(await post(body, accept=accept))[:2] == (400, "BAD_REQUEST")


async def test_operations_come_one_at_a_time(post):
    assert refusal(await post([{"query": TYPENAME}] * 2)) == (400, "BAD_REQUEST", "Send one operation at a time.")


@pytest.mark.parametrize("kind", ["", "text/plain", "text/plain;application/json", "application/x-www-form-urlencoded"])
async def test_a_body_of_another_type_is_refused(post, kind):
    response = await post(b'{"query": "{ __typename }"}', **{"Content-Type": kind})
    assert refusal(response)[:2] == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_parameters_of_the_type_do_not_matter(post):
    assert (await post({"query": TYPENAME}, **{"Content-Type": "Application/JSON; charset=utf-8"})).status_code == 200


async def test_a_body_that_is_too_large_is_refused(post):
    empty = len(json.dumps({"query": TYPENAME, "variables": {"x": ""}}))
    largest = {"query": TYPENAME, "variables": {"x": "x" * (MAX_BODY_BYTES - empty)}}
    assert (await post(largest)).status_code == 200
    assert refusal(await post(json.dumps(largest).encode() + b" "))[:2] == (413, "TOO_LARGE")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_other_methods_are_not_known(site, method):
    response = await site.http.request(method, f"{site.url}/graphql", json={"query": TYPENAME})
    assert response.status_code == 405
    assert response.headers["allow"]


async def test_a_query_may_come_by_get(get):
    query = "query Q($a: Boolean!) { __typename @include(if: $a) } query R { viewer { userId } }"
    response = await get(query=query, operationName="Q", variables='{"a": true}')
    assert (response.status_code, response.json()) == (200, {"data": {"__typename": "Query"}})
    for wrong in ("{", "[]", "7"):
        assert refusal(await get(query=query, operationName="Q", variables=wrong))[:2] == (400, "BAD_REQUEST")
    assert refusal(await get())[:2] == (400, "BAD_REQUEST")


@pytest.mark.parametrize("name", ["GraphQL-Require-Preflight", "X-Requested-With", "Apollo-Require-Preflight"])
async def test_get_needs_a_header_that_no_link_sends(get, name):
    assert (await get({name: "1"}, query=TYPENAME)).status_code == 200
    assert (await get({"Content-Type": JSON}, query=TYPENAME)).status_code == 200
    for simple in ({}, {name: ""}, {"Content-Type": "text/plain;json"}):
        status, code, message = refusal(await get(simple, query=TYPENAME))
        assert (status, code) == (400, "BAD_REQUEST")
        assert "GraphQL-Require-Preflight" in message


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "none"}, 400),
        ({"Origin": "https://evil.example"}, 400),
        ({"Origin": "null"}, 400),
        ({"Authorization": "Basic x"}, 401),
    ],
)
async def test_a_get_counts_as_meant_by_what_no_link_sends_or_by_the_page_that_it_is_from(get, site, headers, status):
    assert (await get(headers, query=TYPENAME)).status_code == status
    assert (await get({"Origin": site.url}, query=TYPENAME)).status_code == 200
    signed_in = {"Authorization": f"Bearer {SOMEBODY.token(site.clock())}"}
    assert (await get(signed_in, query="{ viewer { userId } }")).json() == {"data": {"viewer": {"userId": "somebody"}}}


async def test_get_changes_nothing(site, get):
    world = await found_world(site)
    query = f'mutation {{ updateClub(input: {{ clubId: "{world.club}", name: "Other" }}) {{ cursor }} }}'
    headers = PREFLIGHT | {"Authorization": f"Bearer {world.admin.token(site.clock())}"}
    response = await get(headers, query=query)
    assert refusal(response)[:2] == (405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == "POST"
    assert (await site.run("{ clubs { name } }", who=world.staff)).data == {"clubs": [{"name": "Test Club"}]}


async def test_a_subscription_is_not_answered_by_a_single_answer(get, post):
    query = 'subscription { clubEvents(clubId: "any") { __typename } }'
    for response in (await get(query=query), await post({"query": query})):
        status, _, message = refusal(response)
        assert status == 400
        assert "graphql-transport-ws" in message


async def test_without_a_token_each_field_that_needs_one_says_so(post):
    response = await post({"query": "{ __typename viewer { userId } }"})
    [error] = response.json()["errors"]
    assert (response.status_code, response.json()["data"]) == (200, None)
    assert (error["path"], error["extensions"]) == (["viewer"], {"code": "UNAUTHENTICATED"})
    assert "Authorization: Bearer" in error["message"]


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("Bearer nonsense", "TOKEN_REFUSED"),
        ("Basic dXNlcjpwYXNz", "TOKEN_REFUSED"),
        (f"Bearer {SOMEBODY.token(MORNING)[:-6]}AAAAAA", "TOKEN_REFUSED"),
        (f"Bearer {SOMEBODY.token(MORNING - timedelta(days=401))}", "TOKEN_EXPIRED"),
    ],
)
@pytest.mark.parametrize("accept", [JSON, RESPONSE_TYPE])
async def test_a_token_that_does_not_count_is_refused_even_where_none_is_needed(post, token, code, accept):
    response = await post({"query": TYPENAME}, token=token, accept=accept)
    assert refusal(response)[:2] == (401, code)
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.headers["content-type"] == accept


class BrokenZone(tzinfo):
    """A zone that fails when it is asked."""

    def utcoffset(self, _):
        raise RuntimeError("the inside")


class BrokenClock(HeldClock):
    """A clock that is right as often as it is told, then gives a moment that is no use, or none at all."""

    def __init__(self, *, right=0, gives=None):
        super().__init__()
        self.right, self.gives = right, gives

    def __call__(self):
        self.right -= 1
        if self.right >= 0:
            return self.now
        if self.gives is None:
            raise RuntimeError("the inside")
        return self.gives


CREATE = 'mutation { createClub(input: { name: "N", timeZone: "UTC", currency: "EUR" }) { cursor } }'
FOUNDER = {"Authorization": f"Bearer {Who(new_id(), (Role.ADMIN,)).token(MORNING)}"}


@pytest.mark.parametrize(
    ("clock", "status", "path"),
    [
        (BrokenClock(right=1, gives=datetime(2026, 5, 4, 5, tzinfo=BrokenZone())), 200, ["createClub"]),
        (BrokenClock(), 500, None),
    ],
    ids=["in a field", "before any field"],
)
async def test_a_fault_shows_a_reference_and_nothing_of_the_inside(settings, clock, status, path):
    async with serving(create_app(settings, with_jobs=False, clock=clock), clock) as server:
        with capture_logs() as logs:
            response = await server.http.post(f"{server.url}/graphql", json={"query": CREATE}, headers=FOUNDER)
    [error] = response.json()["errors"]
    assert (response.status_code, error.get("path"), error["extensions"]["code"]) == (status, path, "INTERNAL")
    for inside in ("the inside", "RuntimeError", "INSERT", "Traceback", "asyncpg"):
        assert inside not in response.text
    [line] = [entry for entry in logs if entry.get("reference") == error["extensions"]["reference"]]
    assert line["reference"] in error["message"]
    assert "the inside" in "".join(traceback.format_exception(line["exc_info"]))


async def test_a_client_that_leaves_is_no_fault(site):
    with capture_logs() as logs:
        reader, writer = await asyncio.open_connection(*site.url.removeprefix("http://").split(":"))
        head = "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
        writer.write(head.encode())
        writer.write_eof()
        async with asyncio.timeout(PATIENCE):
            await reader.read()
        writer.close()
        assert (await site.http.get(f"{site.url}/healthz")).status_code == 200
    assert [entry for entry in logs if entry["log_level"] == "error"] == []
