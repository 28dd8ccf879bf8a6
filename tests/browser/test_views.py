"""The other views of the board: what happens in one is seen in another."""

import json
import re
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.test_board import CLEAR, board, run, undo
from tests.harness import http_client
from tests.program import Running

pytestmark = pytest.mark.browser

SHEET = """query($c: ID!, $d: Date!) {
  teeSheet(courseId: $c, date: $d) { bookings { id status players { lastName } teeTime { startsAt } } }
}"""
CHECK_IN = "mutation($b: ID!) { checkIn(input: { bookingId: $b }) { problems { code } } }"
ASSIGN = """mutation($b: ID!) {
  assignTurn(input: { bookingId: $b, listNumber: 3 }) { turn { id caddieName } problems { code } }
}"""
DECLINE = "mutation($t: ID!) { answerTurnAssignment(input: { turnId: $t, accept: false }) { problems { code } } }"
WARN = """mutation($c: ID!) {
  setCourseStatus(input: { courseId: $c, status: CONDITIONAL, reason: "Wet bunkers" }) { problems { code } }
}"""


async def run_as(demo: Running, who: str, query: str, **variables: Any) -> Any:
    async with http_client() as http:
        headers = {"Authorization": f"Bearer {demo.tokens()[who]}"}
        answer = await http.post(f"{demo.url}/graphql", json={"query": query, "variables": variables}, headers=headers)
    return answer.json()["data"]


async def sign_in(page: Page, who: str) -> None:
    await page.locator("#who").select_option(label=who)
    await expect(page.locator("#who option:checked")).to_have_text(who)


async def test_a_starter_sees_who_is_here_and_sends_the_group_out(browser, demo):
    async with board(browser, demo, address="#view=starter") as page:
        await sign_in(page, "Starter")
        await expect(page.get_by_role("region", name="Next on the tee")).to_be_visible()
        course, day = await page.locator("#course").input_value(), await page.locator("#day").input_value()
        bookings = (await run(demo, SHEET, c=course, d=day))["teeSheet"]["bookings"]
        waiting = [one for one in bookings if one["status"] == "CONFIRMED"]
        if not waiting:
            pytest.skip("the demo's day is over at this hour")
        chosen = min(waiting, key=lambda one: one["teeTime"]["startsAt"])
        assert await run(demo, CHECK_IN, b=chosen["id"]) == {"checkIn": {"problems": []}}
        send = page.get_by_role("button", name="Tee off").first
        await expect(send).to_be_visible()
        await send.click()
        await expect(page.get_by_role("region", name="On the course").locator(".group")).to_have_count(1)
        await undo(page, "Teed off.")
        await expect(page.get_by_role("region", name="On the course").locator(".group")).to_have_count(0)


async def test_a_starter_sees_who_carries_for_a_group(browser, demo):
    async with board(browser, demo, address="#view=starter") as page:
        await sign_in(page, "Starter")
        await expect(page.get_by_role("region", name="Next on the tee")).to_be_visible()
        course, day = await page.locator("#course").input_value(), await page.locator("#day").input_value()
        bookings = (await run(demo, SHEET, c=course, d=day))["teeSheet"]["bookings"]
        waiting = [one for one in bookings if one["status"] in {"CONFIRMED", "CHECKED_IN"}]
        if not waiting:
            pytest.skip("the demo's day is over at this hour")
        chosen = min(waiting, key=lambda one: one["teeTime"]["startsAt"])
        assigned = (await run(demo, ASSIGN, b=chosen["id"]))["assignTurn"]
        assert assigned["problems"] == []
        group = page.locator(".group").filter(has_text=f"Caddie: {assigned['turn']['caddieName']}")
        await expect(group).to_have_count(1)
        assert (await run(demo, DECLINE, t=assigned["turn"]["id"]))["answerTurnAssignment"]["problems"] == []
        await expect(group).to_have_count(0)


async def test_play_is_suspended_for_all_who_look_and_goes_on(browser, demo):
    async with board(browser, demo, address="#view=starter") as page, board(browser, demo) as sheet:
        await page.get_by_role("button", name="Suspend play").click()
        await expect(sheet.get_by_text("Play is suspended since")).to_be_visible()
        await page.get_by_role("button", name="Resume play").click()
        await expect(sheet.get_by_text("Play is suspended since")).to_have_count(0)


