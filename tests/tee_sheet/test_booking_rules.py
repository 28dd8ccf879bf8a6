from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.tee_sheet.booking.problems import BookingAlreadyCancelled, CancellationTooLate, TransitionRefused
from domain.tee_sheet.booking.rules import cancellation_deadline, check_cancellation, check_transition, may_become
from domain.tee_sheet.offers.problems import GroupSizeNotAllowed, StartInThePast
from domain.tee_sheet.offers.rules import check_group_size, check_not_past, check_places, window_opens_at
from kit.errors import InvalidInput
from models.tee_sheet.values import BookingStatus

NEW_YORK = ZoneInfo("America/New_York")
MOMENT = timedelta(microseconds=1)
NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)

CONFIRMED, CHECKED_IN, ON_COURSE = BookingStatus.CONFIRMED, BookingStatus.CHECKED_IN, BookingStatus.ON_COURSE
COMPLETED, CANCELLED, NO_SHOW = BookingStatus.COMPLETED, BookingStatus.CANCELLED, BookingStatus.NO_SHOW

ALLOWED = {
    (CONFIRMED, CHECKED_IN),
    (CHECKED_IN, CONFIRMED),
    (CHECKED_IN, ON_COURSE),
    (ON_COURSE, COMPLETED),
    (CONFIRMED, CANCELLED),
    (CHECKED_IN, CANCELLED),
    (CONFIRMED, NO_SHOW),
    (NO_SHOW, CHECKED_IN),
}


