"""Letters to households."""

from typing import Annotated

import strawberry

from auth.limits import Rate
from domain.guests.mailing import sending
from resolvers.edge import WHAT, mutation, session_of
from schema.context import Info
from schema.guests.households.types import Household
from schema.guests.mailing import inputs, payloads


@strawberry.type
class MailingMutations:
    """Mutations of letters to households."""

    @mutation(limit=Rate.MESSAGES)
    async def send_invitations(
        self, info: Info, input: Annotated[inputs.SendInvitationsInput, WHAT]
    ) -> payloads.SendInvitationsPayload:
        """Write invitations, or reminders, to households with an e-mail address. For those who plan the occasion."""
        context = info.context
        mailing = await sending.send_invitations(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.SendInvitationsPayload(
            problems=[],
            households=[Household.of(row, plans=True) for row in mailing.households],
            unreachable=[Household.of(row, plans=True) for row in mailing.unreachable],
        )