async def test_starts_are_delayed_and_come_back(browser, demo):
    async with board(browser, demo, days=1, address="#view=starter") as page:
        first = page.locator(".group time").first
        before = await first.inner_text()
        minutes = page.get_by_label("Minutes")
        await minutes.fill("5")
        await page.get_by_role("button", name="Delay starts").click()
        await expect(first).not_to_have_text(before)
        await minutes.fill("-5")
        await page.get_by_role("button", name="Delay starts").click()
        await expect(first).to_have_text(before)


async def test_a_caddie_goes_out_and_comes_back(browser, demo):
    async with board(browser, demo, address="#view=caddies", locale="es-ES") as page:
        card = page.get_by_role("region", name="Lista 2")
        name = await card.locator("ol .who").first.inner_text()
        async with board(browser, demo, address="#view=caddies") as other:
            await other.get_by_role("region", name="List 2").get_by_role("button", name="Send the first").click()
            await expect(card.locator("ul").first).to_contain_text(name)
            await expect(card.locator("ol")).not_to_contain_text(name)
            await card.get_by_role("button", name="Vuelve").click()
            await expect(other.get_by_role("region", name="List 2").locator("ul").first).not_to_contain_text(name)


async def test_who_is_not_the_first_goes_out_only_with_a_reason(browser, demo):
    async with board(browser, demo, address="#view=caddies") as page:
        card = page.get_by_role("region", name="List 3")
        second = card.locator("ol li").nth(1)
        name = await second.locator(".who").inner_text()
        await second.get_by_role("button", name="Start…").click()
        await second.get_by_role("textbox").fill("Asked for by the member")
        await second.get_by_role("button", name="Start", exact=True).click()
        await expect(card.locator("ul").first).to_contain_text(name)
        await card.locator("ul").first.get_by_role("button", name="End").click()
        await expect(card.locator("ul").first).not_to_contain_text(name)


async def test_the_course_view_tells_what_was_set_and_lets_it_be_cleared(browser, demo):
    async with board(browser, demo, address="#view=course") as page:
        course = await page.locator("#course").input_value()
        try:
            await run(demo, WARN, c=course)
            await expect(page.locator("#conditions")).to_contain_text("Wet bunkers")
            history = page.get_by_role("region", name="What happened")
            await expect(history).to_contain_text("Wet bunkers")
            await page.get_by_role("button", name="Follow the weather again").click()
            await expect(page.locator("#conditions")).to_have_attribute("data-status", "OPEN")
            await expect(history.locator("li").first).to_contain_text("Open with care → Open")
        finally:
            await run(demo, CLEAR, c=course)


async def test_a_planner_takes_a_guest_off_a_table_and_undoes_it(browser, demo):
    async with board(browser, demo) as page:
        config = json.loads(str(await page.locator("#fairway-config").text_content()))
        wedding = next(json.loads(one["variables"]) for one in config["examples"] if "occasionId" in one["variables"])
        await sign_in(page, "Planner")
        address = f"view=occasion&tab=seating&occasion={wedding['occasionId']}"
        await page.evaluate("named => { location.hash = named }", address)
        named = page.locator(".table")
        table = named.filter(has=page.get_by_role("heading", name="Table 1 8 of 8"))
        waiting = named.filter(has=page.get_by_role("heading", name="Without a seat"))
        name = await table.locator(".seat").first.inner_text()
        await table.locator(".seat").first.click()
        await waiting.locator(".here").click()
        await expect(waiting.locator(".seat").filter(has_text=name)).to_have_count(1)
        await expect(page.locator(".last-act")).to_contain_text(name)
        await page.keyboard.press("z")
        await expect(table.locator(".seat").filter(has_text=name)).to_have_count(1)


