"""GraphQL over HTTP: POST with JSON, and queries by GET for clients that show they are no mere link.

Subscriptions are answered by a response that goes on, as an event stream or in parts, as the client accepts.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from math import ceil
from typing import Any

import orjson
from graphql import OperationType
from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from api.accept import RESPONSE_TYPE, Accepted, accepted
from api.answers import show_fault
from api.documents import Prepared
from api.engine import Engine
from api.fresh import Found, FreshAnswers, Read
from api.origins import origin_allowed
from api.polling import ReadyAnswer, ReadyAnswers, asked_by, is_known
from api.zipping import wants_zipped, zipped
from auth.tokens import bearer
from auth.viewer import Viewer
from kit.cache import BoundedCache
from kit.clock import Clock
from kit.database import DatabaseUnavailable, is_unreachable
from kit.errors import TooManyTries, Unauthenticated, Unavailable
from kit.parsing import Unreadable, read_json
from realtime import metrics
from realtime.fanout import Fanout
from realtime.feed import Followed
from realtime.heads import FreshHeads
from realtime.operations import Authenticates, OperationRefused, Request, document_id_of
from realtime.presence import Census
from realtime.transports import sse
from realtime.transports.http_stream import StreamSettings, SubscriptionResponse
from realtime.transports.multipart import Multipart

MAX_BODY_BYTES = 1_048_576
VARY = {"Vary": "Authorization, Accept, Accept-Encoding"}
ZIPPED = {"Content-Encoding": "gzip"}
KEEPING = VARY | {"Cache-Control": "private, no-cache"}
"""Clients may keep the answer to a query by GET, each for itself, and ask whether it still holds."""
PREFLIGHT = (
    "authorization",
    "x-requested-with",
    "apollo-require-preflight",
    "graphql-require-preflight",
    "x-apollo-operation-name",
)
"""Headers that a page of another origin can't send unasked."""
FRAMINGS = {"sse": sse.EventStream(), "multipart": Multipart()}
NO_STREAM = (
    "Subscriptions go over a WebSocket with the protocol graphql-transport-ws, or over HTTP with the header "
    '"Accept: text/event-stream" or "Accept: multipart/mixed;subscriptionSpec=1.0, application/json".'
)


class BadRequest(Exception):
    """The request is not GraphQL over HTTP; `status` and the sentence say how."""

    def __init__(self, status: int, message: str, *, code: str = "BAD_REQUEST") -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code


