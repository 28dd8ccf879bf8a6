"""A ballot on the board: announced and drawn by a desk, entered by a player, and seen by both as it goes on."""

import asyncio
from datetime import date, timedelta

import pytest
from playwright.async_api import expect

from tests.browser.test_board import FREE, board, run, serious, undo
from tests.browser.test_views import run_as, sign_in
from tests.patience import PATIENCE

pytestmark = pytest.mark.browser

ANNOUNCE = """mutation($input: AnnounceBallotInput!) {
  announceBallot(input: $input) { ballot { id } problems { code message } }
}"""
CLOSE = """mutation($b: ID!, $now: DateTime!) {
  updateBallot(input: { ballotId: $b, closesAt: $now }) { problems { code message } }
}"""
DRAW = "query($b: ID!) { ballot(id: $b) { draw { results { choice } } } }"
LONG_AGO = "2026-01-01T00:00:00Z"


async def late_starts(page, demo):
    """Give three starts in the afternoon of the sheet that is shown: by now nobody else needs them."""
    sheet = None
    async with asyncio.timeout(PATIENCE):  # a page that has just been opened may still find out what it shows
        while sheet is None:
            course, day = await page.locator("#course").input_value(), await page.locator("#day").input_value()
            sheet = (await run(demo, FREE, c=course, d=day))["teeSheet"]
    starts = [one["localTime"][:5] for one in sheet["teeTimes"] if one["localTime"] >= "15"]
    return course, day, starts[:3]


async def test_a_desk_announces_a_ballot_by_hand_and_takes_it_back(browser, demo, axe):
    async with board(browser, demo, days=5) as page:
        _, day, (first, _, last) = await late_starts(page, demo)
        before = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
        panel = page.get_by_role("region", name="Ballot")
        await panel.get_by_text("Sell by draw…").click()
        for label, value in (("First start", first), ("Last start", last)):
            await panel.get_by_label(label).fill(value)
        await panel.get_by_label("Entries close").fill(f"{before}T18:00")
        await panel.get_by_label("The rest goes on sale").fill(f"{before}T12:00")
        await panel.get_by_role("button", name="Sell by draw").click()
        await expect(panel.get_by_role("alert")).to_contain_text("after the draw")
        await panel.get_by_label("The rest goes on sale").fill(f"{before}T20:00")
        await panel.get_by_role("button", name="Sell by draw").click()
        one = panel.get_by_role("listitem").filter(has_text=f"Starts {first} to {last}")
        await expect(one).to_contain_text("Taking entries")
        await expect(one).to_contain_text("0 entries, 0 places wanted, 12 left")
        assert await serious(page, axe) == []
        await page.locator("main").focus()
        await undo(page, "The ballot is announced.")
        await expect(one).to_contain_text("Cancelled")


async def test_a_player_enters_and_the_desk_draws_and_releases_the_rest(browser, demo):
    async with board(browser, demo, days=6) as page, board(browser, demo, days=6) as phone:
        await sign_in(phone, "Member")
        course, day, starts = await late_starts(page, demo)
        given = {
            "courseId": course,
            "date": day,
            "firstStart": starts[0],
            "lastStart": starts[2],
            "name": "Heron Sunday",
        }
        given |= {"byHand": True, "closesAt": f"{day}T10:00:00Z", "releasesAt": f"{day}T11:00:00Z"}
        made = (await run(demo, ANNOUNCE, input=given))["announceBallot"]
        assert made["problems"] == []
        ballot = made["ballot"]["id"]
        there, here = (
            where.get_by_role("region", name="Ballot").get_by_role("listitem").filter(has_text="Heron Sunday")
            for where in (page, phone)
        )
        wishes = here.get_by_label("Your wishes, the dearest first")
        for start in (starts[1], starts[0]):
            await wishes.select_option(f"Add {start}")
        await here.get_by_label("Players").select_option("2")
        await here.get_by_role("button", name="Enter the ballot").press("Enter")
        for shown in (here, there):
            await expect(shown).to_contain_text("1 entry, 2 places wanted, 12 left")
            await expect(shown).to_contain_text(f"Wishes: {starts[1]}, {starts[0]}")
        await expect(there).to_contain_text("Ada Merrow")
        assert (await run(demo, CLOSE, b=ballot, now=LONG_AGO))["updateBallot"]["problems"] == []
        for shown in (here, there):
            await expect(shown).to_contain_text("Closed, to be drawn")
        await expect(here.get_by_role("button")).to_have_count(0)
        await there.get_by_role("button", name="Draw now").press("Enter")
        for shown in (here, there):
            await expect(shown).to_contain_text(f"{starts[1]}, choice 1")
            await expect(shown).to_contain_text("10 left")
        await expect(there.get_by_role("button", name="Cancel the ballot")).to_have_count(0)
        await expect(page.locator(".tile").filter(has_text="Ada Merrow")).to_have_count(2)  # and her guest
        drawn = (await run_as(demo, "Member", DRAW, b=ballot))["ballot"]["draw"]
        assert drawn == {"results": [{"choice": 1}]}
        await there.get_by_role("button", name="Release the rest now").press("Enter")
        for shown in (here, there):
            await expect(shown).to_contain_text("On open sale")
