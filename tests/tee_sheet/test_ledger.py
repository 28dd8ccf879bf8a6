"""The ledger of a booking: what is asked, paid and given back, and that nothing of it is ever changed."""

from collections import Counter

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.tee_sheet.crowd import at_once
from tests.tee_sheet.desk import ask, book, booking_events, cancel, done, forbidden, play, refused, sheet
from tests.tee_sheet.test_concurrency import codes
from tests.tee_sheet.test_snapshot_and_events import assert_followed

LEDGER = """query($id: ID!) { booking(id: $id) { paid { amountCents } rainCheck { code withdrawnAt } ledger {
  charged { amountCents } paid { amountCents } refunded { amountCents } open { amountCents }
  entries { kind reason position amount { amountCents currency } }
} } }"""


async def add(world, booking, kind, cents, **more):
    given = {"bookingId": booking, "kind": kind, "amountCents": cents} | more
    return await done(world.server, "addLedgerEntry", "ledgerEntry { id kind }", who=world.staff, **given)


async def read(world, booking, who=None):
    """Give the four sums of a booking, what it says was paid, and its entries by kind and cents."""
    found = (await world.server.run(LEDGER, who=who or world.staff, id=booking)).data["booking"]
    if found["ledger"] is None:
        return None
    sums = tuple(found["ledger"][name]["amountCents"] for name in ("charged", "paid", "refunded", "open"))
    entries = [(entry["kind"], entry["amount"]["amountCents"]) for entry in found["ledger"]["entries"]]
    return sums, found["paid"]["amountCents"], entries


async def sold(world, number=-1, who=None, **more):
    return (await book(world, who or world.staff, number, places=2, **more))["booking"]["id"]


async def test_what_is_asked_paid_and_given_back_adds_up(world):
    booking = await sold(world, paidCents=5000)
    before = await sheet(world)
    await add(world, booking, "PAYMENT", 13000)
    await add(world, booking, "FEE", 700, reason="Late", position=2)
    await add(world, booking, "DISCOUNT", 1000, reason="Wet bunkers")
    await add(world, booking, "REFUND", 300, reason="Counted twice")
    sums, paid, entries = await read(world, booking)
    assert sums == (18000 + 700 - 1000, 18000, 300, 0)
    assert paid == 17700
    assert entries == [("PAYMENT", 5000), ("PAYMENT", 13000), ("FEE", 700), ("DISCOUNT", 1000), ("REFUND", 300)]
    await assert_followed(world, before)


async def test_the_booking_s_room_hears_of_it_and_players_what_is_theirs(world):
    ana = world.player("ana")
    booking = await sold(world, who=ana)
    since = (await sheet(world))["cursor"]
    added = await add(world, booking, "PAYMENT", 4000)
    [event] = await booking_events(world, booking, after=since, upto=added["cursor"])
    assert (event["type"], event["ledgerKind"], event["notedCents"]) == ("ledger.entry-added", "PAYMENT", 4000)
    [event] = await booking_events(world, booking, after=since, upto=added["cursor"], who=ana)
    assert (event["ledgerKind"], event["notedCents"]) == (None, None)
    assert await read(world, booking, who=ana) == ((18000, 4000, 0, 14000), 4000, [("PAYMENT", 4000)])


async def test_a_sum_that_the_desk_sets_is_noted_by_its_difference(world):
    booking = await sold(world, paidCents=5000)
    for cents in (9000, 9000, 2000):
        await done(world.server, "updateBooking", "booking { id }", who=world.staff, bookingId=booking, paidCents=cents)
    sums, paid, entries = await read(world, booking)
    assert (sums, paid) == ((18000, 9000, 7000, 16000), 2000)
    assert entries == [("PAYMENT", 5000), ("PAYMENT", 4000), ("REFUND", 7000)]


async def test_a_cancelled_booking_takes_refunds_and_fees(world):
    booking = await sold(world, paidCents=18000)
    await cancel(world, world.staff, booking)
    before = await sheet(world)
    await add(world, booking, "FEE", 2000, reason="Late cancellation")
    await add(world, booking, "REFUND", 16000, reason="Cancelled")
    sums, paid, _ = await read(world, booking)
    assert (sums, paid) == ((2000, 18000, 16000, 0), 2000)
    await assert_followed(world, before)


