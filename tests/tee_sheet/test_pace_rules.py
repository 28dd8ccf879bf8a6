from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.tee_sheet.play.pace_rules import (
    gap_minutes,
    holes_played,
    level_of,
    minutes_behind,
    minutes_of_play,
    number_in_lap,
    number_of_hole,
)
from domain.tee_sheet.play.problems import HoleAlreadyRecorded, HoleNotInRound
from domain.tee_sheet.sheets.round_plan import RoundPlan, expected_minutes
from models.tee_sheet.values import PaceLevel

START = datetime(2026, 5, 4, 6, tzinfo=UTC)
EVEN = RoundPlan(course_holes=18, holes=18, start_hole=1, expected_minutes=240)
NINE_TWICE = RoundPlan(course_holes=9, holes=18, start_hole=1, expected_minutes=240)
INFO, WARNING, CRITICAL = PaceLevel


def after(minutes):
    return START + timedelta(minutes=minutes)


@st.composite
def plans(draw):
    """Rounds of all kinds: courses of 9 and 18 holes, any start, one lap or two, with and without a time par."""
    course_holes = draw(st.sampled_from([9, 18]))
    par = st.lists(st.integers(1, 60), min_size=course_holes, max_size=course_holes)
    return RoundPlan(
        course_holes=course_holes,
        holes=draw(st.sampled_from([9, 18])),
        start_hole=draw(st.integers(1, course_holes)),
        expected_minutes=draw(st.integers(20, 600)),
        time_par=draw(st.none() | par),
    )


def reported(plan, hole, completed, later=None):
    """Report a hole behind so many, some minutes later than the last of them; else when the next one is due."""
    after_last = expected_minutes(plan, completed)
    if later is None:
        later = expected_minutes(plan, min(completed + 1, plan.holes)) - after_last
    return number_of_hole(
        plan, hole, completed=completed, completed_after=after_last, reported_after=after_last + later
    )


def hole_of(plan, number):
    """Name the hole that is the first, second … of a round."""
    return (plan.start_hole - 1 + number - 1) % plan.course_holes + 1


class TestHolesPlayed:
    @pytest.mark.parametrize(
        ("start", "last", "course", "laps", "played"),
        [
            (1, 1, 18, 0, 1),
            (1, 18, 18, 0, 18),
            (10, 10, 18, 0, 1),
            (10, 18, 18, 0, 9),
            (10, 1, 18, 0, 10),
            (10, 9, 18, 0, 18),
            (7, 6, 9, 0, 9),
            (1, 1, 9, 1, 10),
            (1, 9, 9, 1, 18),
        ],
    )
    def test_from_the_start_hole_on(self, start, last, course, laps, played):
        found = holes_played(start_hole=start, last_hole=last, course_holes=course, laps_done=laps)
        assert found == played

    @given(plans())
    def test_the_holes_of_a_round_count_up_one_by_one(self, plan):
        for completed in range(plan.holes):
            assert reported(plan, hole_of(plan, completed + 1), completed) == completed + 1

    @given(plans(), st.integers(0, 17), st.integers(1, 17))
    def test_holes_that_nobody_reported_are_skipped(self, plan, completed, skipped):
        number = min(completed + skipped, plan.holes)
        if number > completed:
            late = expected_minutes(plan, number) - expected_minutes(plan, completed)
            assert reported(plan, hole_of(plan, number), completed, later=late) == number

    @given(plans(), st.integers(1, 17))
    def test_the_same_hole_again_is_refused(self, plan, completed):
        if completed < plan.holes:
            with pytest.raises(HoleAlreadyRecorded) as refusal:
                reported(plan, hole_of(plan, completed), completed, later=Fraction(0))
            assert refusal.value.holes_completed == completed

    def test_a_hole_before_the_last_is_refused(self):
        with pytest.raises(HoleAlreadyRecorded):
            reported(EVEN, 3, 5, later=Fraction(300))

    def test_eighteen_holes_on_a_course_of_nine_are_two_laps(self):
        assert [reported(NINE_TWICE, n % 9 + 1, n) for n in range(18)] == list(range(1, 19))

    def test_a_turn_whose_ninth_hole_nobody_reported(self):
        assert reported(NINE_TWICE, 1, 8) == 10

    @pytest.mark.parametrize(("hole", "number"), [(4, 13), (5, 14), (8, 17), (9, 18)])
    @pytest.mark.parametrize("pace", [Fraction(3, 4), Fraction(1), Fraction(3, 2)])
    def test_a_second_lap_of_which_nobody_reported_the_first_holes(self, hole, number, pace):
        later = pace * (expected_minutes(NINE_TWICE, number) - expected_minutes(NINE_TWICE, 9))
        assert reported(NINE_TWICE, hole, 9, later=later) == number

    @pytest.mark.parametrize(("hole", "completed"), [(9, 9), (8, 9), (5, 9), (9, 11), (2, 17), (1, 10)])
    def test_a_report_that_is_repeated_is_of_the_lap_before(self, hole, completed):
        with pytest.raises(HoleAlreadyRecorded):
            reported(NINE_TWICE, hole, completed, later=Fraction(3))

    @pytest.mark.parametrize("hole", [5, 9])
    def test_a_late_report_is_of_its_time(self, hole):
        with pytest.raises(HoleAlreadyRecorded):
            reported(NINE_TWICE, hole, 10, later=Fraction(-20))

    def test_a_device_may_be_silent_for_most_of_the_first_lap(self):
        assert reported(NINE_TWICE, 8, 0, later=Fraction(100)) == 8
        assert reported(NINE_TWICE, 8, 0, later=Fraction(230)) == 17
        assert reported(EVEN, 17, 1) == 17

    def test_a_hole_that_the_group_does_not_play(self):
        front = RoundPlan(course_holes=18, holes=9, start_hole=1, expected_minutes=120)
        with pytest.raises(HoleNotInRound) as refusal:
            reported(front, 10, 9 - 1)
        assert (refusal.value.holes, refusal.value.start_hole) == (9, 1)
        back = RoundPlan(course_holes=18, holes=9, start_hole=10, expected_minutes=120)
        assert reported(back, 18, 8) == 9
        with pytest.raises(HoleNotInRound):
            reported(back, 1, 8)


