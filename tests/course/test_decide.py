from dataclasses import replace
from datetime import timedelta

import pytest

from models.course.values import PlayabilityLevel, StatusCause, Thresholds
from tests.course.course import CLOSED, CONDITIONAL, NOON, OPEN, THRESHOLDS, Course, weather

C = StatusCause
BY_SCORE = Thresholds(playability_severe_threshold=60, playability_warning_threshold=80)
"""By these, the helper's weather goes through all states without reaching a floor."""


class TestTheScore:
    @pytest.mark.parametrize(
        ("before", "score", "after", "cause"),
        [
            (OPEN, 80, OPEN, C.CLEAR),
            (OPEN, 79, CONDITIONAL, C.SCORE_WARNING),
            (OPEN, 60, CONDITIONAL, C.SCORE_WARNING),
            (OPEN, 59, CLOSED, C.SCORE_SEVERE),
            (CONDITIONAL, 79, CONDITIONAL, C.SCORE_WARNING),
            (CONDITIONAL, 80, CONDITIONAL, C.SCORE_RECOVERING),
            (CONDITIONAL, 85, CONDITIONAL, C.SCORE_RECOVERING),
            (CONDITIONAL, 86, OPEN, C.CLEAR),
            (CONDITIONAL, 59, CLOSED, C.SCORE_SEVERE),
            (CLOSED, 59, CLOSED, C.SCORE_SEVERE),
            (CLOSED, 60, CLOSED, C.SCORE_RECOVERING),
            (CLOSED, 65, CLOSED, C.SCORE_RECOVERING),
            (CLOSED, 66, CONDITIONAL, C.SCORE_WARNING),
            (CLOSED, 82, CONDITIONAL, C.SCORE_RECOVERING),
            (CLOSED, 86, OPEN, C.CLEAR),
        ],
    )
    def test_recovery_needs_the_margin(self, before, score, after, cause):
        decision = Course(before, thresholds=BY_SCORE, margin=5).score(score)
        assert (decision.status, decision.score, decision.causes) == (after, score, (cause,))

    @pytest.mark.parametrize(
        ("before", "score", "after"),
        [(CLOSED, 61, CONDITIONAL), (CLOSED, 81, OPEN), (CONDITIONAL, 81, OPEN), (CONDITIONAL, 80, CONDITIONAL)],
    )
    def test_without_a_margin_it_needs_more_than_the_threshold(self, before, score, after):
        assert Course(before, thresholds=BY_SCORE, margin=0).score(score).status is after

    def test_defaults(self):
        course = Course()
        assert course.score(50).status is OPEN
        assert course.score(49).status is CONDITIONAL
        assert course.score(60).status is CONDITIONAL
        decision = course.score(61)
        assert decision.status is OPEN
        assert (decision.level, decision.stale, decision.lightning_until) == (PlayabilityLevel.GOOD, False, None)

    def test_the_score_is_rounded_before_it_is_compared(self):
        course = Course(thresholds=replace(THRESHOLDS, playability_warning_threshold=93), margin=0)
        assert course.next(wind=30).score == 93
        assert course.status is OPEN
        assert course.next(wind=30.1).score == 92
        assert course.status is CONDITIONAL


class TestFloors:
    @pytest.mark.parametrize(
        ("below", "reached", "held", "clear", "status", "cause"),
        [
            ({"wind": 39.9}, {"wind": 40}, {"wind": 36}, {"wind": 35.9}, CONDITIONAL, C.WIND_WARNING),
            ({"wind": 0, "gust": 59.9}, {"gust": 60}, {"gust": 54}, {"gust": 53.9}, CONDITIONAL, C.GUST_SEVERE),
            ({"rain": 4.9}, {"rain": 5}, {"rain": 4.5}, {"rain": 4.4}, CONDITIONAL, C.RAIN_WARNING),
            ({"temperature": 0.1}, {"temperature": 0}, {"temperature": 1}, {"temperature": 1.1}, CONDITIONAL, C.FROST),
        ],
    )
    def test_a_floor_holds_from_its_bound_until_two_evaluations_are_clear(
        self, below, reached, held, clear, status, cause
    ):
        course = Course()
        assert course.next(**below).causes == (C.CLEAR,)
        for measured in (reached, below, held, clear, held, clear):
            decision = course.next(**measured)
            assert (decision.status, decision.causes) == (status, (cause,)), measured
        assert course.next(**clear).status is OPEN

    def test_severe_wind_closes_and_gives_way_to_the_warning(self):
        course = Course()
        assert course.next(wind=60).causes == (C.WIND_SEVERE,)
        assert [course.next(wind=wind).status for wind in (54, 53, 53)] == [CLOSED, CLOSED, CONDITIONAL]
        assert course.next(wind=36).causes == (C.WIND_WARNING,)
        assert [course.next(wind=35).status for _ in range(2)] == [CONDITIONAL, OPEN]

    def test_gusts_never_close(self):
        assert Course().next(wind=39, gust=249).status is CONDITIONAL

    def test_missing_gusts_are_none(self):
        course = Course()
        course.next(gust=60)
        assert [course.next(gust=None).status for _ in range(2)] == [CONDITIONAL, OPEN]

    def test_severe_rain_closes_the_second_time_running(self):
        course = Course()
        assert [course.next(rain=rain).status for rain in (10, 9, 10)] == [CONDITIONAL] * 3
        decision = course.next(rain=10)
        assert (decision.status, decision.causes) == (CLOSED, (C.RAIN_SEVERE,))
        assert [course.next(rain=rain).status for rain in (8.9, 9, 8.9)] == [CLOSED] * 3
        assert course.next(rain=8.9).causes == (C.RAIN_WARNING,)

    def test_a_floor_does_not_better_the_score(self):
        course = Course(CLOSED, thresholds=replace(THRESHOLDS, playability_severe_threshold=40), margin=5)
        decision = course.next(gust=60, rain=4, temperature=-1)
        assert (decision.score, decision.causes) == (39, (C.SCORE_SEVERE,))
        assert course.next(gust=60, rain=4, temperature=0).causes == (C.SCORE_RECOVERING,)

    def test_all_that_speak_for_the_status_are_named(self):
        decision = Course().next(wind=40, gust=60, rain=5, temperature=0)
        assert (decision.score, decision.status) == (36, CONDITIONAL)
        assert decision.causes == (C.SCORE_WARNING, C.WIND_WARNING, C.GUST_SEVERE, C.RAIN_WARNING, C.FROST)

    def test_the_margin_is_named_only_where_it_alone_holds(self):
        course = Course(CONDITIONAL)
        assert course.next(wind=40, rain=4.9, temperature=5).score == 58
        assert course.see(weather(course.now, wind=40, rain=4.9, temperature=5)).causes == (C.WIND_WARNING,)
        assert Course(CONDITIONAL).score(58).causes == (C.SCORE_RECOVERING,)