async def test_never_more_is_given_back_than_was_paid_nor_let_off_than_is_asked(world):
    booking = await sold(world, paidCents=5000)
    wish = {"bookingId": booking, "reason": "Kindness"}
    problem = await refused(world, "addLedgerEntry", who=world.staff, **wish, kind="REFUND", amountCents=5001)
    assert (problem["code"], problem["refundableCents"]) == ("REFUND_TOO_LARGE", 5000)
    problem = await refused(world, "addLedgerEntry", who=world.staff, **wish, kind="DISCOUNT", amountCents=18001)
    assert (problem["code"], problem["chargedCents"]) == ("DISCOUNT_TOO_LARGE", 18000)


@pytest.mark.parametrize(
    ("wish", "path"),
    [
        ({"kind": "RAIN_CHECK", "amountCents": 100}, "kind"),
        ({"kind": "PAYMENT", "amountCents": 0}, "amountCents"),
        ({"kind": "PAYMENT", "amountCents": -100}, "amountCents"),
        ({"kind": "PAYMENT", "amountCents": 100, "position": 5}, "position"),
        ({"kind": "REFUND", "amountCents": 100}, "reason"),
        ({"kind": "DISCOUNT", "amountCents": 100, "reason": "  "}, "reason"),
    ],
)
async def test_entries_that_make_no_sense(world, wish, path):
    booking = await sold(world, paidCents=5000)
    problem = await refused(world, "addLedgerEntry", who=world.staff, bookingId=booking, **wish)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", path])


async def test_a_repeat_with_the_same_key_adds_nothing(world):
    booking = await sold(world)
    first, second = [await add(world, booking, "PAYMENT", 4000, idempotencyKey="till 1") for _ in range(2)]
    assert first["ledgerEntry"] == second["ledgerEntry"]
    assert (await read(world, booking))[2] == [("PAYMENT", 4000)]


async def test_two_refunds_at_once_give_back_what_was_paid_and_no_more(world):
    booking = await sold(world, paidCents=5000)
    given = {"bookingId": booking, "kind": "REFUND", "amountCents": 2000, "reason": "Rain"}
    payloads = await at_once(world, "addLedgerEntry", [world.clerk(f"clerk {n}") for n in range(8)], **given)
    assert codes(payloads) == Counter({"DONE": 2, "REFUND_TOO_LARGE": 6})
    assert (await read(world, booking))[:2] == ((18000, 5000, 4000, 17000), 1000)


async def stopped_by_rain(world):
    booking = await sold(world, 0, paidCents=18000)
    given = {"bookingId": booking, "holesPlayed": 9}
    issued = await done(world.server, "issueRainCheck", "rainCheck { code }", who=world.staff, **given)
    return booking, issued["rainCheck"]["code"]


async def test_a_rain_check_comes_back_when_the_booking_that_it_paid_is_cancelled(world):
    _, code = await stopped_by_rain(world)
    later = await sold(world, -1, paidCents=500)
    redeem = {"code": code, "bookingId": later}
    await done(world.server, "redeemRainCheck", "booking { id }", who=world.staff, **redeem)
    assert (await read(world, later))[1:] == (9500, [("PAYMENT", 500), ("RAIN_CHECK", 9000)])
    before = await sheet(world)
    await cancel(world, world.staff, later)
    assert (await read(world, later))[:2] == ((0, 9500, 9000, -500), 500)
    await assert_followed(world, before)
    again = await sold(world, -2)
    await done(world.server, "redeemRainCheck", "booking { id }", who=world.staff, code=code, bookingId=again)
    assert (await read(world, again))[1] == 9000


