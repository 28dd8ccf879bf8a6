"""What stands beside bookings on the board: notes, what happened, groups, restrictions, and a day on paper."""

import pytest
from playwright.async_api import expect

from tests.browser.test_board import FREE, board, book, free_start, run, serious, tile, undo
from tests.browser.test_desk import booked

pytestmark = pytest.mark.browser

GROUP = """mutation($t: ID!, $o: ID!) {
  bookGroup(input: {
    name: "Heron Cup", organiser: { firstName: "Juno", lastName: "Weald" }
    starts: [{ teeTimeId: $t, places: 2 }, { teeTimeId: $o, places: 2 }]
  }) { bookingGroup { id } problems { code message } }
}"""
RESTRICT = """mutation($c: ID!, $d: Date!, $r: [RestrictionInput!]!) {
  updateTeeSheet(input: { courseId: $c, date: $d, restrictions: $r }) { problems { code message } }
}"""


async def test_a_note_on_a_booking_is_seen_in_another_window_and_taken_back(browser, demo, axe):
    async with board(browser, demo, days=6) as page, board(browser, demo, days=6) as other:
        row, start = await free_start(page, demo)
        await booked(demo, start, "Ada Rill")
        there = other.locator(f"#{start['id']}")
        await expect(there).to_contain_text("Ada Rill")
        await tile(row, 1).focus()
        await page.keyboard.press("n")
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("For the party").fill("Clubs to rent")
        await dialog.get_by_label("For the staff alone").fill("Owes for a cart\nof last week")
        assert await serious(page, axe) == []
        await page.keyboard.press("Enter")
        for window in (row, there):
            await expect(window.locator(".notes")).to_have_text(
                "Ada Rill: Clubs to rentStaff: Owes for a cart of last week"
            )
            await expect(tile(window, 1).get_by_role("img", name="has a note")).to_be_visible()
        await expect(tile(row, 1)).to_be_focused()
        await undo(page, "Noted.")
        await expect(there.locator(".notes")).to_have_count(0)


async def test_notes_on_a_start_and_on_a_day_are_shown_and_on_a_wall_none_of_the_staffs(browser, demo):
    async with board(browser, demo, days=1) as page:
        row, _ = await free_start(page, demo)
        await tile(row, 1).focus()
        await page.keyboard.press("n")
        await page.get_by_role("dialog").get_by_label("For all who see the sheet").fill("Shotgun at noon")
        await page.keyboard.press("Enter")
        await expect(row.locator(".notes")).to_have_text("Shotgun at noon")
        await undo(page, "Noted.")
        await expect(row.locator(".notes")).to_have_count(0)
    async with board(browser, demo) as page:
        await page.get_by_role("button", name="Note on the day…").click()
        await page.get_by_role("dialog").get_by_label("For all who see the sheet").fill("Greens are sanded")
        await page.get_by_role("dialog").get_by_label("For the staff alone").fill("Spare keys at the bar")
        await page.keyboard.press("Enter")
        await expect(page.locator(".desk > .notes")).to_contain_text("Spare keys at the bar")
        async with board(browser, demo, address="#view=wall") as wall:
            await expect(wall.locator(".notes")).to_have_text("Greens are sanded")
            await wall.locator("#shows").select_option("starter")
            await expect(wall.locator(".notes")).to_have_text("Greens are sanded")
        await undo(page, "Noted.")
        await expect(page.locator(".desk > .notes")).to_have_count(0)


