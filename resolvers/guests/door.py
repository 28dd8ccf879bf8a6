"""The door: who is expected, who arrives, and codes that have got about."""

from typing import Annotated

import strawberry

from auth.limits import Rate
from domain.guests.door import arrivals, codes
from domain.guests.door.lists import read_door_list
from kit.ids import parse_id, parse_if_given
from resolvers.edge import WHAT, mutation, session_of
from resolvers.polling import stays_until_occasion_moves
from schema.context import Info
from schema.describe import argument, field
from schema.guests.door import inputs, payloads
from schema.guests.door.types import CheckInList
from schema.guests.households.types import Guest


@strawberry.type
class DoorQueries:
    """Queries of the door."""

    @field
    async def check_in_list(
        self,
        info: Info,
        occasion_id: Annotated[strawberry.ID, argument("Id of the occasion.")],
        part_id: Annotated[strawberry.ID | None, argument("Id of the part; the main one if left out.")] = None,
    ) -> CheckInList:
        """Whom the door expects, with their codes, for scanners that lose their network. For planners."""
        wanted = parse_id("occasion", occasion_id, path=("occasionId",))
        part = parse_if_given("part", part_id, path=("partId",))
        async with info.context.read() as session:
            found = await read_door_list(session, viewer=info.context.viewer, occasion_id=wanted, part_id=part)
        stays_until_occasion_moves(info, wanted)
        return CheckInList.of(found)


@strawberry.type
class DoorMutations:
    """Mutations of the door."""

    @mutation
    async def check_in_guest(
        self, info: Info, input: Annotated[inputs.CheckInGuestInput, WHAT]
    ) -> payloads.CheckInGuestPayload:
        """Let a guest in, or a household, by a code or by the list. For those who plan the occasion."""
        context = info.context
        rows = await arrivals.check_in_guest(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.CheckInGuestPayload(problems=[], guests=[Guest.of(row, plans=True) for row in rows])

    @mutation
    async def undo_guest_check_in(
        self, info: Info, input: Annotated[inputs.UndoGuestCheckInInput, WHAT]
    ) -> payloads.UndoGuestCheckInPayload:
        """Take a check-in back; the code is good again. For those who plan the occasion."""
        context = info.context
        row = await arrivals.undo_guest_check_in(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.UndoGuestCheckInPayload(problems=[], guest=Guest.of(row, plans=True))

    @mutation(limit=Rate.CODES)
    async def rotate_check_in_code(
        self, info: Info, input: Annotated[inputs.RotateCheckInCodeInput, WHAT]
    ) -> payloads.RotateCheckInCodePayload:
        """Give a guest another code for the door: for those who plan the occasion, and the guest's household."""
        context = info.context
        row = await codes.rotate_check_in_code(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.RotateCheckInCodePayload(problems=[], guest=Guest.of(row, plans=False))
