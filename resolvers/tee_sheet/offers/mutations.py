"""Mutations of holds."""

from typing import Annotated

import strawberry

from auth.limits import Rate
from domain.tee_sheet.offers import holds
from resolvers.edge import WHAT, mutation, session_of
from schema.context import Info
from schema.tee_sheet.offers import payloads
from schema.tee_sheet.offers.inputs import HoldSlotsInput, ReleaseHoldInput
from schema.tee_sheet.offers.types import Hold


@strawberry.type
class OfferMutations:
    """Mutations of holds."""

    @mutation(limit=Rate.BOOKINGS)
    async def hold_slots(self, info: Info, input: Annotated[HoldSlotsInput, WHAT]) -> payloads.HoldSlotsPayload:
        """Reserve places on a tee time while the player completes the booking."""
        context = info.context
        row = await holds.hold_slots(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.HoldSlotsPayload(problems=[], hold=Hold.of(row))

    @mutation
    async def release_hold(self, info: Info, input: Annotated[ReleaseHoldInput, WHAT]) -> payloads.ReleaseHoldPayload:
        """Give held places back."""
        context = info.context
        row = await holds.release_hold(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.ReleaseHoldPayload(problems=[], hold=Hold.of(row))
