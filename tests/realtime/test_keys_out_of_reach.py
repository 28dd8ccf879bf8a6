"""What sockets and requests are told while the identity provider's keys are out of reach."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

from tests.auth.issuer import published, serving, sign_as
from tests.harness import MORNING
from tests.realtime.sockets import ME, close_code, handshake, server_with

UNREACHABLE_KEYS = "Your token cannot be checked at the moment; keep it, and try again in a while."


def token(name="first"):
    return sign_as("ES256", name, exp=int((MORNING + timedelta(hours=1)).timestamp()))


@asynccontextmanager
async def server_of(settings, clock, **changes):
    """A server whose tokens are an issuer's, and the issuer."""
    with serving(published("ES256")) as issuer:
        given = {"jwt_jwks_url": issuer.url, "jwt_algorithm": "ES256", **changes}
        async with server_with(settings, clock, **given) as server:
            yield server, issuer


async def asked(server, name="first"):
    headers = {"Authorization": f"Bearer {token(name)}"}
    return await server.http.post(f"{server.url}/graphql", json={"query": ME}, headers=headers)


async def test_sockets_are_sent_away_for_a_while_and_requests_told_when_to_come_back(settings, clock):
    async with server_of(settings, clock, ws_keys_timeout=0) as (server, issuer):
        issuer.status = 503
        async with handshake(server) as socket:
            await socket.send(type="connection_init", payload={"token": token()})
            assert await socket.closed() == (1013, UNREACHABLE_KEYS)
        answer = await asked(server)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
        assert answer.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}
        issuer.status = 200
        clock.advance(seconds=1)
        assert (await asked(server)).json()["data"] == {"viewer": {"userId": "ana"}}


async def test_a_key_that_is_as_new_as_its_token_is_no_reason_to_refuse_it(settings, clock):
    async with server_of(settings, clock, ws_keys_timeout=0) as (server, issuer):
        assert (await asked(server)).status_code == 200
        issuer.publish(published("ES256", "second"))
        clock.advance(seconds=10)
        async with handshake(server) as socket:
            await socket.send(type="connection_init", payload={"token": token("second")})
            assert await close_code(socket) == 1013
        answer = await asked(server, "second")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "20")
        clock.advance(seconds=20)
        async with handshake(server) as socket:
            assert (await socket.initialise(token("second")))["type"] == "connection_ack"


async def test_sockets_wait_for_keys_that_come_back_soon_longer_than_silence_is_borne(settings, clock):
    async with server_of(settings, clock, ws_auth_timeout=100) as (server, issuer):
        issuer.may_answer.clear()
        async with handshake(server) as socket:
            await socket.send(type="connection_init", payload={"token": token()})
            assert await asyncio.to_thread(issuer.asked.wait, 5)
            async with handshake(server) as silent:
                assert await close_code(silent) == 4408
            issuer.may_answer.set()
            assert (await socket.receive())["type"] == "connection_ack"
