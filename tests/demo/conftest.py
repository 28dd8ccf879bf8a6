"""The demo, loaded once for all tests of it."""

from collections.abc import AsyncIterator

import pytest_asyncio

from demo.load import load_demo
from kit.postgres import EmbeddedPostgres
from tests.demo.demos import NOW, Demo, opened


@pytest_asyncio.fixture(scope="package")
async def loaded(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """The name of a database into which the demo was loaded once, for tests to copy."""
    async with opened(postgres, "demo_loaded") as demo:
        assert await load_demo(demo.work, now=NOW)
        await demo.database.close()
        yield "demo_loaded"


@pytest_asyncio.fixture
async def demo(postgres: EmbeddedPostgres, loaded: str) -> AsyncIterator[Demo]:
    """A copy of the loaded demo of the test's own."""
    async with opened(postgres, "demo_copy", template=loaded) as copy:
        yield copy