async def test_what_was_paid_by_a_rain_check_is_not_given_back_in_money(world):
    _, code = await stopped_by_rain(world)
    later = await sold(world)
    await done(world.server, "redeemRainCheck", "booking { id }", who=world.staff, code=code, bookingId=later)
    problem = await refused(world, "updateBooking", who=world.staff, bookingId=later, paidCents=0)
    assert (problem["code"], problem["refundableCents"]) == ("REFUND_TOO_LARGE", 0)


async def test_a_refund_takes_back_the_rain_check_that_was_issued_for_what_was_paid(world):
    booking, code = await stopped_by_rain(world)
    await add(world, booking, "REFUND", 18000, reason="Rain")
    later = await sold(world)
    problem = await refused(world, "redeemRainCheck", who=world.staff, code=code, bookingId=later)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "code"])
    await add(world, booking, "PAYMENT", 9000)
    given = {"bookingId": booking, "holesPlayed": 9}
    issued = await done(world.server, "issueRainCheck", "rainCheck { code }", who=world.staff, **given)
    assert issued["rainCheck"]["code"] != code


async def test_what_a_rain_check_came_from_is_not_given_back_once_it_has_paid(world):
    booking, code = await stopped_by_rain(world)
    later = await sold(world)
    await done(world.server, "redeemRainCheck", "booking { id }", who=world.staff, code=code, bookingId=later)
    given = {"bookingId": booking, "kind": "REFUND", "amountCents": 1, "reason": "Rain"}
    problem = await refused(world, "addLedgerEntry", who=world.staff, **given)
    assert (problem["code"], problem["bookingId"]) == ("RAIN_CHECK_SPENT", later)


async def issue(world, booking):
    given = {"bookingId": booking, "holesPlayed": 9}
    made = await done(world.server, "issueRainCheck", "rainCheck { code }", who=world.staff, **given)
    return made["rainCheck"]["code"]


async def redeem(world, code, booking):
    await done(world.server, "redeemRainCheck", "cursor", who=world.staff, code=code, bookingId=booking)


async def test_a_rain_check_for_what_another_has_paid_is_not_good_beside_that(world):
    _, first = await stopped_by_rain(world)
    later, last = await sold(world, -2), await sold(world)
    await redeem(world, first, later)
    second = await issue(world, later)
    await cancel(world, world.staff, later)
    problem = await refused(world, "redeemRainCheck", who=world.staff, code=second, bookingId=last)
    assert problem["path"] == ["input", "code"]
    await redeem(world, first, last)
    assert (await read(world, last))[1] == 9000


async def test_what_has_paid_on_by_a_rain_check_does_not_come_back(world):
    _, first = await stopped_by_rain(world)
    later, last = await sold(world, -2), await sold(world)
    await redeem(world, first, later)
    await redeem(world, await issue(world, later), last)
    await cancel(world, world.staff, later)
    assert (await read(world, later))[1:] == (9000, [("RAIN_CHECK", 9000)])
    problem = await refused(world, "redeemRainCheck", who=world.staff, code=first, bookingId=await sold(world, -3))
    assert (problem["code"], problem["bookingId"]) == ("RAIN_CHECK_REDEEMED", later)


async def test_money_that_goes_along_with_players_takes_back_what_was_issued_for_it(world):
    booking, last = await sold(world, -2, paidCents=18000), await sold(world)
    code = await issue(world, booking)
    await done(world.server, "splitBooking", "cursor", who=world.staff, bookingId=booking, positions=[2])
    problem = await refused(world, "redeemRainCheck", who=world.staff, code=code, bookingId=last)
    assert problem["path"] == ["input", "code"]
    await redeem(world, await issue(world, booking), last)
    other = await sold(world, -3)
    for operation, more in (
        ("mergeBookings", {"bookingId": other, "otherBookingIds": [booking]}),
        ("movePlayers", {"bookingId": booking, "otherBookingId": other, "positions": [1]}),
    ):
        problem = await refused(world, operation, who=world.staff, **more)
        assert (problem["code"], problem["bookingId"]) == ("RAIN_CHECK_SPENT", last)


