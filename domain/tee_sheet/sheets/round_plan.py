"""How a round is planned: over which holes, and in how many minutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPlan:
    """What is expected of a round: its holes from a start hole on, in so many minutes.

    `time_par` gives the minutes that each hole of the course should take, in the order of the holes; only how they
    relate to each other counts. A round of 18 holes on a course of 9 goes round twice.
    """

    course_holes: int
    holes: int
    start_hole: int
    expected_minutes: int
    time_par: Sequence[int] | None = None


def expected_minutes(plan: RoundPlan, holes: int) -> Fraction:
    """Give E: the minutes that the first holes of a round are expected to take."""
    pars = [_par(plan, number) for number in range(plan.holes)]
    return Fraction(plan.expected_minutes * sum(pars[:holes]), sum(pars))


def _par(plan: RoundPlan, number: int) -> int:
    return plan.time_par[(plan.start_hole - 1 + number) % plan.course_holes] if plan.time_par else 1