async def test_a_guest_answers_on_a_phone(browser, demo):
    async with board(browser, demo, viewport={"width": 390, "height": 844}) as page:
        await sign_in(page, "Wedding guest")
        await page.evaluate("() => { location.hash = 'view=guest' }")
        mine = page.get_by_role("region", name="Brunch").locator("li").first
        came = await mine.get_attribute("data-status")
        other = ("We can't come", "DECLINED") if came == "ACCEPTED" else ("We come", "ACCEPTED")
        await mine.get_by_role("button", name=other[0]).click()
        await expect(mine).to_have_attribute("data-status", other[1])
        await expect(page.get_by_text("Thank you, it is noted.")).to_be_visible()


async def test_an_invitation_is_opened_by_its_code_without_a_token(browser, demo):
    async with board(browser, demo) as page:
        config = json.loads(str(await page.locator("#fairway-config").text_content()))
    named = next(json.loads(one["variables"]) for one in config["examples"] if "householdId" in one["variables"])
    household = await run_as(
        demo, "Planner", "query($h: ID!) { household(id: $h) { name code } }", h=named["householdId"]
    )
    context = await browser.new_context(locale="en-GB", viewport={"width": 390, "height": 844})
    page = await context.new_page()
    await page.route("**/", strip_tokens)
    await page.goto(f"{demo.url}/#view=guest&code={household['household']['code']}")
    await page.get_by_role("button", name="Open").click()
    await expect(page.get_by_text(household["household"]["name"], exact=True)).to_be_visible()
    await expect(page.locator("#live")).to_have_text("Connected in real time")
    await context.close()


async def strip_tokens(route: Route) -> None:
    """Serve the page as it is outside of the demo: with nobody to sign in as."""
    response = await route.fetch()
    body = re.sub(r"<script type=.application/json.*?</script>", "", await response.text(), flags=re.DOTALL)
    await route.fulfill(response=response, body=body)


async def test_who_waits_is_put_on_the_list_and_taken_off(browser, demo):
    async with board(browser, demo, days=6) as page:
        waitlist = page.get_by_role("complementary", name="Waitlist")
        await waitlist.get_by_text("Put on the waitlist…").click()
        await waitlist.get_by_label("First name").fill("Ursa")
        await waitlist.get_by_label("Last name").fill("Loam")
        await waitlist.get_by_role("button", name="Put on the waitlist").click()
        await expect(waitlist.get_by_text("Ursa Loam")).to_be_visible()
        await waitlist.get_by_role("button", name="Take off the list").click()
        await expect(waitlist.get_by_text("Ursa Loam")).to_have_count(0)


async def test_what_one_is_told_is_counted_and_read(browser, demo):
    async with board(browser, demo) as page:
        await page.get_by_role("button", name="News").click()
        await expect(page.get_by_role("dialog", name="News")).to_be_visible()


async def test_a_cart_is_taken_out_of_service_and_thresholds_are_set_and_both_taken_back(browser, demo):
    async with (
        board(browser, demo, address="#view=course") as page,
        board(browser, demo, address="#view=course") as other,
    ):
        cart = page.get_by_role("region", name="Carts").locator("li[data-status=ACTIVE]").first
        number = (await cart.locator(".who").inner_text()).split("\n")[0].removesuffix("In service").strip()
        same = page.get_by_role("region", name="Carts").locator("li").filter(has_text=number).first
        await cart.get_by_role("button", name="Take out of service").click()
        await expect(page.locator(".last-act")).to_contain_text("Out of service")
        await page.keyboard.press("z")
        await expect(page.locator(".last-act")).to_contain_text("In service")
        await expect(same).to_have_attribute("data-status", "ACTIVE")
        wind = page.get_by_label("Wind, warning (km/h)")
        before = await wind.input_value()
        await wind.fill("27")
        await page.get_by_role("button", name="Save").click()
        await expect(page.locator(".last-act")).to_contain_text("Saved.")
        await other.reload()
        await expect(other.get_by_label("Wind, warning (km/h)")).to_have_value("27")
        await page.locator("h2").first.click()
        await page.keyboard.press("z")
        await expect(page.locator(".last-act")).to_contain_text("Saved.")
        await other.reload()
        await expect(other.get_by_label("Wind, warning (km/h)")).to_have_value(before)
