"""A recording, evaluated from its first observation to its last, as the service would have done at the time."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from itertools import groupby
from operator import itemgetter

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


def evaluate(
    observations: Iterable[Weather], *, rules: Rules, strikes: Sequence[datetime] = ()
) -> Iterator[Evaluation]:
    """Evaluate a course that is open at first: at every observation, every strike, and when each strike's time is over.

    An observation is evaluated at the moment of which it tells. They come sorted by time, each moment once.
    """
    struck = set(strikes)
    status, memory = CourseStatus.OPEN, Memory()
    weather: Weather | None = None
    last_strike: datetime | None = None
    for at, seen in _moments(observations, sorted(struck | {strike + LIGHTNING_HOLDS_FOR for strike in struck})):
        weather = seen or weather
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
        yield Evaluation(at=at, weather=weather, is_observation=seen is not None, before=status, decision=decision)
        status, memory = decision.status, decision.memory


def _moments(observations: Iterable[Weather], others: Iterable[datetime]) -> Iterator[tuple[datetime, Weather | None]]:
    """Give each moment once, in order, with what was observed then."""
    observed: Iterator[tuple[datetime, Weather | None]] = ((weather.observed_at, weather) for weather in observations)
    merged = merge(observed, ((at, None) for at in others), key=itemgetter(0))
    for at, found in groupby(merged, key=itemgetter(0)):
        yield at, next((weather for _, weather in found if weather), None)


def invented_strikes(observations: Iterable[Weather], *, count: int, seed: str) -> list[datetime]:
    """Invent so many strikes, in hours of warm rain where there are any; the same ones for the same seed.

    The observations are walked twice.
    """
    rng = random.Random(seed)  # noqa: S311 - a play of chance, not a secret
    usable = [0, 0]
    for weather in _usable(observations):
        usable[_is_warm_rain(weather)] += 1
    any_hour = not usable[True]
    hours = sum(usable) if any_hour else usable[True]
    chosen = rng.choices(range(hours), k=count) if hours else []
    minutes = defaultdict(list)
    for number in chosen:
        minutes[number].append(rng.randrange(60))
    likely = (weather for weather in _usable(observations) if any_hour or _is_warm_rain(weather))
    struck = ((weather, minutes.get(number, ())) for number, weather in enumerate(likely))
    return sorted(weather.observed_at + timedelta(minutes=minute) for weather, some in struck for minute in some)


def _usable(observations: Iterable[Weather]) -> Iterator[Weather]:
    return (weather for weather in observations if is_usable(weather, now=weather.observed_at))


def _is_warm_rain(weather: Weather) -> bool:
    return bool(weather.rain_mm_per_hour) and (weather.temperature_c or 0) >= WARM_C
