"""Sheets that exist and are changed: by hand, or made anew from the template."""

from asyncio import gather

import pytest

from tests.harness import TEMPLATE
from tests.tee_sheet.desk import (
    PAYER,
    ask,
    block,
    book,
    cancel,
    club_events,
    delay,
    done,
    hold,
    refused,
    sheet,
    squeeze,
    types,
    unblock,
)
from tests.tee_sheet.test_generation_api import set_template
from tests.tee_sheet.test_snapshot_and_events import assert_followed
from tests.tee_sheet.waiting import join, offers

WHAT = """date differs groupSizes prices { priceClass holes price { amountCents } }
  addedStarts { localTime tee } removedStarts { localTime tee } resizedStarts { localTime }
  keptStarts { teeTimeId localTime reason } leftOutStarts { localTime } keepsOwnPrices keepsOwnGroupSizes"""


def prices(cents):
    return [{"priceClass": kind, "holes": 18, "amountCents": cents} for kind in ("MEMBER", "GUEST", "PUBLIC")]


async def update(world, **given):
    wanted = f"teeSheet {{ id groupSizes }} differences {{ {WHAT} }}"
    where = {"courseId": world.course, "date": world.day.isoformat()}
    return await done(world.server, "updateTeeSheet", wanted, who=world.staff, **where | given)


async def regenerate(world, **given):
    where = {"courseId": world.course, "date": world.day.isoformat()}
    return await done(world.server, "regenerateTeeSheets", f"days {{ {WHAT} }}", who=world.staff, **where | given)


def times(starts):
    return [row["localTime"][:5] for row in starts]


def offered(shown):
    """Give the prices of places that are not sold."""
    slots = [slot for row in shown["teeTimes"] for slot in row["slots"]]
    return {slot["price"]["amountCents"] for slot in slots if slot["status"] != "BOOKED"}


async def test_a_price_that_was_typed_wrong_is_right_for_all_who_buy_from_now_on(world):
    await book(world, world.staff, 0, places=2)
    held = await hold(world, world.player("ana"), 1, places=2)
    await block(world, 2)
    before = await sheet(world)
    payload = await update(world, prices=prices(7700))
    assert payload["differences"]["prices"][2]["price"]["amountCents"] == 7700
    after = await sheet(world)
    assert offered(after) == {7700}
    assert after["teeTimes"][0]["slots"][0]["price"]["amountCents"] == 9000
    assert after["hasOwnPrices"]
    [event] = await club_events(world, after=before["cursor"], upto=payload["cursor"])
    assert (event["type"], event["change"], event["teeTimes"]) == ("tee-sheet.changed", "UPDATED", [])
    assert len(event["repricedTeeTimes"]) == 25
    sold = await book(world, world.player("ana"), holdId=held["hold"]["id"])
    assert sold["booking"]["price"]["amountCents"] == 15400
    await assert_followed(world, before)


async def test_a_dry_run_tells_what_would_differ_and_changes_nothing(world):
    before = await sheet(world)
    given = {"prices": prices(7700), "groupSizes": [2], "removeTeeTimeIds": [world.tee_time(3)], "dryRun": True}
    payload = await update(world, **given)
    assert payload["cursor"] is None
    found = payload["differences"]
    assert (found["differs"], found["groupSizes"], times(found["removedStarts"])) == (True, [2], ["08:30"])
    assert len(found["resizedStarts"]) == 24
    assert await sheet(world) == before
    await set_template(world, intervalMinutes=15)
    [day] = (await regenerate(world, dryRun=True))["days"]
    assert len(day["removedStarts"]) == 16
    assert (await sheet(world)) | {"cursor": ""} == before | {"cursor": ""}


async def test_a_change_to_what_is_so_already_tells_nothing(world):
    await update(world, prices=prices(7700))
    payload = await update(world, prices=prices(7700))
    assert (payload["cursor"], payload["differences"]["differs"]) == (None, False)


