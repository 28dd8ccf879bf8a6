"""What a marshal sees and puts right, and what hangs on a wall."""

import pytest
from playwright.async_api import expect

from tests.browser.test_board import DESK, LIVE, board, run
from tests.browser.test_views import CHECK_IN, SHEET, sign_in

pytestmark = pytest.mark.browser

TEE_OFF = "mutation($b: ID!) { teeOff(input: { bookingId: $b }) { problems { code } } }"
UNDO = "mutation($b: ID!) { undoTeeOff(input: { bookingId: $b }) { problems { code } } }"


async def test_a_marshal_follows_a_group_from_hole_to_hole_and_takes_a_wrong_tap_back(browser, demo):
    async with board(browser, demo, address="#view=marshal") as page:
        course, day = await page.locator("#course").input_value(), await page.locator("#day").input_value()
        bookings = (await run(demo, SHEET, c=course, d=day))["teeSheet"]["bookings"]
        waiting = [one for one in bookings if one["status"] == "CONFIRMED"]
        if not waiting:
            pytest.skip("the demo's day is over at this hour")
        chosen = min(waiting, key=lambda one: one["teeTime"]["startsAt"])["id"]
        await run(demo, CHECK_IN, b=chosen)
        await run(demo, TEE_OFF, b=chosen)
        try:
            group = page.locator(".group")
            await expect(group).to_have_count(1)
            await expect(group).to_contain_text("hole 1")
            await group.get_by_role("button", name="Hole 1 done").click()
            await expect(group.get_by_role("button", name="Hole 2 done")).to_be_visible()
            await expect(page.locator(".holes li").nth(1).locator(".chip")).to_have_count(1)
            await group.get_by_label("Last hole").select_option("7")
            await expect(page.locator(".holes li").nth(7).locator(".chip")).to_have_count(1)
            await page.keyboard.press("z")
            await expect(group.get_by_role("button", name="Hole 2 done")).to_be_visible()
            await group.get_by_role("button", name="End the round").click()
            await expect(group).to_have_count(0)
            await page.keyboard.press("z")
            await expect(group.get_by_role("button", name="Hole 2 done")).to_be_visible()
        finally:
            await run(demo, UNDO, b=chosen)


@pytest.mark.parametrize("shows", ["starter", "marshal", "caddies", "course", "occasion"])
async def test_a_wall_shows_any_view_and_lets_nobody_do_anything(browser, demo, shows):
    async with board(browser, demo, address=f"#view=wall&shows={shows}") as page:
        await expect(page.locator("#shows")).to_have_value(shows)
        await expect(page.locator(".wall > *").nth(1)).to_be_visible()
        assert await page.locator("main button:visible").count() == 1, "only the one for the full screen"
        size = await page.locator(".wall").evaluate("(wall) => parseFloat(getComputedStyle(wall).fontSize)")
        assert size >= DESK["width"] / 50 - 1, "five metres away"


async def test_a_wall_turns_at_midnight(browser, demo):
    context = await browser.new_context(viewport=DESK, locale="en-GB")
    page = await context.new_page()
    await page.clock.install()
    await page.goto(f"{demo.url}/#view=wall")
    await expect(page.locator("#live")).to_have_text(LIVE["en-GB"])
    title = page.locator(".wall-title > span").first
    before = await title.inner_text()
    rows = await page.locator(".row").first.get_attribute("id")
    await page.clock.fast_forward(86_400_000)  # each timer fires once, as after a sleep: all of them take a minute
    await expect(title).not_to_have_text(before)
    await expect(page.locator(".row").first).not_to_have_id(str(rows))
    await context.close()


async def test_a_starter_has_a_marshals_view_without_what_only_staff_do(browser, demo):
    async with board(browser, demo, address="#view=marshal") as page:
        await sign_in(page, "Starter")
        await expect(page.get_by_role("region", name="By hole").locator("li")).to_have_count(18)
        await expect(page.locator(".group button")).to_have_count(0)
