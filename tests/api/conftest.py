"""One server for all tests of HTTP that leave it as it is."""

import pytest_asyncio

from api.app import create_app
from tests.harness import HeldClock, serving


@pytest_asyncio.fixture(scope="package")
async def site(settings):
    """A server that many tests share."""
    clock = HeldClock()
    async with serving(create_app(settings, with_jobs=False, clock=clock), clock) as running:
        yield running
