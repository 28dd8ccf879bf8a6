"""What a desk does by keys alone: find, split, put together, swap, change, and take back."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.test_board import board, free_start, run, serious, tile, undo
from tests.program import Running

pytestmark = pytest.mark.browser

BOOK = """mutation($t: ID!, $players: [PlayerInput!]!) {
  bookSlots(input: { teeTimeId: $t, players: $players }) { booking { id } problems { code } }
}"""
CANCEL = "mutation($b: ID!) { cancelBooking(input: { bookingId: $b }) { problems { code } } }"


async def booked(demo: Running, start: dict[str, Any], *names: str) -> str:
    """Book a start for players of these names; give the booking's id."""
    players = [dict(zip(("firstName", "lastName"), name.split(), strict=True)) for name in names]
    made = (await run(demo, BOOK, t=start["id"], players=players))["bookSlots"]
    assert made["problems"] == []
    return str(made["booking"]["id"])


def together(page: Page, name: str) -> Any:
    """How a player's place stands to its neighbours: alone, or part of a booking."""
    return page.locator(".tile").filter(has_text=name)


async def test_a_booking_is_split_by_keys_and_put_together_again(browser, demo):
    async with board(browser, demo, days=3) as page:
        row, start = await free_start(page, demo)
        await booked(demo, start, "Wren Ashdown", "Cleo Ashdown")
        cleo = together(page, "Cleo Ashdown")
        await expect(cleo).to_have_attribute("data-together", "last")
        await tile(row, 1).focus()
        await page.keyboard.press("s")
        await page.get_by_role("checkbox", name="Cleo Ashdown").check()
        await page.keyboard.press("Enter")
        await expect(cleo).to_have_attribute("data-together", "alone")
        await undo(page, "Cleo Ashdown has a booking of their own.")
        await expect(cleo).to_have_attribute("data-together", "last")


async def test_bookings_of_one_start_come_together_and_part_again(browser, demo):
    async with board(browser, demo, days=3) as page:
        row, start = await free_start(page, demo)
        await booked(demo, start, "Orla Quill")
        await booked(demo, start, "Bram Tarn")
        bram = together(page, "Bram Tarn")
        await tile(row, 1).focus()
        await page.keyboard.press("g")
        await page.get_by_role("checkbox", name="Bram Tarn").check()
        await page.keyboard.press("Enter")
        await expect(bram).to_have_attribute("data-together", "last")
        await undo(page, "Put together.")
        await expect(bram).to_have_attribute("data-together", "alone")


async def test_two_bookings_change_their_starts_by_keys(browser, demo):
    async with board(browser, demo, days=4) as page:
        row, start = await free_start(page, demo)
        await booked(demo, start, "Juno Reed")
        await expect(tile(row, 1)).to_contain_text("Juno Reed")
        other, later = await free_start(page, demo)
        await booked(demo, later, "Abel Moss")
        await expect(tile(other, 1)).to_contain_text("Abel Moss")
        await tile(row, 1).focus()
        await page.keyboard.press("m")
        await tile(other, 1).focus()
        await page.keyboard.press("Enter")
        await expect(other).to_contain_text("Juno Reed")
        await expect(row).to_contain_text("Abel Moss")
        await undo(page, "have changed starts.")
        await expect(row).to_contain_text("Juno Reed")


async def test_players_change_and_what_was_done_is_taken_back_out_of_the_list(browser, demo, axe):
    async with board(browser, demo, days=4) as page:
        row, start = await free_start(page, demo)
        await booked(demo, start, "Ines Marl")
        await expect(tile(row, 1)).to_contain_text("Ines Marl")
        await tile(row, 1).focus()
        await page.keyboard.press("e")
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("button", name="One player more").click()
        assert await serious(page, axe) == []
        await dialog.get_by_label("First name").nth(1).fill("Toby")
        await dialog.get_by_label("Last name").nth(1).fill("Marl")
        await page.keyboard.press("Enter")
        await expect(row).to_contain_text("Toby Marl")
        await expect(tile(row, 1)).to_be_focused()  # where it was before the dialog
        await tile(row, 3).focus()
        await page.keyboard.press("h")
        await expect(row.locator("[data-status=HELD]")).to_have_count(1)
        await page.keyboard.press("y")
        await page.get_by_role("button", name="Take back: Booking of Ines Marl changed.").click()
        await expect(page.get_by_role("dialog")).to_contain_text("taken back")
        await page.get_by_role("button", name="Take back: Held.").click()
        await page.keyboard.press("Escape")
        await expect(row).not_to_contain_text("Toby Marl")
        await expect(row.locator("[data-status=HELD]")).to_have_count(0)


