import pytest

from domain.course.thresholds import check_thresholds
from kit.errors import InvalidInput
from models.course.values import Thresholds

INFINITE, NAN = float("inf"), float("nan")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"wind_warning_kmh": 20.1, "wind_severe_kmh": 20.2},
        {"wind_severe_kmh": 250},
        {"precipitation_warning_mm": 0.1},
        {"precipitation_warning_mm": 300},
        {"playability_severe_threshold": 0, "playability_warning_threshold": 1},
        {"playability_severe_threshold": 88, "playability_warning_threshold": 89},
    ],
)
def test_thresholds_that_make_sense_are_taken(given):
    check_thresholds(Thresholds(**given), margin=10)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        *[({"wind_warning_kmh": value}, "windWarningKmh") for value in (20, 0, -5, NAN, INFINITE)],
        *[({"wind_severe_kmh": value}, "windSevereKmh") for value in (40, 30, 250.1, NAN, INFINITE)],
        *[({"precipitation_warning_mm": value}, "precipitationWarningMm") for value in (0, -1, 301, NAN, INFINITE)],
        ({"playability_severe_threshold": -1}, "playabilitySevereThreshold"),
        ({"playability_severe_threshold": 50}, "playabilitySevereThreshold"),
        ({"playability_severe_threshold": 60}, "playabilitySevereThreshold"),
        ({"playability_warning_threshold": 90}, "playabilityWarningThreshold"),
        ({"playability_warning_threshold": 200}, "playabilityWarningThreshold"),
    ],
)
def test_others_are_refused_by_the_name_of_the_field(given, field):
    with pytest.raises(InvalidInput) as refused:
        check_thresholds(Thresholds(**given), margin=10)
    assert refused.value.path == ("input", field)
    assert refused.value.message.endswith(".")


def test_the_margin_counts():
    high = Thresholds(playability_warning_threshold=95)
    check_thresholds(high, margin=0)
    with pytest.raises(InvalidInput):
        check_thresholds(high, margin=5)
