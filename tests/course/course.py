"""A course that is evaluated again and again, and weather to evaluate it by."""

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.course.memory import Memory
from domain.course.rules import Decision, decide
from models.course.values import CourseStatus, Thresholds, Weather

OPEN, CONDITIONAL, CLOSED = CourseStatus
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
THRESHOLDS = Thresholds()
QUARTER = timedelta(minutes=15)


def weather(
    at: datetime = NOON,
    *,
    wind: float | None = 0.0,
    gust: float | None = None,
    rain: float | None = 0.0,
    temperature: float | None = 20.0,
    code: int | None = None,
) -> Weather:
    """Make weather that is calm but for what is said."""
    return Weather(
        observed_at=at,
        wind_kmh=wind,
        gust_kmh=gust,
        rain_mm_per_hour=rain,
        temperature_c=temperature,
        weather_code=code,
    )


def weather_of_score(score: int, at: datetime = NOON) -> Weather:
    """Make weather without wind and frost that scores so much, 40 at the least: warm rain that reaches no floor.

    Heat takes off up to 20, and rain below the warning threshold up to 19; the rest is wind below its own.
    """
    off = 100 - score
    heat = min(off, 20)
    rain = min(off - heat, 19)
    wind = off - heat - rain
    return weather(
        at, temperature=30 + heat / 2 if heat else 20, rain=rain / 4, gust=20 + wind * 20 / 15 if wind else None
    )


class Course:
    """A course that keeps what an evaluation comes to for the next one, a quarter of an hour later."""

    def __init__(
        self,
        status: CourseStatus = OPEN,
        *,
        memory: Memory | None = None,
        thresholds: Thresholds = THRESHOLDS,
        margin: int = 10,
    ) -> None:
        self.status, self.memory, self.now = status, memory or Memory(), NOON - QUARTER
        self.thresholds, self.margin = thresholds, margin
        self.struck_at: datetime | None = None

    def next(self, **measured: Any) -> Decision:
        """Evaluate it a quarter of an hour later, by an observation of that moment."""
        self.now += QUARTER
        return self.see(weather(self.now, **measured))

    def score(self, score: int) -> Decision:
        """Evaluate it a quarter of an hour later, by weather that scores so much and reaches no floor."""
        self.now += QUARTER
        return self.see(weather_of_score(score, self.now))

    def blind(self, *, minutes: float = 15) -> Decision:
        """Evaluate it some minutes later, without weather."""
        self.now += timedelta(minutes=minutes)
        return self.see(None)

    def strike(self) -> None:
        """Let lightning strike now."""
        self.struck_at = self.now

    def see(self, seen: Weather | None, *, afresh: bool = False) -> Decision:
        """Evaluate it now."""
        decision = decide(
            status=self.status,
            weather=seen,
            last_strike_at=self.struck_at,
            memory=Memory.of_json(self.memory.as_json()),
            thresholds=self.thresholds,
            margin=self.margin,
            now=self.now,
            afresh=afresh,
        )
        self.status, self.memory = decision.status, decision.memory
        return decision