class TestWindow:
    @pytest.mark.parametrize(
        ("zone", "day", "days_ahead", "opens_at"),
        [
            ("America/New_York", date(2026, 6, 15), 14, datetime(2026, 6, 1, 4, tzinfo=UTC)),
            ("America/New_York", date(2026, 6, 15), 0, datetime(2026, 6, 15, 4, tzinfo=UTC)),
            (
                "America/New_York",
                date(2026, 3, 15),
                10,
                datetime(2026, 3, 5, 5, tzinfo=UTC),
            ),  # over a change of the clock
            ("Pacific/Auckland", date(2026, 7, 20), 10, datetime(2026, 7, 9, 12, tzinfo=UTC)),
            ("America/Sao_Paulo", date(2018, 11, 14), 10, datetime(2018, 11, 4, 3, tzinfo=UTC)),  # 00:00 became 01:00
            ("America/Havana", date(2025, 11, 9), 7, datetime(2025, 11, 2, 4, tzinfo=UTC)),  # 00:00 to 00:59 come twice
            ("Pacific/Apia", date(2012, 1, 6), 7, datetime(2011, 12, 30, 10, tzinfo=UTC)),  # the day was left out
        ],
    )
    def test_opens_at_local_midnight(self, zone, day, days_ahead, opens_at):
        assert window_opens_at(day, days_ahead=days_ahead, zone=ZoneInfo(zone)) == opens_at

    @given(
        st.dates(date(2000, 1, 1), date(2037, 12, 31)),
        st.sampled_from(["America/Sao_Paulo", "Asia/Beirut", "Asia/Kolkata"]),
    )
    def test_opens_with_the_first_moment_of_the_day(self, day, zone_name):
        zone = ZoneInfo(zone_name)
        opens_at = window_opens_at(day, days_ahead=0, zone=zone)
        assert opens_at.astimezone(zone).date() == day
        assert (opens_at - MOMENT).astimezone(zone).date() == day - timedelta(days=1)

    @pytest.mark.parametrize(
        ("zone", "day", "at", "opens_at"),
        [
            ("Europe/Madrid", date(2026, 6, 15), time(7), datetime(2026, 6, 1, 5, tzinfo=UTC)),
            ("Europe/Madrid", date(2026, 4, 10), time(7), datetime(2026, 3, 27, 6, tzinfo=UTC)),
            ("Europe/Madrid", date(2026, 4, 12), time(2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # no 2:30 then
            ("Europe/Madrid", date(2026, 11, 8), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # the first
        ],
    )
    def test_opens_at_a_time_of_the_clock(self, zone, day, at, opens_at):
        assert window_opens_at(day, days_ahead=14, zone=ZoneInfo(zone), at=at) == opens_at

    def test_a_start_in_the_past(self):
        check_not_past(NOON, now=NOON)
        with pytest.raises(StartInThePast) as refusal:
            check_not_past(NOON, now=NOON + MOMENT)
        assert refusal.value.starts_at == NOON


class TestPlaces:
    @pytest.mark.parametrize("places", [1, 2, 3, 4])
    def test_one_to_four(self, places):
        check_places(places)

    @pytest.mark.parametrize("places", [-1, 0, 5])
    def test_no_tee_time_has_so_many(self, places):
        with pytest.raises(InvalidInput) as refusal:
            check_places(places, path=("players",))
        assert refusal.value.path == ("players",)

    def test_group_sizes(self):
        check_group_size(2, allowed={2, 4})
        with pytest.raises(GroupSizeNotAllowed) as refusal:
            check_group_size(3, allowed=frozenset({4, 2}))
        assert refusal.value.allowed == [2, 4]
        assert refusal.value.path == ("places",)


class TestTransitions:
    @pytest.mark.parametrize("wanted", BookingStatus)
    @pytest.mark.parametrize("status", BookingStatus)
    def test_each_pair(self, status, wanted):
        assert may_become(status, wanted) is ((status, wanted) in ALLOWED)
        if (status, wanted) in ALLOWED:
            check_transition(status, wanted)
            return
        with pytest.raises(TransitionRefused, match=f"from {status.value} to {wanted.value}") as refusal:
            check_transition(status, wanted)
        assert (refusal.value.status, refusal.value.wanted) == (status, wanted)


class TestCancellation:
    def check(self, **changes):
        facts = {"status": CONFIRMED, "cancelled_at": None, "notice_hours": 24, "by_staff": False} | changes
        deadline = cancellation_deadline(NOON, facts["notice_hours"], created_at=NOON - timedelta(days=9))
        check_cancellation(**facts, deadline=deadline)

    def test_the_booker_until_the_deadline(self):
        deadline = datetime(2026, 6, 9, 12, tzinfo=UTC)
        assert cancellation_deadline(NOON, 24, created_at=NOON - timedelta(days=9)) == deadline
        self.check(now=deadline)
        with pytest.raises(CancellationTooLate) as refusal:
            self.check(now=deadline + MOMENT)
        assert (refusal.value.notice_hours, refusal.value.deadline) == (24, deadline)

    @pytest.mark.parametrize(("minutes_before", "minutes"), [(60, -50), (10, 0), (3, 0), (24 * 60 + 5, -24 * 60 + 5)])
    def test_what_was_just_booked_for_ten_minutes_and_never_behind_the_start(self, minutes_before, minutes):
        made = NOON - timedelta(minutes=minutes_before)
        assert cancellation_deadline(NOON, 24, created_at=made) == NOON + timedelta(minutes=minutes)

    def test_without_notice_until_the_start(self):
        self.check(notice_hours=0, now=NOON)
        with pytest.raises(CancellationTooLate):
            self.check(notice_hours=0, now=NOON + MOMENT)

    @pytest.mark.parametrize("status", [CONFIRMED, CHECKED_IN])
    def test_staff_at_any_time_before_the_round(self, status):
        self.check(status=status, by_staff=True, now=NOON + timedelta(hours=1))

    @pytest.mark.parametrize("by_staff", [True, False])
    @pytest.mark.parametrize("status", [ON_COURSE, COMPLETED, NO_SHOW])
    def test_nobody_once_the_round_began_or_was_missed(self, status, by_staff):
        with pytest.raises(TransitionRefused):
            self.check(status=status, by_staff=by_staff, now=NOON - timedelta(days=2))

    @pytest.mark.parametrize("cancelled_at", [NOON - timedelta(days=3), None])
    def test_only_once(self, cancelled_at):
        with pytest.raises(BookingAlreadyCancelled) as refusal:
            self.check(status=CANCELLED, cancelled_at=cancelled_at, now=NOON)
        assert refusal.value.cancelled_at == cancelled_at
