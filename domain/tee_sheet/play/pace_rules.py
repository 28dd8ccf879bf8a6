"""Rules of pace: what a group has played, when it was expected there, how far behind it is.

Everything is in minutes of play: the minutes for which play is suspended do not count. With P the minutes expected of
the round, spread over its holes by the course's time par, or evenly where there is none, E(h) is what the first h holes
take. A group whose last report was hole h at t(h) minutes, `now` minutes after its tee-off, is behind by

    max(t(h) - E(h), now - E(h + 1)), and never by less than 0

so a group that plays exactly to its pace is never behind between two holes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from domain.tee_sheet.play.problems import HoleAlreadyRecorded, HoleNotInRound
from domain.tee_sheet.sheets.round_plan import RoundPlan, expected_minutes
from models.tee_sheet.values import PaceLevel

Span = tuple[datetime, datetime | None]
"""A time in which play was suspended; without an end, it still is."""

MINUTE = timedelta(minutes=1)
LEVELS = ((15, PaceLevel.CRITICAL), (10, PaceLevel.WARNING), (5, PaceLevel.INFO))
"""From how many minutes behind a level holds."""


def holes_played(*, start_hole: int, last_hole: int, course_holes: int, laps_done: int = 0) -> int:
    """Give how many holes a group has played that has completed `last_hole`, and `laps_done` whole laps before."""
    return (last_hole - start_hole) % course_holes + 1 + course_holes * laps_done


def number_of_hole(
    plan: RoundPlan, hole: int, *, completed: int, completed_after: Fraction, reported_after: Fraction
) -> int:
    """Give which hole of the round is meant when a hole is reported: 1 for the first.

    `completed` holes were completed `completed_after` minutes of play since the tee-off, and this one
    `reported_after`. Of a hole that comes in each lap, that one is meant which the group was to complete nearest to
    this moment, as expected from its last hole on: so a report that is repeated, or comes late, is none of the next
    lap, and holes that nobody reported may lie between. Raises HoleAlreadyRecorded, HoleNotInRound.
    """
    first = holes_played(start_hole=plan.start_hole, last_hole=hole, course_holes=plan.course_holes)
    numbers = range(first, plan.holes + 1, plan.course_holes)
    if not numbers:
        raise HoleNotInRound(holes=plan.holes, start_hole=plan.start_hole)
    due = {n: completed_after + expected_minutes(plan, n) - expected_minutes(plan, completed) for n in numbers}
    number = min(numbers, key=lambda n: (abs(due[n] - reported_after), -n))
    if number <= completed:
        raise HoleAlreadyRecorded(holes_completed=completed)
    return number


def number_in_lap(plan: RoundPlan, hole: int, *, lap: int) -> int:
    """Give which hole of the round a hole of a lap is: 1 for the first. Raises HoleNotInRound."""
    number = holes_played(start_hole=plan.start_hole, last_hole=hole, course_holes=plan.course_holes, laps_done=lap - 1)
    if number > plan.holes:
        raise HoleNotInRound(holes=plan.holes, start_hole=plan.start_hole)
    return number


def minutes_of_play(start: datetime, end: datetime, pauses: Iterable[Span] = ()) -> Fraction:
    """Give the minutes from one moment to a later one, without those for which play was suspended.

    The suspensions must not overlap.
    """
    paused = sum((_overlap(start, end, pause) for pause in pauses), timedelta())
    return Fraction((end - start - paused) // timedelta(microseconds=1), MINUTE // timedelta(microseconds=1))


def _overlap(start: datetime, end: datetime, pause: Span) -> timedelta:
    ended = end if pause[1] is None else min(pause[1], end)
    return max(ended - max(pause[0], start), timedelta())


def minutes_behind(
    plan: RoundPlan, *, completed: int, completed_after: Fraction, now_after: Fraction | None = None
) -> float:
    """Give the minutes that a group is behind, to two decimals, at least 0.

    `completed_after` and `now_after` are minutes of play since the tee-off, when the last hole was completed, and now.
    Without the second, or with the last hole, only the report counts.
    """
    behind = completed_after - expected_minutes(plan, completed)
    if now_after is not None and completed < plan.holes:
        behind = max(behind, now_after - expected_minutes(plan, completed + 1))
    return float(round(max(behind, Fraction(0)), 2))


def level_of(minutes: float) -> PaceLevel | None:
    """Give the level of an alert for so many minutes behind; none below 5. Lower bounds are inclusive."""
    return next((level for least, level in LEVELS if minutes >= least), None)


def gap_minutes(
    own: Mapping[int, datetime], ahead: Mapping[int, datetime], *, interval: timedelta, pauses: Sequence[Span] = ()
) -> float | None:
    """Give the minutes by which a group follows the one ahead later than planned, to two decimals.

    `own` and `ahead` give when each hole of the round was completed, by its number. The gap is taken at the last one
    that both have completed, less the planned interval between their starts; negative when the group is closer than
    planned, none when there is no such hole.
    """
    common = own.keys() & ahead.keys()
    if not common:
        return None
    later, earlier = own[max(common)], ahead[max(common)]
    between = minutes_of_play(earlier, later, pauses) if later >= earlier else -minutes_of_play(later, earlier, pauses)
    return float(round(between - Fraction(interval / MINUTE), 2))
