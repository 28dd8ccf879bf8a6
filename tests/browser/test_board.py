"""What a pro shop works with: a tee sheet that follows every change by itself, and that bookings are made on."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.documents import unlisted
from tests.harness import http_client
from tests.patience import PATIENCE
from tests.program import Running

pytestmark = pytest.mark.browser

FREE = """query($c: ID!, $d: Date!) {
  teeSheet(courseId: $c, date: $d) { teeTimes { id localTime slots { id number status } } }
}"""
HOLD = "mutation($t: ID!) { holdSlots(input: { teeTimeId: $t, places: 1 }) { hold { id } problems { code } } }"
BOOK = """mutation($h: ID!) {
  bookSlots(input: { holdId: $h, players: [{ firstName: "Robin", lastName: "Vale" }] }) { booking { id } }
}"""
CANCEL = "mutation($b: ID!) { cancelBooking(input: { bookingId: $b }) { booking { status } } }"
CLOSE = """mutation($c: ID!) {
  setCourseStatus(input: { courseId: $c, status: CLOSED, reason: "Lightning seen" }) { problems { code } }
}"""
CLEAR = "mutation($c: ID!) { clearCourseStatusOverride(input: { courseId: $c }) { problems { code } } }"
LIVE = {"en-GB": "Connected in real time", "es-ES": "Conectado en tiempo real"}
DESK = {"width": 1440, "height": 900}


async def run(demo: Running, query: str, **variables: Any) -> Any:
    async with http_client() as http:
        headers = {"Authorization": f"Bearer {demo.tokens()['Pro shop']}"}
        answer = await http.post(f"{demo.url}/graphql", json={"query": query, "variables": variables}, headers=headers)
    return answer.json()["data"]


@asynccontextmanager
async def board(
    browser: Browser, demo: Running, *, days: int = 0, address: str = "", locale: str = "en-GB", **options: Any
) -> AsyncIterator[Page]:
    """Open the board, some days ahead; nothing may go wrong in the page but what is awaited there."""
    context = await browser.new_context(locale=locale, **{"viewport": DESK} | options)
    not_listed = unlisted(context)
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    await page.goto(f"{demo.url}/{address}")
    await expect(page.locator("#live")).to_have_text(LIVE[locale])
    for _ in range(days):
        day = await page.locator("main").get_attribute("data-day")
        await page.keyboard.press("]")
        await expect(page.locator("main")).not_to_have_attribute("data-day", str(day))
    await expect(page.locator("#live")).to_have_text(LIVE[locale])
    yield page
    assert errors == []
    assert not_listed == []
    await context.close()


async def free_start(page: Page, demo: Running, places: int = 4) -> tuple[Locator, dict[str, Any]]:
    """Find a start of the sheet that is shown with all of its places free."""
    sheet = None
    async with asyncio.timeout(PATIENCE):  # a page that has just been opened may still find out what it shows
        while sheet is None:
            course, day = await page.locator("#course").input_value(), await page.locator("#day").input_value()
            sheet = (await run(demo, FREE, c=course, d=day))["teeSheet"]
    free = [t for t in sheet["teeTimes"] if sum(slot["status"] == "AVAILABLE" for slot in t["slots"]) >= places]
    return page.locator(f"#{free[0]['id']}"), free[0]


def tile(row: Locator, number: int) -> Locator:
    return row.locator(".tile").nth(number - 1)


async def book(row: Locator, *, first: str, last: str) -> None:
    """Book the first place of a start by hand."""
    page = row.page
    await tile(row, 1).click()
    await page.get_by_role("button", name="Book B").or_(page.get_by_role("button", name="Book", exact=True)).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_in_viewport(ratio=1)
    await dialog.get_by_label("First name").fill(first)
    await dialog.get_by_label("Last name").fill(last)
    await dialog.get_by_role("button", name="Book", exact=True).click()
    await expect(dialog).to_have_count(0)
    await expect(tile(row, 1)).to_contain_text(f"{first} {last}")


async def undo(page: Page, done: str) -> None:
    """Take back what was done, once the page says that it is."""
    await expect(page.locator(".last-act")).to_contain_text(done)
    await expect(page.get_by_role("dialog")).to_have_count(0)  # until it is gone, keys are its own
    await page.keyboard.press("z")


async def test_the_board_follows_a_hold_a_booking_and_a_cancellation(browser, demo):
    async with board(browser, demo, days=1) as page:
        row, start = await free_start(page, demo)
        hold = (await run(demo, HOLD, t=start["id"]))["holdSlots"]["hold"]["id"]
        await expect(tile(row, 1)).to_have_attribute("data-status", "HELD")
        await expect(tile(row, 1).locator(".count")).to_be_visible()
        booking = (await run(demo, BOOK, h=hold))["bookSlots"]["booking"]["id"]
        await expect(tile(row, 1)).to_contain_text("Robin Vale")
        await run(demo, CANCEL, b=booking)
        await expect(tile(row, 1)).to_have_attribute("data-status", "AVAILABLE")
        await expect(page.get_by_text("Robin Vale")).to_have_count(0)


async def test_a_booking_is_made_in_place_and_undone(browser, demo):
    async with board(browser, demo, days=2) as page:
        row, _ = await free_start(page, demo)
        await book(row, first="Nell", last="Thorne")
        await undo(page, "Booked for Nell Thorne.")
        await expect(tile(row, 1)).to_have_attribute("data-status", "AVAILABLE")


async def test_keys_hold_a_place_block_another_and_move_a_booking(browser, demo):
    async with board(browser, demo, days=3) as page:
        row, _ = await free_start(page, demo)
        await book(row, first="Ida", last="Marsh")
        await tile(row, 2).focus()
        await page.keyboard.press("h")
        await expect(tile(row, 2)).to_have_attribute("data-status", "HELD")
        await undo(page, "Held.")
        await expect(tile(row, 2)).to_have_attribute("data-status", "AVAILABLE")
        await tile(row, 3).focus()
        await page.keyboard.press("l")
        await page.get_by_role("dialog").get_by_label("Reason").fill("Sprinklers")
        await page.keyboard.press("Enter")
        await expect(tile(row, 3)).to_have_attribute("data-status", "BLOCKED")
        target, _ = await free_start(page, demo)
        await tile(row, 1).focus()
        await page.keyboard.press("m")
        await expect(page.get_by_text("Moving Ida Marsh")).to_be_visible()
        await tile(target, 1).focus()
        await page.keyboard.press("Enter")
        await expect(tile(target, 1)).to_contain_text("Ida Marsh")
        await expect(tile(row, 1)).to_have_attribute("data-status", "AVAILABLE")
        await undo(page, "Moved to")
        await expect(tile(row, 1)).to_contain_text("Ida Marsh")


async def test_letters_work_in_the_panel_of_a_place_too(browser, demo):
    async with board(browser, demo, days=5) as page:
        row, _ = await free_start(page, demo)
        await tile(row, 4).click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        await page.keyboard.press("h")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await expect(row.locator("[data-status=HELD]")).to_have_count(1)
        await undo(page, "Held.")
        await expect(row.locator("[data-status=HELD]")).to_have_count(0)


async def test_a_booking_is_dragged_to_another_start(browser, demo):
    async with board(browser, demo, days=4) as page:
        row, _ = await free_start(page, demo)
        await book(row, first="Odo", last="Finch")
        target, _ = await free_start(page, demo)
        await tile(row, 1).drag_to(target)
        await expect(target).to_contain_text("Odo Finch")


async def test_an_arrival_is_noted_and_taken_back_and_what_is_refused_is_said_where_it_happened(browser, demo):
    async with board(browser, demo) as page:
        await expect(page.locator(".tile").first).to_be_visible()
        booked = page.locator(".tile[data-state=booked]")
        if not await booked.count():
            pytest.skip("the demo's day is over at this hour")
        here = page.locator(f"[data-slot='{await booked.first.get_attribute('data-slot')}']")
        await here.focus()
        await page.keyboard.press("c")
        await expect(here).to_have_attribute("data-state", "arrived")
        await page.keyboard.press("u")
        await expect(here).to_have_attribute("data-state", "booked")
    async with board(browser, demo, days=1) as page:
        booked = page.locator(".tile[data-state=booked]")
        here = page.locator(f"[data-slot='{await booked.first.get_attribute('data-slot')}']")
        await here.focus()
        await page.keyboard.press("c")
        row = page.locator(".row").filter(has=here)
        await expect(row.get_by_role("alert")).not_to_be_empty()
        await expect(here).to_have_attribute("data-state", "booked")


async def test_a_dead_connection_is_never_green_and_empties_nothing(browser, demo):
    async with board(browser, demo, days=1) as page:
        await expect(page.locator(".tile").first).to_be_visible()
        tiles = await page.locator(".tile").count()
        await page.context.set_offline(True)
        await expect(page.locator("#live")).to_contain_text("Reconnecting…")
        await expect(page.locator("#live")).to_contain_text("as of")
        row, start = await free_start(page, demo)
        await tile(row, 1).focus()
        await page.keyboard.press("h")
        await expect(row.get_by_role("alert")).to_contain_text("Nothing was changed")
        assert await page.locator(".tile").count() == tiles
        hold = (await run(demo, HOLD, t=start["id"]))["holdSlots"]["hold"]["id"]
        await page.context.set_offline(False)
        await expect(page.locator("#live")).to_have_text(LIVE["en-GB"])
        await expect(tile(row, 1)).to_have_attribute("data-status", "HELD")
        await run(demo, "mutation($h: ID!) { releaseHold(input: { holdId: $h }) { hold { id } } }", h=hold)


async def test_the_board_tells_when_the_course_closes_and_covers_only_what_the_closure_covers(browser, demo):
    async with board(browser, demo) as page:
        strip, course = page.locator("#conditions"), await page.locator("#course").input_value()
        try:
            assert (await run(demo, CLOSE, c=course))["setCourseStatus"] == {"problems": []}
            await expect(strip).to_contain_text("Lightning seen, until midnight")
            assert await page.locator(".row[data-past][data-closed]").count() == 0
            coming = await page.locator(".row:not([data-past])").count()
            await expect(page.locator(".row[data-closed]")).to_have_count(coming)
            await page.get_by_role("button", name="The day after").click()
            await expect(page.locator(".row").first).to_be_visible()
            await expect(page.locator(".row[data-closed]")).to_have_count(0)
        finally:
            await run(demo, CLEAR, c=course)
        await expect(strip).to_have_attribute("data-status", "OPEN")


async def test_a_board_that_is_loaded_again_shows_the_same_sheet(browser, demo):
    async with board(browser, demo) as page:
        course, day = page.locator("#course"), page.locator("#day")
        today = await day.input_value()
        await course.select_option(index=1)
        chosen = await course.input_value()
        await page.reload()
        await expect(course).to_have_value(chosen)
        await expect(day).to_have_value(today)
        assert "day" not in page.url, "a board of today's is one of tomorrow's tomorrow"
        await page.get_by_role("button", name="The day after").click()
        await expect(day).not_to_have_value(today)
        shown = await day.input_value()
        await page.reload()
        await expect(day).to_have_value(shown)
        await expect(course).to_have_value(chosen)


async def test_the_board_opens_on_the_course_and_day_that_the_demo_prints_and_graphiql_asks_for(browser, demo):
    [line] = [line for line in demo.lines if line.startswith("Board ")]
    printed = line.split()[1]
    named = dict(pair.split("=") for pair in printed.partition("#")[2].split("&"))
    async with board(browser, demo, address=printed.removeprefix(f"{demo.url}/")) as page:
        await expect(page.locator("#course")).to_have_value(named["course"])
        await expect(page.locator("#day")).to_have_value(named["day"])
        await expect(page.locator("#who option:checked")).to_have_text("Pro shop")
        config = json.loads(str(await page.locator("#fairway-config").text_content()))
        asked = json.loads(config["examples"][0]["variables"])
        assert (asked["courseId"], asked["date"]) == (named["course"], named["day"])
    async with board(browser, demo) as page:
        await expect(page.locator("#course")).to_have_value(named["course"])


async def test_midnight_turns_the_day(browser, demo):
    context = await browser.new_context(viewport=DESK, locale="en-GB")
    page = await context.new_page()
    await page.clock.install()
    await page.goto(demo.url)
    await expect(page.locator("#live")).to_have_text(LIVE["en-GB"])
    day = await page.locator("#day").input_value()
    await page.clock.fast_forward(86_400_000)  # each timer fires once, as after a sleep: all of them take a minute
    await expect(page.locator("#day")).not_to_have_value(day)
    await expect(page.locator("main")).not_to_have_attribute("data-day", day)
    await context.close()


async def test_the_board_says_what_is_missing(browser, demo):
    async with board(browser, demo, viewport={"width": 390, "height": 844}) as page:
        await page.locator("#day").fill("2031-01-01")
        await expect(page.get_by_text("There is no tee sheet for this day yet.")).to_be_visible()
        await page.locator("#who").select_option("paste")
        await page.get_by_role("textbox", name="Paste a token").fill("not a token")
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_role("alert")).to_have_text("This is not a JSON Web Token.")


async def test_the_board_speaks_the_browsers_language_and_another_by_hand(browser, demo):
    async with board(browser, demo, days=1, locale="es-ES") as page:
        await expect(page.get_by_text("Ocupación")).to_be_visible()
        await page.locator("#language").select_option("en")
        await expect(page.get_by_text("Utilisation")).to_be_visible()
        await page.reload()
        await expect(page.locator("#live")).to_have_text(LIVE["en-GB"])
        assert await page.locator("html").get_attribute("lang") == "en"


async def test_a_question_mark_lists_the_keys(browser, demo, axe):
    async with board(browser, demo, viewport={"width": 390, "height": 500}) as page:
        await page.keyboard.press("?")
        await expect(page.get_by_role("dialog")).to_contain_text("Move the booking")
        assert await serious(page, axe) == []
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)


VIEWS = ["sheet", "starter", "marshal", "caddies", "course", "wall", "occasion", "club"]


async def serious(page: Page, axe: str) -> list[Any]:
    """What axe finds that keeps people from using the page as it is now."""
    await page.emulate_media(reduced_motion="reduce")  # what has just changed glows, in colours that nobody is to read
    await page.evaluate(axe)
    found = await page.evaluate("axe.run(document, { resultTypes: ['violations'] }).then((r) => r.violations)")
    return [
        (one["id"], [node["html"][:160] for node in one["nodes"][:3]])
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("view", VIEWS)
async def test_axe_finds_nothing_serious(browser, demo, axe, view):
    async with board(browser, demo, address=f"#view={view}") as page:
        await expect(page.locator("main > *").first).to_be_visible()
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            assert await serious(page, axe) == [], scheme


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_place_can_be_read_whatever_its_state_past_or_to_come(browser, demo, axe, scheme):
    async with board(browser, demo, days=1, color_scheme=scheme) as page:
        await expect(page.locator(".tile[data-status=BOOKED]").first).to_be_visible()
        # The day has hardly begun at some hours, and is over at others: so the states are put on.
        await page.evaluate("""() => document.querySelectorAll('.row').forEach((row, number) => {
          row.toggleAttribute('data-past', number % 2 === 0);
          const states = ['booked', 'arrived', 'absent', 'out', 'done'];
          row.querySelectorAll('.tile').forEach((tile, place) => {
            if (tile.dataset.status === 'BOOKED') tile.dataset.state = states[(number + place) % states.length];
            else tile.dataset.status = ['AVAILABLE', 'HELD', 'BLOCKED'][(number + place) % 3];
          });
        })""")
        assert await serious(page, axe) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_serious_in_what_floats(browser, demo, axe, scheme):
    async with board(browser, demo, days=1, color_scheme=scheme) as page:
        await page.locator(".tile[data-status=BOOKED]").first.click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        assert await serious(page, axe) == []
        await page.keyboard.press("Escape")
        row, _ = await free_start(page, demo)
        await tile(row, 1).focus()
        await page.keyboard.press("b")
        await expect(page.get_by_role("dialog")).to_be_in_viewport(ratio=1)
        assert await serious(page, axe) == []


@pytest.mark.parametrize("view", VIEWS)
async def test_no_view_is_wider_than_its_window(browser, demo, view):
    narrow = {"width": 390, "height": 900}
    async with board(browser, demo, address=f"#view={view}", viewport=narrow, locale="es-ES") as page:
        for width in (390, 1440, 3840):
            await page.set_viewport_size(narrow | {"width": width})
            await expect(page.locator("main > *").first).to_be_visible()
            await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
            assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_a_very_wide_screen_shows_the_morning_beside_the_afternoon(browser, demo):
    async with board(browser, demo, days=1, viewport={"width": 3840, "height": 2160}) as page:
        rows = page.locator(".row")
        await expect(rows.first).to_be_visible()
        lefts = await rows.evaluate_all("(rows) => rows.map((row) => row.getBoundingClientRect().left)")
        assert len(set(lefts)) == 2
        assert lefts == sorted(lefts), "they go down the one half, and then down the other"


async def test_on_a_phone_nothing_of_the_head_is_cut_or_scrolls(browser, demo):
    async with board(browser, demo, viewport={"width": 390, "height": 844}, locale="es-ES") as page:
        cut = "(parts) => parts.filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.outerHTML)"
        for part in ("nav", "select", ".head-end", "button"):
            assert await page.locator(f".head {part}").evaluate_all(cut) == [], part
        await page.evaluate("scrollTo(0, 0)")
        head = await page.locator(".head").bounding_box()
        assert head
        assert head["height"] < 160, "three lines are enough"
        for field in await page.locator(".head a, .head select, .head button").all():
            if box := await field.bounding_box():  # the page itself goes to what comes next: up and down it may scroll
                assert 0 <= box["x"] <= 390 - box["width"]
