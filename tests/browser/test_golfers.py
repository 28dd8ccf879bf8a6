"""Who wants to play with whom: a tee time is hosted, found with its reasons, asked for, and joined."""

import re

import pytest
from playwright.async_api import FilePayload, Page, expect

from tests.browser.test_board import board, serious
from tests.browser.test_views import sign_in
from tests.providers.picture_files import telling

pytestmark = pytest.mark.browser


async def golfer(page: Page, who: str, name: str) -> None:
    """Open the view as one of the demo's players, who tells first who they are, if nobody has."""
    await sign_in(page, who)
    await page.evaluate("() => { location.hash = 'view=golfers' }")
    profile, feed = page.get_by_role("button", name="Save"), page.get_by_role("heading", name="Tee times that suit you")
    await expect(profile.or_(feed)).to_be_visible()
    if await profile.is_visible():
        await page.get_by_label("Name").fill(name)
        await page.get_by_label("Line of work").select_option("FINANCE")
        await profile.click()
    await expect(feed).to_be_visible()


async def show_photo(page: Page) -> None:
    photo: FilePayload = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": telling()}
    await page.locator("article input[type=file]").set_input_files(photo)
    await expect(page.get_by_role("button", name="Another photo")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_golfer_asks_to_join_and_the_host_lets_them_in(browser, demo, axe, scheme):
    async with board(browser, demo, color_scheme=scheme) as host, board(browser, demo, color_scheme=scheme) as page:
        await golfer(host, "Guest", "Odo Finch")
        await host.get_by_text("Host a tee time…").click()
        await host.get_by_label("I decide who joins").check()
        await host.get_by_label("What you say of it").fill(f"A {scheme} round")
        await host.get_by_role("button", name="Host a tee time").click()
        room = host.get_by_role("article", name="Tee time")
        await expect(room).to_contain_text("3 of 3 places open")
        await golfer(page, "Member", "Ida Marsh")
        found = page.locator(".feed > li").filter(has_text=f"A {scheme} round")
        await expect(found.get_by_role("list", name="Why").locator("li")).to_have_count(6)
        await expect(found.locator(".score")).to_contain_text("of 100")
        assert await serious(page, axe) == []
        await found.get_by_role("button", name="Ask to join").click()
        await expect(page.get_by_role("article")).to_contain_text("You have asked to join.")
        asking = host.get_by_role("region", name="Who asks to join")
        await asking.get_by_role("button", name="Accept").click()
        await expect(page.get_by_role("article")).to_contain_text("You take part.")
        await expect(room).to_contain_text("2 of 3 places open")
        chats = [one.get_by_role("region", name="What you write to each other") for one in (page, host)]
        await chats[0].get_by_label("Write to those who play").fill("Shall we walk?\nOr ride?")
        await page.keyboard.press("Enter")
        for chat in chats:
            await expect(chat.get_by_role("log")).to_contain_text("Shall we walk?")
        await chats[1].get_by_label("Write to those who play").fill("We walk.")
        await chats[1].get_by_role("button", name="Send").click()
        await expect(chats[0].get_by_role("log")).to_contain_text("We walk.")
        assert await serious(host, axe) == []
        await chats[0].get_by_text("Delete…").click()
        await chats[0].get_by_role("button", name="Delete it for all, for good").click()
        await expect(chats[1].get_by_role("log")).to_contain_text("Deleted by who wrote it.")
        await expect(chats[1].get_by_role("log")).not_to_contain_text("Shall we walk?")
        of_host = page.get_by_role("article").locator(".people > li").first
        await expect(of_host.locator("span.avatar")).to_have_text(re.compile(r"^\w\w?$"))
        await show_photo(host)
        await expect(of_host.locator("img.avatar")).to_have_js_property("naturalWidth", 64)
        await expect(page.get_by_role("log").locator("img.avatar").first).to_be_visible()
        assert await serious(page, axe) == []
        await host.get_by_role("button", name="Remove the photo").click()
        await expect(of_host.locator("span.avatar")).to_be_visible()
        await page.get_by_role("button", name="Leave").click()
        await expect(room).to_contain_text("3 of 3 places open")
        await host.get_by_text("Cancel the tee time…").click()
        await page.get_by_role("button", name="Back to all").click()
        found = page.locator(".feed > li").filter(has_text=f"A {scheme} round")
        await expect(found.get_by_role("button", name="Ask to join")).to_be_visible()
        await host.get_by_role("button", name="Cancel the tee time").click()
        await expect(room).to_contain_text("Cancelled")
        await expect(found).to_have_count(0)  # told, not asked for each minute
