"""Which thresholds a course may have."""

from math import isfinite

from kit.errors import InvalidInput
from models.course.values import Thresholds

CALM_WIND_KMH = 20
"""Wind up to which the score is not touched."""
STRONGEST_WIND_KMH = 250
HEAVIEST_RAIN_MM = 300


def check_thresholds(thresholds: Thresholds, *, margin: int) -> None:
    """Refuse thresholds that contradict each other, or by which a course would never open again.

    `margin` is how far the score has to rise above a threshold until the course recovers. Raises InvalidInput.
    """
    _check_wind(thresholds)
    if not 0 < thresholds.precipitation_warning_mm <= HEAVIEST_RAIN_MM:
        _refuse("precipitationWarningMm", f"Give more than 0 and at most {HEAVIEST_RAIN_MM} mm per hour.")
    _check_scores(thresholds, margin)


def _check_wind(thresholds: Thresholds) -> None:
    warning, severe = thresholds.wind_warning_kmh, thresholds.wind_severe_kmh
    if not (isfinite(warning) and warning > CALM_WIND_KMH):
        _refuse("windWarningKmh", f"Give more than {CALM_WIND_KMH} km/h: up to there, wind does not count.")
    if not severe <= STRONGEST_WIND_KMH:
        _refuse("windSevereKmh", f"Give at most {STRONGEST_WIND_KMH} km/h: stronger wind is not believed.")
    if not warning < severe:
        _refuse("windSevereKmh", "Severe wind must be stronger than the wind that is warned of.")


def _check_scores(thresholds: Thresholds, margin: int) -> None:
    warning, severe = thresholds.playability_warning_threshold, thresholds.playability_severe_threshold
    if severe < 0:
        _refuse("playabilitySevereThreshold", "Give a score of 0 or more.")
    if not severe < warning:
        _refuse("playabilitySevereThreshold", "The severe threshold must lie below the warning threshold.")
    if not warning + margin < 100:
        most = 99 - margin
        _refuse("playabilityWarningThreshold", f"Give at most {most}: above, the course would never open again.")


def _refuse(field: str, message: str) -> None:
    raise InvalidInput(message=message, path=("input", field))
