"""R6: malformed frames. Run it by hand: python -m tests.faults.r06_malformed_frames [frames]

Ten thousand sockets are opened, twenty at a time. Each is acknowledged and then sends one frame that no client may
send: wrong JSON types, brackets without end, ids of thousands of characters, binary data, noise. One in forty is not
even a WebSocket frame. A client beside them that does nothing wrong is to notice nothing.
"""

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from tests.faults.followers import Follower, all_have_heard, following
from tests.faults.light_socket import LightSocket, light_socket
from tests.faults.load import Load
from tests.faults.malformed import PROTOCOL, against_the_rfc, malformed
from tests.faults.report import Verdict, tell
from tests.faults.stage import MIB, faults_in, figure, memory, run, stage
from tests.harness import Server, found_world
from tests.realtime.sockets import rename

AT_A_TIME = 20
WARM_UP = 1_000
GROWS_BY = 10 * MIB
CLOSED_WITHIN = 10.0


@dataclass
class Mischief:
    """Sends frames, each on a socket of its own, and notes the codes that these are closed with."""

    server: Server
    codes: Counter[int | None] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)

    async def send_all(self, frames: Iterable[tuple[bytes, int]]) -> None:
        source = iter(frames)

        async def send_some() -> None:
            for frame, code in source:
                await self.send(frame, code)

        await asyncio.gather(*(send_some() for _ in range(AT_A_TIME)))

    async def send(self, frame: bytes, expected: int) -> None:
        def hear(socket: LightSocket, message: bytes) -> None:
            if b'"connection_ack"' in message:
                socket.transport.write(frame)

        code = None
        with suppress(TimeoutError):
            async with light_socket(self.server.url, hear) as socket, asyncio.timeout(CLOSED_WITHIN):
                socket.send(b'{"type":"connection_init"}')
                code = await socket.closed
        self.codes[code] += 1
        if code != expected:
            self.surprises.append(f"{code} instead of {expected} for {frame[:60]!r}")


def frames(count: int, seed: int) -> Iterable[tuple[bytes, int]]:
    dice, others = random.Random(seed), cycle(against_the_rfc())
    for number in range(count):
        yield next(others) if number % 40 == 0 else (malformed(dice), PROTOCOL)


async def experiment(count: int, folder: Path) -> None:
    seed = int(os.environ.get("SEED", "6"))
    async with stage(folder) as here, here.program("one") as (running, one):
        world = await found_world(one)
        good = Follower(world, await rename(world, "Start"))
        mischief, load = Mischief(one), Load(lambda: [world])
        async with following([good], [one]):
            async with load.running(per_second=5):
                await mischief.send_all(frames(WARM_UP, seed + 1))
                before, began = memory(running), time.monotonic()
                await mischief.send_all(frames(count // 2, seed))
                half = memory(running) - before
                await mischief.send_all(frames(count // 2, seed + 2))
                took, grown = time.monotonic() - began, memory(running) - before
            happened = await here.names()
            await all_have_heard([good], len(happened))
            left = await figure(one, "teesheet_ws_connections_active") - 1
    faults = faults_in(running)
    tell(
        f"R6: {count} malformed frames, after {WARM_UP} to warm up",
        Verdict.of(good.names, expected=happened),
        promised={
            "each socket is closed with the code that its frame deserves": not mischief.surprises,
            "nothing is logged as a fault": not faults,
            "memory grows by 10 MiB at most": grown <= GROWS_BY,
            "no socket is left open": left == 0,
            "no mutation fails": not load.failures,
            "who does nothing wrong is not closed": good.code is None,
        },
        close_codes=dict(mischief.codes.most_common()),
        surprises=mischief.surprises[:5] or "none",
        seconds=f"{took:.1f}",
        memory_grown_by=f"{grown / MIB:.1f} MiB, {half / MIB:.1f} MiB of it in the first half",
        changes_that_the_other_client_heard=len(good.names),
        longest_answer_to_a_change=f"{load.slowest():.2f} s",
        faults=faults[:3] or "none",
    )


if __name__ == "__main__":
    run(experiment, size=10_000)
