"""What one process that serves is made of."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from starlette.applications import Starlette

from api.engine import Engine
from api.feeds import FeedIndexes
from api.http import HttpTransport
from api.limits import Limits
from api.pages import Pages
from api.polling import PUBLIC_CAPACITY, ReadyAnswers
from api.revoking import RevocationNews
from api.trusted import TrustedDocuments
from auth.guests import GuestKey
from auth.limits import RateLimits
from auth.links import PictureLinks, picture_links
from auth.sign_in import Door
from auth.tokens import Authenticator
from auth.viewer import Viewer
from domain.matching.index import Feeds
from events.figures import count_courses
from kit.clock import Clock
from kit.limiter import Limiter
from kit.settings import Settings
from providers.album import Album
from providers.pictures import Pictures, pictures_prepared
from realtime.admission import Admission
from realtime.fanout import Fanout
from realtime.heads import FreshHeads, from_log
from realtime.instances import Instances
from realtime.instances_redis import joined
from realtime.kept import Keeper, keeping
from realtime.limits_redis import counted_together
from realtime.presence import Census, SocketLimits
from realtime.runtime import Runtime, running
from realtime.transports.http_stream import StreamSettings
from realtime.transports.socket_settings import SocketSettings
from resolvers.root import core
from schema.context import Context
from schema.whereabouts import Whereabouts

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Process:
    """All that the requests and the sockets of one process share, from its start to its end."""

    runtime: Runtime
    """Settings, database, hub, clock."""
    door: Door
    """Who is let in, and who no more."""
    limits: RateLimits
    """How often people may do what."""
    admission: Admission
    """The connections that there are."""
    census: Census
    """The sockets and streams that there are."""
    fanout: Fanout
    instances: Instances
    """The other processes, and this one among them."""
    engine: Engine
    http: HttpTransport
    pictures: Pictures
    """What prepares pictures."""
    album: Album
    """Where they are kept."""
    links: PictureLinks | None
    """What signs their addresses; without it there are none."""
    sockets: SocketSettings
    pages: Pages
    """What browsers are shown."""


def hold(app: Starlette, process: Process) -> None:
    """Let an application find what its process holds."""
    app.state.process = process


def process_of(app: Starlette) -> Process:
    """Give what the process of an application holds, once it has started."""
    process: Process = app.state.process
    return process


@asynccontextmanager
async def started(
    settings: Settings, authenticator: Authenticator, album: Album, *, clock: Clock, graphiql: dict[str, Any] | None
) -> AsyncIterator[Process]:
    """Build and start all parts of a process, and stop them at the end."""
    async with running(settings, clock=clock, on_commit=[count_courses]) as runtime:
        if not settings.redis_url:
            log.info("no REDIS_URL: one process needs none; several would hear of each other faster with one")
        if authenticator.guests is None:
            log.info("no GUEST_TOKEN_SECRET: no household can exchange its code for a token")
        fanout, census, limiter = Fanout(runtime.hub), census_of(settings), Limiter()
        limits, news = RateLimits(settings, limiter), RevocationNews(runtime)
        door = Door(authenticator, limits, news.revocations, news.meet)
        feeds = FeedIndexes(runtime.hub, runtime.database)
        async with (
            joined(runtime, census=census, rooms=fanout.census) as instances,
            counted_together(limiter, settings.redis_url, clock),
            news.heard(),
            pictures_prepared() as pictures,
            feeds.kept(),
            keeping(settings.redis_url, clock) as keeper,
        ):
            links = picture_links(settings)
            shown = Pages(settings, graphiql)
            engine = engine_of(
                runtime, instances, limits, links, authenticator.guests, feeds, keeper, examples=shown.examples
            )
            yield Process(
                runtime=runtime,
                door=door,
                limits=limits,
                admission=admission_of(settings),
                census=census,
                fanout=fanout,
                instances=instances,
                engine=engine,
                http=http_of(runtime, engine, door=door, fanout=fanout, census=census),
                pictures=pictures,
                album=album,
                links=links,
                sockets=sockets_of(runtime),
                pages=shown,
            )


def census_of(settings: Settings) -> Census:
    """Count sockets and streams, up to the limits of the settings."""
    return Census(
        SocketLimits(
            in_all=settings.ws_max_connections,
            per_address=settings.ws_max_connections_per_address,
            per_user=settings.ws_max_connections_per_user,
        )
    )


def admission_of(settings: Settings) -> Admission:
    """Count connections from their first byte, up to the limits of the settings."""
    return Admission(
        in_all=settings.http_max_connections,
        per_address=settings.http_max_connections_per_address,
        head_seconds=settings.http_head_timeout / 1000,
        body_seconds=settings.http_body_timeout / 1000,
    )


def engine_of(
    runtime: Runtime,
    instances: Instances,
    limits: RateLimits,
    links: PictureLinks | None = None,
    guests: GuestKey | None = None,
    feeds: Feeds | None = None,
    keeper: Keeper | None = None,
    examples: Iterable[str] = (),
) -> Engine:
    """Make the GraphQL engine of a process. `examples` are documents that GraphiQL offers: they always run."""
    settings, whereabouts = runtime.settings, Whereabouts(runtime.database)

    def make_context(viewer: Viewer | None) -> Context:
        return Context(
            whereabouts=whereabouts,
            viewer=viewer,
            now=runtime.clock(),
            database=runtime.database,
            work=runtime.work,
            instances=instances,
            limits=limits,
            guests=guests,
            links=links,
            feeds=feeds,
            keeper=keeper,
            settings=settings,
        )

    return Engine(
        core,
        make_context=make_context,
        introspection=settings.allows_introspection,
        suggestions=not settings.in_production,
        limits=Limits.of(settings),
        between=runtime.hub.between,
        compare=settings.compare_answers,
        trusted=TrustedDocuments.read(
            settings.persisted_documents, only=settings.persisted_documents_only, also=examples
        ),
    )


def http_of(runtime: Runtime, engine: Engine, door: Door, fanout: Fanout, census: Census) -> HttpTransport:
    """Make what answers GraphQL over HTTP."""
    settings, hub = runtime.settings, runtime.hub
    ready, public = ReadyAnswers(hub.head), ReadyAnswers(hub.head, capacity=PUBLIC_CAPACITY)

    def forget(stream: str) -> None:
        ready.forget(stream)
        public.forget(stream)

    hub.on_forgotten = forget
    return HttpTransport(
        engine,
        door,
        runtime.clock,
        ready=ready,
        public=public,
        heads=FreshHeads(from_log(runtime.database)),
        fanout=fanout,
        census=census,
        streams=StreamSettings(
            heartbeat=settings.ws_heartbeat_interval / 1000,
            stall_timeout=settings.ws_stall_timeout / 1000,
            stop_spread=settings.ws_stop_spread / 1000,
        ),
        origins=settings.allowed_origins,
    )


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
