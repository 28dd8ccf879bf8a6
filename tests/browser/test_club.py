"""What a club sells by, and what it has booked for groups and regulars: changed on the board, and taken back."""

from datetime import date, timedelta

import pytest
from playwright.async_api import expect

from tests.browser.test_beside import GROUP
from tests.browser.test_board import FREE, board, free_start, run, serious, tile, undo
from tests.browser.test_views import sign_in

pytestmark = pytest.mark.browser

STANDING = """mutation($input: SetStandingBookingInput!) {
  setStandingBooking(input: $input) { standingBooking { id } problems { code message } }
}"""

CANCEL = "mutation($g: ID!) { cancelBookingGroup(input: { groupId: $g, bookingIds: [] }) { problems { code } } }"


async def test_an_admin_adds_a_class_limits_it_and_takes_all_of_it_back(browser, demo, axe):
    async with board(browser, demo, address="#view=club") as page, board(browser, demo, days=1) as desk:
        there = page.get_by_role("region", name="Price classes")
        await expect(there.get_by_role("listitem")).to_have_count(5)
        await expect(there).to_contain_text("Admins of the club change them.")
        await expect(there.get_by_role("button")).to_have_count(0)
        await sign_in(page, "Owner")
        await there.get_by_text("Add a class…").click()
        for code in ("JUNIOR", "VETERAN"):
            await there.get_by_label("Code").fill(code)
            await there.get_by_label("Name", exact=True).last.fill("Veterans")
            await there.get_by_label("Of the kind").select_option("Members")
            await there.get_by_label("Code").press("Enter")
            if code == "JUNIOR":
                await expect(there.get_by_role("alert")).to_contain_text("has this price class already")
        one = there.locator("[data-class=VETERAN]")
        await expect(one).to_contain_text("VETERAN · Members")
        await one.get_by_text("Change… Veterans").click()
        await one.get_by_label("Bookings ahead").fill("4")
        await one.get_by_label("Rounds may not overlap").check()
        assert await serious(page, axe) == []
        await one.get_by_role("button", name="Set the limits").press("Enter")
        await expect(one).to_contain_text("Bookings ahead: 4 · Unused holds an hour: 12 · Rounds may not overlap")
        row, _ = await free_start(desk, demo)
        await tile(row, 1).focus()
        await desk.keyboard.press("b")
        await expect(desk.get_by_role("dialog").get_by_role("option", name="Veterans").first).to_be_attached()
        await page.locator("main").focus()
        await undo(page, "Limits of Veterans are set.")
        await expect(one).not_to_contain_text("Bookings ahead: 4 ·")
        back = one.get_by_role("button", name="Take the limits of its kind")
        await expect(back).to_have_count(0)
        await one.get_by_label("Guests a day").fill("3")
        await one.get_by_role("button", name="Set the limits").click()
        await expect(one).to_contain_text("Guests a day: 3")
        await back.click()
        await expect(one).not_to_contain_text("Guests a day: 3")
        await page.locator("main").focus()
        await undo(page, "Veterans has the limits of its kind.")
        await expect(one).to_contain_text("Guests a day: 3")
        await one.get_by_label("Name").fill("Old hands")
        await one.get_by_role("button", name="Rename").click()
        await expect(one.locator("strong")).to_have_text("Old hands")
        await one.get_by_role("button", name="Retire").click()
        await expect(one).to_contain_text("given to nobody any more")
        await page.locator("main").focus()
        await undo(page, "Old hands is given to nobody any more.")
        await expect(one.get_by_role("button", name="Retire")).to_be_visible()


async def test_booking_windows_are_set_in_both_languages_and_what_is_out_of_bounds_is_refused(browser, demo):
    async with board(browser, demo, address="#view=club", locale="es-ES") as page:
        await sign_in(page, "Owner")
        there = page.get_by_role("region", name="Antelación para reservar")
        members = there.get_by_role("group", name="Socios", exact=True)
        before = await members.get_by_label("Días de antelación").input_value()
        await members.get_by_label("Días de antelación").fill("9999")
        await there.get_by_role("button", name="Fijar la antelación").press("Enter")
        await expect(there.get_by_role("alert")).to_be_visible()
        await members.get_by_label("Días de antelación").fill(str(int(before) + 1))
        await there.get_by_role("button", name="Fijar la antelación").press("Enter")
        await expect(there.get_by_role("alert")).to_have_count(0)
        await page.locator("main").focus()
        await undo(page, "La antelación está fijada.")
        await expect(members.get_by_label("Días de antelación")).to_have_value(before)


