"""A planner's evening and a guest's phone: seats, a plan by the machine, the door, posts, requests."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.test_board import board, serious
from tests.browser.test_views import run_as, sign_in
from tests.program import Running
from tests.providers.picture_files import telling

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
GUESTS = """query($o: ID!) { guests(occasionId: $o) {
  guests { id name checkInCode rsvpStatus householdId attendances { partId arrivedAt tableId } } } }"""
UNDO = "mutation($g: ID!) { undoGuestCheckIn(input: { guestId: $g }) { problems { code } } }"
UNSEAT = "mutation($g: ID!) { unseatGuests(input: { guestIds: [$g] }) { problems { code } } }"
SEAT = """mutation($g: ID!, $t: ID!) {
  seatGuests(input: { tableId: $t, guests: [{ guestId: $g }], force: true }) { problems { code } }
}"""
ANSWER = """mutation($h: ID!, $g: ID!) {
  setRsvpOnBehalf(input: { householdId: $h, guests: [{ guestId: $g, status: DECLINED }] }) { problems { code } }
}"""


@asynccontextmanager
async def planning(browser: Browser, demo: Running, tab: str, **options: Any) -> AsyncIterator[tuple[Page, str]]:
    """The demo's wedding as its planner sees it; gives its id along."""
    async with board(browser, demo, **options) as page:
        config = json.loads(str(await page.locator("#fairway-config").text_content()))
        wedding = next(json.loads(one["variables"]) for one in config["examples"] if "occasionId" in one["variables"])
        await sign_in(page, "Planner")
        named = f"view=occasion&tab={tab}&occasion={wedding['occasionId']}"
        await page.evaluate("named => { location.hash = named }", named)
        await expect(page.get_by_role("tab", selected=True)).to_be_visible()
        yield page, wedding["occasionId"]


def table(page: Page, name: str) -> Locator:
    return page.locator(".table").filter(has=page.get_by_role("heading", name=name))


async def guests(demo: Running, occasion: str) -> list[dict[str, Any]]:
    return list((await run_as(demo, "Planner", GUESTS, o=occasion))["guests"]["guests"])


async def seats(demo: Running, occasion: str) -> dict[str, Any]:
    return {one["id"]: one["attendances"] for one in await guests(demo, occasion)}


async def test_a_tab_that_an_occasion_does_not_have_shows_its_guests(browser, demo):
    async with board(browser, demo) as page:
        await sign_in(page, "Planner")
        await page.evaluate("location.hash = 'view=occasion&tab=seating'")
        await page.locator("#occasion").select_option(label="Dinner of the autumn tournament")
        await expect(page.get_by_role("tab", name="Guests", selected=True)).to_be_visible()
        await expect(page.get_by_role("tabpanel")).to_contain_text("Alma Yarrowby")


async def test_a_guest_is_seated_by_drag_and_kept_there(browser, demo):
    async with planning(browser, demo, "seating") as (page, _):
        waiting, full = table(page, "Without a seat"), table(page, "Table 2 ")
        moved = full.locator(".seat").first
        name = (await moved.inner_text()).strip()
        await moved.drag_to(waiting)
        await expect(waiting).to_contain_text(name)
        await waiting.locator(".seat").filter(has_text=name).drag_to(full)
        await expect(full).to_contain_text(name)
        await full.locator(".seat").filter(has_text=name).click()
        await full.get_by_role("button", name=f"Keep {name} there").click()
        await expect(full.locator(".seat").filter(has_text=name).get_by_label("stays there")).to_be_visible()
        await full.locator(".seat").filter(has_text=name).drag_to(waiting)
        await expect(waiting.get_by_role("alert")).not_to_be_empty()
        await expect(full).to_contain_text(name)
        await full.locator(".seat").filter(has_text=name).click()
        await full.get_by_role("button", name=f"Let {name} be moved").click()
        await expect(full.get_by_label("stays there")).to_have_count(0)


async def test_a_plan_by_the_machine_is_looked_at_taken_and_taken_back(browser, demo):
    async with planning(browser, demo, "seating") as (page, occasion):
        guest = next(one for one in await guests(demo, occasion) if any(at["tableId"] for at in one["attendances"]))
        seat = next(at["tableId"] for at in guest["attendances"] if at["tableId"])
        await run_as(demo, "Planner", UNSEAT, g=guest["id"])
        before = await seats(demo, occasion)
        await page.get_by_role("button", name="Propose a plan").click()
        await expect(page.get_by_text("would sit elsewhere; ")).to_be_visible()
        assert await seats(demo, occasion) == before, "it is looked at first"
        await page.get_by_role("button", name="Seat them so").click()
        await expect(page.locator(".last-act")).to_contain_text("Seated anew")
        assert await seats(demo, occasion) != before
        await page.keyboard.press("z")
        await expect(page.locator(".last-act")).to_contain_text("Undone.")
        assert await seats(demo, occasion) == before
        await run_as(demo, "Planner", SEAT, g=guest["id"], t=seat)


