"""Pictures by HTTP: sent to an address that was given for one, and shown at addresses that are signed for a day."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from math import ceil
from tempfile import TemporaryFile
from typing import BinaryIO

import structlog
from prometheus_client import Counter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from api.polling import is_known
from api.process import Process, process_of
from auth.limits import Rate
from auth.links import PictureLinks, Upload
from domain import pictures
from events.work import Change
from kit.database import DatabaseUnavailable, is_unreachable
from kit.errors import FairwayError, NotFound, TokenExpired, TooManyTries, Unavailable
from kit.faults import named
from kit.ids import parse_id, public_id
from kit.limiter import Allowance
from kit.pictures import MAX_BYTES, PictureRefusal, PictureRefused, PictureSize
from models.pictures import Picture
from providers.pictures import MEDIA, Prepared
from providers.storage import StorageUnavailable
from realtime.transports.uvicorn_http import EXTENSION, StreamHttp

TRIES = Allowance(5, 900)
"""How often something may be sent to one address: a file that is refused costs as much as one that is taken."""
CHUNK = 256 * 1024
"""Bytes that are kept in memory of a picture that is coming."""
STATUS: Mapping[PictureRefusal, int] = {
    PictureRefusal.TOO_LARGE: 413,
    PictureRefusal.UNKNOWN_TYPE: 415,
    PictureRefusal.ALREADY_UPLOADED: 409,
}
GUARDED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""A picture is nothing but a picture, and pages of other origins may show it."""

pictures_sent = Counter("fairway_pictures_total", "Pictures that were sent: kept, or refused and why.", ["outcome"])

log = structlog.get_logger(__name__)


async def upload(request: Request) -> Response:
    """Take a picture to the address that was given for it."""
    try:
        return await _upload(request, process_of(request.app))
    except ClientDisconnect:
        return Response(status_code=400)  # nobody is there to read it
    except FairwayError as error:
        return _refused(error, request)
    except Exception as error:
        if not is_unreachable(error):
            raise
        return _refused(DatabaseUnavailable(), request)


async def picture(request: Request) -> Response:
    """Show a picture."""
    try:
        return await _show(request, process_of(request.app))
    except FairwayError as error:
        return _refused(error, request)


async def _upload(request: Request, process: Process) -> Response:
    now = process.runtime.clock()
    given = _links(process).read(request.path_params["token"], now=now)
    process.limits.take_of(Rate.UPLOADS, str(given.picture_id), TRIES, now=now)
    if int(request.headers.get("content-length", 0)) > MAX_BYTES:
        raise PictureRefused.because(PictureRefusal.TOO_LARGE)
    async with process.runtime.database.snapshot(given.tenant_id) as session:
        expected = await pictures.find_expected(session, picture_id=given.picture_id)
    connection: StreamHttp | None = request.scope.get("extensions", {}).get(EXTENSION)
    if connection is not None:
        connection.give_time(process.runtime.settings.http_upload_timeout / 1000)
    with TemporaryFile() as file:
        digest = await _receive(request, file)
        if pictures.was_sent(expected, digest):
            return _kept(expected)
        prepared = await process.pictures.prepare(file)
    kept = await _keep(process, given, digest, prepared, now=now)
    pictures_sent.labels("kept").inc()
    return _kept(kept)


async def _keep(process: Process, given: Upload, digest: str, prepared: Prepared, *, now: datetime) -> Picture:
    """Keep a picture, and note that it is kept. Who sends another one meanwhile, to the same address, comes later."""

    async def work(change: Change) -> Picture:
        picture = await pictures.lock_expected(change.session, picture_id=given.picture_id)
        if not pictures.was_sent(picture, digest):
            await process.album.keep(given.picture_id, prepared)
            sent = pictures.Sent(digest=digest, width=prepared.width, height=prepared.height)
            pictures.note_sent(picture, sent, now=now)
        return picture

    return await asyncio.shield(asyncio.ensure_future(process.runtime.work.run(given.tenant_id, work)))


def _kept(picture: Picture) -> Response:
    shown = {"pictureId": public_id("picture", picture.id), "width": picture.width, "height": picture.height}
    return JSONResponse(shown, 201)


async def _receive(request: Request, file: BinaryIO) -> str:
    """Put what comes into a file, as it comes: memory is for those who are many. Gives its digest.

    Raises PictureRefused.
    """
    size, waiting, digest = 0, bytearray(), sha256()
    async for chunk in request.stream():
        size += len(chunk)
        digest.update(chunk)
        if size > MAX_BYTES:
            raise PictureRefused.because(PictureRefusal.TOO_LARGE)
        waiting += chunk
        if len(waiting) >= CHUNK:
            await _write(file, waiting)
            waiting = bytearray()
    await _write(file, waiting)
    return digest.hexdigest()


async def _write(file: BinaryIO, content: bytearray) -> None:
    try:
        await asyncio.to_thread(file.write, content)
    except OSError as error:
        log.warning("a picture that comes could not be put aside", reason=error.strerror)
        raise StorageUnavailable from None


async def _show(request: Request, process: Process) -> Response:
    now, query = process.runtime.clock(), request.query_params
    until, signature = query.get("until", ""), query.get("signature", "")
    picture_id, size = request.path_params["picture_id"], request.path_params["size"]
    path = f"/pictures/{picture_id}/{size}"
    expires_at = _links(process).check(path, until=until, signature=signature, now=now)
    asked = parse_id("picture", picture_id), PictureSize(int(size))
    tag = f'"{picture_id}-{size}"'
    seconds = int((expires_at - now).total_seconds())
    headers = {"ETag": tag, "Cache-Control": f"private, max-age={seconds}, immutable", **GUARDED}
    if is_known(tag, request.headers.getlist("if-none-match")) and await process.album.has(*asked):
        return Response(status_code=304, headers=headers)
    content = await process.album.find(*asked)
    if content is None:
        raise NotFound(message="The picture was removed.")
    return Response(content, headers=headers, media_type=MEDIA)


def _links(process: Process) -> PictureLinks:
    if process.links is None:
        raise NotFound(message="No pictures are kept here: no secret is set with which their addresses are signed.")
    return process.links


def _refused(error: FairwayError, request: Request) -> Response:
    """Say why not, as GraphQL would."""
    told: dict[str, object] = {"code": error.code}
    headers = {"Cache-Control": "no-store"}
    match error:
        case PictureRefused():
            told["reason"] = error.reason
            status = STATUS.get(error.reason, 422)
            pictures_sent.labels(error.reason.value.lower()).inc()
            log.info("a picture was refused", reason=error.reason.value, cause=named(error.__cause__ or error))
        case TooManyTries() | Unavailable():
            now = process_of(request.app).runtime.clock()
            after = error.after(now) if isinstance(error, TooManyTries) else error.retry_after
            status, headers["Retry-After"] = (429 if isinstance(error, TooManyTries) else 503), str(max(ceil(after), 1))
        case TokenExpired():
            status = 410
        case _:
            status = 404
    return JSONResponse({"errors": [{"message": error.message, "extensions": told}]}, status, headers)
