"""The demo's weather, which is made up: a fine day at one club, a windy one at the other, and it never changes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from demo.clubs import EIGHTEEN_ID, NINE_ID, SECOND_COURSE_ID
from models.course.values import Weather

FINE = Weather(
    observed_at=datetime(2026, 1, 1, tzinfo=UTC),  # whoever shows it says when
    wind_kmh=12.0,
    gust_kmh=20.0,
    rain_mm_per_hour=0.0,
    temperature_c=22.0,
    weather_code=1,
)
WINDY = Weather(
    observed_at=FINE.observed_at,
    wind_kmh=46.0,
    gust_kmh=58.0,
    rain_mm_per_hour=1.0,
    temperature_c=17.0,
    weather_code=61,
)
"""Above the usual warning of 40 km/h: play is conditional."""

DEMO_WEATHER: Mapping[UUID, Weather] = {EIGHTEEN_ID: FINE, NINE_ID: FINE, SECOND_COURSE_ID: WINDY}