class TestNumberInLap:
    def test_of_two_laps(self):
        assert [number_in_lap(NINE_TWICE, hole, lap=lap) for lap in (1, 2) for hole in (1, 9)] == [1, 9, 10, 18]

    def test_from_another_tee(self):
        back = RoundPlan(course_holes=18, holes=18, start_hole=10, expected_minutes=240)
        assert [number_in_lap(back, hole, lap=1) for hole in (10, 18, 1, 9)] == [1, 9, 10, 18]

    def test_a_lap_that_nobody_plays(self):
        with pytest.raises(HoleNotInRound):
            number_in_lap(EVEN, 1, lap=2)


class TestExpectedMinutes:
    def test_evenly_without_a_time_par(self):
        assert expected_minutes(EVEN, 9) == 120
        assert expected_minutes(EVEN, 1) == Fraction(40, 3)

    def test_by_the_time_par_from_the_start_hole_on(self):
        par = [10] * 9 + [20] * 9
        shotgun = RoundPlan(course_holes=18, holes=18, start_hole=18, expected_minutes=270, time_par=par)
        assert [expected_minutes(shotgun, holes) for holes in (1, 2, 18)] == [20, 30, 270]

    def test_nine_holes_take_all_the_minutes_that_are_expected_of_nine(self):
        par = [10] * 9 + [20] * 9
        back = RoundPlan(course_holes=18, holes=9, start_hole=10, expected_minutes=126, time_par=par)
        assert [expected_minutes(back, holes) for holes in (1, 9)] == [14, 126]

    def test_two_laps_follow_the_time_par_twice(self):
        par = [8, 8, 8, 8, 8, 8, 8, 8, 16]
        twice = RoundPlan(course_holes=9, holes=18, start_hole=1, expected_minutes=160, time_par=par)
        assert [expected_minutes(twice, holes) for holes in (1, 8, 9, 10, 18)] == [8, 64, 80, 88, 160]

    @given(plans())
    def test_from_nothing_to_all_of_it(self, plan):
        steps = [expected_minutes(plan, holes) for holes in range(plan.holes + 1)]
        assert steps[0] == 0
        assert steps[-1] == plan.expected_minutes
        assert steps == sorted(set(steps))


