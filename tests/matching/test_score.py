"""The score, read as its table: each row at its bounds."""

from datetime import timedelta
from math import asin, cos, radians, sin, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.matching.places import city_key, km_between, point_of
from domain.matching.score import (
    Match,
    Offered,
    Seeker,
    industry_points,
    match_of,
    proximity_points,
    skill_points,
    social_points,
    time_points,
)
from models.matching.values import Industry, SkillLevel
from tests.harness import MORNING

W, S = Industry, SkillLevel
RELATED = {
    25: [(W.FINANCE, W.PRIVATE_CAPITAL)],
    20: [
        (W.FINANCE, W.CONSULTING),
        (W.TECH, W.CONSULTING),
        (W.PRIVATE_CAPITAL, W.REAL_ESTATE),
        (W.LEGAL, W.FINANCE),
        (W.LEGAL, W.REAL_ESTATE),
    ],
    15: [(W.HEALTHCARE, W.EDUCATION), (W.MEDIA_ENTERTAINMENT, W.TECH)],
}


@pytest.mark.parametrize("own", W)
@pytest.mark.parametrize("other", W)
def test_an_industry_has_the_points_of_its_relation(own, other):
    by_pair = {frozenset(pair): points for points, pairs in RELATED.items() for pair in pairs}
    expected = 30 if own is other else by_pair.get(frozenset({own, other}), 0)
    assert industry_points(own, frozenset({other}), W.OTHER) == expected
    if other is not W.OTHER:
        assert industry_points(own, frozenset(), other) == (expected or 10)


def test_of_several_industries_the_best_counts():
    assert industry_points(W.FINANCE, frozenset({W.EDUCATION, W.LEGAL, W.PRIVATE_CAPITAL}), W.FINANCE) == 25


def test_other_is_the_same_only_where_the_tee_time_names_it():
    assert industry_points(W.OTHER, frozenset({W.OTHER}), W.FINANCE) == 30
    assert industry_points(W.OTHER, frozenset(), W.OTHER) == 10


def north(km):
    return point_of(km / 6371.0088 * 57.29577951308232, 0)


@pytest.mark.parametrize(
    ("km", "points"),
    [
        *((0, 20), (25, 20), (25.0004, 20), (25.0006, 15), (50, 15), (50.001, 10), (100, 10), (100.001, 5)),
        *((250, 5), (250.001, 2), (20_000, 2)),
    ],
)
def test_a_distance_has_points_up_to_its_bound(km, points):
    assert proximity_points(point_of(0, 0), north(km), same_city=False) == points
    assert km_between(point_of(0, 0), north(km)) == pytest.approx(km, abs=0.001)


def test_the_same_city_has_most_unless_it_is_another_one_of_the_same_name():
    assert proximity_points(None, None, same_city=True) == 25
    assert proximity_points(None, point_of(0, 0), same_city=True) == 25
    assert proximity_points(point_of(0, 0), north(100), same_city=True) == 25
    assert proximity_points(point_of(0, 0), north(100.001), same_city=True) == 5
    assert proximity_points(None, point_of(0, 0), same_city=False) == 2
    assert city_key("MÁLAGA", "ES") == city_key("málaga", "ES") != city_key("Málaga", "CO")
    assert city_key("Straße", "DE") == city_key("STRASSE", "DE")
    assert city_key("", "ES") is city_key("Málaga", "") is None


LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_a_distance_is_the_great_circle_s_whatever_poles_and_date_line(up, round_, other_up, other_round):
    a = sin(radians(up - other_up) / 2) ** 2
    a += cos(radians(up)) * cos(radians(other_up)) * sin(radians(round_ - other_round) / 2) ** 2
    haversine = 2 * 6371.0088 * asin(min(1.0, sqrt(a)))
    if haversine < 19_000:  # at the other end of the earth, both lose digits
        assert km_between(point_of(up, round_), point_of(other_up, other_round)) == pytest.approx(haversine, abs=0.002)


