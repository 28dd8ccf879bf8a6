"""Changing what a club knows of its players."""

from typing import Annotated

import strawberry

from auth.limits import Rate
from domain.journeys.players import deactivate_player, merge_players
from domain.players import buddies, files, players
from kit.ids import public_id
from resolvers.edge import WHAT, mutation, session_of
from schema.context import Info
from schema.players import inputs, payloads
from schema.players.types import Buddy, Player, PlayerImport, PlayerImportReport


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
        """Take a player out of who may be booked; their bookings stay, and `reactivatePlayer` undoes it. For staff.

        The standing bookings that go by them end, and stay ended.
        """
        context = info.context
        row = await deactivate_player(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
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

    @mutation(limit=Rate.CODES)
    async def ask_buddy(self, info: Info, input: Annotated[inputs.AskBuddyInput, WHAT]) -> payloads.AskBuddyPayload:
        """Ask a player to be your buddy, so that each may book for the other once they agree. For players."""
        context = info.context
        own, row = await buddies.ask_buddy(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.AskBuddyPayload(problems=[], buddy=Buddy.of(row, own))

    @mutation
    async def answer_buddy(
        self, info: Info, input: Annotated[inputs.AnswerBuddyInput, WHAT]
    ) -> payloads.AnswerBuddyPayload:
        """Agree to be somebody's buddy, or do not. For who was asked."""
        context = info.context
        own, row = await buddies.answer_buddy(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.AnswerBuddyPayload(problems=[], buddy=Buddy.of(row, own) if row else None)

    @mutation
    async def remove_buddy(
        self, info: Info, input: Annotated[inputs.RemoveBuddyInput, WHAT]
    ) -> payloads.RemoveBuddyPayload:
        """End what two buddies agreed on, or take a request back; what is booked stays. For either of the two."""
        found = await buddies.remove_buddy(session_of(info), viewer=info.context.viewer, **input.as_kwargs())
        return payloads.RemoveBuddyPayload(problems=[], buddy_id=strawberry.ID(public_id("buddy", found)))

    @mutation
    async def merge_players(
        self, info: Info, input: Annotated[inputs.MergePlayersInput, WHAT]
    ) -> payloads.MergePlayersPayload:
        """Make one of two players who are one person; all that is the other's goes to the one who stays. For staff."""
        context = info.context
        row = await merge_players(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.MergePlayersPayload(problems=[], player=Player.of(row))

    @mutation(limit=Rate.IMPORTS)
    async def import_players(
        self, info: Info, input: Annotated[inputs.ImportPlayersInput, WHAT]
    ) -> payloads.ImportPlayersPayload:
        """Look at a file of players, and then, with `apply`, take it in: all of it or nothing. For staff."""
        context = info.context
        done = await files.import_players(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.ImportPlayersPayload(
            problems=[],
            report=PlayerImportReport.of(done.report),
            player_import=PlayerImport.of(done.row) if done.row else None,
        )
