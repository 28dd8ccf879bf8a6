"""Limits of bookings as pure rules: where they lie, and when they are free again."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.tee_sheet.booking.limit_rules import (
    PlannedRound,
    check_booker_plays,
    check_cancellations,
    check_guests,
    check_rounds,
    check_same_guest,
)
from domain.tee_sheet.offers.problems import BookingLimitReached
from domain.tee_sheet.offers.rules import check_holds
from models.clubs.limits import BookingLimit, Limits

NOW = datetime(2026, 5, 4, 5, tzinfo=UTC)
MONDAY = date(2026, 5, 4)


def planned(days=0, hours=8, minutes=240, **more):
    starts_at = datetime(2026, 5, 4, tzinfo=UTC) + timedelta(days=days, hours=hours)
    ends_at = starts_at + timedelta(minutes=minutes)
    return PlannedRound(date=MONDAY + timedelta(days=days), starts_at=starts_at, ends_at=ends_at, **more)


def refused(check, *given, **more):
    with pytest.raises(BookingLimitReached) as caught:
        check(*given, **more)
    problem = caught.value
    return problem.limit, problem.allowed, problem.free_at, problem.free_on


def test_bookings_a_day_count_by_the_day_of_play():
    limits = Limits(bookings_a_day=1)
    check_rounds(limits, planned(1), [planned(0)], now=NOW)
    told = refused(check_rounds, limits, planned(0, hours=14), [planned(0)], now=NOW)
    assert told == (BookingLimit.BOOKINGS_A_DAY, 1, None, date(2026, 5, 5))


def test_bookings_a_week_count_from_monday_to_sunday():
    limits = Limits(bookings_a_week=2)
    week = [planned(0), planned(2)]
    check_rounds(limits, planned(7), week, now=NOW)
    told = refused(check_rounds, limits, planned(6), week, now=NOW)
    assert told == (BookingLimit.BOOKINGS_A_WEEK, 2, None, date(2026, 5, 11))


def test_bookings_ahead_are_free_when_one_has_started():
    limits, booked = Limits(bookings_ahead=2), [planned(5), planned(3), planned(0, hours=1)]
    assert refused(check_rounds, limits, planned(9), booked, now=NOW)[2] == planned(3).starts_at
    check_rounds(limits, planned(9), booked, now=planned(3).starts_at)


def test_no_bookings_at_all_are_never_free():
    assert refused(check_rounds, Limits(bookings_ahead=0), planned(9), [], now=NOW)[2] is None


def test_rounds_overlap_up_to_their_ends():
    limits, booked = Limits(no_overlap=True), [planned(hours=8)]
    check_rounds(limits, planned(hours=12), booked, now=NOW)
    check_rounds(limits, planned(hours=4), booked, now=NOW)
    told = refused(check_rounds, limits, planned(hours=11), booked, now=NOW)
    assert told == (BookingLimit.OVERLAP, None, planned(hours=12).starts_at, None)


def test_guests_count_by_who_brings_them():
    limits, booked = Limits(guests_a_day=3), [planned(guests=2, booked_by="ana"), planned(guests=3, booked_by="ben")]
    check_guests(limits, planned(guests=1), booked, booker="ana")
    check_guests(limits, planned(guests=0), booked, booker="ben")
    told = refused(check_guests, limits, planned(guests=2), booked, booker="ana")
    assert told == (BookingLimit.GUESTS_A_DAY, 3, None, date(2026, 5, 5))


def test_the_same_guest_comes_again_a_year_after_the_first_of_the_last_days():
    days = {date(2026, 1, 10), date(2026, 2, 10), date(2026, 3, 10)}
    check_same_guest(Limits(same_guest_a_year=4), days)
    told = refused(check_same_guest, Limits(same_guest_a_year=2), days)
    assert told == (BookingLimit.SAME_GUEST_A_YEAR, 2, None, date(2027, 2, 10))


def test_who_cancels_often_waits_until_the_week_is_over():
    cancelled = [NOW - timedelta(days=one) for one in (6, 1, 3)]
    check_cancellations(Limits(cancellations_a_week=4), cancelled)
    told = refused(check_cancellations, Limits(cancellations_a_week=3), cancelled)
    assert told == (BookingLimit.CANCELLATIONS_A_WEEK, 3, NOW + timedelta(days=1), None)


def test_who_books_plays():
    check_booker_plays(Limits(booker_plays=True), plays=True)
    check_booker_plays(Limits(), plays=False)
    assert refused(check_booker_plays, Limits(booker_plays=True), plays=False)[0] is BookingLimit.BOOKER_PLAYS


def test_holds_count_for_an_hour():
    held = [NOW - timedelta(minutes=one) for one in (60, 50, 10)]
    check_holds(3, held, now=NOW)
    check_holds(None, held * 9, now=NOW)
    assert refused(check_holds, 2, held, now=NOW) == (
        BookingLimit.HOLDS_AN_HOUR,
        2,
        NOW + timedelta(minutes=10),
        None,
    )


def test_without_limits_all_goes_but_endless_holds():
    assert not Limits().concern_bookings
    assert Limits().holds_an_hour == 12
