"""A desk's hour and a caddie master's morning by keys alone: the focus is never lost, and each result is said."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.test_board import CLEAR, board, free_start, run, tile
from tests.program import Running

pytestmark = pytest.mark.browser

# What a page is told by a hand that points, and where the focus went when it was nowhere.
WATCH = """(() => {
  window.pointed = [];
  for (const type of ['pointerdown', 'mousedown', 'touchstart'])
    addEventListener(type, (event) => pointed.push(type), true);
})()"""
ADD = """mutation($c: ID!) {
  addPlayer(input: { clubId: $c, firstName: "Vera", lastName: "Sallow", priceClass: MEMBER, memberNumber: "M-4812" }) {
    player { id } problems { code } } }"""
CLUB = "query($c: ID!) { node(id: $c) { ... on Course { clubId } } }"
MOST = 120


@asynccontextmanager
async def by_keys(browser: Browser, demo: Running, **opened: Any) -> AsyncIterator[Page]:
    """A board that nobody points at."""
    async with board(browser, demo, **opened) as page:
        await page.evaluate(WATCH)
        yield page
        assert await page.evaluate("pointed") == []


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Go to something by Tab, or another key, as often as it takes."""
    await expect(wanted).to_be_visible()
    for _ in range(MOST):
        if await wanted.evaluate("(element) => element === document.activeElement"):
            return
        await page.keyboard.press(key)
    pytest.fail(f"{wanted} is not reached by {key}")


async def go_to(page: Page, row: Locator, number: int) -> None:
    """Go to a place of the sheet by the arrows."""
    column = "(row) => [...row.querySelectorAll('.tile')].indexOf(document.activeElement)"
    above = "(row) => Boolean(document.activeElement.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_PRECEDING)"
    await expect(row).to_be_visible()
    await page.keyboard.press("ArrowUp")  # from wherever one is to the sheet
    for _ in range(MOST):
        if await row.evaluate("(row) => row.contains(document.activeElement)"):
            break
        await page.keyboard.press("ArrowUp" if await row.evaluate(above) else "ArrowDown")
    at = await row.evaluate(column)
    await press(page, *(["ArrowRight"] * (number - 1 - at)), *(["ArrowLeft"] * (at - number + 1)))
    await expect(tile(row, number)).to_be_focused()


async def said(page: Page, what: str) -> None:
    """Wait until what was done is said where screen readers hear it, with the focus still on the page."""
    status = page.get_by_role("status").filter(has_text=what)
    await expect(status).to_have_count(1)
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await somewhere(page)


async def somewhere(page: Page) -> None:
    await expect(page.locator("body")).not_to_be_focused()


async def test_a_desk_finds_books_changes_splits_moves_and_takes_back(browser, demo):
    async with by_keys(browser, demo, days=5) as page:
        row, _ = await free_start(page, demo)
        course = await page.locator("#course").input_value()
        club = (await run(demo, CLUB, c=course))["node"]["clubId"]
        assert (await run(demo, ADD, c=club))["addPlayer"]["problems"] == []
        await expect(row).to_be_visible()
        await press(page, "f")
        await expect(page.get_by_role("searchbox", name="Name, phone or member number")).to_be_focused()
        await page.keyboard.type("4812")
        await tab_to(page, page.get_by_role("button", name="Book for Vera Sallow"))
        await press(page, "Enter")
        await said(page, "The next booking is for Vera Sallow.")
        await go_to(page, row, 1)
        await press(page, "b")
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_role("button", name="Book", exact=True)).to_be_focused()
        await tab_to(page, dialog.get_by_role("radio", name="1"), "Shift+Tab")
        await press(page, "ArrowRight")
        await tab_to(page, dialog.get_by_label("First name"))
        await page.keyboard.type("Toby")
        await press(page, "Tab")
        await page.keyboard.type("Sallow")
        await press(page, "Enter")
        await said(page, "Booked for Vera Sallow.")
        await expect(tile(row, 1)).to_be_focused()
        await expect(row).to_contain_text("Toby Sallow")
        await press(page, "e")
        await tab_to(page, dialog.get_by_role("button", name="One player more"))
        await press(page, "Enter")
        third = dialog.get_by_role("group").nth(2)
        await tab_to(page, third.get_by_role("combobox", name="Player of the club"), "Shift+Tab")
        await tab_to(page, third.get_by_label("First name"))
        await page.keyboard.type("Ida")
        await press(page, "Tab")
        await page.keyboard.type("Sallow")
        await press(page, "Enter")
        await said(page, "Booking of Vera Sallow changed.")
        await press(page, "s")
        await expect(dialog.get_by_role("checkbox").first).to_be_focused()
        await tab_to(page, dialog.get_by_role("checkbox", name="Ida Sallow"))
        await press(page, "Space", "Enter")
        await said(page, "Ida Sallow has a booking of their own.")
        target, there = await free_start(page, demo)
        await press(page, "m")
        await expect(page.get_by_role("status").filter(has_text="Moving Vera Sallow")).to_be_visible()
        await go_to(page, target, 1)
        await press(page, "Enter")
        await said(page, f"Moved to {there['localTime'][:5]}.")
        await expect(target).to_contain_text("Toby Sallow")
        await press(page, "z")
        await expect(row).to_contain_text("Toby Sallow")
        await somewhere(page)


