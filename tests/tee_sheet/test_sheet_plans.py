"""What becomes of starts when a sheet is made anew, by the rules alone."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.tee_sheet.sheets.plans import SheetPlan, StartState, regenerate
from domain.tee_sheet.sheets.starts import Start
from kit.ids import new_id
from models.tee_sheet.desk import StartKept

MIDNIGHT = datetime(2026, 5, 4, tzinfo=UTC)


def at(minute):
    return MIDNIGHT + timedelta(minutes=minute)


def start(minute, tee=1):
    return Start(at(minute), time(*divmod(minute, 60)), tee)


def state(minute, *, tee=1, places=4, **flags):
    wall = time(*divmod(minute, 60))
    return StartState(id=new_id(), starts_at=at(minute), local_time=wall, tee=tee, places=places, **flags)


def planned(states, wanted, *, interval=10, removed=(), even_by_hand=False, now=0):
    plan, given = SheetPlan(), {"removed": removed, "even_by_hand": even_by_hand, "places": 4, "now": at(now)}
    regenerate(plan, states, wanted, interval=timedelta(minutes=interval), **given)
    return plan


def test_a_delayed_start_is_the_one_that_the_template_has():
    delayed = state(500, delayed_minutes=20)
    plan = planned([delayed], [start(480), start(490), start(510)])
    assert plan.stay == [delayed]
    assert plan.left_out == []
    assert plan.added == [start(490), start(510)]  # 490 and 510 lie the interval from 500


def test_a_start_closer_than_the_interval_to_one_that_stays_is_left_out_on_its_tee_alone():
    booked = state(485, booked=True)
    plan = planned([booked], [start(480), start(490, tee=10), start(495)])
    assert plan.kept == [(booked, StartKept.BOOKED)]
    assert plan.left_out == [start(480)]
    assert plan.added == [start(490, tee=10), start(495)]


def test_a_start_that_was_removed_by_hand_comes_back_only_when_it_is_asked_for():
    wanted, removed = [start(480)], {(time(8), 1)}
    assert planned([], wanted, removed=removed).added == []
    assert planned([], wanted, removed=removed, even_by_hand=True).added == wanted


def test_what_has_started_neither_goes_nor_comes():
    old = state(480)
    plan = planned([old], [start(485), start(500)], now=490)
    assert (plan.stay, plan.added, plan.removed) == ([old], [start(500)], [])


@given(
    old=st.sets(st.integers(480, 600)),
    flags=st.lists(st.sampled_from(["booked", "held", "blocked", "sold_before", None]), min_size=121, max_size=121),
    interval=st.integers(5, 20),
)
def test_no_start_comes_too_close_and_none_in_use_goes(old, flags, interval):
    states = [state(minute, **({flags[minute - 480]: True} if flags[minute - 480] else {})) for minute in sorted(old)]
    plan = planned(states, [start(minute) for minute in range(480, 601, interval)], interval=interval)
    assert not any(gone.in_use or gone.sold_before for gone in plan.removed)
    new = {one.starts_at for one in plan.added}
    left = {one.starts_at for one in (*plan.stay, *plan.resized, *(kept for kept, _ in plan.kept))}
    assert not new & left
    for first, second in pairwise(sorted(new | left)):
        if new & {first, second}:
            assert second - first >= timedelta(minutes=interval)
