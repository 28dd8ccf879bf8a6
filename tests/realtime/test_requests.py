"""Requests byte by byte: what two readers could read in two ways, what is too large, and what never ends."""

import asyncio
import errno
import re
import socket
from contextlib import suppress

import orjson
import pytest

from api.serving import listening
from realtime.admission import Admission
from realtime.transports.guarded_http import MAX_ADDRESS, MAX_HEAD, MAX_HEADERS, MAX_LINE
from tests.harness import settings_for
from tests.patience import PATIENCE
from tests.realtime.sockets import SOMEBODY, server_with
from tests.realtime.support import until
from tests.realtime.test_handshake import connected, request

ASK = orjson.dumps({"query": "{ __typename }"})
TYPENAME = b'{"data":{"__typename":"Query"}}'
SECOND = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
AHEAD = b"POST /graphql HTTP/1.1\r\nHost: x\r\n"
CHUNKED = AHEAD + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"


def post(*more, body=ASK, host="Host: x"):
    """Write a request that asks for a type's name, with more headers."""
    lines = ["POST /graphql HTTP/1.1", host, "Content-Type: application/json", f"Content-Length: {len(body)}", *more]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def said_to(server, *pieces):
    """Send pieces one after the other, and give all that comes until the server closes."""
    async with connected(server) as (reader, writer):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        async with asyncio.timeout(PATIENCE):
            return await reader.read()


def statuses(said):
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d+) ", said)]


