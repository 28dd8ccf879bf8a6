"""uvicorn's HTTP protocol, kept within bounds: what a request's head may be, and how long a request may take to come.

The parser refuses what two readers could take for two things (two lengths, folded lines, bare line feeds). Here it is
told how much it may keep of what has not come as a whole, and each part of a request has its time, counted from the
connection on. A wish for another protocol than WebSocket is ignored (RFC 9110, 7.8): the request is read without it.
"""

import asyncio
from enum import Enum
from http import HTTPStatus
from typing import Any

import httptools
import structlog
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from realtime import metrics
from realtime.admission import Admission
from realtime.transports.handshake import RequestRefused, refusal, words_of

ADMISSION = "fairway.admission"
"""Under this name the application's lifespan state says who may be connected, and how long a request may take."""
MAX_HEADERS = 128
MAX_LINE = 8_192
"""Longest line of a header, in bytes."""
TOO_MANY_HEADERS = f"A request has at most {MAX_HEADERS} headers of at most {MAX_LINE} bytes."
MAX_ADDRESS = 32_768
"""Longest address: a query by GET, and its variables."""
MAX_HEAD = 65_536
"""Bytes that may have come of a head, or between two pieces of a body, before they are a whole."""
LINGER_SECONDS = 2.0
"""Seconds for which a client that was refused may go on sending: cut at once, it might never read why."""
LAST_LOOK_SECONDS = 0.01

log = structlog.get_logger(__name__)


class Part(Enum):
    """What of a request is coming."""

    HEAD = "head"
    BODY = "body"
    NOTHING = "nothing"


