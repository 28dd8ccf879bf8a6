"""One server for all tests of HTTP that leave it as it is."""

from collections.abc import AsyncIterator

import pytest_asyncio

from api.app import create_app
from kit.settings import Settings
from tests.harness import HeldClock, Server, serving


@pytest_asyncio.fixture(scope="package")
async def site(settings: Settings) -> AsyncIterator[Server]:
    """A server that many tests share."""
    clock = HeldClock()
    async with serving(create_app(settings, with_jobs=False, clock=clock), clock) as running:
        yield running
