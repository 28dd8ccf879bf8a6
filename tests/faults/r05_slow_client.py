"""R5: a client that never reads. Run it by hand: python -m tests.faults.r05_slow_client [events]

Two clients follow a stream whose events are answered by 50 kB each; one of them never reads. What the process takes in
memory, whether the other one noticed, and what became of the one who did not read, is printed.
"""

import asyncio
import sys

from tests.faults.report import Verdict, tell
from tests.harness import HeldClock, serving
from tests.realtime.support import until
from tests.realtime.test_slow_clients import MIB, Room, following, memory, reading


async def experiment(events: int) -> None:
    clock, room = HeldClock(), Room(stall=2.0)
    async with serving(room.app(clock), clock) as server, reading(server, room) as good:
        async with following(server, room) as deaf:
            await room.happen(100, heard_by=good)
            before = memory()
            await room.happen(events - 100, heard_by=good)
            grown = memory() - before
            await until(lambda: room.subscribers() == 1)  # it would catch up if it read any earlier
            code, _ = await deaf.closed()
        happened = [str(position) for position in range(2, events + 2)]
        tell(
            f"R5: {events} events of 50 kB beside a client that never reads",
            Verdict.of([str(position) for position in good.heard], expected=happened),
            promised={
                "memory grows by less than 30 MiB": grown < 30 * MIB,
                "the other one notices nothing": good.longest < 1.0,
                "the deaf one is cut off": code == 1006,
            },
            memory_grown_by=f"{grown / MIB:.1f} MiB",
            longest_silence_for_the_other=f"{good.longest * 1000:.0f} ms",
            close_code_of_the_deaf_one=code,
        )


if __name__ == "__main__":
    asyncio.run(experiment(int(sys.argv[1]) if len(sys.argv) > 1 else 3_000))
