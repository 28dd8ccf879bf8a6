"""Answers that tell who books, holds or changes a start what they should know about it."""

from uuid import UUID

from domain.tee_sheet.inventory.sale import condition_of_start
from schema.context import Info
from schema.describe import list_field, output, sentence
from schema.payloads import Payload
from schema.tee_sheet.booking.types import Booking
from schema.warnings import CourseConditional, Warning, WarningCode  # noqa: A004 - it is what clients read


@output
class WarnedPayload(Payload):
    """An answer about a start, with warnings."""

    def start(self) -> UUID | None:
        """Give the tee time that the answer is about; None when nothing was done."""
        raise NotImplementedError

    @list_field(entries=1)
    async def warnings(self, info: Info) -> list[Warning]:
        """What to know about the start as things stand, also when the answer is a repeat; empty when it was refused."""
        if (tee_time_id := self.start()) is None:
            return []
        async with info.context.read() as session:
            found = await condition_of_start(session, tee_time_id=tee_time_id, now=info.context.now)
        if found is None:
            return []
        course, until = found
        return [
            CourseConditional(
                code=WarningCode.COURSE_CONDITIONAL,
                message=sentence(CourseConditional),
                status=course.status,
                reason=course.status_reason,
                conditional_until=until,
            )
        ]


@output
class BookedPayload(WarnedPayload):
    """An answer with a booking, and warnings about its start."""

    booking: Booking | None = None
    """The booking."""

    def start(self) -> UUID | None:
        """Give the tee time that the booking is on."""
        return self.booking.row.tee_time_id if self.booking else None