class HttpTransport:
    """Answers GraphQL requests by HTTP."""

    def __init__(
        self,
        engine: Engine,
        authenticator: Authenticates,
        clock: Clock,
        *,
        ready: ReadyAnswers,
        public: ReadyAnswers,
        heads: FreshHeads,
        fanout: Fanout,
        census: Census,
        streams: StreamSettings,
        origins: Collection[str],
    ) -> None:
        """Take the parts; `origins` are those of pages that may use the API, beside the server's own.

        `public` keeps answers to those who show no token; `heads` knows where streams stand at the moment.
        """
        self._engine = engine
        self._authenticator = authenticator
        self._clock = clock
        self._ready = ready
        self._public = public
        self._fresh = FreshAnswers(heads, clock)
        self._fanout = fanout
        self._census = census
        self._streams = streams
        self._origins = origins
        self._urls: BoundedCache[Request] = BoundedCache(entries=1_000, characters=1_000_000)

    async def answer(self, http: HttpRequest) -> Response:
        """Answer one request. Documents that can't run are 400, tokens that don't count 401."""
        accept = accepted(http.headers.get("accept", ""))
        try:
            return await self._answer(http, accept)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        except Exception as error:
            if is_unreachable(error):
                return _unavailable(DatabaseUnavailable(), accept.json)
            body = orjson.dumps({"errors": [show_fault(error, client=http.client)]})
            return Response(body, 500, media_type=accept.json)

    async def _answer(self, http: HttpRequest, accept: Accepted) -> Response:
        media = accept.json
        try:
            request = await self._read(http, accept)
            viewer = await self._viewer(http)
            return await self._run(http, request, viewer, accept)
        except BadRequest as bad:
            response = _error(bad.status, bad.message, bad.code, media)
            if bad.status == 405:
                response.headers["Allow"] = "POST"
        except Unauthenticated as error:
            response = _error(401, error.message, error.code, media)
            response.headers["WWW-Authenticate"] = "Bearer"
        except TooManyTries as error:
            response = _later(_error(429, error.message, error.code, media), error.after(self._clock()))
        except OperationRefused as refused:
            body = b'{"errors":' + refused.errors + b"}"
            if refused.retry_after is not None:
                return _later(Response(body, refused.status, media_type=media), refused.retry_after)
            status = refused.status if media == RESPONSE_TYPE else 200
            response = sse.answered(body) if accept.events else Response(body, status, media_type=media)
        except Unavailable as error:
            response = _unavailable(error, media)
        return response

    async def _run(self, http: HttpRequest, request: Request, viewer: Viewer | None, accept: Accepted) -> Response:
        prepared = self._engine.prepare(request)
        if prepared.kind is OperationType.SUBSCRIPTION:
            return await self._subscribe(http, request, viewer, accept)
        if http.method == "GET" and prepared.kind is not OperationType.QUERY:
            raise BadRequest(405, "Send mutations by POST.", code="METHOD_NOT_ALLOWED")
        if accept.events:
            return sse.answered(await self._engine.execute(prepared, _from(request, http), viewer=viewer))
        media = accept.json
        if http.method == "GET":
            return await self._poll(http, prepared, request, viewer, media)
        request = _from(request, http)
        if prepared.kind is OperationType.QUERY:
            return _answered(await self._ask(prepared, request, viewer), http, media, VARY)
        return _answered(await self._engine.execute(prepared, request, viewer=viewer), http, media, VARY)

    async def _subscribe(
        self, http: HttpRequest, request: Request, viewer: Viewer | None, accept: Accepted
    ) -> Response:
        if accept.stream is None:
            raise BadRequest(400, NO_STREAM)
        feed = await self._engine.open(_from(request, http), viewer=viewer)
        if not isinstance(feed, Followed):
            raise TypeError("a subscription comes down to a feed")
        if accept.stream == "sse":
            feed = sse.resumed(feed, http.headers.get("last-event-id"))
        return SubscriptionResponse(
            feed,
            framing=FRAMINGS[accept.stream],
            fanout=self._fanout,
            census=self._census,
            settings=self._streams,
            viewer=viewer,
            authenticator=self._authenticator,
            clock=self._clock,
        )

    async def _ask(self, prepared: Prepared, request: Request, viewer: Viewer | None) -> Found:
        """Answer a query by POST: as of now, whatever is ready."""
        asked, answers = asked_by(request, viewer), self._public if viewer is None else self._ready
        read = Read(
            alone=lambda: self._engine.execute(prepared, request, viewer=viewer),
            with_heads=lambda: self._keep(asked, answers, prepared, request, viewer),
        )
        return await self._fresh.answer(asked, answers, read)

    async def _keep(
        self, asked: bytes, answers: ReadyAnswers, prepared: Prepared, request: Request, viewer: Viewer | None
    ) -> Found:
        """Read an answer, and keep it ready where it depends on streams and nothing else."""
        found = await self._engine.read(prepared, request, viewer=viewer, before=answers.peek(asked))
        if found.heads is None:
            return found.body
        kept = answers.keep(asked, found.body, found.heads, until=found.until, parts=found.parts)
        return answers.follow(kept) if found.parts else kept  # what happens from now on has to be known for them

    async def _poll(
        self, http: HttpRequest, prepared: Prepared, request: Request, viewer: Viewer | None, media: str
    ) -> Response:
        """Answer a query by GET: with what is ready where that still holds, and with nothing to those who have it."""
        asked, answers = asked_by(request, viewer), self._public if viewer is None else self._ready
        if ready := answers.find(asked, now=self._clock()):
            response = _send(ready, http, media)
            metrics.ready_answers.labels("not_modified" if response.status_code == 304 else "hit").inc()
            return response
        metrics.ready_answers.labels("miss").inc()
        found = await self._keep(asked, answers, prepared, _from(request, http), viewer)
        if isinstance(found, bytes):
            return _answered(found, http, media, KEEPING)
        return _send(answers.follow(found), http, media)

    async def _viewer(self, http: HttpRequest) -> Viewer | None:
        token = bearer(http.headers.get("authorization"))
        if not token:
            return None
        return await self._authenticator.authenticate(token, now=self._clock(), address=_address(http))

    async def _read(self, http: HttpRequest, accept: Accepted) -> Request:
        """Read the operation.

        A GET has to show that no other page has made a browser send it: by a header, or by what the browser says of the
        page. An EventSource can set no header of its own, so it shows that by its origin, as a WebSocket does. What it
        could do otherwise is little: a GET changes nothing, and no cookie speaks for the browser's user.
        """
        if http.method == "GET":
            if not (_preflighted(http) or self._from_known_page(http, accept)):
                raise BadRequest(400, "A query by GET needs the header GraphQL-Require-Preflight with any value.")
            return self._by_url(http.scope["query_string"].decode("latin-1"))
        if _content_type(http) != "application/json":
            raise BadRequest(415, "Send the query as application/json.", code="UNSUPPORTED_MEDIA_TYPE")
        return _request(_parse(await _body(http)))

    def _from_known_page(self, http: HttpRequest, accept: Accepted) -> bool:
        if http.headers.get("sec-fetch-site") == "same-origin":
            return True
        return (accept.events or "origin" in http.headers) and origin_allowed(http, self._origins)

    def _by_url(self, url: str) -> Request:
        """Read the operation from the part of the address after the question mark; clients that poll repeat theirs."""
        request = self._urls.get(url)
        if request is None:
            request = _request(_from_url(QueryParams(url)))
            self._urls.keep(url, request, size=2 * len(url))
        return request


