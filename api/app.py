"""The application: its layers, and the routes that lead to what a process holds. It wires, and decides nothing."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, nullcontext, suppress
from typing import Any

from fastapi import FastAPI
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api import mail_pages, pages, payments, pictures
from api.door import Admitted, ShortWay
from api.outbox import outbox
from api.process import hold, process_of, started
from api.qr import qr_code
from api.scrape import exposition
from api.zipping import LEVEL, WORTH
from auth.tokens import Authenticator
from jobs.worker import work_off_jobs
from kit.clock import Clock, utc_now
from kit.errors import FairwayError
from kit.files import PAGES
from kit.settings import Settings
from providers.album import Album
from providers.payments.choice import payments_of
from providers.storage import storage_of
from realtime.rate import gauge_events
from realtime.transports.guarded_http import ADMISSION


def create_app(
    settings: Settings, *, with_jobs: bool = True, clock: Clock = utc_now, graphiql: dict[str, Any] | None = None
) -> FastAPI:
    """Make the application. `graphiql` is what GraphiQL offers beside an empty editor: tokens and examples."""
    authenticator, album = Authenticator(settings), Album(storage_of(settings))
    payments_of(settings, clock=clock)  # a secret that is missing is said at once

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        async with started(settings, authenticator, album, clock=clock, graphiql=graphiql) as process:
            hold(app, process)
            worker = beside(work_off_jobs(process.runtime), name="worker") if with_jobs else nullcontext()
            async with beside(gauge_events(), name="events per second"), worker:
                yield {ADMISSION: process.admission}

    app = FastAPI(title="Fairway", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    add_middleware(app, settings)
    add_routes(app)
    return app


def add_middleware(app: FastAPI, settings: Settings) -> None:
    """Put layers around the application, from within outward; what is added to it later lies outside of all these."""
    app.add_middleware(GZipMiddleware, minimum_size=WORTH, compresslevel=LEVEL)
    app.add_middleware(ShortWay)
    app.add_middleware(Admitted)
    if settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.allowed_origins),
            allow_methods=["GET", "POST", "PUT"],
            allow_headers=["*"],
            expose_headers=["ETag"],
            max_age=3600,
        )


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None], *, name: str) -> AsyncIterator[None]:
    """Have something done beside all else, for as long as the block lasts."""
    task = asyncio.create_task(work, name=name)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def add_routes(app: FastAPI) -> None:
    """Lead requests to where they are answered."""
    app.add_api_route("/healthz", healthz, methods=["GET"])
    app.add_api_route("/readyz", readyz, methods=["GET"])
    app.add_api_route("/metrics", metrics, methods=["GET"])
    app.add_api_route("/qr/{code}.svg", qr_code, methods=["GET", "HEAD"])
    app.add_api_route("/uploads/{token}", pictures.upload, methods=["PUT"])
    app.add_api_route("/pictures/{picture_id}/{size}", pictures.picture, methods=["GET", "HEAD"])
    app.add_api_route("/unsubscribe/{token}", mail_pages.unsubscribe, methods=["GET", "HEAD", "POST"])
    app.add_api_route("/confirm/{token}", mail_pages.confirm, methods=["GET", "HEAD", "POST"])
    app.add_api_route("/payments/webhook/{provider}", payments.webhook, methods=["POST"])
    app.add_api_route("/payments/done", payments.done, methods=["GET", "HEAD"])
    app.add_api_route("/payments/left", payments.left, methods=["GET", "HEAD"])
    app.add_api_route("/payments/twin/{payment_id}", payments.twin_page, methods=["GET", "HEAD", "POST"])
    app.add_api_route("/outbox", outbox, methods=["GET"])
    app.add_api_route("/", board, methods=["GET"])
    app.add_api_route("/signed-in", signed_in, methods=["GET"])
    app.mount("/assets", pages.Assets(directory=PAGES / "assets"), name="assets")


async def board(request: Request) -> Response:
    """Show a tee sheet, live."""
    return process_of(request.app).pages.board()


async def signed_in(request: Request) -> Response:
    """Take up what the identity provider answers, where one signs people in."""
    shown = process_of(request.app).pages
    return shown.signed_in() if shown.sign_in else Response(status_code=404)


async def healthz() -> Response:
    """Tell that the process is alive."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> Response:
    """Tell whether the process can serve: not without its database; without Redis it can, a little later."""
    runtime = process_of(request.app).runtime
    broadcaster = "away: the log is swept instead" if runtime.broadcaster == "away" else runtime.broadcaster
    try:
        await runtime.database.check()
    except FairwayError as error:
        return JSONResponse({"status": "unavailable", "database": error.message, "broadcaster": broadcaster}, 503)
    return JSONResponse({"status": "ok", "database": "ok", "broadcaster": broadcaster, "instance": runtime.instance})


async def metrics() -> Response:
    """Give the figures, for Prometheus: those of all processes that share the port."""
    return Response(exposition(), media_type=CONTENT_TYPE_LATEST)
