"""No text that people type is kept with something in it that nobody can see: each field refuses it by its own name."""

from dataclasses import replace

import pytest

from tests.house.test_strings import refusals
from tests.house.walk import texts

UNSEEN = "A\u200bna"
NOT_KEPT = {"after", "csv", "code"}
"""Cursors, a file, of which each field is cleaned by itself, and codes."""
TENANTS_OWN = {"createClub", "revokeTokens"}
"""What only admins of the whole tenant may do."""


@pytest.mark.parametrize("spot", [spot for spot in texts("String") if spot.path[-1] not in NOT_KEPT], ids=str)
async def test_no_text_is_kept_with_something_unseen_in_it(house, spot):
    who = replace(house.viewer, club_ids=()) if spot.field in TENANTS_OWN else house.viewer
    answer = await house.ask(spot, UNSEEN, who)
    assert "INVALID_INPUT" in refusals(answer), answer
    assert spot.path[-1] in str(answer)
