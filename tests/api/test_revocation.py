"""Tokens that are revoked: what they opened ends at every process, and they open nothing any more."""

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from auth.tokens import issue_token
from auth.viewer import Role
from jobs import tasks
from kit.ids import new_id, public_id
from tests.api.poller import ASK, parameters_of
from tests.auth.issuer import sign
from tests.harness import SECRET, Who
from tests.realtime.redis_server import RedisServer
from tests.realtime.sockets import EVENTS, ME, close_code, handshake, rename, server_with
from tests.realtime.streams import MULTIPART, SSE, EventStream, Parts, asking
from tests.realtime.support import until

REVOKE = """mutation($input: RevokeTokensInput!) { revokeTokens(input: $input) {
    revocation { owner subject revokedBefore } cursor problems { code message path } } }"""
CLUBS = "query($id: ID!) { club(id: $id) { name } }"


def token_of(who, clock, **more):
    given = {"roles": who.roles, "lifetime": who.lifetime, **more}
    return issue_token(
        SECRET, user_id=who.user_id, tenant_id=who.tenant_id, club_ids=who.club_ids, now=clock(), **given
    )


async def revoke(server, who, owner, subject):
    return await server.run(REVOKE, who=who, input={"owner": owner, "subject": subject})


async def asked(server, token, query=ME, *, tag=None, **variables):
    headers = ASK | {"Authorization": f"Bearer {token}"} | ({"If-None-Match": tag} if tag else {})
    return await server.http.get(f"{server.url}/graphql", params=parameters_of(query, variables), headers=headers)


async def refused(server, token):
    return (await asked(server, token)).status_code == 401


async def comes_about(server, token):
    """Wait until a server refuses a token."""
    answer = await asked(server, token)
    while answer.status_code != 401:
        answer = await asked(server, token)
    assert answer.json()["errors"][0] == {
        "message": "The token was revoked; sign in again.",
        "extensions": {"code": "TOKEN_REVOKED"},
    }


@asynccontextmanager
async def opened(server, world, token):
    """Follow a club by a socket and by both kinds of streams."""
    variables, headers = {"club": world.club}, {"Authorization": f"Bearer {token}"}
    async with (
        handshake(server) as socket,
        asking(server, EVENTS, accept=SSE, headers=headers, **variables) as events,
        asking(server, EVENTS, accept=MULTIPART, headers=headers, **variables) as parts,
    ):
        assert (await socket.initialise(token))["type"] == "connection_ack"
        await socket.subscribe(EVENTS, **variables)
        yield socket, await EventStream(events).opened(), await Parts(parts).opened()


async def test_all_that_a_token_opened_ends_at_every_process_and_nothing_opens_any_more(world, settings, clock):
    old, other = token_of(world.staff, clock), token_of(world.player("ana"), clock)
    async with server_with(settings, clock, sweep_interval_degraded_ms=50) as second:
        first = world.server
        tags = [(await asked(server, old, CLUBS, id=world.club)).headers["ETag"] for server in (first, second)]
        async with (
            opened(first, world, old) as here,
            opened(second, world, old) as there,
            opened(second, world, other) as (kept, *_),
        ):
            clock.advance(seconds=1)
            answer = await revoke(first, world.admin, "USER", "staff")
            assert answer.data["revokeTokens"]["problems"] == []
            assert answer.data["revokeTokens"]["cursor"]
            for socket, stream, parts in (here, there):
                assert await socket.closed() == (4403, "The token was revoked; sign in again.")
                assert await stream.end() == []
                assert "TOKEN_REVOKED" in await parts.rest()
            await rename(world, "Later")
            assert (await kept.event())["name"] == "Later"
        for server, tag in zip((first, second), tags, strict=True):
            await comes_about(server, old)
            assert (await asked(server, old, CLUBS, tag=tag, id=world.club)).status_code == 401
            assert (await asked(server, token_of(world.staff, clock))).status_code == 200
            assert (await asked(server, other)).status_code == 200
            async with handshake(server) as socket:
                await socket.send(type="connection_init", payload={"token": old})
                assert await close_code(socket) == 4403


async def test_a_process_that_begins_later_knows_what_was_revoked(world, settings, clock):
    old = token_of(world.staff, clock)
    clock.advance(seconds=1)
    await revoke(world.server, world.admin, "USER", "staff")
    async with server_with(settings, clock) as later:
        assert await refused(later, old)
        assert not await refused(later, token_of(world.staff, clock))


async def test_processes_hear_of_it_by_redis_at_once(world, settings, clock):
    redis = RedisServer()
    redis.start()
    try:
        given = {"redis_url": redis.url, "sweep_interval_ms": 600_000}
        async with server_with(settings, clock, **given) as one, server_with(settings, clock, **given) as other:
            await until(lambda: one.runtime.hub.healthy and other.runtime.hub.healthy)
            old = token_of(world.staff, clock)
            async with opened(other, world, old) as (socket, *_):
                clock.advance(seconds=1)
                await revoke(one, world.admin, "USER", "staff")
                assert await close_code(socket) == 4403
    finally:
        redis.close()


