"""What hangs in the pro shop: a tee sheet that follows every change by itself."""

import pytest
from playwright.async_api import Page, expect

from tests.harness import http_client

pytestmark = pytest.mark.browser

FREE = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { teeTimes { id slots { id number status } } } }"
HOLD = "mutation($t: ID!) { holdSlots(input: { teeTimeId: $t, places: 1 }) { hold { id } problems { code } } }"
BOOK = """mutation($h: ID!) {
  bookSlots(input: { holdId: $h, players: [{ firstName: "Robin", lastName: "Vale" }] }) { booking { id } }
}"""
CANCEL = "mutation($b: ID!) { cancelBooking(input: { bookingId: $b }) { booking { status } } }"

CLOSE = """mutation($c: ID!) {
  setCourseStatus(input: { courseId: $c, status: CLOSED, reason: "Lightning seen" }) { problems { code } }
}"""
CLEAR = "mutation($c: ID!) { clearCourseStatusOverride(input: { courseId: $c }) { problems { code } } }"


async def run(demo, query, **variables):
    async with http_client() as http:
        headers = {"Authorization": f"Bearer {demo.tokens()['Pro shop']}"}
        answer = await http.post(f"{demo.url}/graphql", json={"query": query, "variables": variables}, headers=headers)
    return answer.json()["data"]


async def count(page: Page, status: str) -> int:
    return await page.locator(f".slot[data-status={status}]").count()


async def test_the_board_follows_a_hold_a_booking_and_a_cancellation(browser, demo, tmp_path):
    page = await browser.new_page(viewport={"width": 1280, "height": 800})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    await page.goto(demo.url + "/")
    await expect(page.get_by_role("status")).to_have_text("Live")
    await page.get_by_role("button", name="The day after").click()
    await expect(page.locator("#sheet")).to_have_attribute("data-day", await page.locator("#day").input_value())
    await expect(page.get_by_role("status")).to_have_text("Live")
    held, booked = await count(page, "HELD"), await count(page, "BOOKED")
    course, day = await page.locator("#course").input_value(), await page.locator("#day").input_value()
    sheet = (await run(demo, FREE, c=course, d=day))["teeSheet"]
    free = next(t["id"] for t in sheet["teeTimes"] if any(slot["status"] == "AVAILABLE" for slot in t["slots"]))
    hold = (await run(demo, HOLD, t=free))["holdSlots"]["hold"]["id"]
    await expect(page.locator(".slot[data-status=HELD]")).to_have_count(held + 1)
    booking = (await run(demo, BOOK, h=hold))["bookSlots"]["booking"]["id"]
    await expect(page.get_by_text("Robin Vale")).to_be_visible()
    assert await count(page, "BOOKED") == booked + 1
    await page.screenshot(path=tmp_path / "board.png")
    await run(demo, CANCEL, b=booking)
    await expect(page.get_by_text("Robin Vale")).to_have_count(0)
    assert await count(page, "BOOKED") == booked
    assert errors == []
    await page.close()


async def test_the_board_tells_when_the_course_closes_and_opens(browser, demo, tmp_path):
    page = await browser.new_page(viewport={"width": 1280, "height": 800})
    await page.goto(demo.url + "/")
    await expect(page.get_by_role("status")).to_have_text("Live")
    strip, course = page.get_by_label("The course now"), await page.locator("#course").input_value()
    try:
        assert (await run(demo, CLOSE, c=course))["setCourseStatus"] == {"problems": []}
        await expect(strip).to_contain_text("Closed")
        await expect(strip).to_contain_text("Lightning seen, until midnight")
        await page.screenshot(path=tmp_path / "closed.png")
    finally:
        await run(demo, CLEAR, c=course)
    await expect(strip).to_have_attribute("data-status", "OPEN")
    await page.close()


async def test_a_board_that_is_loaded_again_shows_the_same_sheet(browser, demo):
    page = await browser.new_page(viewport={"width": 1280, "height": 800})
    await page.goto(demo.url + "/")
    await expect(page.get_by_role("status")).to_have_text("Live")
    course, day, sheet = page.locator("#course"), page.locator("#day"), page.locator("#sheet")
    today = await day.input_value()
    await page.locator("#course").select_option(index=1)
    chosen = await course.input_value()
    await page.reload()
    await expect(sheet).to_have_attribute("data-day", today)
    await expect(course).to_have_value(chosen)
    assert "day" not in page.url, "a board of today's is one of tomorrow's tomorrow"
    await page.get_by_role("button", name="The day after").click()
    await expect(sheet).not_to_have_attribute("data-day", today)
    shown = await day.input_value()
    await page.reload()
    await expect(sheet).to_have_attribute("data-day", shown)
    await expect(course).to_have_value(chosen)
    await page.close()


async def test_the_board_says_what_is_missing(browser, demo, tmp_path):
    page = await browser.new_page(viewport={"width": 390, "height": 800}, color_scheme="dark")
    await page.goto(demo.url + "/")
    await expect(page.get_by_role("status")).to_have_text("Live")
    await page.screenshot(path=tmp_path / "phone.png")
    await page.locator("#day").fill("2031-01-01")
    await expect(page.get_by_role("alert")).to_have_text("There is no tee sheet for this day yet.")
    await page.locator("#who").select_option("paste")
    await page.get_by_role("textbox", name="Paste a token").fill("not a token")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_have_text("This is not a JSON Web Token.")
    await page.close()