def _answered(found: Found, http: HttpRequest, media: str, headers: Mapping[str, str]) -> Response:
    """Send an answer, compressed where that is worth it."""
    body, ready = (found, None) if isinstance(found, bytes) else (found.body, found)
    if wants_zipped(http.headers.get("accept-encoding"), body):
        return Response(ready.zipped if ready else zipped(body), headers={**headers, **ZIPPED}, media_type=media)
    return Response(body, headers=headers, media_type=media)


def _send(answer: ReadyAnswer, http: HttpRequest, media: str) -> Response:
    """Send an answer that is ready, or that the client has it."""
    headers = {"ETag": answer.tag, **KEEPING}
    if is_known(answer.tag, http.headers.getlist("if-none-match")):
        return Response(status_code=304, headers=headers)
    return _answered(answer, http, media, headers)


def _preflighted(http: HttpRequest) -> bool:
    return any(http.headers.get(name) for name in PREFLIGHT) or _content_type(http) == "application/json"


def _content_type(http: HttpRequest) -> str:
    """Give the type without its parameters, which a page of another origin may choose freely."""
    return http.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _body(http: HttpRequest) -> bytes:
    body = bytearray()
    async for chunk in http.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise BadRequest(413, f"A request has at most {MAX_BODY_BYTES} bytes.", code="TOO_LARGE")
    return bytes(body)


def _parse(text: bytes | str) -> Any:
    try:
        return read_json(text)
    except Unreadable as error:
        raise BadRequest(400, str(error)) from None


def _from_url(parameters: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = dict(parameters)
    for name in ("variables", "extensions"):
        if name in found:
            found[name] = _parse(found[name])
    return found


def _request(body: Any) -> Request:
    if isinstance(body, list):
        raise BadRequest(400, "Send one operation at a time.")
    if not isinstance(body, dict) or not isinstance(body.get("query", ""), str):
        raise BadRequest(400, "Send an object with a query.")
    variables, name, extensions = body.get("variables"), body.get("operationName"), body.get("extensions")
    if not isinstance(variables, dict | None) or not isinstance(extensions, dict | None):
        raise BadRequest(400, "Variables and extensions are objects.")
    if not isinstance(name, str | None):
        raise BadRequest(400, "operationName is a string.")
    document_id = document_id_of(body)
    if not body.get("query") and document_id is None:
        raise BadRequest(400, "Send an object with a query.")
    return Request(body.get("query", ""), variables, name or None, document_id=document_id)


def _address(http: HttpRequest) -> str:
    return http.client.host if http.client else ""


def _from(request: Request, http: HttpRequest) -> Request:
    """Note where an operation comes from. It is done where one is run: those that are remembered are everybody's."""
    return replace(request, address=_address(http))


def _unavailable(error: Unavailable, media: str) -> Response:
    """Say that something is out of reach, and when to ask again."""
    return _later(_error(503, error.message, error.code, media), error.retry_after)


def _later(response: Response, seconds: float) -> Response:
    """Say when to ask again."""
    response.headers["Retry-After"] = str(max(ceil(seconds), 1))
    return response


def _error(status: int, message: str, code: str, media: str) -> Response:
    body = orjson.dumps({"errors": [{"message": message, "extensions": {"code": code}}]})
    return Response(body, status, media_type=media)
