"""Payloads of arrival and play."""

from schema.course.courses import Course
from schema.describe import output
from schema.payloads import Payload
from schema.tee_sheet.booking.types import Booking
from schema.tee_sheet.play.types import Pace


@output
class CheckInPayload(Payload):
    """The answer to `checkIn`."""

    booking: Booking | None = None
    """The booking."""


@output
class UndoCheckInPayload(Payload):
    """The answer to `undoCheckIn`."""

    booking: Booking | None = None
    """The booking."""


@output
class MarkNoShowPayload(Payload):
    """The answer to `markNoShow`."""

    booking: Booking | None = None
    """The booking."""


@output
class UndoNoShowPayload(Payload):
    """The answer to `undoNoShow`."""

    booking: Booking | None = None
    """The booking."""


@output
class TeeOffPayload(Payload):
    """The answer to `teeOff`."""

    booking: Booking | None = None
    """The booking, on the course."""


@output
class UndoTeeOffPayload(Payload):
    """The answer to `undoTeeOff`."""

    booking: Booking | None = None
    """The booking, without a round."""


@output
class CorrectHolePayload(Payload):
    """The answer to `correctHole`."""

    booking: Booking | None = None
    """The booking."""


@output
class EndRoundPayload(Payload):
    """The answer to `endRound`."""

    booking: Booking | None = None
    """The booking, completed."""


@output
class RecordHolePayload(Payload):
    """The answer to `recordHole`."""

    pace: Pace | None = None
    """How the group plays, this hole included."""
    booking: Booking | None = None
    """The booking; none for devices, which do not see who plays."""


@output
class SuspendPlayPayload(Payload):
    """The answer to `suspendPlay`."""

    course: Course | None = None
    """The course."""


@output
class ResumePlayPayload(Payload):
    """The answer to `resumePlay`."""

    course: Course | None = None
    """The course."""
