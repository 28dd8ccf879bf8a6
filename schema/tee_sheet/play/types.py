"""The pace of a group."""

from datetime import datetime
from typing import Self

from models.tee_sheet.play import Round
from models.tee_sheet.values import PaceLevel
from schema.describe import enum, output

enum(PaceLevel)


@output
class Pace:
    """How a group plays, as it was told last: with a hole that was completed, or with an alert."""

    teed_off_at: datetime
    """When the group teed off, in UTC."""
    start_hole: int
    """The hole that it started from."""
    expected_minutes: int
    """Minutes that its round is expected to take, without suspended play."""
    holes_completed: int
    """How many holes of its round the group has completed, laps before included."""
    last_hole: int | None
    """The hole that it completed last; none before the first report."""
    last_completed_at: datetime | None
    """When that was, in UTC."""
    minutes_behind: float | None
    """Minutes behind the expected pace, to two decimals; 0 when ahead of it, none before the first report."""
    gap_minutes: float | None
    """Minutes behind the group ahead beyond the planned interval, negative when closer; none when unknown."""
    level: PaceLevel | None
    """How far behind the group is; none below 5 minutes, and once the round is over."""
    completed_at: datetime | None
    """When the round was over, in UTC."""

    @classmethod
    def of(cls, row: Round) -> Self:
        """Show the pace of a round."""
        return cls(
            teed_off_at=row.teed_off_at,
            start_hole=row.start_hole,
            expected_minutes=row.expected_minutes,
            holes_completed=row.holes_completed,
            last_hole=row.last_hole,
            last_completed_at=row.last_completed_at,
            minutes_behind=row.minutes_behind,
            gap_minutes=row.gap_minutes,
            level=row.level,
            completed_at=row.completed_at,
        )