class TestTheSameObservationAgain:
    def test_it_counts_once_as_clear(self):
        course = Course()
        course.next(wind=40)
        course.next(wind=10)
        for _ in range(3):
            assert course.see(weather(course.now, wind=10)).status is CONDITIONAL
        assert course.next(wind=10).status is OPEN

    def test_it_counts_once_as_severe_rain(self):
        course = Course()
        course.next(rain=12)
        assert course.see(weather(course.now, rain=12)).status is CONDITIONAL
        assert course.next(rain=12).status is CLOSED

    def test_stricter_thresholds_reach_it_at_once(self):
        course = Course()
        course.next(wind=35)
        course.thresholds = replace(THRESHOLDS, wind_warning_kmh=30)
        assert course.see(weather(course.now, wind=35)).causes == (C.WIND_WARNING,)

    def test_an_earlier_one_undoes_nothing(self):
        course = Course()
        course.next(wind=60)
        memory = course.memory
        decision = course.see(weather(course.now - timedelta(minutes=10)))
        assert (decision.status, decision.stale, decision.memory) == (CLOSED, True, memory)


class TestUnusableWeather:
    @pytest.mark.parametrize(
        "seen",
        [
            None,
            weather(NOON - timedelta(minutes=31), wind=100),
            weather(NOON, wind=1687),
            weather(NOON, temperature=None),
        ],
    )
    @pytest.mark.parametrize("before", [OPEN, CONDITIONAL, CLOSED])
    def test_nothing_moves(self, seen, before):
        course = Course(before)
        course.now = NOON
        decision = course.see(seen)
        assert (decision.status, decision.score, decision.level, decision.stale) == (before, None, None, True)
        assert decision.causes == (C.NO_WEATHER,)

    def test_it_counts_neither_up_nor_down(self):
        course = Course()
        course.next(rain=10)
        course.blind()
        assert course.next(rain=10).status is CLOSED
        course.next(rain=0)
        assert course.blind().causes == (C.RAIN_SEVERE,)
        assert course.next(rain=0).status is OPEN

    def test_the_reasons_stay_known(self):
        course = Course()
        course.score(49)
        assert course.blind(minutes=300).causes == (C.SCORE_WARNING,)
        assert course.score(55).causes == (C.SCORE_RECOVERING,)

    def test_an_old_thunderstorm_is_not_counted_anew(self):
        course = Course()
        course.now = NOON
        decision = course.see(weather(NOON - timedelta(minutes=31), code=95))
        assert (decision.status, decision.lightning_until) == (OPEN, None)


class TestAfresh:
    def test_it_decides_as_if_from_open(self):
        course = Course(CLOSED)
        course.now = NOON
        assert course.see(weather(wind=35, rain=4.9), afresh=True).score == 69
        assert course.status is OPEN

    def test_floors_hold_by_what_is_measured_now(self):
        course = Course()
        course.next(wind=60)
        course.next(wind=45)
        decision = course.see(weather(course.now, wind=45), afresh=True)
        assert (decision.status, decision.causes) == (CONDITIONAL, (C.WIND_WARNING,))
        assert course.see(weather(course.now, wind=39), afresh=True).status is OPEN
        assert course.memory.floors == {}

    def test_rain_that_goes_on_closes(self):
        course = Course()
        course.next(rain=10)
        course.next(rain=10)
        assert course.see(weather(course.now, rain=10), afresh=True).causes == (C.RAIN_SEVERE,)

    @pytest.mark.parametrize("before", [OPEN, CONDITIONAL, CLOSED])
    def test_without_weather_it_is_open(self, before):
        course = Course()
        course.next(wind=60)
        course.status = before
        decision = course.see(None, afresh=True)
        assert (decision.status, decision.causes, decision.stale) == (OPEN, (C.NO_WEATHER,), True)
        assert course.blind().status is OPEN

    def test_lightning_counts(self):
        course = Course()
        course.next()
        course.strike()
        course.status = OPEN  # the staff have said so
        course.now += timedelta(minutes=29)
        assert course.see(None, afresh=True).causes == (C.LIGHTNING,)
        assert course.blind(minutes=1).causes == (C.NO_WEATHER,)
        assert course.status is OPEN