async def test_the_door_lets_in_by_code_once_and_by_name_and_in_spite_of_an_answer(browser, demo):
    async with planning(browser, demo, "door") as (page, occasion):
        people = await guests(demo, occasion)
        coming = next(one for one in people if one["rsvpStatus"] == "ACCEPTED" and one["name"])
        declined = next(one for one in people if one["rsvpStatus"] == "DECLINED" and one["name"])
        field = page.get_by_label("Code, or a part of a name")
        through = page.get_by_role("region", name="Let in lately")
        async with planning(browser, demo, "guests") as (other, _):
            await field.fill(coming["checkInCode"])
            await field.press("Enter")
            await expect(through).to_contain_text(coming["name"])
            await other.get_by_role("searchbox").fill(coming["name"])
            await expect(other.get_by_role("button", name="Undo arrival")).to_be_visible()
        await field.fill(coming["checkInCode"])
        await field.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("checked in already")
        await run_as(demo, "Planner", UNDO, g=coming["id"])
        await expect(through).not_to_contain_text(coming["name"])
        await field.fill(declined["name"])
        await page.get_by_role("button", name=f"Let in {declined['name']}").click()
        await page.get_by_role("button", name="Let them in all the same").click()
        await expect(through).to_contain_text(declined["name"])
        await run_as(demo, "Planner", UNDO, g=declined["id"])
        await run_as(demo, "Planner", ANSWER, h=declined["householdId"], g=declined["id"])


async def test_a_planner_answers_for_a_guest_and_takes_it_back(browser, demo):
    async with planning(browser, demo, "guests") as (page, occasion):
        guest = next(one for one in await guests(demo, occasion) if one["rsvpStatus"] == "PENDING" and one["name"])
        await page.get_by_role("searchbox").fill(guest["name"])
        answer = page.get_by_label(f"Answer for {guest['name']}")
        await answer.select_option("DECLINED")
        await expect(page.locator(".guests li").first).to_have_attribute("data-status", "DECLINED")
        await page.locator("h2").first.click()
        await page.keyboard.press("z")
        await expect(page.locator(".guests li").first).to_have_attribute("data-status", "PENDING")


async def test_a_guest_posts_a_picture_and_asks_and_a_planner_shows_and_answers(browser, demo, axe):
    async with board(browser, demo, viewport=PHONE) as phone, planning(browser, demo, "posts") as (page, _):
        await sign_in(phone, "Wedding guest")
        await phone.evaluate("() => { location.hash = 'view=guest' }")
        posts = phone.get_by_role("region", name="What guests post")
        await posts.get_by_label("What is it?").select_option("GALLERY")
        picture = {"name": "us.jpg", "mimeType": "image/jpeg", "buffer": telling()}
        await posts.locator("input[type=file]").set_input_files([picture])  # type: ignore[list-item]
        await posts.get_by_label("Words").fill("By the eighteenth green")
        await posts.get_by_role("button", name="Post", exact=True).click()
        mine = posts.locator("li").filter(has_text="By the eighteenth green")
        await expect(mine).to_contain_text("To be looked at")
        await expect(mine.locator("img")).to_have_js_property("complete", value=True)
        assert await mine.locator("img").evaluate("(shown) => shown.naturalWidth") > 0
        theirs = page.locator(".posts li").filter(has_text="By the eighteenth green")
        await theirs.get_by_role("button", name="Show to all").click()
        await expect(mine).not_to_contain_text("To be looked at")
        asking = phone.get_by_role("region", name="Ask for something")
        await asking.get_by_label("What do you need?").fill("A second high chair")
        await asking.get_by_role("button", name="Ask").click()
        await page.get_by_role("tab", name="Requests").click()
        asked = page.locator(".posts li").filter(has_text="A second high chair")
        await asked.get_by_label("Reply").fill("It is there.")
        await asked.get_by_label("State").select_option("DONE")
        await asked.get_by_role("button", name="Answer").click()
        await expect(asking).to_contain_text("It is there.")
        assert await serious(phone, axe) == []
        assert await phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_serious_in_what_a_planner_works_on(browser, demo, axe, scheme):
    async with planning(browser, demo, "guests", color_scheme=scheme, locale="es-ES") as (page, _):
        for tab in ("Invitados", "Mesas", "Puerta", "Publicaciones", "Peticiones"):
            await page.get_by_role("tab", name=tab).click()
            await expect(page.get_by_role("tabpanel")).to_be_visible()
            assert await serious(page, axe) == [], tab


async def test_a_planner_takes_in_a_file_of_guests_once_its_faults_are_seen(browser, demo, axe):
    async with planning(browser, demo, "guests") as (page, _):
        file = page.get_by_role("region", name="The list as a file")
        rows = "Household,First name,Last name,E-mail\nFileside,Nils,Fileside,nils-at-home\n"
        await choose(file, rows)
        await expect(file.get_by_role("status")).to_contain_text("Line 2, E-mail")
        await expect(file.get_by_role("button", name="Take it in")).to_be_disabled()
        await choose(file, rows.replace("nils-at-home", "nils@fileside.example"))
        await expect(file.get_by_role("status")).to_contain_text("New guests: 1; new households: 1")
        assert await serious(page, axe) == []
        await file.get_by_role("button", name="Take it in").click()
        await expect(page.locator(".guests")).to_contain_text("Nils Fileside")
        await choose(file, rows.replace("nils-at-home", "nils@fileside.example"))
        await expect(file.get_by_role("button", name="Take it in")).to_be_disabled()
        await file.get_by_label("Who is on the list already").select_option("SKIP")
        await expect(file.get_by_role("status")).to_contain_text("passed over: 1")
        async with page.expect_download() as saved:
            await file.get_by_role("button", name="Save as a file").click()
        text = (await (await saved.value).path()).read_text(encoding="utf-8-sig")
        assert "Nils" in text


async def choose(file: Locator, text: str) -> None:
    """Choose a file of this text."""
    given = {"name": "guests.csv", "mimeType": "text/csv", "buffer": text.encode()}
    await file.locator("input[type=file]").set_input_files([given])  # type: ignore[list-item]
