"""Mutations of the waitlist."""

from typing import Annotated

import strawberry

from auth.limits import Rate
from domain.journeys import bookings
from domain.tee_sheet.waitlist import answers, joining
from domain.tee_sheet.waitlist.reading import view_of
from resolvers.edge import WHAT, mutation, session_of
from schema.context import Info
from schema.tee_sheet.booking.types import Booking
from schema.tee_sheet.waitlist import payloads
from schema.tee_sheet.waitlist.inputs import (
    AcceptWaitlistOfferInput,
    DeclineWaitlistOfferInput,
    JoinWaitlistInput,
    LeaveWaitlistInput,
)
from schema.tee_sheet.waitlist.types import WaitlistEntry, WaitlistOffer


@strawberry.type
class WaitlistMutations:
    """Mutations of the waitlist."""

    @mutation(limit=Rate.BOOKINGS)
    async def join_waitlist(
        self, info: Info, input: Annotated[JoinWaitlistInput, WHAT]
    ) -> payloads.JoinWaitlistPayload:
        """Wait for places on a day: for yourself, or by staff for somebody else."""
        context, session = info.context, session_of(info)
        row = await joining.join_waitlist(session, viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.JoinWaitlistPayload(problems=[], waitlist_entry=WaitlistEntry.of(await view_of(session, row)))

    @mutation
    async def leave_waitlist(
        self, info: Info, input: Annotated[LeaveWaitlistInput, WHAT]
    ) -> payloads.LeaveWaitlistPayload:
        """Wait no longer; what is offered to the entry goes to the next in line."""
        context, session = info.context, session_of(info)
        row = await joining.leave_waitlist(session, viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.LeaveWaitlistPayload(problems=[], waitlist_entry=WaitlistEntry.of(await view_of(session, row)))

    @mutation(limit=Rate.BOOKINGS)
    async def accept_waitlist_offer(
        self, info: Info, input: Annotated[AcceptWaitlistOfferInput, WHAT]
    ) -> payloads.AcceptWaitlistOfferPayload:
        """Book what the waitlist offers, as long as the offer stands."""
        context = info.context
        row = await bookings.accept_offer(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.AcceptWaitlistOfferPayload(problems=[], booking=Booking.of(row))

    @mutation
    async def decline_waitlist_offer(
        self, info: Info, input: Annotated[DeclineWaitlistOfferInput, WHAT]
    ) -> payloads.DeclineWaitlistOfferPayload:
        """Leave what the waitlist offers to the next in line, and wait on for other starts."""
        context = info.context
        row = await answers.decline_offer(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.DeclineWaitlistOfferPayload(problems=[], waitlist_offer=WaitlistOffer.of(row))
