import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.limiter import Allowance, Limiter

TEN = Allowance(10, 60)


def tries(limits, *moments, key="ana", allowance=TEN):
    """Try at each moment; give those at which it was allowed."""
    allowed = []
    for moment in moments:
        if not limits.wait(key, allowance, now=moment):
            limits.use(key, allowance, now=moment)
            allowed.append(moment)
    return allowed


@pytest.mark.parametrize(
    ("text", "allowance"),
    [("10/minute", TEN), ("1/second", Allowance(1, 1)), ("5/hour", Allowance(5, 3_600)), ("", None)],
)
def test_an_allowance_is_read(text, allowance):
    assert Allowance.parse(text) == allowance


@pytest.mark.parametrize("text", ["0/minute", "-1/minute", "10", "10 / minute", "10/week", "1e3/minute", "٣/minute"])
def test_what_is_no_allowance_is_refused_with_what_it_has_to_look_like(text):
    with pytest.raises(ValueError, match="must be like 60/minute"):
        Allowance.parse(text)


def test_so_many_are_allowed_at_once_and_then_one_whenever_its_turn_has_come():
    limits = Limiter()
    assert tries(limits, *[0] * 12) == [0] * 10
    assert limits.wait("ana", TEN, now=0) == 6
    assert tries(limits, 5, 6, 6, 12) == [6, 12]
    assert tries(limits, *[1_000] * 12) == [1_000] * 10


def test_others_are_counted_for_themselves():
    limits = Limiter()
    tries(limits, *[0] * 10)
    assert tries(limits, 0, key="ben") == [0]


def test_a_clock_that_was_set_back_keeps_nobody_waiting_longer_than_usual():
    limits = Limiter()
    tries(limits, *[10_000] * 10)
    assert limits.wait("ana", TEN, now=0) == 6
    assert tries(limits, 6) == [6]


def test_what_is_paid_off_is_forgotten_and_no_more_are_remembered_than_may_be():
    limits = Limiter(keys=50)
    for number in range(100):
        tries(limits, 0, key=str(number))
    assert len(limits) == 50
    for number in range(30):
        tries(limits, 100 + number, key=f"later {number}")
    assert len(limits) < 50


def test_what_is_heard_of_other_processes_counts_too():
    limits = Limiter()
    tries(limits, 0)
    limits.hear("ana", 54, now=0)  # nine of ten
    assert tries(limits, 0, 0) == [0]
    limits.hear("ana", 6, now=0)  # an older word than one's own
    assert tries(limits, 0) == []


@given(st.lists(st.floats(0, 600), max_size=200))
def test_in_no_period_is_more_allowed_than_twice_as_much(moments):
    allowed = tries(Limiter(), *sorted(moments))
    assert all(sum(start <= moment < start + 60 for moment in allowed) <= 20 for start in allowed)


@given(st.lists(st.floats(0, 600), min_size=1, max_size=60))
def test_whoever_waits_for_as_long_as_was_said_is_let_in(moments):
    limits = Limiter()
    tries(limits, *sorted(moments))
    now = max(moments)
    later = now + limits.wait("ana", TEN, now=now) + 1e-6
    assert limits.wait("ana", TEN, now=later) == 0


def test_what_is_given_back_was_never_counted():
    limits, other = Limiter(), Limiter()
    limits.shares = other.shares = True
    for moment in (0, 3):
        assert tries(limits, moment) == tries(other, moment) == [moment]
    limits.use("ana", TEN, now=3)
    limits.give_back("ana", TEN)
    assert tries(limits, *[3] * 12) == tries(other, *[3] * 12)
    assert limits.hand_over() == other.hand_over()
    limits.give_back("nobody", TEN)
    assert limits.wait("nobody", TEN, now=3) == 0
