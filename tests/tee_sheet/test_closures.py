"""Which starts a course's status concerns: to the end of the local day, or to a moment."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clubs.closures import CourseClosed, closed_until, conditional_until, end_of_day, refuse_closed
from models.clubs.tables import Course
from models.course.values import CourseStatus

ZONES = ["Asia/Tokyo", "Europe/Madrid", "America/New_York", "America/Havana", "Atlantic/Azores", "Asia/Kathmandu"]
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def course(status, zone="Europe/Madrid", until=None):
    return Course(status=status, time_zone=zone, status_until=until, status_reason="Frost")


@pytest.mark.parametrize(
    ("zone", "now", "end"),
    [
        ("Asia/Tokyo", "2026-05-04T14:59:59", "2026-05-04T15:00"),
        ("Asia/Tokyo", "2026-05-04T15:00", "2026-05-05T15:00"),
        ("Europe/Madrid", "2026-05-04T05:00", "2026-05-04T22:00"),
        ("America/New_York", "2026-05-05T03:59", "2026-05-05T04:00"),
        ("Europe/Madrid", "2026-03-29T12:00", "2026-03-29T22:00"),  # a day of 23 hours
        ("Europe/Madrid", "2026-10-25T12:00", "2026-10-25T23:00"),  # a day of 25
        ("America/Havana", "2026-03-07T12:00", "2026-03-08T05:00"),  # the clock jumps over midnight
        ("Atlantic/Azores", "2026-10-24T12:00", "2026-10-25T00:00"),  # it shows midnight twice
    ],
)
def test_the_end_of_the_local_day(zone, now, end):
    assert end_of_day(zone, now=datetime.fromisoformat(now + "+00:00")) == datetime.fromisoformat(end + "+00:00")


@given(zone=st.sampled_from(ZONES), now=MOMENTS)
def test_a_day_ends_later_and_where_the_next_begins(zone, now):
    end = end_of_day(zone, now=now)
    assert timedelta() < end - now <= timedelta(hours=25)
    local = ZoneInfo(zone)
    before, behind = [(end + step).astimezone(local).date() for step in (timedelta(microseconds=-1), timedelta())]
    assert (before, behind) == (now.astimezone(local).date(), now.astimezone(local).date() + timedelta(days=1))


@given(zone=st.sampled_from(ZONES), now=MOMENTS, hours=st.integers(-48, 48), until=st.none() | st.integers(-48, 48))
def test_a_start_is_closed_exactly_when_it_lies_before_the_end(zone, now, hours, until):
    moment = None if until is None else now + timedelta(hours=until)
    closed, starts_at = course(CourseStatus.CLOSED, zone, moment), now + timedelta(hours=hours)
    end = closed_until(closed, now=now)
    assert end == (moment or end_of_day(zone, now=now))
    if starts_at < end:
        with pytest.raises(CourseClosed) as refusal:
            refuse_closed(closed, starts_at=starts_at, now=now)
        assert (refusal.value.closed_until, refusal.value.reason) == (end, "Frost")
    else:
        refuse_closed(closed, starts_at=starts_at, now=now)
    for status in (CourseStatus.OPEN, CourseStatus.CONDITIONAL):
        assert closed_until(course(status, zone, moment), now=now) is None
        refuse_closed(course(status, zone, moment), starts_at=starts_at, now=now)


@given(zone=st.sampled_from(ZONES), now=MOMENTS, until=st.none() | st.integers(1, 72))
def test_a_start_is_warned_of_from_the_local_day_s_beginning_to_the_end(zone, now, until):
    moment = None if until is None else now + timedelta(hours=until)
    conditional, end = course(CourseStatus.CONDITIONAL, zone, moment), moment or end_of_day(zone, now=now)
    starts = [now + timedelta(hours=hours) for hours in range(-30, 80)]
    warned = [conditional_until(conditional, starts_at=start, now=now) for start in starts]
    assert {one for one in warned if one} <= {end}
    today = now.astimezone(ZoneInfo(zone)).date()
    assert [bool(one) for one in warned] == [
        start.astimezone(ZoneInfo(zone)).date() >= today and start < end for start in starts
    ]
    assert sum(bool(a) != bool(b) for a, b in pairwise(warned)) <= 2
    for status in (CourseStatus.OPEN, CourseStatus.CLOSED):
        assert conditional_until(course(status, zone, moment), starts_at=now, now=now) is None


def test_a_word_whose_time_has_come_warns_of_nothing():
    now = datetime(2026, 5, 4, 9, tzinfo=UTC)
    conditional = course(CourseStatus.CONDITIONAL, until=now)
    assert conditional_until(conditional, starts_at=now - timedelta(hours=1), now=now) is None
