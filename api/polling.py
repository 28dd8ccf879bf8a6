"""Answers kept ready for clients that poll: each holds until one of the streams moves that it depends on.

One in which something changes by itself, as weather becomes too old, holds until that moment at the longest.
"""

import re
from base64 import urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import Any

import orjson

from api.zipping import zipped
from auth.viewer import Viewer
from events.log import Head
from realtime.operations import Request
from schema.parts import KeptParts

CAPACITY = 32 * 1024 * 1024
"""Bytes that the ready answers of a process may take together."""
PUBLIC_CAPACITY = 8 * 1024 * 1024
"""The same for answers to those who show no token: they take no room of the others'."""
OVERHEAD = 1_000
"""Bytes that an answer takes beside its body, about."""
TIMES = {"expires_at", "issued_at"}
"""What a token says of itself, and not of who asks."""
TAG = re.compile(r'(?:W/)?("[^"]*")')


@dataclass(frozen=True)
class ReadyAnswer:
    """An answer, its entity tag, and where the streams stood that it depends on."""

    body: bytes
    tag: str
    heads: Mapping[str, Head]
    until: datetime | None = None
    """The moment from which on it holds no longer, though no stream has moved."""
    parts: KeptParts | None = None
    """What of it may be taken for the answer that comes after it."""

    @property
    def size(self) -> int:
        """Bytes that it takes, about. Its parts are as long again as it is."""
        return len(self.body) * (2 if self.parts else 1) + OVERHEAD

    @cached_property
    def zipped(self) -> bytes:
        """The answer compressed, once for all who ask."""
        return zipped(self.body)


class ReadyAnswers:
    """The answers that one process keeps ready, the least lately used being forgotten first."""

    def __init__(self, head: Callable[[str], Head | None], *, capacity: int = CAPACITY) -> None:
        """Take who tells where a stream stands, and follows it from then on; `capacity` is in bytes."""
        self._head = head
        self._capacity = capacity
        self._answers: OrderedDict[bytes, ReadyAnswer] = OrderedDict()
        self._of_streams: dict[str, set[bytes]] = {}
        self._bytes = 0

    def find(self, asked: bytes, *, now: datetime) -> ReadyAnswer | None:
        """Give the ready answer if it still holds. One that doesn't is forgotten, unless parts of it may be taken."""
        ready = self._answers.get(asked)
        if ready is None:
            return None
        if self._now(ready.heads) != ready.heads or (ready.until is not None and now >= ready.until):
            if ready.parts is None:
                self._forget(asked)
            return None
        self._answers.move_to_end(asked)
        return ready

    def peek(self, asked: bytes) -> ReadyAnswer | None:
        """Give the answer that was kept last, for those who find out by themselves whether it still holds."""
        ready = self._answers.get(asked)
        if ready is not None:
            self._answers.move_to_end(asked)
        return ready

    def keep(
        self,
        asked: bytes,
        body: bytes,
        heads: Mapping[str, Head],
        *,
        until: datetime | None = None,
        parts: KeptParts | None = None,
    ) -> ReadyAnswer:
        """Keep an answer ready."""
        ready = ReadyAnswer(body, tag_of(asked, body), heads, until, parts)
        self._forget(asked)
        self._answers[asked] = ready
        for stream in heads:
            self._of_streams.setdefault(stream, set()).add(asked)
        self._bytes += ready.size
        while self._bytes > self._capacity:
            self._forget(next(iter(self._answers)))
        return ready

    def forget(self, stream: str) -> None:
        """Forget all that depends on a stream."""
        for asked in self._of_streams.pop(stream, ()):
            self._forget(asked)

    def is_outrun(self, ready: ReadyAnswer) -> bool:
        """Tell whether this process has heard already that one of its streams has moved on since it was read."""
        now = ((head, self._head(stream)) for stream, head in ready.heads.items())
        return any(at is not None and at.epoch == head.epoch and at.position > head.position for head, at in now)

    def follow(self, ready: ReadyAnswer) -> ReadyAnswer:
        """Follow the streams of an answer that was kept, so that the next one who polls finds it."""
        self._now(ready.heads)
        return ready

    def _now(self, heads: Mapping[str, Head]) -> dict[str, Head | None]:
        return {stream: self._head(stream) for stream in heads}

    def _forget(self, asked: bytes) -> None:
        if ready := self._answers.pop(asked, None):
            self._bytes -= ready.size
            for stream in ready.heads:
                if those := self._of_streams.get(stream):
                    those.discard(asked)
                    if not those:
                        del self._of_streams[stream]


def asked_by(request: Request, viewer: Viewer | None) -> bytes:
    """Say in 16 bytes what is asked and by whom."""
    asked = [request.query, request.document_id, request.operation_name, request.variables or {}]
    text = orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)
    return blake2b(text, key=_audience(viewer), digest_size=16).digest()


@lru_cache(maxsize=4_096)
def _audience(viewer: Viewer | None) -> bytes:
    """Say who asks: all that the token says but its times, which were checked before; anybody, without a token."""
    if viewer is None:
        return b"anybody"
    audience = [_plain(getattr(viewer, part.name)) for part in fields(viewer) if part.name not in TIMES]
    return blake2b(orjson.dumps(audience), digest_size=32).digest()


def _plain(value: Any) -> Any:
    return sorted(map(str, value)) if isinstance(value, frozenset) else value and str(value)


def tag_of(asked: bytes, body: bytes) -> str:
    """Make an entity tag, the same in every process and release that gives this answer.

    It is weak, for the answer may be sent with or without compression (RFC 9110, 8.8.1).
    """
    return f'W/"{urlsafe_b64encode(blake2b(body, key=asked, digest_size=15).digest()).decode()}"'


def is_known(tag: str, if_none_match: Iterable[str]) -> bool:
    """Tell whether a client has the answer, by its If-None-Match headers, compared weakly (RFC 9110, 13.1.2)."""
    given = ",".join(if_none_match).strip()
    return given == "*" or tag.removeprefix("W/") in TAG.findall(given)
