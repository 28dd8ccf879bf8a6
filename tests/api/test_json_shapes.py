"""JSON of any shape, by every way that it can come: it is read or refused, and never a fault of ours."""

import json

import pytest

from kit.parsing import MAX_LEVELS, Unreadable, read_json
from tests.realtime.sockets import SOMEBODY, handshake

QUERY = "query($v: ID!) { course(id: $v) { id } }"
EVENTS = "subscription($v: ID!) { clubEvents(clubId: $v) { __typename } }"
REFUSED = [
    "[" * 300 + "]" * 300,
    "[" * 3_000 + "]" * 3_000,
    '{"a":' * 300 + "1" + "}" * 300,
    '{"a":' * 1_100 + "1" + "}" * 1_100,
    "NaN",
    "Infinity",
    "1e400",
    "1" * 400,
    r'"\ud800"',
    r'"\udfff\ud800"',
]
READ = ["1" * 30, "-" + "9" * 25, "1e300", "18446744073709551616", r'"\u0000"', '{"a": 1, "a": 2}', "[[[1]]]", "null"]


def asked(value, query=QUERY):
    """Write a request with a value where an id is wanted, and again where nothing is."""
    return '{"query": %s, "variables": {"v": %s, "w": %s}}' % (json.dumps(query), value, value)  # noqa: UP031


@pytest.fixture(params=[None, SOMEBODY], ids=["anybody", "signed in"])
def ways(request, site):
    """Give what sends a value by each way of HTTP, as somebody or nobody."""
    headers = {"Content-Type": "application/json", "GraphQL-Require-Preflight": "1"}
    if request.param:
        headers["Authorization"] = f"Bearer {request.param.token(site.clock())}"

    async def send(value):
        url = f"{site.url}/graphql"
        yield await site.http.post(url, content=asked(value), headers=headers)
        yield await site.http.get(url, params={"query": QUERY, "variables": f'{{"v": {value}}}'}, headers=headers)
        for accept in ("text/event-stream", 'multipart/mixed;subscriptionSpec="1.0", application/json'):
            for query in (QUERY, EVENTS):
                yield await site.http.post(url, content=asked(value, query), headers={**headers, "Accept": accept})

    return send


@pytest.mark.parametrize("value", REFUSED, ids=lambda value: value[:9])
async def test_what_cannot_be_read_is_refused_by_http(ways, value):
    async for response in ways(value):
        assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("value", READ)
async def test_what_is_no_id_is_no_fault_of_ours_by_http(ways, value):
    async for response in ways(value):
        assert response.status_code == 200
        assert '"errors"' in response.text
        assert "INTERNAL" not in response.text


@pytest.mark.parametrize("value", [*REFUSED, *READ], ids=lambda value: value[:9])
async def test_by_websocket_it_is_refused_with_a_code_or_answered(site, value):
    for said in ('{"type": "connection_init", "payload": {"a": %s}}', '{"type": "ping", "payload": {"a": %s}}'):
        async with handshake(site) as socket:
            await socket.raw.send(said % value)
            if value in REFUSED:
                assert (await socket.closed())[0] == 4400
            else:
                assert (await socket.receive())["type"] in {"connection_ack", "pong"}
    async with site.socket(SOMEBODY) as socket:
        await socket.raw.send('{"id": "1", "type": "subscribe", "payload": %s}' % asked(value, EVENTS))  # noqa: UP031
        if value in REFUSED:
            assert (await socket.closed())[0] == 4400
        else:
            assert "INTERNAL" not in str(await socket.receive())


def test_a_value_may_have_so_many_levels_and_no_more():
    for opening, closing in ("[]", ('{"a":', "}")):
        assert read_json(opening * MAX_LEVELS + '"["' + closing * MAX_LEVELS)
        with pytest.raises(Unreadable, match="nested"):
            read_json((opening * (MAX_LEVELS + 1) + '"["' + closing * (MAX_LEVELS + 1)).encode())
    assert read_json("[" + "[], {}," * 100 + "{}]")
    assert read_json('"' + "[" * 100 + '"')


@pytest.mark.parametrize("literal", ["1e999", "9" * 90, r'"\uD800"', r'"\u{D800}"', "[" * 150 + "]" * 150])
async def test_values_within_a_document_are_no_fault_of_ours_either(site, literal):
    update = f"mutation {{ updateCourse(input: {{ courseId: {literal}, latitude: {literal} }}) {{ cursor }} }}"
    create = f'mutation {{ createCourse(input: {{ clubId: "club_x", name: "A", latitude: {literal} }}) {{ cursor }} }}'
    for document in (f"{{ course(id: {literal}) {{ id }} }}", update, create):
        answer = await site.run(document, who=SOMEBODY)
        assert "INTERNAL" not in str(answer)
