"""What tests of the guests are given."""

import pytest_asyncio

from tests.guests.party import Party, found_party
from tests.harness import World


@pytest_asyncio.fixture
async def party(world: World) -> Party:
    """A published occasion without a bound of its places."""
    return await found_party(world)
