"""Inputs of arrival and play."""

import datetime as dt

import strawberry

from schema.describe import input_type
from schema.inputs import Input


@input_type
class CheckInInput(Input):
    """Players who have arrived."""

    booking_id: strawberry.ID
    """The booking."""
    positions: list[int] | None = None
    """Who has arrived, by their positions in the booking. If left out, all who are still expected;
    of a booking that is a no-show as a whole, everybody."""


@input_type
class UndoCheckInInput(Input):
    """Players who were checked in by mistake."""

    booking_id: strawberry.ID
    """The booking."""
    positions: list[int] | None = None
    """Whose check-in is taken back, by their positions in the booking; everybody's if left out."""


@input_type
class MarkNoShowInput(Input):
    """Players who did not appear."""

    booking_id: strawberry.ID
    """The booking."""
    positions: list[int] | None = None
    """Who did not appear, by their positions in the booking; all who are still expected if left out."""


@input_type
class UndoNoShowInput(Input):
    """Players of whom it was noted by mistake that they did not appear."""

    booking_id: strawberry.ID
    """The booking."""
    positions: list[int] | None = None
    """Who is expected again, by their positions in the booking; all no-shows if left out."""


@input_type
class TeeOffInput(Input):
    """A group to be sent off."""

    booking_id: strawberry.ID
    """The booking."""
    expected_minutes: int | None = None
    """Minutes that this group's round is expected to take, 20 to 600; as the course says if left out."""


@input_type
class UndoTeeOffInput(Input):
    """A group that was sent off by mistake."""

    booking_id: strawberry.ID
    """The booking."""


@input_type
class RecordHoleInput(Input):
    """A hole that a group has completed."""

    booking_id: strawberry.ID
    """The booking."""
    hole: int
    """The hole, as the course numbers them."""
    completed_at: dt.datetime | None = None
    """When it was completed, if that was not just now."""


@input_type
class CorrectHoleInput(Input):
    """The hole that a group has completed last, whatever was reported."""

    booking_id: strawberry.ID
    """The booking."""
    hole: int | None = None
    """The hole, as the course numbers them; none if the group has completed none."""
    lap: int = 1
    """In which lap: the second is there where 18 holes are played on a course of nine."""
    completed_at: dt.datetime | None = None
    """When it was completed; as was reported, or else just now, if left out."""


@input_type
class EndRoundInput(Input):
    """A group that has left the course before its last hole."""

    booking_id: strawberry.ID
    """The booking."""
    hole: int | None = None
    """The hole that it completed last; the last that was reported if left out."""
    lap: int = 1
    """In which lap: the second is there where 18 holes are played on a course of nine."""


@input_type
class SuspendPlayInput(Input):
    """A course on which nobody plays on."""

    course_id: strawberry.ID
    """The course."""


@input_type
class ResumePlayInput(Input):
    """A course on which the groups play on."""

    course_id: strawberry.ID
    """The course."""
