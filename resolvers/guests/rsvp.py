"""Answers to invitations."""

from typing import Annotated

import strawberry

from auth.limits import Rate
from domain.guests.rsvp import answers
from resolvers.edge import WHAT, mutation, session_of
from schema.context import Info
from schema.guests.households.types import Household
from schema.guests.rsvp import inputs, payloads


@strawberry.type
class RsvpMutations:
    """Mutations of answers to invitations."""

    @mutation(limit=Rate.BOOKINGS)
    async def submit_rsvp(
        self, info: Info, input: Annotated[inputs.SubmitRsvpInput, WHAT]
    ) -> payloads.SubmitRsvpPayload:
        """Answer an invitation, part by part and guest by guest, until the deadline. For the household."""
        context = info.context
        row = await answers.submit_rsvp(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        own = context.viewer.household_id == row.id
        return payloads.SubmitRsvpPayload(problems=[], household=Household.of(row, plans=not own))

    @mutation
    async def set_rsvp_on_behalf(
        self, info: Info, input: Annotated[inputs.SetRsvpOnBehalfInput, WHAT]
    ) -> payloads.SetRsvpOnBehalfPayload:
        """Answer for a household, also after the deadline. For those who plan the occasion."""
        context = info.context
        row = await answers.set_rsvp_on_behalf(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.SetRsvpOnBehalfPayload(problems=[], household=Household.of(row, plans=True))