async def test_a_desk_blocks_and_opens_again_and_cancels_what_it_booked(browser, demo):
    async with by_keys(browser, demo, days=6) as page:
        row, _ = await free_start(page, demo)
        await go_to(page, row, 2)
        await press(page, "l")
        await expect(page.get_by_role("dialog").get_by_label("Reason")).to_be_focused()
        await page.keyboard.type("Frost")
        await press(page, "Enter")
        await said(page, "Blocked.")
        await expect(tile(row, 2)).to_have_attribute("data-status", "BLOCKED")
        await expect(tile(row, 2)).to_be_focused()
        await press(page, "Enter")
        await expect(page.get_by_role("button", name="Open again")).to_be_focused()
        await press(page, "Enter")
        await said(page, "Open again.")
        await expect(tile(row, 2)).to_have_attribute("data-status", "AVAILABLE")
        await press(page, "b")
        await expect(page.get_by_label("First name")).to_be_focused()
        await page.keyboard.type("Orla")
        await press(page, "Tab")
        await page.keyboard.type("Fenwick")
        await press(page, "Enter")
        await said(page, "Booked for Orla Fenwick.")
        await go_to(page, row, 1)
        await expect(tile(row, 1)).to_contain_text("Orla Fenwick")
        await press(page, "Enter")
        await tab_to(page, page.get_by_text("Cancel the booking…"))
        await press(page, "Enter")
        await press(page, "Tab", "Enter")
        await said(page, "Booking cancelled.")
        await expect(tile(row, 1)).to_have_attribute("data-status", "AVAILABLE")
        await press(page, "z")
        await said(page, "Undone.")
        await expect(tile(row, 1)).to_contain_text("Orla Fenwick")


async def test_a_desk_offers_places_to_who_waits(browser, demo):
    async with by_keys(browser, demo, days=4) as page:
        row, _ = await free_start(page, demo)
        await expect(row).to_be_visible()
        waitlist = page.get_by_role("complementary", name="Waitlist")
        await press(page, "w")
        await expect(waitlist).to_be_focused()
        await tab_to(page, waitlist.get_by_text("Put on the waitlist…"))
        await press(page, "Enter")
        for first in ("Zita", "Cosmo"):
            await tab_to(page, waitlist.get_by_label("First name"), "Tab" if first == "Zita" else "Shift+Tab")
            await page.keyboard.type(first)
            await press(page, "Tab")
            await page.keyboard.type("Lowe")
            await tab_to(page, waitlist.get_by_role("button", name="Put on the waitlist"))
            await press(page, "Enter")
            await said(page, f"{first} Lowe: Waitlist")
            entry = waitlist.get_by_role("listitem").filter(has_text=f"{first} Lowe")
            await expect(entry).to_contain_text("Offered")
        await tab_to(page, entry.get_by_role("button", name="Decline"), "Shift+Tab")
        await press(page, "Enter")
        await said(page, "Declined.")
        await expect(entry.locator(":focus")).to_have_count(1)
        await tab_to(page, entry.get_by_role("button", name="Take off the list"))
        await press(page, "Enter")
        await said(page, "Cosmo Lowe is off the list.")
        await expect(entry).to_have_count(0)
        await tab_to(page, waitlist.get_by_role("button", name="Book"), "Shift+Tab")
        await press(page, "Enter")
        await said(page, "Booked for Zita Lowe.")
        await expect(page.locator(".tile").filter(has_text="Zita Lowe")).to_have_count(1)
        await expect(waitlist.locator(":focus")).to_have_count(1)


async def test_a_desk_closes_the_course_and_opens_it_again(browser, demo):
    async with by_keys(browser, demo) as page:
        course = await page.locator("#course").input_value()
        try:
            await press(page, "5")
            by_hand = page.get_by_role("region", name="Set by hand")
            await expect(by_hand).to_be_visible()
            await tab_to(page, by_hand.get_by_role("radio", name="Open", exact=True))
            await press(page, "ArrowUp")
            await expect(by_hand.get_by_role("radio", name="Closed")).to_be_checked()
            await press(page, "Tab")
            await page.keyboard.type("Lightning seen")
            await tab_to(page, by_hand.get_by_role("button", name="Set"))
            await press(page, "Enter")
            await said(page, "Closed")
            await press(page, "1")
            await expect(page.locator("#conditions")).to_contain_text("Lightning seen")
            await somewhere(page)
            await press(page, "5")
            await tab_to(page, by_hand.get_by_role("button", name="Follow the weather again"))
            await press(page, "Enter")
            await said(page, "Follow the weather again")
            await expect(page.locator("#conditions")).to_have_attribute("data-status", "OPEN")
            await expect(by_hand.locator(":focus")).to_have_count(1)
        finally:
            await run(demo, CLEAR, c=course)


