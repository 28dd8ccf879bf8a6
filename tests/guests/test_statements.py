"""How often what happens a hundred times an evening speaks to the database, however many it is about."""

import pytest

from tests.guests.test_door import codes
from tests.guests.test_files import take
from tests.guests.test_invitations import redeem
from tests.house.statements import listed, statements

SCAN = "mutation($i: CheckInGuestInput!) { checkInGuest(input: $i) { cursor problems { code } } }"


@pytest.mark.parametrize(("guests", "whole"), [(1, False), (8, True)])
async def test_a_scan(party, guests, whole):
    await party.invite("Vado", *(f"Guest {number}" for number in range(guests)))
    await party.answer("Vado")
    given = {"occasionId": party.id, "code": (await codes(party))["Guest 0 Vado"], "wholeHousehold": whole}
    with statements(party.server) as sent:
        answer = await party.server.run(SCAN, who=party.planner, i=given)
    assert answer.data["checkInGuest"]["problems"] == []
    assert len(sent) == 7, listed(sent)


async def test_a_code_that_is_redeemed_for_the_first_time_and_again(party):
    vado = await party.invite("Vado", "Isla")
    for count in (4, 1):
        with statements(party.server) as sent:
            assert (await redeem(party.server, vado["code"]))["problems"] == []
        assert len(sent) == count, listed(sent)


@pytest.mark.parametrize("guests", [1, 300])
async def test_a_file_of_any_length(party, guests):
    text = "Household,First name\n" + "".join(f"House {number // 3},Guest {number}\n" for number in range(guests))
    for apply, count in ((False, 3), (True, 6)):
        with statements(party.server) as sent:
            assert (await take(party, text, apply=apply))["problems"] == []
        assert len(sent) == count, listed(sent)
