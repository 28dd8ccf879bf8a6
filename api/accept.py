"""What a client accepts: JSON by one of its two names, an event stream, or a multipart response."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from realtime.transports.multipart import MEDIA_TYPE as MULTIPART
from realtime.transports.multipart import SPECIFICATION
from realtime.transports.sse import MEDIA_TYPE as EVENT_STREAM

RESPONSE_TYPE = "application/graphql-response+json"
JSON = "application/json"
_ANSWERS = {
    RESPONSE_TYPE: RESPONSE_TYPE,
    "application/*": RESPONSE_TYPE,
    JSON: JSON,
    "*/*": JSON,
    EVENT_STREAM: EVENT_STREAM,
}
Stream = Literal["sse", "multipart"]


@dataclass(frozen=True, slots=True)
class Accepted:
    """What comes first in an Accept header for each kind of operation."""

    answer: str
    """Media type of what is answered at once: queries, mutations and refusals."""
    stream: Stream | None
    """How subscriptions are answered, if the client has named a way."""

    @property
    def events(self) -> bool:
        """Whether even what is answered at once is wanted as an event stream."""
        return self.answer == EVENT_STREAM

    @property
    def json(self) -> str:
        """Media type of what is JSON whatever the client wants, as a refused token is."""
        return JSON if self.events else self.answer


@lru_cache(maxsize=64)  # clients of one kind all send the same
def accepted(header: str) -> Accepted:
    """Read an Accept header. Old clients, who say nothing or take anything, get application/json."""
    answer, stream = None, None
    for choice in header.split(","):
        media, parameters = _parts(choice)
        answer = answer or _ANSWERS.get(media)
        stream = stream or _stream(media, parameters)
    return Accepted(answer or JSON, stream)


def _stream(media: str, parameters: Mapping[str, str]) -> Stream | None:
    if media == EVENT_STREAM:
        return "sse"
    return "multipart" if media == MULTIPART and parameters.get("subscriptionspec") == SPECIFICATION else None


def _parts(choice: str) -> tuple[str, dict[str, str]]:
    media, *parameters = choice.split(";")
    named = (parameter.partition("=") for parameter in parameters)
    return media.strip().lower(), {name.strip().lower(): value.strip().strip('"') for name, _, value in named}
