"""What holds of `decide` whatever happens: sequences of weather, gaps, strikes and overrides, drawn at random."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.course.memory import Memory
from domain.course.rules import SEVERITY
from models.course.values import CourseStatus, StatusCause
from tests.course.course import CLOSED, CONDITIONAL, OPEN, Course, weather

C = StatusCause
LEAST = {
    C.WIND_WARNING: CONDITIONAL,
    C.WIND_SEVERE: CLOSED,
    C.GUST_SEVERE: CONDITIONAL,
    C.RAIN_WARNING: CONDITIONAL,
    C.RAIN_SEVERE: CLOSED,
    C.FROST: CONDITIONAL,
}
steps = st.fixed_dictionaries(
    {
        "minutes": st.sampled_from([0, 1, 15, 15, 15, 29, 30, 45]),
        "age": st.sampled_from([0, 0, 0, 10, 31, -3]),
        "kind": st.sampled_from(["weather", "weather", "weather", "weather", "blind", "strike", "afresh"]),
        "measured": st.fixed_dictionaries(
            {
                "wind": st.sampled_from([0, 35, 36, 40, 54, 55, 60, 90, 1687]),
                "gust": st.sampled_from([None, 53, 60, 100]),
                "rain": st.sampled_from([0, 4.5, 5, 8.9, 9, 10, 40, None]),
                "temperature": st.sampled_from([-8, 0, 0.5, 1.5, 8, 20, 33, 41]),
                "code": st.sampled_from([None, None, 3, 95]),
            }
        ),
    }
)
histories = st.lists(steps, max_size=12)


def live(course, step, *, strikes=True):
    """Let a step of a history happen."""
    course.now += timedelta(minutes=step["minutes"])
    if step["kind"] == "strike" and strikes:
        course.strike()
    measured = step["measured"] if strikes else {**step["measured"], "code": None}
    seen = None if step["kind"] == "blind" else weather(course.now - timedelta(minutes=step["age"]), **measured)
    return course.see(seen, afresh=step["kind"] == "afresh")


@given(histories, st.sampled_from(CourseStatus), st.integers(0, 49))
def test_every_decision_is_whole(history, before, margin):
    course = Course(before, margin=margin)
    for step in history:
        decision = live(course, step)
        assert decision.status in CourseStatus
        assert decision.causes
        assert list(decision.causes) == sorted(set(decision.causes), key=list(StatusCause).index)
        assert decision.stale == (decision.score is None) == (decision.level is None)
        assert (C.CLEAR in decision.causes) == (decision.status is OPEN and not decision.stale)
        assert decision.score is None or 0 <= decision.score <= 100


@given(histories)
def test_no_floor_lets_a_better_status_through(history):
    course = Course()
    for step in history:
        decision = live(course, step)
        least = [LEAST[cause] for cause in decision.memory.floors]
        least += [CLOSED] if decision.lightning_until else []
        assert all(SEVERITY[decision.status] >= SEVERITY[status] for status in least)
        assert decision.lightning_until is None or decision.lightning_until > course.now


@given(histories, steps)
def test_equal_input_gives_an_equal_decision_and_again_changes_nothing(history, last):
    one, other = Course(), Course()
    for step in [*history, last]:
        decision = live(one, step)
        assert decision == live(other, step)
    assert live(one, {**last, "minutes": 0}) == decision


@given(histories)
def test_memory_goes_through_json(history):
    course = Course()
    for step in history:
        live(course, step)
        assert Memory.of_json(course.memory.as_json()) == course.memory


@given(histories, st.sampled_from(CourseStatus), st.integers(0, 49))
def test_calm_weather_opens_in_the_end(history, before, margin):
    course = Course(before, margin=margin)
    for step in history:
        live(course, step)
    for _ in range(3):
        decision = course.next()
    assert (decision.status, decision.causes) == (OPEN, (C.CLEAR,))


@given(histories)
def test_once_it_is_over_lightning_has_changed_nothing(history):
    stormy, quiet = Course(), Course()
    for step in history:
        decision = live(stormy, step)
        without = live(quiet, step, strikes=False)
        if decision.lightning_until is None:
            assert (decision.status, decision.causes, decision.score) == (without.status, without.causes, without.score)
        else:
            assert decision.memory.beneath is without.status


def test_an_empty_object_is_a_fresh_memory():
    assert Memory.of_json({}) == Memory()
