"""Requests to open a WebSocket, byte by byte, and what a client sends right behind them."""

import asyncio
import re
from contextlib import asynccontextmanager

import pytest

from tests.faults.light_socket import frame
from tests.patience import PATIENCE
from tests.realtime.sockets import SOMEBODY
from tests.realtime.support import until

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
"""The key of RFC 6455, 1.3, and the answer that it has to it."""
GOOD = (
    ("Host", "localhost"),
    ("Upgrade", "websocket"),
    ("Connection", "Upgrade"),
    ("Sec-WebSocket-Version", "13"),
    ("Sec-WebSocket-Key", KEY),
    ("Sec-WebSocket-Protocol", "graphql-transport-ws"),
)
INIT = frame(b'{"type":"connection_init"}')


def request(*, line="GET /graphql HTTP/1.1", without=(), more=(), **changes):
    """Write a request to open a WebSocket, with something changed, left out or added."""
    named = {name.replace("_", "-").lower(): value for name, value in changes.items()}
    headers = [(name, named.get(name.lower(), value)) for name, value in GOOD if name.lower() not in without]
    return "\r\n".join([line, *(f"{name}: {value}" for name, value in [*headers, *more]), "", ""]).encode("latin-1")


@asynccontextmanager
async def connected(server):
    host, port = server.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        yield reader, writer
    finally:
        writer.close()


async def head_of(reader):
    """Read an answer's head: its status, and its headers by their names in small letters."""
    async with asyncio.timeout(PATIENCE):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
    line, *headers = head.strip().split("\r\n")
    pairs = [header.split(": ", 1) for header in headers]
    return int(line.split()[1]), {name.lower(): value for name, value in pairs}


async def answer_to(server, *pieces):
    async with connected(server) as (reader, writer):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        return await head_of(reader)


@pytest.mark.parametrize(
    "good",
    [
        request(),
        request(connection="keep-alive, Upgrade"),
        request(connection="keep-alive", more=[("connection", " upgrade ")]),
        request(connection="UPGRADE", upgrade="WebSocket"),
        request(line="GET /graphql?a=b HTTP/1.1"),
        request(line="GET http://localhost/graphql HTTP/1.1"),
        request(line="GET /%67raphql HTTP/1.1"),
        request(sec_websocket_protocol="graphql-ws, graphql-transport-ws"),
        request(without=["sec-websocket-protocol"], more=[("sec-websocket-protocol", "a"), GOOD[-1]]),
        request(sec_websocket_key=f"  {KEY}  "),
        request(
            more=[("Content-Length", "0"), ("Cookie", "caf\xe9"), ("Sec-WebSocket-Extensions", "permessage-deflate")]
        ),
    ],
)
async def test_a_right_request_opens_the_socket(server, good):
    status, headers = await answer_to(server, good)
    assert status == 101
    assert (headers["upgrade"], headers["connection"].lower()) == ("websocket", "upgrade")
    assert headers["sec-websocket-accept"] == ACCEPT
    assert headers["sec-websocket-protocol"] == "graphql-transport-ws"
    assert "sec-websocket-extensions" not in headers
    assert "date" in headers


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        (request(line="POST /graphql HTTP/1.1"), 405),
        (request(line="GET /graphql HTTP/1.0"), 505),
        (request(line="GET /nowhere HTTP/1.1"), 403),
        (request(without=["sec-websocket-key"]), 400),
        (request(more=[("Sec-WebSocket-Key", KEY)]), 400),
        (request(sec_websocket_key="c2hvcnQ="), 400),
        (request(sec_websocket_key=KEY[:-1]), 400),
        (request(sec_websocket_key="!" + KEY), 400),
        (request(sec_websocket_key=KEY + KEY), 400),
        (request(without=["sec-websocket-version"]), 426),
        (request(sec_websocket_version="8"), 426),
        (request(sec_websocket_version="13, 8"), 426),
        (request(more=[("Sec-WebSocket-Version", "13")]), 426),
        (request(more=[("X", "x" * 8_192)]), 431),
        (request(more=[(f"X-{n}", "x") for n in range(130)]), 431),
        (request(more=[("Content-Length", "2")]) + b"{}", 400),
        (request(more=[("Transfer-Encoding", "chunked")]) + b"0\r\n\r\n", 400),
        (request(more=[("Origin", "https://evil.example")]), 403),
    ],
)
async def test_a_wrong_request_is_refused_and_the_connection_ends(server, wrong, status):
    async with connected(server) as (reader, writer):
        writer.write(wrong)
        answered, headers = await head_of(reader)
        assert answered == status
        assert headers["connection"] == "close"
        if status == 426:
            assert (headers["upgrade"], headers["sec-websocket-version"]) == ("websocket", "13")
        if status == 405:
            assert headers["allow"] == "GET"
        async with asyncio.timeout(PATIENCE):
            body = await reader.read()
        assert len(body) == int(headers["content-length"])
    assert server.process.census.counted == 0


