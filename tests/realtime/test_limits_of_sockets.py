from dataclasses import replace

import pytest

from kit.ids import new_id
from realtime import metrics
from realtime.presence import CURE, Census, SocketLimits, TooManyConnections
from tests.realtime.sockets import ME, SOMEBODY, close_code, handshake, server_with
from tests.realtime.support import until

ANA = (new_id(), "ana")


def refused(limit):
    return metrics.refused_sockets.labels(limit)._value.get()


def counted(server):
    return server.process.census.counted


async def works(socket):
    await socket.subscribe(ME)
    return (await socket.receive())["type"] == "next"


@pytest.mark.parametrize(
    ("setting", "limit", "reason"),
    [
        ("ws_max_connections", "all", "Too many connections to this server; try again later or elsewhere"),
        ("ws_max_connections_per_address", "address", "At most 2 connections from an address; " + CURE),
    ],
)
async def test_one_socket_more_than_the_server_takes_is_refused_and_the_others_stay(
    settings, clock, setting, limit, reason
):
    before = refused(limit)
    async with server_with(settings, clock, **{setting: 2}) as server, server.socket(SOMEBODY) as first:
        async with server.socket(SOMEBODY) as second, handshake(server) as third:
            assert await third.closed() == (1013, reason)
            assert refused(limit) == before + 1
            assert await works(first)
            assert await works(second)
        await until(lambda: counted(server) == 1)
        async with server.socket(SOMEBODY) as again:
            assert await works(again)


async def test_a_user_has_so_many_sockets_and_others_have_their_own(settings, clock):
    before = refused("user")
    namesake = replace(SOMEBODY, tenant_id=new_id())
    async with (
        server_with(settings, clock, ws_max_connections_per_user=2) as server,
        server.socket(SOMEBODY),
        server.socket(SOMEBODY) as second,
        handshake(server) as third,
        server.socket(namesake) as other,
        server.socket() as nobody,
    ):
        init = {"type": "connection_init", "payload": {"token": SOMEBODY.token(clock())}}
        await third.send(**init)
        assert await third.closed() == (1013, "At most 2 connections of a user; " + CURE)
        assert refused("user") == before + 1
        assert await works(other)
        assert await works(nobody)
        second.raw.transport.abort()
        await until(lambda: counted(server) == 4 - 1)
        async with server.socket(SOMEBODY) as again:
            assert await works(again)


async def test_however_a_socket_ends_it_is_counted_no_more(settings, clock):
    limits = {"ws_max_connections": 1, "ws_max_connections_per_user": 1, "ws_auth_timeout": 100}
    async with server_with(settings, clock, **limits) as server:
        async with server.socket(SOMEBODY) as closed:
            await closed.raw.close()
        await until(lambda: counted(server) == 0)
        async with server.socket(SOMEBODY) as cut:
            cut.raw.transport.abort()
        await until(lambda: counted(server) == 0)
        async with server.socket(SOMEBODY) as malformed:
            await malformed.raw.send("nonsense")
            assert await close_code(malformed) == 4400
        await until(lambda: counted(server) == 0)
        async with handshake(server) as stranger:
            await stranger.send(type="connection_init", payload={"token": "nonsense"})
            assert await close_code(stranger) == 4403
        await until(lambda: counted(server) == 0)
        async with handshake(server) as silent:
            assert await close_code(silent) == 4408
        await until(lambda: counted(server) == 0)
        async with server.socket(SOMEBODY) as at_last:
            assert await works(at_last)
        await until(lambda: counted(server) == 0)
        census = server.process.census
        assert (dict(census.addresses), census.users, census.transports) == ({}, {}, {})


def test_one_that_is_refused_is_not_counted():
    census = Census(SocketLimits(in_all=3, per_address=2, per_user=1))
    census.enter("a")
    census.enter("a")
    with pytest.raises(TooManyConnections, match="2 connections from an address; close one, or try again later"):
        census.enter("a")
    census.enter("b")
    with pytest.raises(TooManyConnections, match="to this server"):
        census.enter("c")
    census.identify(ANA)
    with pytest.raises(TooManyConnections, match="1 connections of a user; close one, or try again later"):
        census.identify(ANA)
    assert census.counted == 3
    census.leave("a", ANA)
    census.leave("a", None)
    census.leave("b", None)
    assert census.counted == 0
    census.identify(ANA)
