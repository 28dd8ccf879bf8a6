"""A server that is killed between commit and publish, by its own hand.

For each line of standard input a fresh process serves: after `deadly`, until its first change is committed; after
anything else, until more input comes. It writes its address when it is ready. Processes are forked from one that has
imported everything, which takes most of a start.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace

from api.app import create_app
from api.process import engine_of, hold, http_of
from events.log import Logged
from events.work import UnitOfWork
from kit.logs import configure_logs
from kit.settings import load_settings
from tests.harness import HeldClock, Server, serving


async def die(_news: Sequence[Logged]) -> None:
    """Die instead of publishing, as nothing can be cleaned up after SIGKILL."""
    os.kill(os.getpid(), signal.SIGKILL)


def make_deadly(server: Server) -> None:
    """Let the server's changes be published by `die`."""
    process, runtime = server.process, server.runtime
    deadly = replace(runtime, work=UnitOfWork(runtime.database, die))
    engine = engine_of(deadly, process.instances, process.limits, process.links)
    http = http_of(runtime, engine, door=process.door, fanout=process.fanout, census=process.census)
    hold(server.app, replace(process, engine=engine, http=http))


async def serve(*, deadly: bool) -> None:
    settings, clock, more_input = load_settings(), HeldClock(), asyncio.Event()
    configure_logs(settings)
    asyncio.get_running_loop().add_reader(sys.stdin, more_input.set)
    async with serving(create_app(settings, with_jobs=False, clock=clock), clock) as server:
        if deadly:
            make_deadly(server)
        print(server.url, flush=True)  # noqa: T201 - for the test that has started this
        await more_input.wait()


def main() -> None:
    while line := os.read(0, 100):
        child = os.fork()
        if child == 0:
            asyncio.run(serve(deadly=line == b"deadly\n"))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(-os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 - the signal that it died by


if __name__ == "__main__":
    main()
