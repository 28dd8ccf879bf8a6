"""How news is written for the channel between processes: JSON that says where it comes from."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import orjson

from events.log import Logged

CHANNEL = "tee-sheet:events:"


def channel_of(stream: str) -> str:
    """Name the channel of a stream."""
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


def decode(raw: bytes | str) -> list[Logged]:
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