async def test_smaller_groups_take_places_from_starts_that_nobody_has_alone(world):
    booking = (await book(world, world.staff, 0, places=3))["booking"]["id"]
    await hold(world, world.player("ana"), 1, places=1)
    await block(world, 2)
    before = await sheet(world)
    found = (await update(world, groupSizes=[1, 2]))["differences"]
    kept = [(row["localTime"][:5], row["reason"]) for row in found["keptStarts"]]
    assert kept == [("08:00", "BOOKED"), ("08:10", "HELD"), ("08:20", "BLOCKED")]
    assert [len(row["slots"]) for row in (await sheet(world))["teeTimes"]] == [4, 4, 4, *[2] * 22]
    await assert_followed(world, before)
    await cancel(world, world.staff, booking)
    before = await sheet(world)
    await update(world, groupSizes=[1, 2, 3])
    assert [len(row["slots"]) for row in (await sheet(world))["teeTimes"]] == [3, 4, 4, *[3] * 22]
    await assert_followed(world, before)


async def test_starts_are_removed_and_added_and_told(world):
    lifted = await block(world, 4)
    await unblock(world, lifted["block"]["id"])
    held = await hold(world, world.player("ana"), 5)
    await done(world.server, "releaseHold", "hold { id }", who=world.player("ana"), holdId=held["hold"]["id"])
    before = await sheet(world)
    gone = [world.tee_time(number) for number in (3, 4, 5)]
    starts = [{"localTime": "07:40"}, {"localTime": "12:15", "tee": 10}]
    await update(world, removeTeeTimeIds=gone, addStarts=starts, evenIfTurning=True)
    shown = (await sheet(world))["teeTimes"]
    assert times(shown)[:5] == ["07:40", "08:00", "08:10", "08:20", "09:00"]
    assert (times(shown)[-1], shown[-1]["tee"], len(shown)) == ("12:15", 10, 24)
    await assert_followed(world, before)
    again = await update(world, addStarts=[{"localTime": "08:30"}])
    assert times(again["differences"]["addedStarts"]) == ["08:30"]
    await book(world, world.staff, places=1, teeTimeId=(await sheet(world))["teeTimes"][4]["id"])


async def test_starts_in_use_are_not_removed(world):
    booking = (await book(world, world.staff, 0))["booking"]["id"]
    await hold(world, world.player("ana"), 1)
    await block(world, 2)
    await cancel(world, world.staff, booking)
    ids = [world.tee_time(number) for number in range(4)]
    where = {"courseId": world.course, "date": world.day.isoformat()}
    problem = await refused(world, "updateTeeSheet", who=world.staff, **where, removeTeeTimeIds=ids)
    assert (problem["code"], problem["teeTimeIds"]) == ("STARTS_IN_USE", ids[:3])


@pytest.mark.parametrize(
    ("wish", "path"),
    [
        ({}, []),
        ({"prices": []}, ["prices"]),
        ({"groupSizes": [5]}, ["groupSizes"]),
        ({"addStarts": [{"localTime": "08:10"}]}, ["addStarts", "0"]),
        ({"addStarts": [{"localTime": "08:10:30"}]}, ["addStarts", "0", "localTime"]),
        ({"addStarts": [{"localTime": "06:00"}]}, ["addStarts", "0", "localTime"]),
        ({"addStarts": [{"localTime": "08:15", "tee": 19}]}, ["addStarts", "0", "tee"]),
        ({"addStarts": [{"localTime": "08:15"}] * 2}, ["addStarts"]),
    ],
)
async def test_wishes_that_cannot_be_met(standing, wish, path):
    where = {"courseId": standing.course, "date": standing.day.isoformat()}
    problem = await refused(standing, "updateTeeSheet", who=standing.staff, **where, **wish)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", *path])


async def test_a_sheet_is_made_anew_around_what_is_in_use(world):
    await book(world, world.staff, 1, places=2)  # 08:10
    cancelled = (await book(world, world.staff, 2))["booking"]["id"]  # 08:20
    await cancel(world, world.staff, cancelled)
    await hold(world, world.player("ana"), 4)  # 08:40
    await block(world, 5)  # 08:50
    before = await sheet(world)
    await set_template(world, intervalMinutes=15, prices=prices(8800))
    [day] = (await regenerate(world))["days"]
    kept = {row["localTime"][:5]: row["reason"] for row in day["keptStarts"]}
    assert kept == {"08:10": "BOOKED", "08:20": "SOLD_BEFORE", "08:40": "HELD", "08:50": "BLOCKED"}
    assert times(day["leftOutStarts"]) == ["08:15", "08:45"]
    after = await sheet(world)
    early = ["08:00", "08:10", "08:20", "08:30", "08:40", "08:50", "09:00", "09:15"]
    assert times(after["teeTimes"])[:8] == early
    assert offered(after) == {8800}
    assert not after["hasOwnPrices"]
    await assert_followed(world, before)
    again = await regenerate(world)
    assert (again["cursor"], again["days"][0]["differs"]) == (None, False)


