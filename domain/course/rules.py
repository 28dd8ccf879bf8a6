"""How the status of a course follows from the weather: every evaluation is one call of `decide`.

Two layers decide, and the worse of them is the status.

The weather's layer is a machine with three states, driven by the score and by floors (`floors.py`). Getting worse
needs a score below a threshold; getting better needs one above it by a margin, so that a score that wavers does not
make the status waver. It moves only by usable weather; without, it stays where it is.

Lightning lies on top. It closes the course until 30 minutes after the last strike or thunderstorm, with or without
weather, and the weather's layer goes on beneath as if there were none: `Memory.beneath` is its status, and the score
that drives it is taken without lightning. So when the 30 minutes are over, the course has the status that it would
have without the thunderstorm: it opens again if nothing else held it closed, also where nobody knows the weather.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.course.floors import FLOORS, causes_for, count_rain, held_floors
from domain.course.memory import Memory
from domain.course.observations import CLOCKS_DIFFER_BY, is_usable
from domain.course.playability import has_thunderstorm, level_of, score_of
from models.course.values import CourseStatus, PlayabilityLevel, StatusCause, Thresholds, Weather

LIGHTNING_HOLDS_FOR = timedelta(minutes=30)
"""How long lightning closes a course after the last strike or thunderstorm."""
OPEN, CONDITIONAL, CLOSED = CourseStatus
SEVERITY = {OPEN: 0, CONDITIONAL: 1, CLOSED: 2}
ORDER = {cause: number for number, cause in enumerate(StatusCause)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an evaluation comes to."""

    status: CourseStatus
    score: int | None
    """The playability score, lightning included; None without usable weather."""
    level: PlayabilityLevel | None
    causes: tuple[StatusCause, ...]
    """All that speak for this status, in the order of StatusCause; never empty."""
    memory: Memory
    """What the next evaluation has to be given."""
    stale: bool
    """Whether there was no usable weather."""
    lightning_until: datetime | None
    """While lightning closes the course: until when, if there is no more of it."""


@dataclass(frozen=True, slots=True)
class _Layer:
    """The weather's own status, without lightning, and what speaks for it."""

    status: CourseStatus
    reasons: tuple[StatusCause, ...]


def decide(
    *,
    status: CourseStatus,
    weather: Weather | None,
    last_strike_at: datetime | None,
    memory: Memory,
    thresholds: Thresholds,
    margin: int = 10,
    now: datetime,
    afresh: bool = False,
) -> Decision:
    """Evaluate a course: decide its status by the weather, if that is usable, and by lightning.

    `status` and `memory` are what the evaluation before came to. An observation may be given again, with a strike, an
    all-clear or other thresholds: it counts towards "two evaluations running" once. One from before the last that was
    counted is not used. `afresh`, at the end of an override, decides as if from open and without hysteresis: floors
    hold only by what is measured now, and without usable weather the course is open, unless lightning closes it.
    """
    usable = _usable(weather, memory, now, afresh=afresh)
    memory = _with_lightning(memory, usable, last_strike_at, now)
    before = OPEN if afresh else memory.beneath or status
    if afresh:
        memory = replace(memory, floors={}, reasons=())
    if usable is not None:
        memory = _counted(memory, usable, thresholds)
    layer = _by_weather(before, usable, memory, thresholds, margin)
    score = _score(usable, memory, thresholds, now)
    return _on_top(layer, memory, score, thresholds, now, stale=usable is None)


def _usable(weather: Weather | None, memory: Memory, now: datetime, *, afresh: bool) -> Weather | None:
    """Give the weather if a decision may rest on it: what is known of later weather is not undone by earlier."""
    if weather is None or not is_usable(weather, now=now):
        return None
    is_past = not afresh and memory.counted_at is not None and weather.observed_at < memory.counted_at
    return None if is_past else weather


def _with_lightning(memory: Memory, usable: Weather | None, last_strike_at: datetime | None, now: datetime) -> Memory:
    """Remember the last strike and the last thunderstorm. A strike that lies in the future is none yet."""
    struck = last_strike_at if last_strike_at and last_strike_at <= now + CLOCKS_DIFFER_BY else None
    thunder = usable.observed_at if usable and has_thunderstorm(usable) else None
    return replace(memory, struck_at=_later(memory.struck_at, struck), thunder_at=_later(memory.thunder_at, thunder))


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)


