"""Mutations about who may come in."""

from typing import Annotated

import strawberry

from domain.access import revoking
from resolvers.edge import WHAT, mutation, session_of
from schema.access import Revocation, RevokeTokensInput, RevokeTokensPayload
from schema.context import Info


@strawberry.type
class AccessMutations:
    """Mutations about who may come in."""

    @mutation
    async def revoke_tokens(self, info: Info, input: Annotated[RevokeTokensInput, WHAT]) -> RevokeTokensPayload:
        """Have all tokens of a user, a household or a device count no more, and end what they have opened.

        For admins of the whole tenant, and for everybody as the user that they are. Tokens that are issued from now on
        are as good as ever; done again, it reaches those that were issued meanwhile.
        """
        context = info.context
        fact = await revoking.revoke_tokens(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return RevokeTokensPayload(problems=[], revocation=Revocation.of(fact))