class GuardedHttp(HttpToolsProtocol):
    """An HTTP connection that waits for nobody for ever, and keeps nothing of any size."""

    _part = Part.NOTHING
    _unread = 0
    """Bytes that have come since something was complete."""
    _done = False
    """Whether nothing that comes is read here any more: the last word was said, or a WebSocket made of it."""
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, as the base class does, but ask the transport for its addresses, not a copy of its socket."""
        self.connections.add(self)
        self.transport, self.flow = transport, FlowControl(transport)
        self.server, self.client = _address(transport, "sockname"), _address(transport, "peername")
        self.scheme = "https" if transport.get_extra_info("sslcontext") else "http"
        self._admission: Admission = self.app_state.get(ADMISSION) or Admission()
        self.arrival = self._admission.arrive(self.client[0] if self.client else "")
        if self.arrival.hopeless:
            self.arrival.turned_away()
            self.transport.abort()
        else:
            self._wait(self.arrival.patience)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.arrival.leave()
        self._wait_no_more()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read what comes."""
        if self._done:
            return
        self._unset_keepalive_if_required()
        try:
            self._read(data)
        except httptools.HttpParserError as error:
            why = error.__context__  # what was raised by those whom the parser has called
            if not isinstance(why, RequestRefused):
                why = RequestRefused(HTTPStatus.BAD_REQUEST, "Invalid HTTP request received.")
            self.refuse(why)
        except RequestRefused as refused:
            self.refuse(refused)
        else:
            self._wait_for_more()

    def give_time(self, seconds: float) -> None:
        """Let the body under way take so many seconds from now on, since the application has a reason for it."""
        if self._part is Part.BODY and not self._done:
            self._wait_no_more()
            self._wait(seconds)

    def become_socket(self, first: bytes) -> None:
        """Make a WebSocket of the connection, whose first bytes may be there already. Raises RequestRefused."""
        raise NotImplementedError

    def refuse(self, refused: RequestRefused) -> None:
        """Give no other answer than this one, and close; a whole request is answered first, as the last one."""
        if self.transport.is_closing():
            return
        if self._answering and self._part is not Part.BODY:
            self.cycle.keep_alive = False
            return
        metrics.refused_requests.labels(refused.status.value).inc()
        log.info("a request was refused", status=refused.status.value, reason=str(refused))
        if self._part is not Part.BODY or (self._answering and not (self.cycle.response_started or self.pipeline)):
            more = [*self.server_state.default_headers, *refused.headers]
            self.transport.write(refusal(refused.status, str(refused), more))
        self._part_from_client()

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._part, self._unread = Part.HEAD, 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Take a piece of the address."""
        super().on_url(url)
        if len(self.url) > MAX_ADDRESS:
            raise RequestRefused(HTTPStatus.REQUEST_URI_TOO_LONG, f"An address has at most {MAX_ADDRESS} bytes.")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; what follows a body in chunks is none."""
        if self._part is Part.BODY:
            return
        if len(name) + len(value) > MAX_LINE:
            raise RequestRefused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, TOO_MANY_HEADERS)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to answer, unless another protocol is asked for, which is seen to when the head has been read."""
        self._check_head()
        super().on_headers_complete()
        self._part, self._unread = Part.BODY, 0
        self._wait_no_more()

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        self._part, self._unread = Part.NOTHING, 0
        self._wait_no_more()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the rest of this one."""
        super().on_response_complete()
        if self._part is not Part.NOTHING and not self.transport.is_closing():
            self._wait_for_more()

    @property
    def _answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # none before the first request, whatever uvicorn says
        return cycle is not None and not cycle.response_complete

    def _should_upgrade(self) -> bool:
        return True  # the base class is to answer nothing that asks for another protocol

    def _read(self, data: bytes) -> None:
        while data:
            size = len(data) if self._part is Part.BODY else MAX_HEAD
            piece, data = data[:size], data[size:]
            self._unread += len(piece)
            try:
                self.parser.feed_data(piece)
            except httptools.HttpParserUpgrade as upgrade:
                data = piece[upgrade.args[0] :] + data
                if words_of(self.headers, b"upgrade") == ["websocket"]:
                    self.become_socket(data)
                    self._done = True
                    return
                self._read_without_upgrade()
            if self._unread > MAX_HEAD:
                self._refuse_size()

    def _read_without_upgrade(self) -> None:
        """Read the head anew, as if no other protocol were asked for."""
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        if method == b"CONNECT":
            raise RequestRefused(HTTPStatus.NOT_IMPLEMENTED, "This server is no proxy.")
        kept = [(name, value) for name, value in self.headers if name not in {b"connection", b"upgrade"}]
        kept += [(b"connection", b"close")] if "close" in words_of(self.headers, b"connection") else []
        lines = [b"%b %b HTTP/%b" % (method, self.url, version), *(b"%b: %b" % header for header in kept), b"", b""]
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self.parser.feed_data(b"\r\n".join(lines))

    def _check_head(self) -> None:
        if len(self.headers) > MAX_HEADERS:
            raise RequestRefused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, TOO_MANY_HEADERS)
        hosts = len([name for name, _ in self.headers if name == b"host"])
        if hosts > 1 or (hosts == 0 and self.parser.get_http_version() == "1.1"):
            raise RequestRefused(HTTPStatus.BAD_REQUEST, "A request names one host, in the header Host.")

    def _refuse_size(self) -> None:
        if self._part is Part.HEAD and not self.headers and self.url:
            raise RequestRefused(HTTPStatus.REQUEST_URI_TOO_LONG, f"An address has at most {MAX_ADDRESS} bytes.")
        sentence = f"A request has at most {MAX_HEAD} bytes beside its body."
        raise RequestRefused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, sentence)

    def _part_from_client(self) -> None:
        """Say and read nothing more, and close when the client does, or in a while."""
        self._done = True
        self._wait_no_more()
        if self._answering:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if not self.transport.can_write_eof():
            self.transport.close()
            return
        self.transport.write_eof()
        self._deadline = self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def _wait_for_more(self) -> None:
        """Give the client its time for what is still to come, unless it has it already."""
        if self._done or self._deadline or self.pipeline or (self._part is Part.NOTHING and self._answering):
            return
        body = self._part is Part.BODY
        self._wait(self._admission.body_seconds if body else self._admission.head_seconds)

    def _wait(self, seconds: float) -> None:
        self._deadline = self.loop.call_later(seconds, self._look_once_more)

    def _look_once_more(self) -> None:
        """Read first what has come while this process had no time for it."""
        self._deadline = self.loop.call_later(LAST_LOOK_SECONDS, self._give_up)

    def _wait_no_more(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        """Close a connection whose client took too long; one who has said nothing is told nothing."""
        self._deadline = None
        self.arrival.turned_away()
        if self._part is Part.NOTHING:
            self.transport.close()
        else:
            self.refuse(RequestRefused(HTTPStatus.REQUEST_TIMEOUT, "The request did not come in time; send it again."))


def _address(transport: asyncio.Transport, name: str) -> Any:
    address = transport.get_extra_info(name)
    return (str(address[0]), int(address[1])) if isinstance(address, tuple) else None