async def test_a_button_that_its_own_act_puts_out_of_use_leaves_the_focus_on_the_view(browser, demo):
    async with by_keys(browser, demo, days=1) as page:
        today = page.get_by_role("button", name="Today")
        await tab_to(page, today)
        await press(page, "Enter")
        await expect(today).to_be_disabled()
        await expect(page.locator("#view")).to_be_focused()


async def test_who_comes_is_checked_in_and_that_taken_back(browser, demo):
    async with by_keys(browser, demo) as page:
        await expect(page.locator(".tile").first).to_be_visible()
        booked = page.locator(".tile[data-state=booked]")
        if not await booked.count():
            pytest.skip("the demo's day is over at this hour")
        slot = await booked.last.get_attribute("data-slot")
        here = page.locator(f"[data-slot='{slot}']")
        row = page.locator(".row").filter(has=here)
        number = await here.evaluate("(tile) => [...tile.parentElement.children].indexOf(tile) + 1")
        await go_to(page, row, int(number))
        await press(page, "c")
        await said(page, "checked in.")
        await expect(here).to_have_attribute("data-state", "arrived")
        await press(page, "z")
        await said(page, "undone.")
        await expect(here).to_have_attribute("data-state", "booked")
        await expect(here).to_be_focused()


async def test_a_caddie_master_adds_starts_skips_ends_and_takes_back(browser, demo):
    async with by_keys(browser, demo, address="#view=caddies") as page:
        card = page.get_by_role("region", name="List 1")
        queue = card.locator("ol .who")
        await expect(queue.nth(3)).to_be_visible()
        first, second = (await queue.all_inner_texts())[:2]
        out = card.locator("ul").first
        for is_meant in (False, True):
            await tab_to(page, card.get_by_role("button", name=f"Pass over {first}"))
            await press(page, "Enter")
            await said(page, f"{first} is passed over")
            await expect(queue.first).to_have_text(second)
            await expect(card.locator(":focus")).to_have_count(1)
            if not is_meant:
                await press(page, "z")
                await said(page, "Undone.")
                await expect(queue.first).to_have_text(first)
        for is_meant in (False, True):
            await tab_to(page, card.get_by_role("button", name="Send the first"), "Shift+Tab")
            await press(page, "Enter")
            await said(page, f"{second} is out.")
            await expect(out).to_contain_text(second)
            if not is_meant:
                await press(page, "z")
                await said(page, "Undone.")
                await expect(queue.first).to_have_text(second)
                await expect(out).not_to_contain_text(second)
        third, fourth = (await queue.all_inner_texts())[:2]
        await tab_to(page, card.get_by_role("button", name=f"Start… {fourth}"))
        await press(page, "Enter")
        await page.keyboard.type("Asked for by the member")
        await press(page, "Enter")
        await said(page, f"{fourth} is out.")
        await expect(card.locator(":focus")).to_have_count(1)
        for name, is_meant in ((second, True), (fourth, False), (fourth, True)):
            turn = out.get_by_role("listitem").filter(has_text=name)
            await tab_to(page, turn.get_by_role("button", name="End"), "Shift+Tab")
            await press(page, "Enter")
            await said(page, f"{name} is back.")
            await expect(turn).to_have_count(0)
            await expect(card.locator(":focus")).to_have_count(1)
            if not is_meant:
                await press(page, "z")
                await said(page, "Undone.")
                await expect(turn).to_have_count(1)
                await expect(queue.last).not_to_have_text(name)
        await expect(queue.first).to_have_text(third)
        await tab_to(page, card.get_by_text("Everybody"))
        await press(page, "Enter")
        await tab_to(page, card.get_by_role("combobox", name=third))
        await page.keyboard.type("Late")
        await said(page, f"{third}: Late")
        await expect(card.get_by_role("combobox", name=third)).to_be_focused()
        add = page.get_by_role("region", name="Add a caddie")
        await tab_to(page, add.get_by_label("Name"))
        await page.keyboard.type("Wystan Sorrel")
        await press(page, "Enter")
        await said(page, "Wystan Sorrel is on list 1.")
        await expect(queue.last).to_have_text("Wystan Sorrel")
        await tab_to(page, add.get_by_role("button", name="Add"))
        await press(page, "z")
        await said(page, "Undone.")
        await expect(card.get_by_text("Wystan Sorrel")).to_have_count(0)
        await somewhere(page)
