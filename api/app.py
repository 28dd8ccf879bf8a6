"""The application: the parts of a process, and the routes that lead to them. It wires, and decides nothing."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, nullcontext, suppress
from typing import Any

import structlog
from fastapi import FastAPI
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.datastructures import State
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api import pages
from api.door import Admitted, ShortWay
from api.engine import Engine
from api.http import HttpTransport
from api.limits import Limits
from api.polling import PUBLIC_CAPACITY, ReadyAnswers
from api.scrape import exposition
from api.zipping import LEVEL, WORTH
from auth.tokens import Authenticator
from auth.viewer import Viewer
from events.figures import count_courses
from jobs.worker import work_off_jobs
from kit.clock import Clock, utc_now
from kit.errors import FairwayError
from kit.files import PAGES
from kit.settings import Settings
from realtime.admission import Admission
from realtime.fanout import Fanout
from realtime.heads import FreshHeads, from_log
from realtime.instances import Instances
from realtime.instances_redis import joined
from realtime.presence import Census, SocketLimits
from realtime.rate import gauge_events
from realtime.runtime import Runtime, running
from realtime.transports.graphql_ws import SocketSettings
from realtime.transports.guarded_http import ADMISSION
from realtime.transports.http_stream import StreamSettings
from resolvers.root import core
from schema.context import Context
from schema.whereabouts import Whereabouts

log = structlog.get_logger(__name__)


def create_app(
    settings: Settings, *, with_jobs: bool = True, clock: Clock = utc_now, graphiql: dict[str, Any] | None = None
) -> FastAPI:
    """Make the application. `graphiql` is what GraphiQL offers beside an empty editor: tokens and examples."""
    authenticator = Authenticator(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        async with running(settings, clock=clock, listeners=[count_courses]) as runtime:
            if not settings.redis_url:
                log.info("no REDIS_URL: one process needs none; several would hear of each other faster with one")
            state = app.state
            state.runtime, state.fanout, state.sockets = runtime, Fanout(runtime.hub), sockets_of(runtime)
            async with joined(runtime, census=state.census, rooms=state.fanout.census) as instances:
                state.instances, state.engine = instances, engine_of(runtime, instances)
                state.http = http_of(state, authenticator, runtime)
                worker = beside(work_off_jobs(runtime), name="worker") if with_jobs else nullcontext()
                async with beside(gauge_events(), name="events per second"), worker:
                    yield {ADMISSION: state.admission}

    app = FastAPI(title="Fairway", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings, app.state.authenticator, app.state.graphiql = settings, authenticator, graphiql
    app.state.census = Census(
        SocketLimits(
            in_all=settings.ws_max_connections,
            per_address=settings.ws_max_connections_per_address,
            per_user=settings.ws_max_connections_per_user,
        )
    )
    app.state.admission = Admission(
        in_all=settings.http_max_connections,
        per_address=settings.http_max_connections_per_address,
        head_seconds=settings.http_head_timeout / 1000,
        body_seconds=settings.http_body_timeout / 1000,
    )
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
            allow_methods=["GET", "POST"],
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


def engine_of(runtime: Runtime, instances: Instances) -> Engine:
    """Make the GraphQL engine of a process."""
    settings, whereabouts = runtime.settings, Whereabouts(runtime.database)

    def make_context(viewer: Viewer | None) -> Context:
        return Context(
            whereabouts=whereabouts,
            viewer=viewer,
            now=runtime.clock(),
            database=runtime.database,
            work=runtime.work,
            instances=instances,
            settings=settings,
        )

    return Engine(
        core,
        make_context=make_context,
        introspection=settings.allows_introspection,
        suggestions=not settings.in_production,
        limits=Limits.of(settings),
        compare=settings.compare_answers,
    )


def http_of(state: State, authenticator: Authenticator, runtime: Runtime) -> HttpTransport:
    """Make what answers GraphQL over HTTP."""
    settings = runtime.settings
    return HttpTransport(
        state.engine,
        authenticator,
        runtime.clock,
        ready=ReadyAnswers(runtime.hub.head),
        public=ReadyAnswers(runtime.hub.head, capacity=PUBLIC_CAPACITY),
        heads=FreshHeads(from_log(runtime.database)),
        fanout=state.fanout,
        census=state.census,
        streams=StreamSettings(
            heartbeat=settings.ws_heartbeat_interval / 1000,
            stall_timeout=settings.ws_stall_timeout / 1000,
            stop_spread=settings.ws_stop_spread / 1000,
        ),
        origins=settings.allowed_origins,
    )


def add_routes(app: FastAPI) -> None:
    """Lead requests to where they are answered."""
    app.add_api_route("/healthz", healthz, methods=["GET"])
    app.add_api_route("/readyz", readyz, methods=["GET"])
    app.add_api_route("/metrics", metrics, methods=["GET"])
    app.add_api_route("/", board, methods=["GET"])
    app.mount("/assets", pages.Assets(directory=PAGES / "assets"), name="assets")


def sockets_of(runtime: Runtime) -> SocketSettings:
    """Take what holds for every socket from the settings."""
    settings = runtime.settings
    return SocketSettings(
        instance=runtime.instance,
        auth_timeout=settings.ws_auth_timeout / 1000,
        heartbeat=settings.ws_heartbeat_interval / 1000,
        max_operations=settings.ws_max_operations,
        max_message_bytes=settings.ws_max_message_bytes,
        pong_timeout=settings.ws_pong_timeout / 1000,
        stall_timeout=settings.ws_stall_timeout / 1000,
        keys_timeout=settings.ws_keys_timeout / 1000,
        stop_code=settings.ws_close_code_on_stop,
        stop_spread=settings.ws_stop_spread / 1000,
    )


async def board(request: Request) -> Response:
    """Show a tee sheet, live."""
    return pages.board(request.app.state.graphiql)


async def healthz() -> Response:
    """Tell that the process is alive."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> Response:
    """Tell whether the process can serve: not without its database; without Redis it can, a little later."""
    runtime: Runtime = request.app.state.runtime
    broadcaster = "away: the log is swept instead" if runtime.broadcaster == "away" else runtime.broadcaster
    try:
        await runtime.database.check()
    except FairwayError as error:
        return JSONResponse({"status": "unavailable", "database": error.message, "broadcaster": broadcaster}, 503)
    return JSONResponse({"status": "ok", "database": "ok", "broadcaster": broadcaster, "instance": runtime.instance})


async def metrics() -> Response:
    """Give the figures, for Prometheus: those of all processes that share the port."""
    return Response(exposition(), media_type=CONTENT_TYPE_LATEST)
