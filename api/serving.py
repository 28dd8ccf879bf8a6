"""Running the server: its port, its processes, its demo."""

import errno
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.scrape import own_figures, shared_figures
from demo.examples import DemoStart, demo_start, demo_tokens, graphiql_config, print_demo
from demo.load import load_demo
from demo.playing import play_on
from demo.portraits import show_photos
from events.figures import count_courses
from jobs.worker import WORKER_CONNECTIONS, work_off_jobs
from kit.clock import utc_now
from kit.database import crowded, few_of
from kit.errors import SetupError
from kit.garbage import look_less_often_for_garbage
from kit.logs import configure_logs
from kit.settings import Settings, load_settings
from kit.signals import end_when_hung_up, run_until_told
from providers.album import Album
from providers.payments.choice import payments_of
from providers.storage import storage_of
from realtime.runtime import running
from realtime.transports.uvicorn_http import StreamHttp
from realtime.transports.uvicorn_socket import FrameSocket

GRAPHIQL = "FAIRWAY_GRAPHIQL"
JOBS = "FAIRWAY_JOBS"
STOP_SECONDS = 4
KEEP_ALIVE_SECONDS = 75
"""Seconds for which a connection is kept that asks for nothing: longer than between two polls."""


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """Take the port before anything else is started. Raises SetupError when it can't be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Where the protocol is not named, asyncio leaves Nagle's algorithm on, which holds answers up by 40 milliseconds.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    cut_those_who_take_nothing(listener, after=settings.ws_pong_timeout)
    try:
        listener.bind((settings.host, settings.ws_port))
        listener.listen(2048)
        listener.set_inheritable(True)
    except (OSError, TypeError, ValueError) as error:  # the last two, where a host is no name at all
        listener.close()
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            reason = (
                f"Port {settings.ws_port} of {settings.host} is taken by another program. Choose another with --port."
            )
        else:
            why = getattr(error, "strerror", None) or error
            reason = f"Fairway can't listen on {settings.host}:{settings.ws_port}: {why}. Choose another --host."
        raise SetupError(message=reason) from error
    with listener:
        yield listener


def cut_those_who_take_nothing(listener: socket.socket, *, after: int) -> None:
    """Have the system end connections whose client takes nothing for so many milliseconds, or has gone unnoticed.

    By itself it tries for a quarter of an hour, and for ever where the client answers that it has no room.
    """
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # on Linux; what the listener has, its connections get
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, after)


def serve(
    settings: Settings,
    listener: socket.socket,
    *,
    demo: bool,
    workers: int,
    jobs: bool,
    say: Callable[[str], None],
    show: Callable[[str], None],
) -> None:
    """Serve until stopped. `say` tells people how it goes, `show` gives what was asked for: links and tokens."""
    if demo and "weather_provider" not in settings.model_fields_set:
        settings = settings.model_copy(update={"weather_provider": "demo"})
        say("The demo's weather is made up; WEATHER_PROVIDER=open-meteo shows the real one.")
    if demo and "demo_plays" not in settings.model_fields_set:
        settings = settings.model_copy(update={"demo_plays": True})
    if demo and "payment_provider" not in settings.model_fields_set:
        settings = settings.model_copy(update={"payment_provider": "twin"})
        say("Deposits are paid on a page that moves no money; PAYMENT_PROVIDER=stripe takes them.")
    if demo and not settings.smtp_url.get_secret_value() and settings.outbox_dir is None:
        outbox = settings.fairway_data_dir.expanduser().resolve() / "outbox"
        made_up = {"outbox_dir": outbox, "vapid_subject": settings.vapid_subject or "mailto:demo@fairway.example"}
        settings = settings.model_copy(update=made_up)
        say("E-mails and pushes are not sent: /outbox shows them; SMTP_URL, MAIL_FROM and VAPID_SUBJECT send them.")
    if crowd := run_until_told(crowded_by(settings, workers=workers, jobs=jobs)):
        say(crowd)
    config = None
    address = listener.getsockname()
    host = "localhost" if address[0] in {"127.0.0.1", "0.0.0.0", "::", "::1"} else address[0]  # noqa: S104 - compared only
    base = f"http://{host}:{address[1]}"
    settings = settings.model_copy(update={"public_url": settings.public_url or base})
    if demo:
        say("Loading the demo club …")
        start = run_until_told(load_demo_club(settings))
        tokens = demo_tokens(settings)
        config = graphiql_config(tokens, start)
        print_demo(tokens, base=base, say=show, start=start)
    say(f"Fairway serves {base}/graphql. Stop with Ctrl-C.")
    if workers == 1:
        application = create_app(settings, with_jobs=jobs, graphiql=config)
        look_less_often_for_garbage()
        uvicorn.Server(uvicorn_config(application, settings)).run(sockets=[listener])
        return
    hand_over(settings, jobs=jobs, config=config)
    several = uvicorn_config("api.serving:app_of_environment", settings, factory=True, workers=workers)
    from api.workers import Workers  # noqa: PLC0415 - needed here alone

    with shared_figures() as folder:
        Workers(several, [listener], figures=Path(folder)).run()


async def crowded_by(settings: Settings, *, workers: int, jobs: bool) -> str:
    """Say so where the database has hardly as many connections left as processes may want; a pooler has its own."""
    if settings.database_pooled:
        return ""
    pool = settings.database_pool_size
    wanted = pool + 2 * few_of(pool) + (WORKER_CONNECTIONS if jobs else 0)
    return await crowded(settings.system_url, wanted=wanted * workers)


def uvicorn_config(
    application: FastAPI | str, settings: Settings, *, factory: bool = False, workers: int = 1
) -> uvicorn.Config:
    """Configure the server. Frames are not deflated: a shared frame is cheaper to send than to compress for each."""
    return uvicorn.Config(
        application,
        factory=factory,
        workers=workers,
        log_config=None,
        access_log=False,
        loop="uvloop",
        http=StreamHttp,
        ws=FrameSocket,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        ws_max_size=settings.ws_max_message_bytes * 2,
        timeout_graceful_shutdown=STOP_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        server_header=False,
    )


def hand_over(settings: Settings, *, jobs: bool, config: object) -> None:
    """Tell the processes of the same server, by their environment, what this one has found out."""
    os.environ |= {
        "DATABASE_URL": settings.database_url,
        "DATABASE_SYSTEM_URL": settings.database_system_url,
        "JWT_SECRET": settings.jwt_secret.get_secret_value(),
        "GUEST_TOKEN_SECRET": settings.guest_token_secret.get_secret_value(),
        "PUBLIC_URL": settings.public_url,
        "WEATHER_PROVIDER": settings.weather_provider,
        "PAYMENT_PROVIDER": settings.payment_provider,
        "DEMO_PLAYS": str(settings.demo_plays),
        "VAPID_PRIVATE_KEY": settings.vapid_private_key.get_secret_value(),
        "VAPID_SUBJECT": settings.vapid_subject,
        **({"OUTBOX_DIR": str(settings.outbox_dir)} if settings.outbox_dir else {}),
        GRAPHIQL: json.dumps(config),
        JOBS: "1" if jobs else "0",
    }


def app_of_environment() -> FastAPI:
    """Make the application of one of several processes."""
    end_when_hung_up()
    settings = load_settings()
    configure_logs(settings)
    application = create_app(settings, with_jobs=os.environ[JOBS] == "1", graphiql=json.loads(os.environ[GRAPHIQL]))
    look_less_often_for_garbage()
    return application


def work(settings: Settings, *, metrics_port: int | None, say: Callable[[str], None]) -> None:
    """Work off jobs until stopped, and tell figures where a port is given."""
    with nullcontext() if metrics_port is None else own_figures(settings.host, metrics_port) as port:
        figures = "" if port is None else f" Figures are told at http://{settings.host}:{port}/metrics."
        if crowd := run_until_told(crowded_by(settings, workers=1, jobs=True)):
            say(crowd)
        say(f"Working off jobs.{figures} Stop with Ctrl-C.")
        run_until_told(_work(settings))


async def _work(settings: Settings) -> None:
    payments_of(settings, clock=utc_now)  # a secret that is missing is said at once
    async with running(settings, on_commit=[count_courses]) as runtime:
        await work_off_jobs(runtime)


async def load_demo_club(settings: Settings) -> DemoStart:
    """Load the demo club; gives a start that the examples can book."""
    async with running(settings) as runtime:
        await load_demo(runtime.work, now=utc_now())
        if settings.demo_plays:
            await play_on(runtime.work, now=utc_now())
        await show_photos(runtime.work, Album(storage_of(settings)), now=utc_now())
        return await demo_start(runtime.database, now=utc_now())
