"""What is held of a guest: writing it out, and erasing it."""

from typing import Annotated

import strawberry

from auth.limits import Rate
from domain.guests.erasure import erasing, exporting
from kit.ids import public_id
from resolvers.edge import WHAT, mutation, session_of
from schema.context import Info
from schema.guests.erasure import inputs, payloads


@strawberry.type
class ErasureMutations:
    """Mutations of what is held of a guest."""

    @mutation(limit=Rate.BOOKINGS)
    async def export_guest(
        self, info: Info, input: Annotated[inputs.ExportGuestInput, WHAT]
    ) -> payloads.ExportGuestPayload:
        """Write out all that is held of a guest. For those who plan the occasion, and for the guest's household."""
        context = info.context
        text = await exporting.export_guest(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.ExportGuestPayload(problems=[], export=text)

    @mutation
    async def erase_guest(
        self, info: Info, input: Annotated[inputs.EraseGuestInput, WHAT]
    ) -> payloads.EraseGuestPayload:
        """Erase all that is held of a guest, in what was told before too, for ever. For those who plan the occasion."""
        context = info.context
        row = await erasing.erase_guest(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.EraseGuestPayload(problems=[], guest_id=strawberry.ID(public_id("guest", row.id)))