@pytest.mark.parametrize(
    ("own", "wanted", "points"),
    [
        (S.ADVANCED, S.ADVANCED, 15),
        (S.ADVANCED, None, 12),
        (None, S.BEGINNER, 12),
        (None, None, 12),
        (S.ADVANCED, S.INTERMEDIATE, 10),
        (S.BEGINNER, S.INTERMEDIATE, 10),
        (S.BEGINNER, S.ADVANCED, 3),
    ],
)
def test_a_level_has_the_points_of_its_distance(own, wanted, points):
    assert skill_points(own, wanted) == points


@pytest.mark.parametrize(
    ("hours", "points"),
    [(0, 15), (48, 15), (48.01, 12), (168, 12), (168.01, 8), (336, 8), (336.01, 4), (720, 4), (720.01, 0)],
)
def test_a_start_has_the_points_of_how_soon_it_is(hours, points):
    assert time_points(timedelta(hours=hours)) == points


@pytest.mark.parametrize(
    ("connected", "ratings", "stars", "rounds", "points"),
    [
        (True, 3, 15, 0, 5),
        (False, 3, 14, 9, 3),
        (False, 3, 13, 9, 0),
        (False, 2, 10, 9, 0),
        (False, 10, 45, 0, 3),
        (False, 0, 0, 2, 2),
        (False, 0, 0, 3, 0),
    ],
)
def test_of_what_speaks_for_a_host_the_highest_counts(connected, ratings, stars, rounds, points):
    assert social_points(connected=connected, ratings=ratings, stars=stars, rounds=rounds) == points


SEEKER = Seeker(industry=W.PRIVATE_CAPITAL, city_key=None, place=point_of(0, 0), skill_level=S.ADVANCED)
OFFERED = Offered(
    industries=frozenset({W.FINANCE}),
    host_industry=W.FINANCE,
    city_key="ES:Málaga",
    place=north(40),
    skill_level=S.INTERMEDIATE,
    starts_at=MORNING + timedelta(days=5),
    open_places=2,
    host_ratings=0,
    host_stars=0,
    host_rounds=0,
)


def test_the_worked_example():
    match = match_of(SEEKER, OFFERED, connected=True, now=MORNING)
    assert match == Match(industry=25, proximity=15, skill=10, time=12, availability=7, social=5)
    assert match.score == 74


PLACES = st.one_of(st.none(), st.builds(point_of, LATITUDES, LONGITUDES))
KEYS, LEVELS = st.sampled_from([None, "ES:a", "ES:b"]), st.one_of(st.none(), st.sampled_from(S))
SEEKERS = st.builds(Seeker, industry=st.sampled_from(W), city_key=KEYS, place=PLACES, skill_level=LEVELS)
AHEAD = st.timedeltas(timedelta(0), timedelta(days=60))


@st.composite
def offers(draw):
    ratings = draw(st.integers(0, 9))
    return Offered(
        industries=frozenset(draw(st.sets(st.sampled_from(W), max_size=3))),
        host_industry=draw(st.sampled_from(W)),
        city_key=draw(KEYS),
        place=draw(PLACES),
        skill_level=draw(LEVELS),
        starts_at=MORNING + draw(AHEAD),
        open_places=draw(st.integers(1, 3)),
        host_ratings=ratings,
        host_stars=draw(st.integers(ratings, 5 * ratings)),
        host_rounds=draw(st.integers(0, 5)),
    )


@given(SEEKERS, offers(), st.booleans())
def test_a_score_is_from_0_to_100(seeker, offered, connected):
    assert 0 <= match_of(seeker, offered, connected=connected, now=MORNING).score <= 100


@given(AHEAD, AHEAD)
def test_sooner_is_never_worse(one, other):
    sooner, later = sorted((one, other))
    assert time_points(sooner) >= time_points(later)


@given(st.floats(0, 20_000), st.floats(0, 20_000), st.booleans())
def test_nearer_is_never_worse(one, other, same_city):
    nearer, further = sorted((one, other))
    here = point_of(0, 0)
    points = [proximity_points(here, north(km), same_city=same_city) for km in (nearer, further)]
    assert points[0] >= points[1]
