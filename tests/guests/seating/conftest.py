"""What tests of the seating are given."""

import pytest_asyncio

from tests.guests.party import Party
from tests.guests.seating.floor import Floor


@pytest_asyncio.fixture
async def floor(party: Party) -> Floor:
    """A dinner with two tables of four and one of two, and three households of six guests in all."""
    made = Floor(party)
    await party.invite("Vado", "Isla", "Teo", "Mar")
    await party.invite("Lindero", "Sol", "Luz")
    await party.invite("Ribera", "Noa")
    await made.set_table("North")
    await made.set_table("South")
    await made.set_table("East", 2)
    return made
