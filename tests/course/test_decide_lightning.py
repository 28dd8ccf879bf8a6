from datetime import timedelta

import pytest

from models.course.values import StatusCause
from tests.course.course import CLOSED, CONDITIONAL, NOON, OPEN, Course, weather

C = StatusCause
HALF_HOUR = timedelta(minutes=30)


def test_a_strike_closes_until_half_an_hour_has_passed():
    course = Course()
    course.next()
    course.strike()
    decision = course.see(weather(course.now))
    assert (decision.status, decision.causes, decision.score) == (CLOSED, (C.LIGHTNING,), 50)
    assert decision.lightning_until == course.now + HALF_HOUR
    assert course.next().status is CLOSED
    assert course.next().causes == (C.CLEAR,)
    assert course.status is OPEN


def test_every_strike_starts_the_clock_again():
    course = Course()
    course.next()
    course.strike()
    course.next()
    course.strike()
    assert course.next().lightning_until == course.struck_at + HALF_HOUR
    assert course.status is CLOSED
    assert course.next().status is OPEN


def test_an_earlier_strike_that_is_told_later_does_not_shorten_it():
    course = Course()
    course.next()
    course.strike()
    until = course.see(weather(course.now)).lightning_until
    course.struck_at -= timedelta(minutes=20)
    assert course.next().lightning_until == until


def test_a_strike_closes_without_weather_and_ends_without_weather():
    course = Course()
    course.now = NOON
    course.strike()
    decision = course.see(None)
    assert (decision.status, decision.causes, decision.stale) == (CLOSED, (C.LIGHTNING,), True)
    assert course.blind(minutes=29).status is CLOSED
    decision = course.blind(minutes=1)
    assert (decision.status, decision.causes, decision.lightning_until) == (OPEN, (C.NO_WEATHER,), None)


@pytest.mark.parametrize(
    ("measured", "status", "cause"),
    [({"wind": 40}, CONDITIONAL, C.WIND_WARNING), ({"wind": 60}, CLOSED, C.WIND_SEVERE)],
)
def test_what_held_before_goes_on_beneath(measured, status, cause):
    course = Course()
    course.next(**measured)
    course.strike()
    assert C.LIGHTNING in course.blind().causes
    decision = course.blind()
    assert (decision.status, decision.causes) == (status, (cause,))


def test_the_weather_moves_on_beneath():
    course = Course()
    course.next()
    course.strike()
    assert course.next(wind=60).causes == (C.WIND_SEVERE, C.LIGHTNING)
    decision = course.blind()
    assert (decision.status, decision.causes) == (CLOSED, (C.WIND_SEVERE,))


def test_lightning_leaves_no_margin_to_rise_above():
    course = Course()
    assert course.score(55).status is OPEN
    course.strike()
    course.score(55)
    assert course.status is CLOSED
    assert course.score(55).status is OPEN


def test_a_score_below_severe_is_named_beside_it():
    course = Course()
    course.score(60)
    course.strike()
    decision = course.score(60)
    assert (decision.score, decision.causes) == (10, (C.SCORE_SEVERE, C.LIGHTNING))


@pytest.mark.parametrize("code", [95, 96, 99])
def test_a_thunderstorm_closes_from_the_observation_on(code):
    course = Course()
    course.now = NOON + timedelta(minutes=5)
    decision = course.see(weather(NOON, code=code))
    assert (decision.status, decision.causes, decision.score) == (CLOSED, (C.THUNDERSTORM,), 75)
    assert decision.lightning_until == NOON + HALF_HOUR
    course.now = NOON + HALF_HOUR
    decision = course.see(weather(NOON, code=code))
    assert (decision.status, decision.score, decision.causes) == (OPEN, 100, (C.CLEAR,))


def test_a_further_thunderstorm_starts_the_clock_again():
    course = Course()
    assert [course.next(code=code).status for code in (95, 95, None)] == [CLOSED] * 3
    assert course.next().status is OPEN


def test_strike_and_thunderstorm_are_both_named_while_they_hold():
    course = Course()
    course.next(code=95)
    course.strike()
    assert course.see(weather(course.now, code=95)).causes == (C.LIGHTNING, C.THUNDERSTORM)
    assert course.next(code=95).causes == (C.LIGHTNING, C.THUNDERSTORM)
    assert course.next().causes == (C.THUNDERSTORM,)


def test_a_strike_that_lies_in_the_future_is_none_yet():
    course = Course()
    course.now = NOON
    course.struck_at = NOON + timedelta(days=7)
    assert course.see(weather()).status is OPEN
