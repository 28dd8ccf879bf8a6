"""Mutations of ballots."""

from typing import Annotated

import strawberry

from auth.limits import Rate
from domain.journeys import bookings
from domain.tee_sheet.ballots import ballots, entries
from resolvers.edge import WHAT, mutation, session_of
from schema.context import Info
from schema.tee_sheet.ballots import inputs, payloads
from schema.tee_sheet.ballots.types import Ballot, BallotEntry


@strawberry.type
class BallotMutations:
    """Mutations of ballots."""

    @mutation
    async def announce_ballot(
        self, info: Info, input: Annotated[inputs.AnnounceBallotInput, WHAT]
    ) -> payloads.AnnounceBallotPayload:
        """Sell starts of a day by draw: nobody books them otherwise until what is left is released. For staff."""
        context = info.context
        row = await ballots.announce_ballot(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.AnnounceBallotPayload(problems=[], ballot=Ballot.of(row))

    @mutation
    async def update_ballot(
        self, info: Info, input: Annotated[inputs.UpdateBallotInput, WHAT]
    ) -> payloads.UpdateBallotPayload:
        """Change what a ballot is called, or when it closes, is drawn and releases what is left. For staff."""
        context = info.context
        row = await ballots.update_ballot(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.UpdateBallotPayload(problems=[], ballot=Ballot.of(row))

    @mutation
    async def cancel_ballot(
        self, info: Info, input: Annotated[inputs.CancelBallotInput, WHAT]
    ) -> payloads.CancelBallotPayload:
        """Cancel a ballot before its draw: its entries end, and its starts go on open sale. For staff."""
        context = info.context
        row = await ballots.cancel_ballot(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.CancelBallotPayload(problems=[], ballot=Ballot.of(row))

    @mutation
    async def draw_ballot(
        self, info: Info, input: Annotated[inputs.DrawBallotInput, WHAT]
    ) -> payloads.DrawBallotPayload:
        """Make the draw of a ballot now, once its entries have closed; it cannot be taken back. For staff."""
        context = info.context
        row = await bookings.draw_ballot(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.DrawBallotPayload(problems=[], ballot=Ballot.of(row))

    @mutation(limit=Rate.BOOKINGS)
    async def enter_ballot(
        self, info: Info, input: Annotated[inputs.EnterBallotInput, WHAT]
    ) -> payloads.EnterBallotPayload:
        """Ask for a start of a ballot, for yourself and your partners; by staff, for anybody."""
        context = info.context
        row = await entries.enter_ballot(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.EnterBallotPayload(problems=[], ballot_entry=BallotEntry.of(row))

    @mutation(limit=Rate.BOOKINGS)
    async def update_ballot_entry(
        self, info: Info, input: Annotated[inputs.UpdateBallotEntryInput, WHAT]
    ) -> payloads.UpdateBallotEntryPayload:
        """Change what an entry asks for, or who is in it, while entries are taken."""
        context = info.context
        row = await entries.update_entry(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.UpdateBallotEntryPayload(problems=[], ballot_entry=BallotEntry.of(row))

    @mutation
    async def withdraw_ballot_entry(
        self, info: Info, input: Annotated[inputs.WithdrawBallotEntryInput, WHAT]
    ) -> payloads.WithdrawBallotEntryPayload:
        """Withdraw a whole entry while entries are taken; by staff, until the draw."""
        context = info.context
        row = await entries.withdraw_entry(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.WithdrawBallotEntryPayload(problems=[], ballot_entry=BallotEntry.of(row))

    @mutation
    async def leave_ballot_entry(
        self, info: Info, input: Annotated[inputs.LeaveBallotEntryInput, WHAT]
    ) -> payloads.LeaveBallotEntryPayload:
        """Take yourself off an entry that another has made; the others ask for one place less."""
        context = info.context
        row = await entries.leave_entry(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.LeaveBallotEntryPayload(problems=[], ballot_entry=BallotEntry.of(row))