async def test_what_was_changed_by_hand_stays_until_it_is_said_otherwise(world):
    await squeeze(world, "08:05")
    await update(
        world, prices=prices(7700), removeTeeTimeIds=[world.tee_time(3)], addStarts=[{"localTime": "12:20", "tee": 1}]
    )
    await delay(world, "11:50", 7)
    before = await sheet(world)
    await set_template(world, prices=prices(8800), groupSizes=[1, 2], lastStart="11:50")
    [day] = (await regenerate(world))["days"]
    kept = {row["localTime"][:5]: row["reason"] for row in day["keptStarts"]}
    assert kept == {"08:05": "BY_HAND", "12:07": "BY_HAND", "12:27": "BY_HAND"}
    assert (day["keepsOwnPrices"], day["groupSizes"], day["addedStarts"]) == (True, [1, 2], [])
    after = await sheet(world)
    assert offered(after) == {7700}
    assert "08:30" not in times(after["teeTimes"])
    await assert_followed(world, before)
    before = after
    [day] = (await regenerate(world, evenByHand=True))["days"]
    assert times(day["addedStarts"]) == ["08:30"]
    assert times(day["removedStarts"]) == ["08:05", "12:07", "12:27"]
    after = await sheet(world)
    assert offered(after) == {8800}
    assert times(after["teeTimes"])[-1] == "11:57"
    assert not after["hasOwnPrices"]
    await assert_followed(world, before)


async def test_days_without_a_sheet_stay_without(world):
    await set_template(world, prices=prices(8800))
    found = await regenerate(world, until="2026-05-10")
    assert [day["date"] for day in found["days"]] == ["2026-05-04"]
    assert await sheet(world, day="2026-05-05") is None


async def test_starts_that_have_come_are_left_alone(world, clock):
    clock.advance(hours=2)  # 09:00
    await set_template(world, intervalMinutes=15)
    [day] = (await regenerate(world))["days"]
    assert times(day["removedStarts"])[0] == "09:10"
    assert times((await sheet(world))["teeTimes"])[:8] == [
        *("08:00", "08:10", "08:20", "08:30", "08:40", "08:50", "09:00", "09:15")
    ]


async def test_who_waits_is_offered_places_that_are_new(world):
    await book(world, world.staff, -1, places=4)
    await join(world, world.player("ben"), None, 2, earliest="12:00", latest="13:00")
    before = await sheet(world)
    payload = await update(world, addStarts=[{"localTime": "12:40"}])
    [offer] = await offers(world, world.staff)
    assert offer["places"] == 2
    events = await club_events(world, after=before["cursor"], upto=payload["cursor"])
    assert types(events)[:3] == ["tee-sheet.changed", "slot.held", "slot.held"]
    await assert_followed(world, before)


async def test_sales_at_the_same_time_are_kept_or_refused_and_nothing_else(world):
    await set_template(world, intervalMinutes=15)
    before = await sheet(world)
    given = {"places": 1, "payer": PAYER}
    people = [world.player(f"p{n}") for n in range(20)]
    sales = [ask(world.server, "bookSlots", who=p, teeTimeId=world.tee_time(n), **given) for n, p in enumerate(people)]
    *answers, _ = await gather(*sales, regenerate(world))
    shown = {row["id"]: row for row in (await sheet(world))["teeTimes"]}
    for number, answer in enumerate(answers):
        tee_time = shown.get(world.tee_time(number))
        if answer.get("errors"):
            assert (answer.code, tee_time) == ("NOT_FOUND", None)
        else:
            assert answer.data["bookSlots"]["problems"] == []
            assert [slot["status"] for slot in tee_time["slots"]].count("BOOKED") == 1
    await assert_followed(world, before)


async def test_a_template_is_as_it_was_set(world):
    await set_template(world, **TEMPLATE)
    assert (await regenerate(world))["days"][0]["differs"] is False