async def test_a_rain_check_pays_what_is_open_with_fees_and_without_discounts(world):
    _, code = await stopped_by_rain(world)
    later = await sold(world)
    await add(world, later, "DISCOUNT", 17000, reason="Friends")
    await add(world, later, "FEE", 500, reason="Late")
    given = {"code": code, "bookingId": later}
    problem = await refused(world, "redeemRainCheck", who=world.staff, **given)
    assert (problem["code"], problem["openCents"]) == ("RAIN_CHECK_WORTH_MORE", 1500)
    await done(world.server, "redeemRainCheck", "cursor", who=world.staff, **given, forfeitRest=True)
    assert (await read(world, later))[:2] == ((1500, 1500, 0, 0), 1500)


async def test_players_note_nothing_and_see_their_own_alone(world):
    ana, ben = world.player("ana"), world.player("ben")
    booking = await sold(world, who=ana)
    given = {"bookingId": booking, "kind": "PAYMENT", "amountCents": 100}
    assert (await forbidden(world, "addLedgerEntry", who=ana, **given)).code == "NOT_ALLOWED"
    assert (await forbidden(world, "addLedgerEntry", who=ben, **given)).code == "NOT_FOUND"
    assert (await ask(world.server, "addLedgerEntry", who=world.staff, **given)).data["addLedgerEntry"]["ledgerEntry"]


@pytest.mark.parametrize("change", ["UPDATE ledger_entries SET amount_cents = 1", "DELETE FROM ledger_entries"])
async def test_the_database_lets_nobody_change_what_was_noted(world, change):
    await sold(world, paidCents=5000)
    with pytest.raises(DBAPIError, match="permission denied"):
        async with world.server.runtime.database.tenant(world.tenant_id) as session:
            await session.execute(text(change))


async def test_play_goes_on_beside_the_till(world):
    booking = await sold(world, 0)
    await play(world, "checkIn", booking)
    before = await sheet(world)
    await add(world, booking, "PAYMENT", 18000)
    await play(world, "teeOff", booking)
    await assert_followed(world, before)


async def test_what_goes_along_with_players_stands_in_both_ledgers(world):
    booking = await sold(world, paidCents=18000)
    given = {"bookingId": booking, "positions": [2]}
    split = await done(world.server, "splitBooking", "newBooking { id }", who=world.staff, **given)
    new = split["newBooking"]["id"]
    assert await read(world, booking) == ((9000, 18000, 9000, 0), 9000, [("PAYMENT", 18000), ("REFUND", 9000)])
    assert await read(world, new) == ((9000, 9000, 0, 0), 9000, [("PAYMENT", 9000)])
    await done(
        world.server, "mergeBookings", "booking { id }", who=world.staff, bookingId=booking, otherBookingIds=[new]
    )
    sums, paid, _ = await read(world, booking)
    assert (sums, paid) == ((18000, 27000, 9000, 0), 18000)


async def test_a_rain_check_goes_along_with_its_whole_booking_and_stays_where_some_leave(world):
    _, code = await stopped_by_rain(world)
    later, other = await sold(world), await sold(world, -2)
    redeem = {"code": code, "bookingId": later}
    await done(world.server, "redeemRainCheck", "booking { id }", who=world.staff, **redeem)
    given = {"bookingId": later, "positions": [2]}
    await done(world.server, "updateBooking", "booking { id }", who=world.staff, bookingId=later, paidCents=10_000)
    split = await done(world.server, "splitBooking", "newBooking { id }", who=world.staff, **given)
    assert (await read(world, later))[1:] == (9000, [("RAIN_CHECK", 9000), ("PAYMENT", 1000), ("REFUND", 1000)])
    assert (await read(world, split["newBooking"]["id"]))[1:] == (1000, [("PAYMENT", 1000)])
    given = {"bookingId": other, "otherBookingIds": [later]}
    await done(world.server, "mergeBookings", "booking { id }", who=world.staff, **given)
    assert (await read(world, later))[1] == 0
    await cancel(world, world.staff, other)
    again = await sold(world, -3)
    await done(world.server, "redeemRainCheck", "booking { id }", who=world.staff, code=code, bookingId=again)
    assert (await read(world, again))[1] == 9000