def _counted(memory: Memory, weather: Weather, thresholds: Thresholds) -> Memory:
    """Count an observation, once, and bring the floors up to it."""
    is_new = memory.counted_at is None or weather.observed_at > memory.counted_at
    rain_runs = count_rain(memory.rain_runs, weather, thresholds) if is_new else memory.rain_runs
    floors = held_floors(memory.floors, weather, thresholds, rain_runs=rain_runs, is_new=is_new)
    return replace(
        memory, floors=floors, rain_runs=rain_runs, counted_at=_later(memory.counted_at, weather.observed_at)
    )


def _by_weather(
    before: CourseStatus, usable: Weather | None, memory: Memory, thresholds: Thresholds, margin: int
) -> _Layer:
    """Move the weather's own status. Without usable weather it stays, for the reasons that it had."""
    if usable is None:
        return _Layer(before, memory.reasons)
    calm = score_of(replace(usable, weather_code=None), strike=False, thresholds=thresholds)
    by_score, cause = _step(before, calm, thresholds, margin)
    status = max((by_score, *_asked_for(memory)), key=SEVERITY.__getitem__)
    reasons = causes_for(status, memory.floors)
    if cause and by_score is status and not (reasons and cause is StatusCause.SCORE_RECOVERING):
        reasons.append(cause)
    return _Layer(status, tuple(reasons))


def _asked_for(memory: Memory) -> list[CourseStatus]:
    return [floor.least for floor in FLOORS if floor.cause in memory.floors]


def _step(
    before: CourseStatus, score: int, thresholds: Thresholds, margin: int
) -> tuple[CourseStatus, StatusCause | None]:
    """Move a status by the score alone, and say why it is not open."""
    severe, warning = thresholds.playability_severe_threshold, thresholds.playability_warning_threshold
    if score < severe:
        return CLOSED, StatusCause.SCORE_SEVERE
    if before is CLOSED and score <= severe + margin:
        return CLOSED, StatusCause.SCORE_RECOVERING
    if score < warning:
        return CONDITIONAL, StatusCause.SCORE_WARNING
    if before is not OPEN and score <= warning + margin:
        return CONDITIONAL, StatusCause.SCORE_RECOVERING
    return OPEN, None


def _holds(last: datetime | None, now: datetime) -> bool:
    return last is not None and now < last + LIGHTNING_HOLDS_FOR


def _score(usable: Weather | None, memory: Memory, thresholds: Thresholds, now: datetime) -> int | None:
    """Give the score with lightning, which counts in it no longer than it closes the course."""
    if usable is None:
        return None
    seen = usable if _holds(memory.thunder_at, now) else replace(usable, weather_code=None)
    return score_of(seen, strike=_holds(memory.struck_at, now), thresholds=thresholds)


def _on_top(
    layer: _Layer, memory: Memory, score: int | None, thresholds: Thresholds, now: datetime, *, stale: bool
) -> Decision:
    """Put lightning on top of the weather's layer."""
    lightning = _lightning(memory, now)
    causes = set(layer.reasons) or {StatusCause.NO_WEATHER if stale else StatusCause.CLEAR}
    if lightning:
        causes = {*lightning, *_beside_lightning(layer, score, thresholds)}
    last = _later(memory.struck_at, memory.thunder_at)
    return Decision(
        status=CLOSED if lightning else layer.status,
        score=score,
        level=None if score is None else level_of(score),
        causes=tuple(sorted(causes, key=ORDER.__getitem__)),
        memory=replace(memory, beneath=layer.status if lightning else None, reasons=layer.reasons),
        stale=stale,
        lightning_until=last + LIGHTNING_HOLDS_FOR if lightning and last else None,
    )


def _lightning(memory: Memory, now: datetime) -> list[StatusCause]:
    held = {StatusCause.LIGHTNING: memory.struck_at, StatusCause.THUNDERSTORM: memory.thunder_at}
    return [cause for cause, last in held.items() if _holds(last, now)]


def _beside_lightning(layer: _Layer, score: int | None, thresholds: Thresholds) -> set[StatusCause]:
    """Give what would close the course too. The margin is not named: it alone does not hold it."""
    causes = set(layer.reasons) - {StatusCause.SCORE_RECOVERING} if layer.status is CLOSED else set()
    if score is not None and score < thresholds.playability_severe_threshold:
        causes.add(StatusCause.SCORE_SEVERE)
    return causes
