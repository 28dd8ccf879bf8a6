"""R15: the issuer's keys are out of reach. Run it by hand: python -m tests.faults.r15_keys_out_of_reach [clients]

Clients of the npm package graphql-ws, with nothing set, follow a club at a server that checks tokens by published keys.
The keys go out of reach, another server takes over that knows none, and the issuer changes its key meanwhile. After two
minutes the keys are there again. Everybody has to come back by itself, and to hear everything.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from kit.clock import utc_now
from kit.ids import public_id
from tests.auth.issuer import published, serving, sign_as
from tests.clients.client import Client, network, running
from tests.clients.conftest import node_with_clients
from tests.faults.report import Verdict, tell, total
from tests.faults.stage import Stage, faults_in, run, stage
from tests.harness import World, found_world
from tests.program import Running, serving_program
from tests.realtime.sockets import EVENTS, rename

AWAY_SECONDS = 120
BACK_WITHIN = 60.0


class Crowd:
    """The clients, and what they have seen."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def seen(self) -> dict[str, Any]:
        """Ask what they have seen so far."""
        return await self._client.ask("seen")

    async def all_have(self, name: str, *, within: float) -> float:
        """Wait until everybody has heard a name; give the seconds that it took."""
        began = time.monotonic()
        while not all(name in names for names in (await self.seen())["names"]):
            if time.monotonic() - began > within:
                break
            await asyncio.sleep(0.5)
        return time.monotonic() - began


@asynccontextmanager
async def crowd(address: str, size: int, *, token_file: Path, **room: Any) -> AsyncIterator[Crowd]:
    """Let so many clients follow a club."""
    given = {"tokenFile": str(token_file), "clients": size, **room}
    node = node_with_clients()
    if not node:
        sys.exit("This needs Node and npm.")
    url = f"{address.replace('http', 'ws', 1)}/graphql"
    async with running(node, "crowd.js", url=url, query=EVENTS, **given) as client:
        yield Crowd(client)


def checking(here: Stage, issuer: Any) -> AbstractAsyncContextManager[Running]:
    """Run a server that checks tokens by the issuer's keys."""
    return serving_program(
        folder=here.folder,
        data_dir=here.folder,
        INSTANCE_NAME="checking",
        JWT_ALGORITHM="ES256",
        JWT_JWKS_URL=issuer.url,
        WS_MAX_CONNECTIONS_PER_ADDRESS="10000",
        WS_MAX_CONNECTIONS_PER_USER="10000",
        HTTP_MAX_CONNECTIONS_PER_ADDRESS="10000",
        **here.shared,
    )


def token(world: World, key: str) -> str:
    """Sign a token of the club's staff."""
    tenant, end = public_id("tenant", world.tenant_id), utc_now() + timedelta(hours=1)
    return sign_as("ES256", key, tenantId=tenant, clubIds=[world.club], roles=["STAFF"], exp=int(end.timestamp()))


async def experiment(size: int, folder: Path) -> None:
    names = ["Before", "Meanwhile", "After"]
    key_file = folder / "token"
    with serving(published("ES256", "first")) as issuer:
        async with stage(folder) as here, here.program("changing") as (_, changing):
            world = await found_world(changing)
            key_file.write_text(token(world, "first"))
            start = await rename(world, "Start")
            first = AsyncExitStack()
            before = await first.enter_async_context(checking(here, issuer))
            async with (
                network(before.url) as (between, address),
                crowd(address, size, token_file=key_file, club=world.club, after=start) as followers,
            ):
                await rename(world, names[0])
                await followers.all_have(names[0], within=BACK_WITHIN)
                issuer.status = 503
                async with checking(here, issuer) as after:
                    between.lead_to(after.url)
                    await first.aclose()
                    issuer.publish(published("ES256", "second"))
                    key_file.write_text(token(world, "second"))
                    await rename(world, names[1])
                    await asyncio.sleep(AWAY_SECONDS)
                    issuer.status = 200
                    took = await followers.all_have(names[1], within=BACK_WITHIN)
                    await rename(world, names[2])
                    await followers.all_have(names[2], within=BACK_WITHIN)
                    seen = await followers.seen()
    faults = faults_in(before) + faults_in(after)
    tell(
        f"R15: {size} sockets come back while the keys of their tokens are out of reach for {AWAY_SECONDS} s",
        total([Verdict.of(heard, expected=names) for heard in seen["names"]]),
        promised={
            "nobody gives up": not seen["failed"],
            "no good token is refused": "4403" not in seen["codes"] and "4500" not in seen["codes"],
            f"all are back within {BACK_WITHIN:g} s": took < BACK_WITHIN,
            "nothing is logged as a fault": not faults,
        },
        close_codes=seen["codes"],
        given_up=len(seen["failed"]),
        back_after=f"{took:.1f} s",
        faults=faults[:3] or "none",
    )


if __name__ == "__main__":
    run(experiment, size=500)
