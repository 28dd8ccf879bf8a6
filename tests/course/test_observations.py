from dataclasses import replace
from datetime import timedelta

import pytest

from domain.course.observations import fault_of, is_usable
from tests.course.course import NOON, weather

INFINITE, NAN = float("inf"), float("nan")


def test_what_was_measured_just_now_is_usable():
    assert is_usable(weather(), now=NOON)
    assert fault_of(weather(gust=80.0), now=NOON) is None


def test_no_weather_is_not_usable():
    assert not is_usable(None, now=NOON)
    assert fault_of(None, now=NOON) == "no weather"


@pytest.mark.parametrize(("minutes", "usable"), [(-6, False), (-5, True), (0, True), (30, True), (30.1, False)])
def test_it_is_of_the_last_half_hour(minutes, usable):
    assert is_usable(weather(), now=NOON + timedelta(minutes=minutes)) is usable


@pytest.mark.parametrize("name", ["wind_kmh", "rain_mm_per_hour", "temperature_c"])
def test_wind_rain_and_temperature_are_needed(name):
    assert not is_usable(replace(weather(), **{name: None}), now=NOON)


@pytest.mark.parametrize(
    ("measured", "usable"),
    [
        *[({"wind": value}, value in {0, 250}) for value in (0, 250, 250.1, 1687.2, -0.1, NAN, INFINITE)],
        *[({"gust": value}, value in {None, 0, 250}) for value in (None, 0, 250, 250.1, -1, NAN, INFINITE)],
        *[({"rain": value}, value in {0, 300}) for value in (0, 300, 300.1, -0.1, NAN, INFINITE)],
        *[({"temperature": value}, value in {-60, 60}) for value in (-60, 60, -60.1, 60.1, NAN, -INFINITE)],
    ],
)
def test_nothing_implausible_is_usable(measured, usable):
    assert is_usable(weather(**measured), now=NOON) is usable


def test_it_says_what_is_wrong():
    assert fault_of(weather(wind=1687.2), now=NOON) == "wind of 1687 km/h is not plausible"
    assert fault_of(weather(temperature=None), now=NOON) == "temperature not measured"
