"""R20: tokens are revoked. Run it by hand: python -m tests.faults.r20_tokens_revoked [sockets]

A user's sockets and event streams follow a club at two processes, and the user polls at both, while others follow
beside. An administrator revokes the user's tokens at one process: once with Redis, and once, for another user, after
Redis was killed. All that the user has must end at both processes, and nothing that the others have.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from tests.api.poller import ASK, parameters_of
from tests.faults.followers import Follower, all_have_heard, following
from tests.faults.report import Verdict, tell, total
from tests.faults.stage import faults_in, run, stage
from tests.faults.stream_followers import StreamFollower
from tests.harness import Server, Who, World, found_world
from tests.patience import PATIENCE
from tests.realtime.sockets import ME, rename
from tests.realtime.support import until

REVOKE = """mutation($input: RevokeTokensInput!) { revokeTokens(input: $input) {
    revocation { subject } problems { code message } } }"""
STREAMS = 10
OTHERS = 20
WITH_REDIS = 1.0
WITHOUT = 5.0
UNTIL_NEWER = 1.1
"""Seconds after which a token is older than what is revoked now: tokens say the second in which they were issued."""


@dataclass
class Ended:
    """When a user's access ended, in seconds after the administrator had an answer."""

    sockets: float
    streams: float
    polls: float
    codes: set[int | None]
    last_words: list[str]

    @property
    def latest(self) -> float:
        """When the last of it did."""
        return max(self.sockets, self.streams, self.polls)

    def __str__(self) -> str:
        """Say it in words."""
        shown = {"sockets": self.sockets, "streams": self.streams, "polls": self.polls}
        return ", ".join(f"{what} after {seconds:.2f} s" for what, seconds in shown.items())


async def _refused(server: Server, http: httpx.AsyncClient, token: str) -> float:
    """Poll until the token is refused; tell when that was."""
    headers = ASK | {"Authorization": f"Bearer {token}"}
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await http.get(f"{server.url}/graphql", params=parameters_of(ME, {}), headers=headers)
            if answer.status_code == 401:
                return time.monotonic()
            await asyncio.sleep(0.02)


async def _end_all(world: World, start: str, who: Who, servers: Sequence[Server], *, sockets: int) -> Ended:
    """Let a user follow and poll everywhere, revoke its tokens at the first process, and wait until all has ended."""
    by_socket = [Follower(world, start, who) for _ in range(sockets)]
    by_stream = [StreamFollower(world, start, who) for _ in range(STREAMS)]
    async with AsyncExitStack() as open_, asyncio.TaskGroup() as group:
        limits = httpx.Limits(max_connections=None)
        http = await open_.enter_async_context(httpx.AsyncClient(timeout=30, limits=limits))
        for n, socket in enumerate(by_socket):
            group.create_task(socket.follow(servers[n % len(servers)]))
        for n, stream in enumerate(by_stream):
            group.create_task(stream.follow(servers[n % len(servers)], http))
        await until(lambda: all(one.subscribed for one in by_socket) and all(one.subscribed for one in by_stream))
        token = who.token(servers[0].clock())
        await asyncio.sleep(UNTIL_NEWER)
        polls = [group.create_task(_refused(server, http, token)) for server in servers]
        asked = {"owner": "USER", "subject": who.user_id}
        answer = await world.server.run(REVOKE, who=world.admin, input=asked)
        if answer.data["revokeTokens"]["problems"]:
            raise AssertionError(answer.data)
        revoked = time.monotonic()
    return Ended(
        sockets=max(one.ended for one in by_socket) - revoked,
        streams=max(one.ended for one in by_stream) - revoked,
        polls=max(poll.result() for poll in polls) - revoked,
        codes={one.code for one in by_socket},
        last_words=[word for one in by_stream for word in one.last_words],
    )


async def experiment(sockets: int, folder: Path) -> None:
    """Revoke with Redis, and without."""
    async with stage(folder) as here, here.program("one") as (first, one), here.program("other") as (second, other):
        world, servers = await found_world(one), [one, other]
        start = await rename(world, "Start")
        others = [Follower(world, start, replace(world.staff, user_id=f"other-{n}")) for n in range(OTHERS)]
        async with following(others, servers):
            ended = await _end_all(world, start, replace(world.staff, user_id="ana"), servers, sockets=sockets)
            here.redis.kill()
            alone = await _end_all(world, start, replace(world.staff, user_id="bea"), servers, sockets=sockets)
            await rename(world, "Later")
            happened = await here.names()
            await all_have_heard(others, len(happened))
    faults = faults_in(first) + faults_in(second)
    tell(
        f"R20: tokens revoked of users with {sockets} sockets and {STREAMS} event streams at two processes",
        total([Verdict.of(other.names, expected=happened) for other in others]),
        promised={
            f"all ends within {WITH_REDIS:g} s": ended.latest <= WITH_REDIS,
            f"all ends within {WITHOUT:g} s without Redis": alone.latest <= WITHOUT,
            "sockets are closed with 4403": ended.codes == alone.codes == {4403},
            "nobody else is touched": all(other.code is None for other in others),
            "nothing is logged as a fault": not faults,
        },
        with_Redis=ended,
        without=alone,
        last_words_of_streams=(ended.last_words + alone.last_words)[:2] or "none",
        faults=faults[:3] or "none",
    )


if __name__ == "__main__":
    run(experiment, size=200)
