"""What a new user does: opens GraphiQL, watches a sheet in one page, books in another."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.program import Running

pytestmark = pytest.mark.browser

BEGINS_AS = "Pro shop (STAFF)"
"""Whom the demo signs in by itself."""


@asynccontextmanager
async def graphiql(browser: Browser, demo: Running, *, who: str) -> AsyncIterator[Page]:
    """Open GraphiQL and sign in; nothing may be asked of another host, and nothing may go wrong in the page."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    page = await context.new_page()
    strangers: list[str] = []
    errors: list[str] = []
    page.on("request", lambda r: strangers.append(r.url) if not r.url.startswith((demo.url, "data:")) else None)
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    async with page.expect_response(lambda r: "IntrospectionQuery" in (r.request.post_data or "")):
        await page.goto(f"{demo.url}/graphql")
    if who != BEGINS_AS:
        async with page.expect_response(lambda r: "IntrospectionQuery" in (r.request.post_data or "")):
            await page.get_by_label("Sign in as").select_option(label=who)
    await expect(page.get_by_label("Sign in as").locator("option:checked")).to_have_text(who)
    await expect(page.get_by_text("Signed in as")).to_be_visible()
    await expect(page.get_by_text("teeSheetEvents").first).to_be_visible()
    yield page
    assert strangers == []
    assert errors == []
    await context.close()


async def press_execute(page: Page) -> None:
    """Press the button, once GraphiQL has noticed what is in its editors: it takes it a tenth of a second."""
    await page.wait_for_timeout(300)
    await page.get_by_role("button", name="Execute query").click()


async def run_tab(page: Page, title: str, **variables: Any) -> dict[str, Any]:
    """Run the operation of a tab, with other variables if some are given; read the answer."""
    await page.get_by_role("button", name=title, exact=True).click()
    if variables:
        await page.get_by_role("region", name="Variables").locator(".view-lines").first.click()
        await page.keyboard.press("Control+A")
        await page.keyboard.press("Delete")
        await page.keyboard.insert_text(json.dumps(variables))
    async with page.expect_response(
        lambda r: r.url.endswith("/graphql") and title in (r.request.post_data or "")
    ) as got:
        await press_execute(page)
    answer: dict[str, Any] = (await (await got.value).json())["data"]
    return answer


async def test_booking_in_one_page_is_seen_in_another(browser, demo, tmp_path):
    frames: list[dict[str, Any]] = []
    async with graphiql(browser, demo, who="Member (PLAYER)") as watching:

        def listen(socket: Any) -> None:
            socket.on("framereceived", lambda frame: frames.append(json.loads(frame)))

        watching.on("websocket", listen)
        await press_execute(watching)
        await expect(watching.get_by_role("status")).to_contain_text("Connected")
        async with graphiql(browser, demo, who="Pro shop (STAFF)") as shop:
            hold = (await run_tab(shop, "Hold"))["holdSlots"]
            assert hold["problems"] == []
            booking = (await run_tab(shop, "Book", holdId=hold["hold"]["id"]))["bookSlots"]
            assert booking["problems"] == []
            cancelled = (await run_tab(shop, "Cancel", bookingId=booking["booking"]["id"]))["cancelBooking"]
            assert cancelled["booking"]["status"] == "CANCELLED"
            await shop.screenshot(path=tmp_path / "shop.png")
        await expect(watching.get_by_text("8 events")).to_be_visible()
        await watching.screenshot(path=tmp_path / "watching.png")
    events = [f["payload"]["data"]["teeSheetEvents"] for f in frames if f["type"] == "next"]
    assert [event["type"] for event in events] == [
        *["slot.held"] * 2,
        "booking.created",
        *["slot.booked"] * 2,
        "booking.cancelled",
        *["slot.available"] * 2,
    ]
    assert events[3]["payerFirstName"] == "R."  # a player sees initials, by the club's privacy
    assert len({event["cursor"] for event in events}) == 8


async def test_the_sheet_is_read_and_a_page_reloaded_goes_on(browser, demo):
    async with graphiql(browser, demo, who="Pro shop (STAFF)") as page:
        sheet = (await run_tab(page, "Sheet"))["teeSheet"]
        assert sheet["figures"]["players"] > 0
        assert sheet["cursor"]
        await page.reload()
        await expect(page.get_by_text("Signed in as")).to_be_visible()
        assert (await run_tab(page, "Sheet"))["teeSheet"]["teeTimes"]


async def test_the_tabs_of_a_pro_shop_do_what_they_say(browser, demo):
    async with graphiql(browser, demo, who="Pro shop (STAFF)") as page:
        classes = (await run_tab(page, "Classes"))["priceClasses"]
        assert {"MEMBER", "GUEST", "PUBLIC", "JUNIOR"} <= {one["code"] for one in classes}
        groups = (await run_tab(page, "Groups"))["bookingGroups"]["nodes"]
        assert groups
        assert all(len(one["bookings"]) > 1 for one in groups)
        standing = (await run_tab(page, "Standing"))["standingBookings"]["nodes"]
        assert any(one["bookingId"] for each in standing for one in each["dates"])
        ballots = (await run_tab(page, "Ballots"))["ballots"]["nodes"]
        assert any(one["draw"] and one["draw"]["results"] for one in ballots)
        sold = (await run_tab(page, "Sell"))["bookSlots"]
        assert sold["problems"] == []
        assert [player["priceClass"] for player in sold["booking"]["players"]] == ["JUNIOR", "GUEST"]
        booking = {"bookingId": sold["booking"]["id"]}
        assert (await run_tab(page, "Note", **booking))["setBookingNote"]["problems"] == []
        asked = (await run_tab(page, "Deposit", **booking))["askDeposit"]
        assert (asked["problems"], asked["deposit"]["amount"]["amountCents"]) == ([], 2500)
        paid = (await run_tab(page, "Paid", **booking))["booking"]
        assert [one["id"] for one in paid["deposits"]] == [asked["deposit"]["id"]]
        assert (await run_tab(page, "Cancel", **booking))["cancelBooking"]["booking"]["status"] == "CANCELLED"


async def test_the_tabs_of_a_player_enter_a_ballot(browser, demo):
    async with graphiql(browser, demo, who="Member (PLAYER)") as page:
        ballots = (await run_tab(page, "Ballots"))["ballots"]["nodes"]
        open_one = next(one for one in ballots if one["status"] == "OPEN")
        config = json.loads(str(await page.locator("#fairway-config").text_content()))
        on = {"courseId": config["course"], "date": open_one["date"]}
        starts = (await run_tab(page, "Sheet", **on))["teeSheet"]["teeTimes"]
        of_it = [one["id"] for one in starts if open_one["firstStart"] <= one["localTime"] <= open_one["lastStart"]]
        entered = (await run_tab(page, "Enter", ballotId=open_one["id"], teeTimeIds=of_it[:2]))["enterBallot"]
        assert [problem["code"] for problem in entered["problems"]] in ([], ["ALREADY_IN_BALLOT"])