async def test_a_group_is_renamed_and_cancelled_in_part_and_whole(browser, demo):
    async with board(browser, demo, days=4) as sheet, board(browser, demo, address="#view=club") as page:
        course, day = await sheet.locator("#course").input_value(), await sheet.locator("#day").input_value()
        await free_start(sheet, demo)
        starts = (await run(demo, FREE, c=course, d=day))["teeSheet"]["teeTimes"]
        one, other = [s["id"] for s in starts if all(slot["status"] == "AVAILABLE" for slot in s["slots"])][-2:]
        booking = GROUP.replace("Juno", "Odile").replace("Weald", "Marsh")  # others have booked for Juno Weald
        assert (await run(demo, booking, t=one, o=other))["bookGroup"]["problems"] == []
        there = page.get_by_role("region", name="Groups").get_by_role("listitem").filter(has_text="Odile Marsh")
        await expect(there).to_contain_text("2 starts · 4 players")
        await there.get_by_text("Change… Heron Cup").click()
        await there.get_by_label("Name", exact=True).fill("Heron Plate")
        await there.get_by_role("button", name="Save").press("Enter")
        await expect(there.locator("strong")).to_have_text("Heron Plate")
        await page.locator("main").focus()
        await undo(page, "Heron Plate is changed.")
        await expect(there.locator("strong")).to_have_text("Heron Cup")
        await there.get_by_role("button", name="Cancel this start").first.click()
        await expect(there).to_contain_text("1 start · 2 players")
        await expect(sheet.locator(f"#{one} .tile[data-status=AVAILABLE]")).to_have_count(4)
        await page.locator("main").focus()
        await undo(page, "Cancelled of Heron Cup.")
        await expect(there).to_contain_text("2 starts · 4 players")
        await there.get_by_text("Cancel all 2 starts…").click()
        await there.get_by_role("button", name="Cancel the group").click()
        await expect(there).to_contain_text("nothing left to be played")
        await expect(sheet.locator(f"#{other} .tile[data-status=AVAILABLE]")).to_have_count(4)


async def test_groups_that_came_long_ago_are_read_when_they_are_wanted(browser, demo):
    async with board(browser, demo, days=4) as sheet, board(browser, demo, address="#view=club") as page:
        course, day = await sheet.locator("#course").input_value(), await sheet.locator("#day").input_value()
        starts = (await run(demo, FREE, c=course, d=day))["teeSheet"]["teeTimes"]
        one, other = [s["id"] for s in starts if all(slot["status"] == "AVAILABLE" for slot in s["slots"])][-2:]
        for number in range(11):
            booking = GROUP.replace("Heron Cup", f"Moor Cup {number}")
            booked = (await run(demo, booking, t=one, o=other))["bookGroup"]
            assert booked["problems"] == []
            await run(demo, CANCEL, g=booked["bookingGroup"]["id"])
        there = page.get_by_role("region", name="Groups")
        await expect(there.locator(".number")).to_have_text("10+")
        await expect(there).to_contain_text("Moor Cup 10")
        await expect(there).not_to_contain_text("Moor Cup 0")
        await there.get_by_role("button", name="Show more").press("Enter")
        await expect(there).to_contain_text("Moor Cup 0")


async def test_a_standing_booking_is_changed_taken_back_and_ended(browser, demo):
    async with board(browser, demo, address="#view=club") as page:
        course = await page.locator("#course").input_value()
        today = date.fromisoformat(str(await page.locator("main").get_attribute("data-day")))
        until = today + timedelta(days=90)
        given = {"courseId": course, "weekday": "TUESDAY", "localTime": "16:00", "places": 2}
        given |= {"players": [{"firstName": "Imre", "lastName": "Rowan", "priceClass": "MEMBER"}]}
        given |= {"firstDate": (today + timedelta(days=60)).isoformat(), "until": until.isoformat()}
        assert (await run(demo, STANDING, input=given))["setStandingBooking"]["problems"] == []
        there = page.get_by_role("region", name="Standing bookings").get_by_role("listitem").filter(has_text="Imre")
        await expect(there).to_contain_text("Tuesday 16:00 · Old Heron · 2 players")
        await there.get_by_text("Change… Imre Rowan").click()
        await there.get_by_label("Weekday").select_option("Friday")
        await there.get_by_label("Players").fill("3")
        await there.get_by_label("Players").press("Enter")
        await expect(there).to_contain_text("Friday 16:00 · Old Heron · 3 players")
        await page.locator("main").focus()
        await undo(page, "The standing booking of Imre Rowan is changed.")
        await expect(there).to_contain_text("Tuesday 16:00 · Old Heron · 2 players")
        query = "query($c: ID!) { standingBookings(clubId: $c) { nodes { players { lastName priceClass } } } }"
        club = (await run(demo, "{ clubs { id courses { id } } }"))["clubs"]
        [mine] = [one["id"] for one in club if course in {each["id"] for each in one["courses"]}]
        kept = (await run(demo, query, c=mine))["standingBookings"]["nodes"]
        assert {"lastName": "Rowan", "priceClass": "MEMBER"} in [player for one in kept for player in one["players"]]
        await there.get_by_text("End it…").click()
        await there.get_by_role("button", name="End the standing booking").press("Enter")
        await expect(there).to_have_count(0)