async def test_a_household_and_a_device_are_revoked_by_themselves(world, clock):
    household, stranger = new_id(), new_id()
    guest = Who(world.tenant_id, (Role.GUEST,), user_id="guest", club_ids=(world.club_id,))
    tokens = {
        "of the household": token_of(guest, clock, household_id=household),
        "of another household": token_of(guest, clock, household_id=stranger),
        "of the device": token_of(replace(guest, user_id="tablet"), clock, roles=(Role.DEVICE,)),
        "of its user": token_of(replace(guest, user_id="tablet"), clock),
    }
    clock.advance(seconds=1)

    async def open_still():
        return {name for name, token in tokens.items() if not await refused(world.server, token)}

    assert await open_still() == tokens.keys()
    payload = await revoke(world.server, world.admin, "HOUSEHOLD", public_id("household", household))
    assert payload.data["revokeTokens"]["revocation"]["subject"] == public_id("household", household)
    assert await open_still() == tokens.keys() - {"of the household"}
    await revoke(world.server, world.admin, "DEVICE", "tablet")
    assert await open_still() == {"of another household", "of its user"}


async def test_the_same_name_in_another_tenant_is_somebody_else(world, clock):
    namesake = replace(world.staff, tenant_id=new_id())
    tokens = [token_of(who, clock) for who in (world.staff, namesake)]
    clock.advance(seconds=1)
    await revoke(world.server, world.admin, "USER", "staff")
    assert [await refused(world.server, token) for token in tokens] == [True, False]
    await revoke(world.server, replace(world.admin, tenant_id=new_id()), "USER", "staff")
    assert not await refused(world.server, tokens[1])


async def test_everybody_may_revoke_their_own_and_is_answered_before_the_door_closes(world, clock):
    ana = world.player("ana")
    async with world.server.socket(ana) as socket:
        clock.advance(seconds=1)
        await socket.subscribe(REVOKE, input={"owner": "USER", "subject": "ana"})
        answer = (await socket.receive())["payload"]["data"]["revokeTokens"]
        assert answer["revocation"] == {"owner": "USER", "subject": "ana", "revokedBefore": clock().isoformat()}
        assert await close_code(socket) == 4403


@pytest.mark.parametrize("subject", ["staff", "nobody of this name"])
@pytest.mark.parametrize("owner", ["USER", "DEVICE"])
async def test_others_may_not_and_learn_nothing_of_who_there_is(world, owner, subject):
    club_admin = replace(world.admin, club_ids=(world.club_id,))
    for who in (world.player("ana"), replace(world.staff, user_id="colleague"), club_admin):
        answer = await revoke(world.server, who, owner, subject)
        assert (answer.code, answer.message) == (
            "NOT_ALLOWED",
            "Only admins of the whole tenant may revoke the tokens of others.",
        )


@pytest.mark.parametrize(("owner", "subject"), [("USER", ""), ("DEVICE", "x" * 201), ("HOUSEHOLD", "staff")])
async def test_what_is_nobody_is_refused(world, owner, subject):
    [problem] = (await revoke(world.server, world.admin, owner, subject)).data["revokeTokens"]["problems"]
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "subject"])


async def test_done_again_it_reaches_what_was_issued_meanwhile_and_never_less(world, clock):
    tokens = []
    for _ in range(2):
        tokens.append(token_of(world.staff, clock))
        clock.advance(seconds=1)
        answer = await revoke(world.server, world.admin, "USER", "staff")
        assert answer.data["revokeTokens"]["revocation"]["revokedBefore"] == clock().isoformat()
        assert all([await refused(world.server, token) for token in tokens])


async def test_a_token_that_does_not_say_when_it_was_issued_counts_as_an_old_one(world, clock):
    told = {"sub": "staff", "tenantId": public_id("tenant", world.tenant_id), "roles": ["STAFF"]}
    token = sign(told | {"exp": int((clock() + timedelta(days=1)).timestamp())}, SECRET)
    assert not await refused(world.server, token)
    await revoke(world.server, world.admin, "USER", "staff")
    assert await refused(world.server, token)


async def test_a_revocation_is_forgotten_when_no_token_can_live_so_long(world, clock, settings):
    await revoke(world.server, world.admin, "USER", "staff")
    counted = text("SELECT count(*) FROM revocations WHERE tenant_id = :tenant")

    async def remembered():
        await tasks.remove_old(world.server.runtime)
        async with world.server.runtime.database.across_tenants() as session:
            return await session.scalar(counted, {"tenant": world.tenant_id})

    clock.advance(days=400)
    assert await remembered() == 1
    clock.advance(seconds=1)
    assert await remembered() == 0


async def test_a_token_that_lives_longer_than_that_is_refused(world, clock):
    answer = await asked(world.server, token_of(world.staff, clock, lifetime=timedelta(days=400, seconds=1)))
    assert answer.status_code == 401
    assert "live longer than JWT_MAX_LIFETIME_DAYS allows" in answer.json()["errors"][0]["message"]