async def test_a_player_is_found_by_number_and_booked_and_a_cancelled_booking_restored(browser, demo, axe):
    async with board(browser, demo, days=6) as page:
        row, _ = await free_start(page, demo)
        await expect(row).to_be_visible()
        await page.keyboard.press("f")
        dialog = page.get_by_role("dialog")
        await dialog.get_by_text("Add a player to the club…").click()
        for label, text in {"First name": "Vera", "Last name": "Sedge", "Member number": "M-4711"}.items():
            await dialog.get_by_label(label, exact=True).fill(text)
        await dialog.get_by_role("button", name="Add").click()
        await page.get_by_role("button", name="Take Vera Sedge off").click()
        await tile(row, 1).focus()
        await page.keyboard.press("b")
        await page.get_by_role("combobox", name="Player of the club").fill("4711")
        await page.get_by_role("option", name="Vera Sedge").click()
        await page.get_by_role("dialog").get_by_role("button", name="Book", exact=True).click()
        await expect(tile(row, 1)).to_contain_text("Vera Sedge")
        await run(demo, CANCEL, b=str(await tile(row, 1).get_attribute("data-booking")))
        await expect(tile(row, 1)).to_have_attribute("data-status", "AVAILABLE")
        await page.keyboard.press("f")
        await dialog.get_by_role("searchbox").fill("Vera Sedge")
        await dialog.get_by_role("button", name="Restore").wait_for()
        assert await serious(page, axe) == []
        await dialog.get_by_role("button", name="Restore").click()
        await dialog.get_by_role("button", name="Go to").first.click()
        await expect(tile(row, 1)).to_contain_text("Vera Sedge")
        await expect(page.get_by_role("dialog", name="Vera Sedge")).to_be_visible()


async def test_who_waits_is_offered_what_is_free_and_the_desk_books_it_or_declines(browser, demo):
    async with board(browser, demo, days=2) as page:
        row, start = await free_start(page, demo)
        await expect(row).to_be_visible()
        waitlist = page.get_by_role("complementary", name="Waitlist")
        await page.keyboard.press("w")
        await expect(waitlist).to_be_focused()
        for first in ("Zeno", "Cora"):
            await waitlist.get_by_text("Put on the waitlist…").click()
            await waitlist.get_by_label("First name").fill(first)
            await waitlist.get_by_label("Last name").fill("Wold")
            await waitlist.get_by_label("Not before").fill(start["localTime"][:5])
            await waitlist.get_by_label("Not after").fill(start["localTime"][:5])
            await waitlist.get_by_role("button", name="Put on the waitlist").click()
            entry = waitlist.get_by_role("listitem").filter(has_text=f"{first} Wold")
            await expect(entry).to_contain_text(f"Offered {start['localTime'][:5]}")
            await waitlist.get_by_text("Put on the waitlist…").click()
        await waitlist.get_by_role("listitem").filter(has_text="Cora").get_by_role("button", name="Decline").click()
        await expect(waitlist.get_by_role("listitem").filter(has_text="Cora")).not_to_contain_text("Offered")
        await waitlist.get_by_role("listitem").filter(has_text="Zeno").get_by_role("button", name="Book").click()
        await expect(row).to_contain_text("Zeno Wold")
        await expect(waitlist.get_by_text("Zeno Wold")).to_have_count(0)
        await waitlist.get_by_role("button", name="Take off the list").click()
        await expect(waitlist.get_by_text("Cora Wold")).to_have_count(0)


async def test_a_deposit_is_paid_on_its_page_and_given_back(browser, demo):
    async with board(browser, demo, days=7) as page:
        row, start = await free_start(page, demo)
        await booked(demo, start, "Ivo Larch", "Tess Larch")
        await tile(row, 1).click()
        panel = page.locator(".panel")
        await expect(panel).to_contain_text("not paid yet")
        async with page.context.expect_page() as opened:
            await panel.get_by_role("link", name="Page to pay").click()
        paying = await opened.value
        await paying.get_by_role("button", name="Pay · Pagar").click()
        await expect(paying.get_by_text("thank you")).to_be_visible()
        await paying.close()
        await expect(panel).not_to_contain_text("not paid yet")
        await panel.get_by_text("Give the deposit back").click()
        await panel.get_by_role("button", name="Give back").click()
        await tile(row, 1).click()
        await expect(panel).to_contain_text("given back")
