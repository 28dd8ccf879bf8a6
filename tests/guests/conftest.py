"""What tests of the guests are given."""

import pytest_asyncio

from tests.guests.followed import Followed
from tests.guests.party import Party, found_party
from tests.harness import World


@pytest_asyncio.fixture
async def party(world: World) -> Party:
    """A published occasion without a bound of its places."""
    return await found_party(world)


@pytest_asyncio.fixture
async def bounded(world: World) -> Party:
    """An occasion with six places, two households, and room for both."""
    party = await found_party(world, capacity=6)
    await party.invite("Vado", "Isla", "Teo", plusOnes=1)
    await party.invite("Lindero", "Sol", "Mar")
    return party


@pytest_asyncio.fixture
async def desk(bounded: Party) -> Followed:
    return Followed(bounded)


@pytest_asyncio.fixture
async def home(bounded: Party) -> Followed:
    return Followed(bounded, "Vado")


@pytest_asyncio.fixture
async def guests(party: Party) -> Party:
    """An occasion with two households, of whom each has a token."""
    await party.invite("Vado", "Isla", "Teo")
    await party.invite("Lindero", "Sol")
    return party