async def test_what_happened_to_a_booking_and_to_a_block_is_told_with_who_did_it(browser, demo, axe):
    async with board(browser, demo, days=6, locale="es-ES") as page:
        row, start = await free_start(page, demo)
        booking = await booked(demo, start, "Ivo Brook")
        await expect(tile(row, 1)).to_contain_text("Ivo Brook")
        await tile(row, 1).focus()
        await page.keyboard.press("i")
        told = page.get_by_role("dialog").locator(".told > li")
        await expect(told).to_have_count(1)
        await expect(told.first).to_contain_text("demo-pro-shop")
        await expect(told.first).to_contain_text("Pagador, apellidos: Brook")
        note = 'mutation($b: ID!) { setBookingNote(input: { bookingId: $b, note: "Zurdo" }) { problems { code } } }'
        await run(demo, note, b=booking)
        await expect(told.nth(1)).to_contain_text("Nota para el grupo: Zurdo")  # while one looks
        assert await serious(page, axe) == []
        await page.keyboard.press("Escape")
        await tile(row, 3).focus()
        await page.keyboard.press("l")
        await page.get_by_role("dialog").get_by_label("Motivo").fill("Riego")
        await page.keyboard.press("Enter")
        await expect(tile(row, 3)).to_have_attribute("data-status", "BLOCKED")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await tile(row, 3).click()
        await page.get_by_role("dialog").get_by_role("button", name="Qué ha pasado…").click()
        await expect(told.first).to_contain_text("Bloqueado")
        await expect(told.first).to_contain_text("Motivo: Riego")


async def test_groups_and_restrictions_are_shown_on_what_they_cover(browser, demo):
    async with board(browser, demo, days=5) as page:
        row, start = await free_start(page, demo)
        course, day = await page.locator("#course").input_value(), await page.locator("#day").input_value()
        sheet = (await run(demo, FREE, c=course, d=day))["teeSheet"]["teeTimes"]
        free = [one["id"] for one in sheet if all(slot["status"] == "AVAILABLE" for slot in one["slots"])]
        other = next(one for one in free if one != start["id"])
        later = page.locator(f"#{other}")
        made = await run(demo, GROUP, t=start["id"], o=other)
        assert made["bookGroup"]["problems"] == []
        for each in (row, later):
            await expect(tile(each, 1)).to_contain_text("Group")
            await expect(tile(each, 2)).not_to_contain_text("Group")
        await tile(row, 1).click()
        await expect(page.get_by_role("dialog")).to_contain_text("Group Heron Cup: 2 bookings")
        await page.keyboard.press("Escape")
        ladies = {
            "name": "Ladies' day",
            "firstStart": start["localTime"],
            "lastStart": start["localTime"],
            "mostPlayers": 2,
        }
        assert (await run(demo, RESTRICT, c=course, d=day, r=[ladies]))["updateTeeSheet"]["problems"] == []
        await expect(row.locator(".restrictions")).to_have_text("Ladies' day: 2 players at most")
        await expect(page.locator(".restrictions")).to_have_count(1)


async def test_a_day_is_printed_as_the_starters_copy_and_as_signs(browser, demo):
    async with board(browser, demo, days=1) as page:
        await expect(page.locator(".tile").first).to_be_visible()
        for name, what in {"The starter's copy": "Players", "Signs for the carts": ""}.items():
            await page.keyboard.press("p")
            async with page.context.expect_page() as opened:
                await page.get_by_role("dialog").get_by_role("button", name=name).click()
            paper = await opened.value
            await paper.wait_for_url("blob:**")
            await expect(paper.locator("body")).to_contain_text(what)
            assert (await page.locator("#day").input_value()) in await paper.title()
            await paper.close()
            await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_booking_made_and_moved_by_hand_in_one_window_moves_in_the_other(browser, demo):
    async with board(browser, demo, days=5) as page, board(browser, demo, days=5) as other:
        row, _ = await free_start(page, demo)
        await book(row, first="Mina", last="Ford")
        target, there = await free_start(page, demo)
        seen = other.locator(".tile").filter(has_text="Mina Ford")
        await expect(seen).to_have_count(1)
        await tile(row, 1).drag_to(target)
        await expect(other.locator(f"#{there['id']}")).to_contain_text("Mina Ford")
        await expect(seen).to_have_count(1)  # it is nowhere else any more
        await undo(page, "Moved to")
        await expect(other.locator(f"#{await row.get_attribute('id')}")).to_contain_text("Mina Ford")
        await expect(seen).to_have_count(1)