class TestMinutesBehind:
    @given(plans())
    def test_a_group_on_its_pace_is_never_flagged_at_any_minute(self, plan):
        for completed in range(1, plan.holes + 1):
            done = expected_minutes(plan, completed)
            until = expected_minutes(plan, min(completed + 1, plan.holes))
            for now in {done, (done + until) / 2, until, *map(Fraction, range(int(done) + 1, int(until) + 1))}:
                assert minutes_behind(plan, completed=completed, completed_after=done, now_after=now) == 0

    @given(plans(), st.integers(1, 18))
    def test_a_group_twelve_minutes_late_is_a_warning(self, plan, completed):
        completed = min(completed, plan.holes)
        late = expected_minutes(plan, completed) + 12
        behind = minutes_behind(plan, completed=completed, completed_after=late, now_after=late)
        assert (behind, level_of(behind)) == (12, WARNING)

    @given(plans(), st.integers(1, 17), st.integers(0, 120))
    def test_a_group_that_is_waited_for_falls_behind_by_the_minute(self, plan, completed, waited):
        completed = min(completed, plan.holes - 1)
        done, due = expected_minutes(plan, completed), expected_minutes(plan, completed + 1)
        behind = minutes_behind(plan, completed=completed, completed_after=done, now_after=due + waited)
        assert behind == waited

    @given(plans(), st.integers(0, 60))
    def test_a_group_ahead_of_its_pace_is_not_behind(self, plan, early):
        done = max(Fraction(0), expected_minutes(plan, 1) - early)
        assert minutes_behind(plan, completed=1, completed_after=done, now_after=done) == 0

    def test_after_the_last_hole_time_no_longer_runs(self):
        assert minutes_behind(EVEN, completed=18, completed_after=Fraction(247), now_after=Fraction(900)) == 7

    @pytest.mark.parametrize(
        ("minutes", "level"),
        [
            (0, None),
            (4.99, None),
            (5, INFO),
            (9.99, INFO),
            (10, WARNING),
            (14.99, WARNING),
            (15, CRITICAL),
            (200, CRITICAL),
        ],
    )
    def test_lower_bounds_belong_to_their_level(self, minutes, level):
        assert level_of(minutes) is level

    @pytest.mark.parametrize(("late", "level"), [(5, INFO), (10, WARNING), (15, CRITICAL)])
    def test_the_bounds_hold_though_a_third_of_a_minute_is_no_decimal(self, late, level):
        at = after(0) + timedelta(minutes=late) + timedelta(microseconds=round(40 / 3 * 60e6))
        behind = minutes_behind(EVEN, completed=1, completed_after=minutes_of_play(START, at))
        assert (behind, level_of(behind)) == (late, level)


class TestMinutesOfPlay:
    @pytest.mark.parametrize(
        ("pauses", "minutes"),
        [
            ([], 60),
            ([(after(10), after(30))], 40),
            ([(after(-30), after(-10))], 60),
            ([(after(-30), after(10))], 50),
            ([(after(50), after(90))], 50),
            ([(after(50), None)], 50),
            ([(after(90), None)], 60),
            ([(after(-5), after(70))], 0),
            ([(after(0), after(10)), (after(20), after(25))], 45),
        ],
    )
    def test_suspended_play_does_not_count(self, pauses, minutes):
        assert minutes_of_play(START, after(60), pauses) == minutes

    @given(plans(), st.data())
    def test_a_group_on_its_pace_stays_so_however_long_play_is_suspended(self, plan, data):
        completed = data.draw(st.integers(1, plan.holes))
        done = float(expected_minutes(plan, completed))
        begun, length = data.draw(st.floats(0, done)), data.draw(st.integers(0, 600))
        pause = (after(begun), after(begun + length))
        reported = minutes_of_play(START, after(done + length), [pause])
        assert minutes_behind(plan, completed=completed, completed_after=reported, now_after=reported) == 0

    def test_while_play_is_suspended_nobody_falls_behind(self):
        pauses = [(after(20), None)]
        done = minutes_of_play(START, after(14), pauses)
        for now in (21, 60, 600):
            passed = minutes_of_play(START, after(now), pauses)
            assert minutes_behind(EVEN, completed=1, completed_after=done, now_after=passed) == 0.67


class TestGap:
    def test_at_the_last_hole_that_both_have_completed(self):
        own = {1: after(24), 2: after(40)}
        ahead = {1: after(13), 2: after(27), 3: after(41)}
        assert gap_minutes(own, ahead, interval=timedelta(minutes=10)) == 3

    def test_closer_than_planned_is_negative(self):
        assert gap_minutes({1: after(20)}, {1: after(13)}, interval=timedelta(minutes=10)) == -3

    def test_holes_that_only_one_has_reported_do_not_count(self):
        assert gap_minutes({1: after(24), 5: after(80)}, {1: after(13), 4: after(60)}, interval=timedelta(0)) == 11

    def test_none_without_a_hole_in_common(self):
        assert gap_minutes({2: after(24)}, {1: after(13)}, interval=timedelta(0)) is None
        assert gap_minutes({}, {}, interval=timedelta(0)) is None

    def test_a_group_that_has_overtaken_the_one_ahead(self):
        assert gap_minutes({1: after(10)}, {1: after(13)}, interval=timedelta(minutes=10)) == -13

    def test_suspended_play_between_the_two_does_not_count(self):
        pauses = [(after(14), after(44))]
        assert gap_minutes({1: after(53)}, {1: after(13)}, interval=timedelta(minutes=10), pauses=pauses) == 0
