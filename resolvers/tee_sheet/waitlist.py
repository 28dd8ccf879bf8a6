"""The waitlist of a tee sheet: joining, leaving, and answering offers."""

import datetime as dt
from typing import Annotated

import strawberry

from domain.tee_sheet import reading, waitlist, waitlist_answers
from domain.tee_sheet.waitlist_reading import read_line, view_of
from kit.ids import parse_id
from resolvers.edge import mutation, session_of
from resolvers.polling import stays_until_clubs_move
from schema.context import Info
from schema.describe import argument, field
from schema.tee_sheet import waitlist_payloads as payloads
from schema.tee_sheet.types.bookings import Booking
from schema.tee_sheet.types.waitlist import Waitlist, WaitlistEntry, WaitlistOffer
from schema.tee_sheet.waitlist_inputs import (
    AcceptWaitlistOfferInput,
    DeclineWaitlistOfferInput,
    JoinWaitlistInput,
    LeaveWaitlistInput,
)

WHAT = argument("What is asked for.")


@strawberry.type
class WaitlistQueries:
    """Queries about the waitlist."""

    @field
    async def waitlist(
        self,
        info: Info,
        course_id: Annotated[strawberry.ID, argument("Id of the course.")],
        date: Annotated[dt.date, argument("The day on the course's calendar.")],
    ) -> Waitlist | None:
        """Who waits for places of a course on a day, in line; none when the day has no tee sheet yet."""
        wanted, viewer = parse_id("course", course_id, path=("courseId",)), info.context.viewer
        async with info.context.read() as session:
            sheet = await reading.read_sheet(session, viewer=viewer, course_id=wanted, day=date)
            line = await read_line(session, viewer=viewer, sheet=sheet) if sheet else []
        club_id = sheet.club_id if sheet else await info.context.whereabouts.club_of_course(info.context, wanted)
        stays_until_clubs_move(info, club_id)
        if sheet is None:
            return None
        entries = [WaitlistEntry.of(view) for view in line]
        return Waitlist(row=sheet, course_id=course_id, date=date, entries=entries)


@strawberry.type
class WaitlistMutations:
    """Mutations of the waitlist."""

    @mutation
    async def join_waitlist(
        self, info: Info, input: Annotated[JoinWaitlistInput, WHAT]
    ) -> payloads.JoinWaitlistPayload:
        """Wait for places on a day: for yourself, or by staff for somebody else."""
        context, session = info.context, session_of(info)
        row = await waitlist.join_waitlist(session, viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.JoinWaitlistPayload(problems=[], waitlist_entry=WaitlistEntry.of(await view_of(session, row)))

    @mutation
    async def leave_waitlist(
        self, info: Info, input: Annotated[LeaveWaitlistInput, WHAT]
    ) -> payloads.LeaveWaitlistPayload:
        """Wait no longer; what is offered to the entry goes to the next in line."""
        context, session = info.context, session_of(info)
        row = await waitlist.leave_waitlist(session, viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.LeaveWaitlistPayload(problems=[], waitlist_entry=WaitlistEntry.of(await view_of(session, row)))

    @mutation
    async def accept_waitlist_offer(
        self, info: Info, input: Annotated[AcceptWaitlistOfferInput, WHAT]
    ) -> payloads.AcceptWaitlistOfferPayload:
        """Book what the waitlist offers, as long as the offer stands."""
        context = info.context
        row = await waitlist_answers.accept_offer(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.AcceptWaitlistOfferPayload(problems=[], booking=Booking.of(row))

    @mutation
    async def decline_waitlist_offer(
        self, info: Info, input: Annotated[DeclineWaitlistOfferInput, WHAT]
    ) -> payloads.DeclineWaitlistOfferPayload:
        """Leave what the waitlist offers to the next in line, and wait on for other starts."""
        context = info.context
        row = await waitlist_answers.decline_offer(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.DeclineWaitlistOfferPayload(problems=[], waitlist_offer=WaitlistOffer.of(row))
