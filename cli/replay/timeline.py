"""A recording, evaluated from its first observation to its last, as the service would have done at the time."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.course.memory import Memory
from domain.course.observations import is_usable
from domain.course.rules import LIGHTNING_HOLDS_FOR, Decision, decide
from models.course.values import CourseStatus, Thresholds, Weather

WARM_C = 15
"""From which temperature on rain may come with lightning, for invented strikes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """By what a recording is evaluated."""

    thresholds: Thresholds
    margin: int
    hysteresis: bool = True
    """Without, there is no margin, and a floor holds only by what is measured now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What one evaluation saw, and what it came to."""

    at: datetime
    weather: Weather | None
    """The last observation by then."""
    is_observation: bool
    """Whether that observation is of this moment; otherwise lightning was the occasion, or its end."""
    before: CourseStatus
    decision: Decision

    @property
    def is_change(self) -> bool:
        """Whether the status changed."""
        return self.before is not self.decision.status


def evaluate(observations: Iterable[Weather], *, rules: Rules, strikes: Sequence[datetime] = ()) -> list[Evaluation]:
    """Evaluate a course that is open at first: at every observation, every strike, and when each strike's time is over.

    An observation is evaluated at the moment of which it tells.
    """
    seen = {weather.observed_at: weather for weather in observations}
    struck = set(strikes)
    status, memory = CourseStatus.OPEN, Memory()
    weather: Weather | None = None
    last_strike: datetime | None = None
    done = []
    for at in sorted({*seen, *struck, *(strike + LIGHTNING_HOLDS_FOR for strike in struck)}):
        weather = seen.get(at, weather)
        last_strike = at if at in struck else last_strike
        decision = decide(
            status=status,
            weather=weather,
            last_strike_at=last_strike,
            memory=memory,
            thresholds=rules.thresholds,
            margin=rules.margin,
            now=at,
            afresh=not rules.hysteresis and is_usable(weather, now=at),
        )
        done.append(Evaluation(at=at, weather=weather, is_observation=at in seen, before=status, decision=decision))
        status, memory = decision.status, decision.memory
    return done


def invented_strikes(observations: Sequence[Weather], *, count: int, seed: str) -> list[datetime]:
    """Invent so many strikes, in hours of warm rain where there are any; the same ones for the same seed."""
    rng = random.Random(seed)  # noqa: S311 - a play of chance, not a secret
    hours = [weather for weather in observations if is_usable(weather, now=weather.observed_at)]
    likely = [weather for weather in hours if weather.rain_mm_per_hour and (weather.temperature_c or 0) >= WARM_C]
    chosen = rng.choices(likely or hours, k=count) if hours else []
    return sorted(weather.observed_at + timedelta(minutes=rng.randrange(60)) for weather in chosen)
