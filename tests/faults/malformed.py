"""Frames that no client may send to an acknowledged socket, and the code that each is to be closed with."""

import json
import random
from collections.abc import Callable, Iterator

from tests.faults.light_socket import BINARY, TEXT, frame
from tests.realtime.sockets import ME
from tests.realtime.test_bad_sockets import MALFORMED

PROTOCOL = 4400
"""Our own code, for messages that are none of graphql-transport-ws."""
SUBSCRIBE = {"id": "1", "type": "subscribe", "payload": {"query": ME, "variables": {}, "operationName": None}}
WRONG: dict[tuple[str, ...], tuple[object, ...]] = {
    ("id",): (None, 5, -1, 1e99, True, [], {}, ["1"], {"1": "1"}, ""),
    ("type",): (None, 5, True, [], {}, ["subscribe"], "", "Subscribe", "next", "error", "start", "\x00"),
    ("payload",): (None, 5, True, "", "payload", [], {}, [{}], {"query": None}),
    ("payload", "query"): (None, 5, True, [], {}, [ME], {"query": ME}),
    ("payload", "variables"): (5, True, "", "{}", [], [{}]),
    ("payload", "operationName"): (5, True, [], {}, ["x"]),
}
"""Values that a place of the message must not have."""


def written(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def wrong_types(dice: random.Random) -> bytes:
    message = json.loads(written(SUBSCRIBE))
    place = dice.choice(list(WRONG))
    holder = message["payload"] if len(place) == 2 else message
    holder[place[-1]] = dice.choice(WRONG[place])
    return written(message)


def missing(dice: random.Random) -> bytes:
    gone = dice.choice(list(SUBSCRIBE))
    return written({name: value for name, value in SUBSCRIBE.items() if name != gone})


def deep(dice: random.Random) -> bytes:
    """Brackets without end, closed or not, alone or in the place of the variables."""
    opening, closing = dice.choice([(b"[", b"]"), (b'{"a":', b"}")])
    levels = dice.randint(1_500, 9_000)
    nested = opening * levels + b"1" + closing * dice.choice([0, levels])
    return dice.choice([nested, written(SUBSCRIBE).replace(b'"variables": {}', b'"variables": ' + nested)])


def huge_id(dice: random.Random) -> bytes:
    return written({**SUBSCRIBE, "id": dice.choice("x\u00e9\u20ac9") * dice.randint(257, 20_000)})


def cut_short(dice: random.Random) -> bytes:
    whole = written(SUBSCRIBE)
    return whole[: dice.randrange(len(whole))]


def noise(dice: random.Random) -> bytes:
    """Text that may be JSON by chance, but never an object."""
    return bytes(dice.choices(b"abc0123456789.,:\"'[]() \t\n\\-+eE", k=dice.randint(1, 2_000)))


def too_long(dice: random.Random) -> bytes:
    return written({**SUBSCRIBE, "payload": {"query": ME, "variables": {"x": "x" * dice.randint(65_536, 100_000)}}})


def known(dice: random.Random) -> bytes:
    chosen = dice.choice([frame for frame in MALFORMED if isinstance(frame, str)])
    return chosen.encode()


KINDS: tuple[Callable[[random.Random], bytes], ...] = (
    wrong_types,
    missing,
    deep,
    huge_id,
    cut_short,
    noise,
    too_long,
    known,
)


def malformed(dice: random.Random) -> bytes:
    """Write a frame that is closed with 4400: of eight, seven are text and one is binary, whatever is in it."""
    if dice.randrange(8) == 0:
        return frame(dice.choice([written(SUBSCRIBE), dice.randbytes(dice.randint(0, 5_000))]), opcode=BINARY)
    return frame(dice.choice(KINDS)(dice), opcode=TEXT)


def against_the_rfc() -> Iterator[tuple[bytes, int]]:
    """Give frames that are no WebSocket frames or no text, and the codes that RFC 6455 (7.4.1) has for them."""
    yield frame(b'{"type":"ping\xff"}'), 1007
    yield frame(b"\xc3"), 1007
    yield frame(b"{}", first=0xC0), 1002  # a reserved bit
    yield frame(b"{}", opcode=3), 1002  # an opcode that has no meaning
    yield frame(b"{}", masked=False), 1002
    yield frame(b"x" * 126, opcode=9), 1002  # a ping that is too long
    yield frame(b"{}", opcode=0), 1002  # what goes on without having begun
    yield frame(b"x" * 200_000), 1009