async def test_names_in_the_answer_are_written_as_in_the_rfc_for_clients_that_tell_letters_apart(server):
    async with connected(server) as (reader, writer):
        writer.write(request())
        async with asyncio.timeout(PATIENCE):
            names = re.findall(rb"\n([\w-]+):", await reader.readuntil(b"\r\n\r\n"))
    assert {b"Upgrade", b"Connection", b"Sec-WebSocket-Accept", b"Sec-WebSocket-Protocol"} <= set(names)


async def test_a_request_may_come_in_pieces_of_any_size(server):
    whole = request()
    for size in (1, 7, 50):
        status, _ = await answer_to(server, *(whole[at : at + size] for at in range(0, len(whole), size)))
        assert status == 101


async def test_one_who_asks_for_something_else_is_answered_as_by_http(server):
    for other in (request(without=["connection"]), request(without=["upgrade"]), request(connection="keep-alive")):
        status, _ = await answer_to(server, other)
        assert status == 400  # a query is missing


async def test_a_client_may_speak_before_it_is_answered(server, clock):
    token = b'{"type":"connection_init","payload":{"token":"%s"}}' % SOMEBODY.token(clock()).encode()
    said = frame(token) + frame(b"hello", opcode=9) + frame(b'{"type":"ping"}')
    for cut in (0, 1, 100, len(said)):
        async with connected(server) as (reader, writer):
            writer.write(request() + said[:cut])
            writer.write(said[cut:])
            assert (await head_of(reader))[0] == 101
            async with asyncio.timeout(PATIENCE):
                told = await reader.readuntil(b'"pong"}')
            assert b'"connection_ack"' in told
            assert b"\x8a\x05hello" in told
    await until(lambda: server.process.census.counted == 0)


async def test_a_connection_may_be_a_socket_after_it_was_asked_a_query(server):
    async with connected(server) as (reader, writer):
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        status, headers = await head_of(reader)
        assert status == 200
        await reader.readexactly(int(headers["content-length"]))
        writer.write(request())
        assert (await head_of(reader))[0] == 101
        writer.write(INIT)
        async with asyncio.timeout(PATIENCE):
            assert b"connection_ack" in await reader.readuntil(b"}}")


async def test_one_who_goes_before_it_is_answered_leaves_nothing(server):
    tasks = asyncio.all_tasks()
    for _ in range(20):
        async with connected(server) as (_, writer):
            writer.write(request() + INIT)
            writer.transport.abort()
    await until(lambda: server.process.census.counted == 0 and asyncio.all_tasks() <= tasks)


async def test_one_who_closes_is_answered_with_its_own_code(server):
    async with connected(server) as (reader, writer):
        writer.write(request() + INIT)
        await head_of(reader)
        writer.write(frame(b"\x0b\xb8bye", opcode=8))
        async with asyncio.timeout(PATIENCE):
            assert (await reader.read()).endswith(b"\x88\x05\x0b\xb8bye")
