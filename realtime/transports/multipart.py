"""Apollo's protocol for subscriptions over multipart HTTP.

A part is whole for its reader once the next boundary has come, so each is sent with the boundary after it.
"""

import orjson

from kit.errors import FairwayError
from realtime.feed import Answer
from realtime.transports.http_stream import Framing

MEDIA_TYPE = "multipart/mixed"
SPECIFICATION = "1.0"
BOUNDARY = b"--graphql"


def part(body: bytes) -> bytes:
    """Write a part, and the boundary after it."""
    return b"\r\nContent-Type: application/json\r\n\r\n" + body + b"\r\n" + BOUNDARY


class Multipart(Framing):
    """How answers are written as parts of a response."""

    name = "multipart"
    media_type = f'{MEDIA_TYPE};boundary="graphql";subscriptionSpec={SPECIFICATION}'
    heartbeat = part(b"{}")
    opening = BOUNDARY + heartbeat
    max_silence = 5.0

    def next(self, answer: Answer) -> bytes:
        """Write an answer."""
        return part(b'{"payload":' + answer.body + b"}")

    def end(self, reason: FairwayError) -> bytes:
        """Say why the stream ends, as an error of the transport, and close the last boundary."""
        errors = [{"message": reason.message, "extensions": {"code": reason.code}}]
        return part(orjson.dumps({"payload": None, "errors": errors})) + b"--\r\n"
