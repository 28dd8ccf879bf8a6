"""Answers to invitations."""

from typing import Annotated

import strawberry

from auth.limits import Rate
from domain.guests.rsvp import answers, listing
from kit.ids import parse_id
from resolvers.edge import WHAT, mutation, session_of
from resolvers.polling import stays_until_occasion_moves
from schema.context import Info
from schema.describe import argument, field
from schema.guests.households.types import Guest, Household
from schema.guests.rsvp import inputs, payloads
from schema.guests.rsvp.types import Directory


@strawberry.type
class RsvpQueries:
    """Queries of who comes."""

    @field
    async def directory(
        self, info: Info, occasion_id: Annotated[strawberry.ID, argument("Id of the occasion.")]
    ) -> Directory:
        """Who comes, and agreed to be listed: for the occasion's guests, and for those who plan it."""
        wanted = parse_id("occasion", occasion_id, path=("occasionId",))
        async with info.context.read() as session:
            found = await listing.read_directory(session, viewer=info.context.viewer, occasion_id=wanted)
        stays_until_occasion_moves(info, wanted)
        return Directory.of(found)


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

    @mutation
    async def set_guest_listing(
        self, info: Info, input: Annotated[inputs.SetGuestListingInput, WHAT]
    ) -> payloads.SetGuestListingPayload:
        """Put a guest into the directory, or take them out of it at once. For the guest's own household alone."""
        context = info.context
        row = await listing.set_guest_listing(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.SetGuestListingPayload(problems=[], guest=Guest.of(row, plans=False))
