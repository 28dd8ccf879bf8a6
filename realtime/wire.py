"""How news is written for the channel between processes: JSON that says where it comes from."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zlib import crc32

import orjson

from events.log import Logged

CHANNEL = "tee-sheet:events:"
PERSONAL = "user:"
"""How the streams begin of what concerns one person."""
SHARED = 64
"""Channels that they share, by a hash that all processes agree on."""
STREAM = b'"stream":"'


def channel_of(stream: str) -> str:
    """Name the channel of a stream. Those of persons share some: each of them would take a task, and Redis' memory."""
    if stream.startswith(PERSONAL):
        return f"{CHANNEL}users:{crc32(stream.encode()) % SHARED:02}"
    return CHANNEL + stream


def origin_prefix(origin: str) -> bytes:
    """Give the bytes with which every message of an instance begins."""
    return orjson.dumps({"origin": origin})[:-1] + b","


def encode(origin: str, stream: str, messages: Sequence[Logged]) -> bytes:
    """Write news of one stream."""
    return orjson.dumps(
        {
            "origin": origin,
            "stream": stream,
            "epoch": messages[0].epoch,
            "tenant": str(messages[0].tenant_id),
            "events": [
                {
                    "position": m.position,
                    "id": m.id,
                    "type": m.type,
                    "at": m.occurred_at,
                    "rooms": m.rooms,
                    "data": m.data,
                }
                for m in messages
            ],
        }
    )


def stream_of(raw: bytes) -> str:
    """Tell of which stream a message brings news, without reading the rest: on a shared channel most are for others.

    Raises ValueError when it is not ours.
    """
    begin = raw.index(STREAM) + len(STREAM)
    return raw[begin : raw.index(b'"', begin)].decode()


def decode(raw: bytes) -> list[Logged]:
    """Read news. Raises ValueError or KeyError when it is not ours."""
    news = orjson.loads(raw)
    stream, epoch, tenant = news["stream"], news["epoch"], UUID(news["tenant"])
    return [
        Logged(
            stream=stream,
            epoch=epoch,
            position=item["position"],
            id=UUID(item["id"]),
            tenant_id=tenant,
            type=item["type"],
            rooms=tuple(item["rooms"]),
            data=item["data"],
            occurred_at=datetime.fromisoformat(item["at"]),
        )
        for item in news["events"]
    ]
