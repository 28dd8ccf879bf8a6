"""What is shown before it is answered, and what is kept until it can be sent."""

import pytest
from playwright.async_api import Route, expect

from tests.browser.test_board import HOLD, LIVE, board, free_start, run, tile
from tests.browser.test_occasion import UNDO, guests, planning
from tests.browser.test_views import SHEET, run_as

pytestmark = pytest.mark.browser


async def test_an_arrival_is_shown_at_once_and_shown_no_more_where_it_is_refused(browser, demo):
    async with board(browser, demo, days=1) as page:  # tomorrow: nobody can arrive yet
        await expect(page.locator(".tile[data-state=booked]").first).to_be_visible()
        slot = await page.locator(".tile[data-state=booked]").first.get_attribute("data-slot")
        here, let = page.locator(f"[data-slot='{slot}']"), []

        async def hold_back(route: Route) -> None:
            if "checkIn(" in (route.request.post_data or ""):
                let.append(route)
            else:
                await route.continue_()

        await page.route("**/graphql", hold_back)
        await here.focus()
        await page.keyboard.press("c")
        await expect(here).to_have_attribute("data-state", "arrived")
        await let[0].continue_()
        await expect(here).to_have_attribute("data-state", "booked")
        await expect(page.locator(".row").filter(has=here).get_by_role("alert")).not_to_be_empty()
        await page.unroute("**/graphql")


async def test_an_arrival_that_was_guessed_is_the_servers_word_in_the_end(browser, demo):
    async with board(browser, demo) as page:
        course, day = await page.locator("#course").input_value(), await page.locator("#day").input_value()
        booked = page.locator(".tile[data-state=booked]")
        await expect(page.locator(".tile").first).to_be_visible()
        if not await booked.count():
            pytest.skip("the demo's day is over at this hour")
        booking = str(await booked.first.get_attribute("data-booking"))
        here = page.locator(f"[data-slot='{await booked.first.get_attribute('data-slot')}']")
        await here.focus()
        await page.keyboard.press("c")
        await expect(here).to_have_attribute("data-state", "arrived")
        await expect(page.locator(".last-act")).to_contain_text("checked in")
        sheet = (await run(demo, SHEET, c=course, d=day))["teeSheet"]
        assert next(one["status"] for one in sheet["bookings"] if one["id"] == booking) == "CHECKED_IN"
        undo = "mutation($b: ID!) { undoCheckIn(input: { bookingId: $b }) { problems { code } } }"
        await run(demo, undo, b=booking)  # somebody else's word is newer than what was guessed
        await expect(here).to_have_attribute("data-state", "booked")


async def test_who_passes_the_door_without_a_network_is_let_in_once_it_is_back(browser, demo):
    async with planning(browser, demo, "door") as (page, occasion):
        coming = [one for one in await guests(demo, occasion) if one["rsvpStatus"] == "ACCEPTED" and one["name"]][3:5]
        field = page.get_by_label("Code, or a part of a name")
        await page.context.set_offline(True)
        for guest in coming:
            await field.fill(guest["checkInCode"])
            await field.press("Enter")
            await expect(field).to_have_value("")
        await expect(page.get_by_text("2 acts wait for the network.")).to_be_visible()
        await page.context.set_offline(False)
        through = page.get_by_role("region", name="Let in lately")
        for guest in coming:
            await expect(through).to_contain_text(guest["name"])
        await expect(page.get_by_text("wait for the network")).to_have_count(0)
        for guest in coming:
            await run_as(demo, "Planner", UNDO, g=guest["id"])


async def test_tabs_of_one_user_share_a_socket_and_the_next_takes_over_when_its_holder_closes(browser, demo):
    async with board(browser, demo, days=5) as page:
        sockets: list[str] = []
        other = await page.context.new_page()
        other.on("websocket", lambda socket: sockets.append(socket.url))
        await other.goto(page.url)
        await expect(other.locator("#live")).to_have_text(LIVE["en-GB"])
        row, start = await free_start(other, demo)
        hold = (await run(demo, HOLD, t=start["id"]))["holdSlots"]["hold"]["id"]
        for tab in (page, other):
            await expect(tile(tab.locator(f"#{start['id']}"), 1)).to_have_attribute("data-status", "HELD")
        assert sockets == []
        await page.close()
        await run(demo, "mutation($h: ID!) { releaseHold(input: { holdId: $h }) { hold { id } } }", h=hold)
        await expect(tile(row, 1)).to_have_attribute("data-status", "AVAILABLE")
        await expect(other.locator("#live")).to_have_text(LIVE["en-GB"])
        assert len(sockets) == 1
