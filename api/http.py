"""GraphQL over HTTP: POST with JSON, and queries by GET for clients that show they are no mere link."""

from collections.abc import Mapping
from typing import Any

import orjson
from graphql import OperationType
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from api.engine import Engine, show_fault
from auth.tokens import bearer
from auth.viewer import Viewer
from kit.clock import Clock
from kit.errors import FairwayError, Unauthenticated
from realtime.operations import Authenticates, OperationRefused, Request

RESPONSE_TYPE = "application/graphql-response+json"
MAX_BODY_BYTES = 1_048_576
PREFLIGHT = ("x-requested-with", "apollo-require-preflight", "graphql-require-preflight", "x-apollo-operation-name")
"""Headers that a page of another origin can't send unasked."""


class BadRequest(Exception):
    """The request is not GraphQL over HTTP; `status` and the sentence say how."""

    def __init__(self, status: int, message: str, *, code: str = "BAD_REQUEST") -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code


class HttpTransport:
    """Answers GraphQL requests by HTTP."""

    def __init__(self, engine: Engine, authenticator: Authenticates, clock: Clock) -> None:
        self._engine = engine
        self._authenticator = authenticator
        self._clock = clock

    async def answer(self, http: HttpRequest) -> Response:
        """Answer one request. Documents that can't run are 400, tokens that don't count 401."""
        media = _media_type(http.headers.get("accept", ""))
        try:
            return await self._answer(http, media)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        except Exception as error:
            return Response(orjson.dumps({"errors": [show_fault(error)]}), 500, media_type=media)

    async def _answer(self, http: HttpRequest, media: str) -> Response:
        try:
            request = await _read(http)
            viewer = await self._viewer(http)
            return await self._run(http, request, viewer, media)
        except BadRequest as bad:
            response = _error(bad.status, bad.message, bad.code, media)
            if bad.status == 405:
                response.headers["Allow"] = "POST"
        except Unauthenticated as error:
            response = _error(401, error.message, error.code, media)
            response.headers["WWW-Authenticate"] = "Bearer"
        except OperationRefused as refused:
            status = refused.status if media == RESPONSE_TYPE else 200
            response = Response(b'{"errors":' + refused.errors + b"}", status, media_type=media)
        except FairwayError as error:
            response = _error(503, error.message, error.code, media)
        return response

    async def _run(self, http: HttpRequest, request: Request, viewer: Viewer | None, media: str) -> Response:
        prepared = self._engine.prepare(request)
        if prepared.kind is OperationType.SUBSCRIPTION:
            raise BadRequest(400, "Subscriptions go over a WebSocket with the protocol graphql-transport-ws.")
        if http.method == "GET" and prepared.kind is not OperationType.QUERY:
            raise BadRequest(405, "Send mutations by POST.", code="METHOD_NOT_ALLOWED")
        return Response(await self._engine.execute(prepared, request, viewer=viewer), media_type=media)

    async def _viewer(self, http: HttpRequest) -> Viewer | None:
        token = bearer(http.headers.get("authorization"))
        return await self._authenticator.authenticate(token, now=self._clock()) if token else None


async def _read(http: HttpRequest) -> Request:
    if http.method == "GET":
        if not any(http.headers.get(name) for name in PREFLIGHT) and _content_type(http) != "application/json":
            raise BadRequest(400, "A query by GET needs the header GraphQL-Require-Preflight with any value.")
        return _request(_from_url(http.query_params))
    if _content_type(http) != "application/json":
        raise BadRequest(415, "Send the query as application/json.", code="UNSUPPORTED_MEDIA_TYPE")
    return _request(_parse(await _body(http)))


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
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadRequest(400, "The request is not JSON.") from error


def _from_url(parameters: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = dict(parameters)
    for name in ("variables", "extensions"):
        if name in found:
            found[name] = _parse(found[name])
    return found


def _request(body: Any) -> Request:
    if isinstance(body, list):
        raise BadRequest(400, "Send one operation at a time.")
    if not isinstance(body, dict) or not isinstance(body.get("query"), str) or not body["query"]:
        raise BadRequest(400, "Send an object with a query.")
    variables, name, extensions = body.get("variables"), body.get("operationName"), body.get("extensions")
    if not isinstance(variables, dict | None) or not isinstance(extensions, dict | None):
        raise BadRequest(400, "Variables and extensions are objects.")
    if not isinstance(name, str | None):
        raise BadRequest(400, "operationName is a string.")
    return Request(body["query"], variables, name or None)


def _media_type(accept: str) -> str:
    """Choose by what comes first in `Accept`; old clients, who say nothing or take anything, get application/json."""
    for part in accept.split(","):
        media = part.partition(";")[0].strip().lower()
        if media in {RESPONSE_TYPE, "application/*"}:
            return RESPONSE_TYPE
        if media in {"application/json", "*/*"}:
            break
    return "application/json"


def _error(status: int, message: str, code: str, media: str) -> Response:
    body = orjson.dumps({"errors": [{"message": message, "extensions": {"code": code}}]})
    return Response(body, status, media_type=media)
