"""Households and guests: what can be asked and done."""

from typing import Annotated

import strawberry

from domain.guests.access import find_household
from domain.guests.households import copying, households, lists
from domain.guests.merging import merging
from domain.guests.reading import read_guests
from kit.ids import parse_id, parse_if_given, public_id
from models.guests.values import RsvpStatus
from resolvers.edge import WHAT, mutation, session_of
from resolvers.polling import stays_until_occasion_moves
from schema.context import Info
from schema.describe import argument, field
from schema.guests.households import inputs, payloads
from schema.guests.households.types import Guest, GuestList, Household


@strawberry.type
class HouseholdQueries:
    """Queries of households and guests."""

    @field
    async def household(self, info: Info, id: Annotated[strawberry.ID, argument("Id of the household.")]) -> Household:
        """A household with its guests: for those who plan the occasion, and for itself."""
        wanted = parse_id("household", id, path=("id",))
        async with info.context.read() as session:
            found = await find_household(session, viewer=info.context.viewer, household_id=wanted)
        stays_until_occasion_moves(info, found[1].occasion_id)
        return Household.to(found)

    @field
    async def guests(
        self,
        info: Info,
        occasion_id: Annotated[strawberry.ID, argument("Id of the occasion.")],
        status: Annotated[RsvpStatus | None, argument("Only those with this answer for the part.")] = None,
        search: Annotated[
            str | None, argument("Look for this in names, households, groups and e-mail addresses.")
        ] = None,
        part_id: Annotated[
            strawberry.ID | None, argument("Only those who are invited to this part; with a status, the main one.")
        ] = None,
    ) -> GuestList:
        """The master list of an occasion: for those who plan it."""
        wanted, part = parse_id("occasion", occasion_id, path=("occasionId",)), None
        part = parse_if_given("part", part_id, path=("partId",))
        async with info.context.read() as session:
            found = await read_guests(
                session,
                viewer=info.context.viewer,
                occasion_id=wanted,
                status=status,
                part_id=part,
                search=search,
            )
        stays_until_occasion_moves(info, wanted)
        return GuestList.of(found)


@strawberry.type
class HouseholdMutations:
    """Mutations of households and guests."""

    @mutation
    async def add_household(
        self, info: Info, input: Annotated[inputs.AddHouseholdInput, WHAT]
    ) -> payloads.AddHouseholdPayload:
        """Invite a household with its guests. For those who plan the occasion."""
        context = info.context
        row = await households.add_household(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.AddHouseholdPayload(problems=[], household=Household.of(row, plans=True))

    @mutation
    async def update_household(
        self, info: Info, input: Annotated[inputs.UpdateHouseholdInput, WHAT]
    ) -> payloads.UpdateHouseholdPayload:
        """Change a household, what it is invited to, or how many it may bring. For those who plan the occasion."""
        context = info.context
        row = await households.update_household(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.UpdateHouseholdPayload(problems=[], household=Household.of(row, plans=True))

    @mutation
    async def delete_household(
        self, info: Info, input: Annotated[inputs.DeleteHouseholdInput, WHAT]
    ) -> payloads.DeleteHouseholdPayload:
        """Take a household off the list, with all of its guests. For those who plan the occasion."""
        context = info.context
        row = await households.delete_household(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.DeleteHouseholdPayload(problems=[], household_id=strawberry.ID(public_id("household", row.id)))

    @mutation
    async def add_guests(self, info: Info, input: Annotated[inputs.AddGuestsInput, WHAT]) -> payloads.AddGuestsPayload:
        """Invite up to 1,000 guests: all of them, or none. For those who plan the occasion."""
        context = info.context
        rows = await lists.add_guests(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.AddGuestsPayload(problems=[], guests=[Guest.of(row, plans=True) for row in rows])

    @mutation
    async def update_guests(
        self, info: Info, input: Annotated[inputs.UpdateGuestsInput, WHAT]
    ) -> payloads.UpdateGuestsPayload:
        """Change up to 1,000 guests, or take them to other households: all, or none. For those who plan it."""
        context = info.context
        rows = await lists.update_guests(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.UpdateGuestsPayload(problems=[], guests=[Guest.of(row, plans=True) for row in rows])

    @mutation
    async def delete_guests(
        self, info: Info, input: Annotated[inputs.DeleteGuestsInput, WHAT]
    ) -> payloads.DeleteGuestsPayload:
        """Take up to 1,000 guests off the list: all of them, or none. For those who plan the occasion."""
        context = info.context
        rows = await lists.delete_guests(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        ids = [strawberry.ID(public_id("guest", row.id)) for row in rows]
        return payloads.DeleteGuestsPayload(problems=[], guest_ids=ids)

    @mutation
    async def merge_households(
        self, info: Info, input: Annotated[inputs.MergeHouseholdsInput, WHAT]
    ) -> payloads.MergeHouseholdsPayload:
        """Make one household of two; the first keeps its code. For those who plan the occasion."""
        context = info.context
        row = await merging.merge_households(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.MergeHouseholdsPayload(problems=[], household=Household.of(row, plans=True))

    @mutation
    async def copy_guests(
        self, info: Info, input: Annotated[inputs.CopyGuestsInput, WHAT]
    ) -> payloads.CopyGuestsPayload:
        """Invite households of another occasion of the club, too. For those who plan both."""
        context = info.context
        rows = await copying.copy_guests(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.CopyGuestsPayload(problems=[], households=[Household.of(row, plans=True) for row in rows])
