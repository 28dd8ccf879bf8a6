"""What is done too often: told so with the moment when it may be done again, without a look at the database."""

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from auth.limits import neighbourhood
from auth.viewer import Role
from events.clubs import club_room
from kit.errors import SetupError
from kit.ids import new_id, public_id
from kit.settings import load_settings
from tests.api.poller import ASK, parameters_of
from tests.harness import MORNING, Who
from tests.house.statements import statements
from tests.realtime.sockets import ME, handshake, server_with
from tests.realtime.support import until

TYPENAME = "{ __typename }"
TOLD = "There was more of this in a short time than is allowed; wait a while, and try again."
IMPORT = """mutation($input: ImportCaddiesInput!) { importCaddies(input: $input) {
    problems { __typename code message ... on TooManyTries { retryAt } } } }"""
FOLLOW = 'subscription { courseStatusEvents(courseId: "course_01h455vb4pex5vsknk084sn02q") { __typename } }'
SOMEBODY = Who(new_id(), (Role.PLAYER,))
CLUB = new_id()
STAFF = Who(new_id(), (Role.STAFF,), club_ids=(CLUB,))


def refused(operations, by):
    labels = {"operations": operations, "by": by}
    return REGISTRY.get_sample_value("fairway_rate_limited_total", labels) or 0


@asynccontextmanager
async def limited(settings, clock, **limits):
    given = {f"rate_limit_{name}": allowance for name, allowance in limits.items()}
    async with server_with(settings, clock, **given) as server:
        yield server


async def post(server, query=TYPENAME, *, token=None, **headers):
    sent = {"Authorization": f"Bearer {token}"} if token else {}
    return await server.http.post(f"{server.url}/graphql", json={"query": query}, headers=sent | headers)


async def test_those_without_a_token_may_ask_so_often_from_an_address(settings, clock):
    before = refused("anonymous_reads", "address")
    async with limited(settings, clock, anonymous_reads="2/minute") as server:
        assert [(await post(server)).status_code for _ in range(2)] == [200, 200]
        answer = await post(server)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")
        [error] = answer.json()["errors"]
        at = (clock() + timedelta(seconds=30)).isoformat()
        assert error == {"message": TOLD, "extensions": {"code": "TOO_MANY_TRIES", "retryAt": at}}
        async with server.socket() as socket:
            await socket.subscribe(TYPENAME)
            message = await socket.receive()
            assert (message["type"], message["payload"]) == ("error", [error])
        stream = await post(server, FOLLOW, Accept="text/event-stream")
        assert (stream.status_code, stream.headers["Retry-After"]) == (429, "30")
        assert (await post(server, token=SOMEBODY.token(clock()))).status_code == 200
        elsewhere = {"X-Forwarded-For": "198.51.100.7"}
        assert [(await post(server, **elsewhere)).status_code for _ in range(3)] == [200, 200, 429]
        clock.advance(seconds=30)
        assert (await post(server)).status_code == 200
    assert refused("anonymous_reads", "address") == before + 4


async def test_what_is_ready_for_those_without_a_token_costs_nothing_and_counts_for_nothing(settings, clock, world):
    query = "query($c: ID!) { courseConditions(courseId: $c) { status } }"
    given = parameters_of(query, {"c": world.course})
    async with limited(settings, clock, anonymous_reads="2/minute") as server:
        url = f"{server.url}/graphql"
        first = await server.http.get(url, params=given, headers=ASK)
        assert first.status_code == 200, first.text
        await until(lambda: server.runtime.hub.head(club_room(world.club)))  # what is ready holds by what is heard
        for _ in range(5):
            again = await server.http.get(url, params=given, headers=ASK | {"If-None-Match": first.headers["ETag"]})
            assert again.status_code == 304


async def test_tokens_that_are_refused_are_counted_and_good_ones_are_let_in_all_the_same(settings, clock):
    wrong, good = SOMEBODY.token(clock())[:-6] + "AAAAAA", SOMEBODY.token(clock())
    expired = replace(SOMEBODY, lifetime=timedelta(hours=1)).token(MORNING - timedelta(days=1))
    async with limited(settings, clock, sign_in_failures="2/minute") as server:
        assert [(await post(server, token=expired)).status_code for _ in range(5)] == [401] * 5
        assert [(await post(server, token=wrong)).status_code for _ in range(2)] == [401, 401]
        answer = await post(server, token=wrong)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")
        assert (await post(server, ME, token=good)).json()["data"] == {"viewer": {"userId": "somebody"}}
        async with handshake(server) as socket:
            await socket.send(type="connection_init", payload={"token": wrong})
            assert await socket.closed() == (1013, TOLD)
        async with server.socket(SOMEBODY):
            pass
        clock.advance(seconds=30)
        assert (await post(server, token=wrong)).status_code == 401


async def test_one_too_many_is_a_problem_of_the_mutation_and_touches_no_database(settings, clock):
    given = {"clubId": public_id("club", CLUB), "csv": "name"}
    async with limited(settings, clock, imports="1/hour", staff_factor=2) as server:
        for _ in range(2):
            assert (await server.run(IMPORT, who=STAFF, input=given)).code == "NOT_FOUND"
        with statements(server) as sent:
            payload = (await server.run(IMPORT, who=STAFF, input=given)).data["importCaddies"]
        at = (clock() + timedelta(minutes=30)).isoformat()
        problem = {"__typename": "TooManyTries", "code": "TOO_MANY_TRIES", "message": TOLD, "retryAt": at}
        assert (payload, sent) == ({"problems": [problem]}, [])
        other = replace(STAFF, user_id="another")
        assert (await server.run(IMPORT, who=other, input=given)).code == "NOT_FOUND"
        clock.advance(minutes=30)
        assert (await server.run(IMPORT, who=STAFF, input=given)).code == "NOT_FOUND"


async def test_users_of_an_address_are_counted_together_but_for_the_staff(settings, clock):
    given = {"clubId": public_id("club", CLUB), "csv": "name"}
    async with limited(settings, clock, imports="1/hour", staff_factor=1, address_factor=3) as server:
        golfers = [replace(SOMEBODY, user_id=str(number)) for number in range(4)]
        answers = [await server.run(IMPORT, who=who, input=given) for who in golfers]
        assert ["errors" in answer for answer in answers] == [True, True, True, False]
        assert answers[3].data["importCaddies"]["problems"][0]["code"] == "TOO_MANY_TRIES"
        assert (await server.run(IMPORT, who=STAFF, input=given)).code == "NOT_FOUND"


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_an_address_of_ipv6_stands_for_its_network(address, counted_as):
    assert neighbourhood(address) == counted_as


def test_a_limit_that_is_none_is_refused_at_the_start():
    with pytest.raises(SetupError, match="RATE_LIMIT_CODES must be like 60/minute"):
        load_settings(_env_file=None, rate_limit_codes="often")
