"""Changing what a club knows of its players."""

from typing import Annotated

import strawberry

from domain.players import players
from resolvers.edge import WHAT, mutation, session_of
from schema.context import Info
from schema.players import inputs, payloads
from schema.players.types import Player


@strawberry.type
class PlayerMutations:
    """Mutations of players."""

    @mutation
    async def add_player(self, info: Info, input: Annotated[inputs.AddPlayerInput, WHAT]) -> payloads.AddPlayerPayload:
        """Make somebody known to a club, with a price class. For staff."""
        context = info.context
        row = await players.add_player(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.AddPlayerPayload(problems=[], player=Player.of(row))

    @mutation
    async def update_player(
        self, info: Info, input: Annotated[inputs.UpdatePlayerInput, WHAT]
    ) -> payloads.UpdatePlayerPayload:
        """Change what a club knows of a player; bookings keep the name and the price of their sale. For staff."""
        context = info.context
        row = await players.update_player(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.UpdatePlayerPayload(problems=[], player=Player.of(row))

    @mutation
    async def deactivate_player(
        self, info: Info, input: Annotated[inputs.DeactivatePlayerInput, WHAT]
    ) -> payloads.DeactivatePlayerPayload:
        """Take a player out of who may be booked; their bookings stay, and `reactivatePlayer` undoes it. For staff."""
        context = info.context
        row = await players.deactivate_player(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.DeactivatePlayerPayload(problems=[], player=Player.of(row))

    @mutation
    async def reactivate_player(
        self, info: Info, input: Annotated[inputs.ReactivatePlayerInput, WHAT]
    ) -> payloads.ReactivatePlayerPayload:
        """Let a player be booked again. For staff."""
        context = info.context
        row = await players.reactivate_player(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.ReactivatePlayerPayload(problems=[], player=Player.of(row))
