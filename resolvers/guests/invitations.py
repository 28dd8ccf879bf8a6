"""Invitations: opened by whoever has the code, and withdrawn by those who plan the occasion."""

from typing import Annotated

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.codes import clean_invitation_code
from auth.limits import Rate
from domain.guests.invitations.opening import InvitationHome, read_invitation, redeem_invitation
from domain.guests.invitations.reissuing import reissue_invitation
from domain.guests.problems import CodeUnknown
from kit.errors import NotFound, Unavailable
from kit.ids import public_id
from resolvers.edge import WHAT, change_of_tenant, mutation, open_mutation, session_of
from schema.context import Info
from schema.describe import argument, field
from schema.guests.households.types import Household
from schema.guests.invitations import inputs, payloads
from schema.guests.invitations.types import Invitation


async def find_home(info: Info, typed: str) -> tuple[str, InvitationHome]:
    """Find whose code was typed. Who types wrong ones is counted by the address; right ones by code and occasion.

    Raises CodeUnknown, TooManyTries.
    """
    context = info.context
    context.count(Rate.CODES)
    code = clean_invitation_code(typed)
    if code is not None:
        context.count_about(Rate.CODES, "code", code)
    home = await context.whereabouts.invitation(code) if code is not None else None
    if code is None or home is None:
        raise CodeUnknown
    context.give_back(Rate.CODES)
    context.count_about(Rate.CODES, "occasion", str(home.occasion_id), by_many=True)
    return code, home


@strawberry.type
class InvitationQueries:
    """Queries of invitations."""

    @field
    async def invitation(self, info: Info, code: Annotated[str, argument("The code, as it was typed.")]) -> Invitation:
        """What an invitation says, by its code; no token is needed."""
        try:
            clean, home = await find_home(info, code)
            async with info.context.read_public(home.tenant_id) as session:
                return Invitation.of(await read_invitation(session, code=clean))
        except CodeUnknown as unknown:
            raise NotFound(message=unknown.message) from None


@strawberry.type
class InvitationMutations:
    """Mutations of invitations."""

    @open_mutation(limit=Rate.CODES)
    async def redeem_invitation(
        self, info: Info, input: Annotated[inputs.RedeemInvitationInput, WHAT]
    ) -> payloads.RedeemInvitationPayload:
        """Exchange a household's code for a token of two hours, as often as needed; no token is needed for it."""
        guests, now = info.context.guests, info.context.now
        if guests is None:
            raise Unavailable(message="No household can sign in here: the operator has to set GUEST_TOKEN_SECRET.")
        _, home = await find_home(info, input.code)

        async def redeem(session: AsyncSession) -> payloads.RedeemInvitationPayload:
            redeemed = await redeem_invitation(session, guests=guests, now=now, **input.as_kwargs())
            return payloads.RedeemInvitationPayload(
                problems=[],
                token=redeemed.token.token,
                expires_at=redeemed.token.expires_at,
                household_id=strawberry.ID(public_id("household", redeemed.household.id)),
                occasion_id=strawberry.ID(public_id("occasion", redeemed.occasion.id)),
            )

        return await change_of_tenant(info, home.tenant_id, redeem)

    @mutation
    async def reissue_invitation(
        self, info: Info, input: Annotated[inputs.ReissueInvitationInput, WHAT]
    ) -> payloads.ReissueInvitationPayload:
        """Give a household another code, and end what the old one opened. For those who plan the occasion."""
        context = info.context
        row = await reissue_invitation(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.ReissueInvitationPayload(problems=[], household=Household.of(row, plans=True))