@pytest.mark.parametrize(
    "wish",
    [
        ("Connection: upgrade", "Upgrade: foo"),
        ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA"),
        ("Connection: upgrade", "Upgrade: websocket, foo"),
        ("Upgrade: websocket",),
    ],
)
async def test_who_asks_for_another_protocol_is_answered_once_body_and_all(server, wish):
    whole = post(*wish)
    for pieces in ((whole,), (whole[: -len(ASK)], ASK), [whole[at : at + 40] for at in range(0, len(whole), 40)]):
        said = await said_to(server, *pieces, SECOND)
        assert statuses(said) == [200, 200]
        assert said.count(TYPENAME) == 1
    assert statuses(await said_to(server, post("Connection: close, upgrade", "Upgrade: foo") + SECOND)) == [200]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        (post("Transfer-Encoding: chunked"), 400),
        (post(f"Content-Length: {len(ASK)}"), 400),
        (post("Content-Length: 0"), 400),
        (post("X: a\r\n b"), 400),
        (post("X: a\nY: b"), 400),
        (post("X: a\rY: b"), 400),
        (post("X : a"), 400),
        (post("X: a\0b"), 400),
        (post(host="X: y"), 400),
        (post("Host: y"), 400),
        (AHEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
        (AHEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400),
        (CHUNKED + b"4;a\nabcd\r\n0\r\n\r\n", 400),
        (CHUNKED + b"0x4\r\nabcd\r\n0\r\n\r\n", 400),
        (CHUNKED + b"fffffffffffffffff\r\nabcd", 400),
        (b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", 501),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (post("Connection: upgrade", "Upgrade: websocket"), 405),
        (b"GET /" + b"a" * MAX_ADDRESS + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET /" + b"a" * 10 * MAX_HEAD, 414),
        (post("X: " + "x" * MAX_LINE), 431),
        (AHEAD + b"X: " + b"x" * 10 * MAX_HEAD, 431),
        (post(*(f"X-{number}: x" for number in range(MAX_HEADERS))), 431),
        (CHUNKED + b"1;" + b"x" * 10 * MAX_HEAD, 431),
        (CHUNKED + b"0" * 10 * MAX_HEAD, 431),
        (CHUNKED + b"0\r\n" + b"X: x\r\n" * MAX_HEAD, 431),
    ],
)
async def test_what_is_ambiguous_or_too_large_is_refused_once_and_the_connection_ends(server, wrong, status):
    said = await said_to(server, wrong + SECOND)
    assert statuses(said) == [status]
    assert b"\r\nConnection: close\r\n" in said


async def test_what_follows_a_body_in_chunks_is_no_header(server):
    ask = orjson.dumps({"query": "{ viewer { userId } }"})
    token = f"Authorization: Bearer {SOMEBODY.token(server.clock())}\r\n".encode()
    body = b'%x;a="b"\r\n%b\r\n0\r\n%b\r\n' % (len(ask), ask, token)
    assert b"UNAUTHENTICATED" in await said_to(server, CHUNKED + body + SECOND)


async def test_a_whole_request_is_answered_before_the_rubbish_behind_it_ends_the_connection(server):
    for rubbish in (b"rubbish\r\n\r\n", request()):
        said = await said_to(server, post() + rubbish)
        assert statuses(said) == [200]
        assert said.endswith(TYPENAME)


async def dribbled(server, begin):
    """Send the beginning of something, and then a byte at a time; give all that comes until the server closes.

    Who goes on sending for longer than a server lingers is cut off, but has what was said before.
    """
    said = bytearray()

    async def listen(reader):
        with suppress(ConnectionResetError):
            while piece := await reader.read(MAX_HEAD):
                said.extend(piece)

    async with connected(server) as (reader, writer):
        writer.write(begin)
        hearing = asyncio.create_task(listen(reader))
        while not (await asyncio.wait({hearing}, timeout=0.02))[0]:
            writer.write(b"\n" if begin.endswith(b"\n") else b"x")
        await hearing
        return bytes(said)


async def test_each_part_of_a_request_has_its_time_from_the_connection_on(settings, clock):
    json = b"Content-Type: application/json\r\n"
    silent = [said_to, b""], [said_to, b"\r\n"], [dribbled, b"\r\n"]
    begun = [said_to, b"G"], [said_to, request()[:-1]], [said_to, post()[:-1]], [said_to, CHUNKED + b"1\r\nx\r\n"]
    slow = [dribbled, AHEAD + b"X: "], [dribbled, AHEAD + json + b"Content-Length: 1000\r\n\r\n"]
    answered = [said_to, AHEAD + b"Content-Length: 1000\r\n\r\n"], [said_to, post() + post()[:-1]]
    async with (
        server_with(settings, clock, http_head_timeout=1_000, http_body_timeout=1_000) as server,
        server.socket(SOMEBODY) as opened,
    ):
        waiting = (how(server, what) for how, what in (*silent, *begun, *slow, *answered))
        told = list(map(statuses, await asyncio.gather(*waiting)))
        assert told == [[]] * len(silent) + [[408]] * len(begun + slow) + [[415], [200, 408]]
        await opened.subscribe("{ __typename }")
        assert (await opened.receive())["type"] == "next"  # long after it was a request


def test_a_client_that_takes_nothing_of_an_answer_is_noticed(settings):
    with listening(settings_for(settings, ws_port=0, ws_pong_timeout=200)) as listener:
        client = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
        server.settimeout(PATIENCE)
        with client, server, pytest.raises(TimeoutError) as raised:
            server.sendall(bytes(50_000_000))
        assert raised.value.errno == errno.ETIMEDOUT  # of the connection, not of this test


async def test_connections_of_an_address_are_counted_from_their_first_byte_on(settings, clock):
    async with server_with(settings, clock, http_max_connections_per_address=2) as server:
        admission = server.process.admission
        async with connected(server), connected(server):
            await until(lambda: admission.counted == 2)
            assert await said_to(server) == b""
            refused = await said_to(server, post())
            assert statuses(refused) == [429]
            assert b"At most 2 connections from an address" in refused
            async with server.socket(SOMEBODY) as opened:
                await opened.subscribe("{ __typename }")
                assert (await opened.receive())["type"] == "next"
            assert TYPENAME in await said_to(server, post("X-Forwarded-For: 192.0.2.1", "Connection: close"))
        await until(lambda: admission.counted == 0)
        assert TYPENAME in await said_to(server, post("Connection: close"))


def test_some_too_many_are_told_and_the_others_cut():
    admission = Admission(in_all=2, per_address=1)
    here, there = admission.arrive("a"), admission.arrive("b")
    refused = [admission.arrive("a") for _ in range(3)]
    assert [arrival.hopeless for arrival in (here, there, refused[0])] == [False, False, True]
    refused.pop().leave()
    assert not refused[0].hopeless
    assert "to this server" in str(refused[0].refused)
    there.leave()
    refused[0].speak_for("a")
    assert "from an address" in str(refused[0].refused)
    here.leave()
    refused[0].speak_for("a")
    assert refused[0].refused is None
    refused[1].speak_for("client of a proxy")
    assert refused[1].refused is None
    assert admission.counted == 1
    for arrival in refused:
        arrival.leave()
        arrival.leave()
    assert (admission.counted, admission.arrive("a").refused) == (0, None)
