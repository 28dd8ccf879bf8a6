"""Rain checks: their value, their code, their one redemption."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given as example
from hypothesis import strategies as st
from sqlalchemy import text

from domain.tee_sheet.desk.rain_checks import LETTERS, clean_code, one_year_after, rain_check_value
from kit.ids import parse_id
from tests.harness import found_world
from tests.tee_sheet.crowd import at_once
from tests.tee_sheet.desk import add_player, book, cancel, club_events, done, forbidden, refused, sheet, types
from tests.tee_sheet.test_concurrency import codes
from tests.tee_sheet.test_snapshot_and_events import assert_followed

WANTED = "rainCheck { id code holesPlayed expiresAt redeemedAt value { amountCents currency } bookingId }"
BY_CODE = """query($code: String!) { rainCheck(code: $code) {
  id redeemedAt redeemedBookingId redeemed { amountCents } value { amountCents }
} }"""
OF_BOOKING = "query($id: ID!) { booking(id: $id) { paid { amountCents } rainCheck { code } } }"


async def booked(world, number=0, who=None, **given):
    return (await book(world, who or world.staff, number, **given))["booking"]["id"]


async def issue(world, booking, holes_played, **more):
    given = {"bookingId": booking, "holesPlayed": holes_played} | more
    return (await done(world.server, "issueRainCheck", WANTED, who=world.staff, **given))["rainCheck"]


async def redeem(world, code, booking, **more):
    wanted = "rainCheck { redeemedAt redeemed { amountCents } } booking { id paid { amountCents } }"
    return await done(world.server, "redeemRainCheck", wanted, who=world.staff, code=code, bookingId=booking, **more)


@example(holes=st.sampled_from([9, 18]), played=st.integers(0, 18), paid=st.integers(0, 10**9))
def test_the_value_is_the_share_of_the_holes_not_played_rounded_half_up(holes, played, paid):
    played = min(played, holes)
    exact = Fraction(holes - played, holes) * paid
    value = rain_check_value(holes=holes, holes_played=played, paid_cents=paid)
    assert exact - Fraction(1, 2) < value <= exact + Fraction(1, 2)


@pytest.mark.parametrize(
    ("holes", "played", "paid", "value"),
    [(18, 9, 9000, 4500), (18, 9, 9001, 4501), (18, 9, 8999, 4500), (18, 5, 10_000, 7222), (9, 0, 5000, 5000)],
)
def test_examples_of_the_value(holes, played, paid, value):
    assert rain_check_value(holes=holes, holes_played=played, paid_cents=paid) == value


def test_a_year_is_a_year_also_behind_a_leap_day():
    assert one_year_after(datetime(2026, 5, 4, tzinfo=UTC)) == datetime(2027, 5, 4, tzinfo=UTC)
    assert one_year_after(datetime(2028, 2, 29, tzinfo=UTC)) == datetime(2029, 3, 1, tzinfo=UTC)


def test_no_letter_looks_like_another():
    assert len(set(LETTERS)) == len(LETTERS)
    for alike in ("0O", "1IL", "2Z", "5S", "8B", "UV"):
        assert sum(letter in LETTERS for letter in alike) <= 1
    assert clean_code(" acdef-34 679\n") == "ACDEF34679"


async def test_a_rain_check_pays_a_later_booking_once(world):
    one, two, three = [await booked(world, n, paidCents=9000 if n == 0 else 0) for n in range(3)]
    before = await sheet(world)
    check = await issue(world, one, 6)
    assert check["value"] == {"amountCents": 6000, "currency": "EUR"}
    assert check["expiresAt"][:10] == "2027-05-04"
    assert (check["redeemedAt"], check["bookingId"]) == (None, one)
    payload = await redeem(world, check["code"].lower().replace("-", " "), two)
    assert payload["booking"]["paid"] == {"amountCents": 6000}
    events = await club_events(world, after=before["cursor"], upto=payload["cursor"])
    assert [(e["type"], e["changed"], e["bookingId"]) for e in events] == [
        ("booking.updated", ["RAIN_CHECK"], one),
        ("booking.updated", ["PAID"], two),
    ]
    assert not any(check["code"].replace("-", "") in str(event) for event in events)
    await assert_followed(world, before)
    problem = await refused(world, "redeemRainCheck", who=world.staff, code=check["code"], bookingId=three)
    assert (problem["code"], problem["bookingId"]) == ("RAIN_CHECK_REDEEMED", two)
    shown = (await world.server.run(BY_CODE, who=world.staff, code=check["code"])).data["rainCheck"]
    assert (shown["redeemedBookingId"], shown["redeemed"]) == (two, {"amountCents": 6000})


async def test_many_who_redeem_at_once_are_paid_once(world):
    check = await issue(world, await booked(world, 0, paidCents=9000), 0)
    two = await booked(world, 1, places=4)
    payloads = await at_once(world, "redeemRainCheck", [world.staff] * 8, code=check["code"], bookingId=two)
    assert codes(payloads) == {"DONE": 1, "RAIN_CHECK_REDEEMED": 7}
    paid = (await world.server.run(OF_BOOKING, who=world.staff, id=two)).data["booking"]["paid"]
    assert paid == {"amountCents": 9000}


async def test_what_is_worth_more_than_is_open_is_forfeited_only_when_said_so(world):
    check = await issue(world, await booked(world, 0, places=2, paidCents=18_000), 0)
    cheap = await booked(world, 1, paidCents=1000)
    given = {"code": check["code"], "bookingId": cheap}
    problem = await refused(world, "redeemRainCheck", who=world.staff, **given)
    assert (problem["code"], problem["valueCents"], problem["openCents"]) == ("RAIN_CHECK_WORTH_MORE", 18_000, 8000)
    payload = await redeem(world, check["code"], cheap, forfeitRest=True)
    assert payload["booking"]["paid"] == {"amountCents": 9000}
    assert payload["rainCheck"]["redeemed"] == {"amountCents": 8000}


async def test_what_a_rain_check_is_not_issued_for(world):
    unpaid, paid = await booked(world, 0), await booked(world, 1, paidCents=100)
    given = {"bookingId": unpaid, "holesPlayed": 3}
    assert (await refused(world, "issueRainCheck", who=world.staff, **given))["code"] == "NOTHING_PAID"
    given = {"bookingId": paid, "holesPlayed": 18}
    problem = await refused(world, "issueRainCheck", who=world.staff, **given)
    assert (problem["code"], problem["holes"]) == ("ALL_HOLES_PLAYED", 18)
    problem = await refused(world, "issueRainCheck", who=world.staff, bookingId=paid, holesPlayed=-1)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "holesPlayed"])
    issued = await issue(world, paid, 9)
    problem = await refused(world, "issueRainCheck", who=world.staff, bookingId=paid, holesPlayed=9)
    assert (problem["code"], problem["rainCheckId"]) == ("RAIN_CHECK_ALREADY_ISSUED", issued["id"])


@pytest.mark.parametrize("status", ["CANCELLED", "COMPLETED", "NO_SHOW"])
async def test_what_is_over_has_no_rain_check(world, status):
    booking = await booked(world, 0, paidCents=100)
    if status == "CANCELLED":
        await cancel(world, world.staff, booking)
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        values = {"id": parse_id("booking", booking), "status": status}
        await session.execute(text("UPDATE bookings SET status = :status WHERE id = :id"), values)
        await session.commit()
    problem = await refused(world, "issueRainCheck", who=world.staff, bookingId=booking, holesPlayed=3)
    assert (problem["code"], problem["bookingStatus"]) == ("BOOKING_NOT_CHANGEABLE", status)


async def test_what_a_rain_check_does_not_pay(world, clock):
    paid, early = await booked(world, 5, paidCents=9000), await booked(world, 1)
    full, gone = await booked(world, 6, paidCents=9000), await booked(world, 7)
    check = await issue(world, paid, 0)
    await cancel(world, world.staff, gone)
    cases = [
        (early, "INVALID_INPUT", ["input", "bookingId"]),
        (paid, "INVALID_INPUT", ["input", "bookingId"]),
        (full, "BOOKING_ALREADY_PAID", ["input", "bookingId"]),
        (gone, "BOOKING_NOT_CHANGEABLE", ["input", "bookingId"]),
    ]
    for booking, code, path in cases:
        problem = await refused(world, "redeemRainCheck", who=world.staff, code=check["code"], bookingId=booking)
        assert (problem["code"], problem["path"]) == (code, path)
    problem = await refused(world, "redeemRainCheck", who=world.staff, code="ACDEF-ACDEF", bookingId=full)
    assert problem["path"] == ["input", "code"]
    clock.now += timedelta(days=365)
    given = {"code": check["code"], "bookingId": early}
    assert (await refused(world, "redeemRainCheck", who=world.staff, **given))["code"] == "RAIN_CHECK_EXPIRED"


async def test_a_rain_check_is_good_at_its_own_club_only(world):
    sister = await found_world(world.server, tenant_id=world.tenant_id)
    check = await issue(world, await booked(world, 0, paidCents=9000), 0)
    there = await booked(sister, 5)
    problem = await refused(world, "redeemRainCheck", who=world.admin, code=check["code"], bookingId=there)
    assert problem["path"] == ["input", "code"]
    for who in (sister.staff, world.player("ana")):
        assert (await world.server.run(BY_CODE, who=who, code=check["code"])).code == "NOT_FOUND"


async def test_who_booked_sees_the_rain_check_and_their_players_do_not(world):
    eva = await add_player(world, "Eva", "MEMBER", user_id="eva")
    ana = world.player("ana")
    booking = await booked(world, 0, world.clerk("ana"), players=[{"playerId": eva}])
    given = {"bookingId": booking, "paidCents": 1000}
    await done(world.server, "updateBooking", "booking { id }", who=world.staff, **given)
    check = await issue(world, booking, 9)
    seen = {
        who.user_id: (await world.server.run(OF_BOOKING, who=who, id=booking)).data["booking"]["rainCheck"]
        for who in (world.staff, ana, world.player("eva"))
    }
    assert seen == {"staff": {"code": check["code"]}, "ana": {"code": check["code"]}, "eva": None}
    assert (await forbidden(world, "issueRainCheck", who=ana, bookingId=booking, holesPlayed=1)).code == "NOT_ALLOWED"
    given = {"code": check["code"], "bookingId": booking}
    assert (await forbidden(world, "redeemRainCheck", who=ana, **given)).code == "NOT_ALLOWED"


async def test_the_same_key_issues_once(world):
    booking = await booked(world, 0, paidCents=1000)
    one, two = [await issue(world, booking, 9, idempotencyKey="k") for _ in range(2)]
    assert one == two


async def test_issuing_is_told_as_a_change_of_the_booking(world):
    before = await sheet(world)
    await issue(world, await booked(world, 0, paidCents=1000), 9)
    after = await sheet(world)
    events = await club_events(world, after=before["cursor"], upto=after["cursor"])
    assert types(events) == ["booking.created", "slot.booked", "booking.updated"]
