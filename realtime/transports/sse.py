"""The graphql-sse protocol, each operation with a connection of its own ("distinct connections mode").

Each answer of a subscription has its cursor as the event's id, so that a browser's EventSource, which comes back with
`Last-Event-ID` by itself, misses nothing. A stream that the server ends is ended without `complete`, which would tell
the client not to come back.
"""

from dataclasses import replace
from typing import TypeVar

import orjson
from starlette.responses import Response

from events.cursor import Cursor
from kit.errors import FairwayError, InvalidInput
from realtime import metrics
from realtime.feed import Answer, Followed
from realtime.operations import OperationRefused
from realtime.transports.http_stream import HEADERS, Framing

F = TypeVar("F", bound=Followed)

MEDIA_TYPE = "text/event-stream"
COMPLETE = b"event: complete\ndata: \n\n"
"""With empty data, since an EventSource tells nobody of an event without."""


class EventStream(Framing):
    """How answers are written as server-sent events."""

    name = "sse"
    media_type = f"{MEDIA_TYPE}; charset=utf-8"
    opening = heartbeat = b":\n\n"
    max_silence = 15.0

    def next(self, answer: Answer) -> bytes:
        """Write an answer, with the cursor after which its client goes on."""
        return b"event: next\nid: " + str(answer.cursor).encode() + b"\ndata: " + answer.body + b"\n\n"

    def end(self, reason: FairwayError) -> bytes:  # noqa: ARG002 - the protocol has no words for it
        """End without a word: the client comes back."""
        return b""


def answered(body: bytes) -> Response:
    """Answer an operation that has one answer: a query, a mutation, or one that can't be run."""
    for kind in ("next", "complete"):
        metrics.messages_sent.labels(kind).inc()
    return Response(
        b"event: next\ndata: " + body + b"\n\n" + COMPLETE, headers=HEADERS, media_type=EventStream.media_type
    )


def resumed(feed: F, last_event_id: str | None) -> F:
    """Let a subscription go on after the last event that its client has seen.

    An operation that names a cursor itself starts at the later of the two: whoever comes back by itself sends the same
    operation again, whose cursor is by then the older one. Raises OperationRefused for an id that is no cursor of the
    stream.
    """
    if not last_event_id:
        return feed
    try:
        seen = Cursor.parse(last_event_id, stream=feed.stream)
    except InvalidInput as error:
        refusal = {"message": f"Last-Event-ID: {error.message}", "extensions": {"code": error.code}}
        raise OperationRefused(orjson.dumps([refusal])) from error
    after = feed.after
    if after and after.epoch == seen.epoch and after.position > seen.position:
        return feed
    return replace(feed, after=seen)
