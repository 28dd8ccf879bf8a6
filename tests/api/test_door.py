"""Layers that an operator puts around the application, and mounts it beneath."""

from contextlib import asynccontextmanager
from dataclasses import replace

from fastapi import FastAPI

from api.app import create_app
from api.process import process_of
from tests.harness import HeldClock, serving
from tests.realtime.sockets import ME, SOMEBODY


class Tracer:
    """A layer that notes what it sees of each request, as tracing does."""

    def __init__(self, app, *, seen):
        self._app, self._seen = app, seen

    async def __call__(self, scope, receive, send):
        async def noted(message):
            if message["type"] == "http.response.start":
                self._seen.append((scope["type"], scope["path"], message["status"]))
            await send(message)

        if scope["type"] == "websocket":
            self._seen.append((scope["type"], scope["path"], None))
        await self._app(scope, receive, noted)


@asynccontextmanager
async def mounted(app, clock):
    @asynccontextmanager
    async def lifespan(_):
        async with app.router.lifespan_context(app) as state:
            yield state

    outer = FastAPI(lifespan=lifespan)
    outer.mount("/golf", app)
    async with serving(outer, clock) as server:
        yield server


async def asked(server):
    """Ask by HTTP and by WebSocket, and for what goes the framework's way."""
    assert (await server.run(ME, who=SOMEBODY)).data == {"viewer": {"userId": SOMEBODY.user_id}}
    for path, status in (("healthz", 200), ("nowhere/graphql", 404)):
        assert (await server.http.get(f"{server.url}/{path}")).status_code == status
    async with server.socket(SOMEBODY) as socket:
        await socket.subscribe(ME)
        assert (await socket.event()) == {"userId": SOMEBODY.user_id}


async def test_a_layer_around_the_application_sees_all_that_comes(settings):
    for outer, path in ((serving, ""), (mounted, "/golf")):
        clock, seen = HeldClock(), []
        app = create_app(settings, with_jobs=False, clock=clock)
        app.add_middleware(Tracer, seen=seen)
        async with outer(app, clock) as server:
            await asked(replace(server, url=server.url + path))
            assert process_of(app).admission.counted > 0
        assert seen == [
            ("http", f"{path}/graphql", 200),
            ("http", f"{path}/healthz", 200),
            ("http", f"{path}/nowhere/graphql", 404),
            ("websocket", f"{path}/graphql", None),
        ]
