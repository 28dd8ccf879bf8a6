"""What guests ask for."""

from typing import Annotated
from uuid import UUID

import strawberry

from auth.limits import Rate
from domain.guests.requests import requests
from kit.ids import parse_id
from models.guests.values import RequestStatus
from resolvers.edge import WHAT, mutation, session_of
from resolvers.polling import stays_until_occasion_moves
from schema.connections import USUAL, After, First, check_first, read_cursor
from schema.context import Info
from schema.describe import argument, field
from schema.guests.requests import inputs, payloads
from schema.guests.requests.types import GuestRequest, GuestRequestConnection

REQUESTS = "guestRequests"


@strawberry.type
class RequestQueries:
    """Queries of what guests ask for."""

    @field
    async def guest_requests(
        self,
        info: Info,
        *,
        occasion_id: Annotated[strawberry.ID, argument("Id of the occasion.")],
        status: Annotated[RequestStatus | None, argument("Only those of this status.")] = None,
        first: First = USUAL,
        after: After = None,
    ) -> GuestRequestConnection:
        """What guests ask for, newest first: for those who plan the occasion, and to guests their household's own."""
        wanted = parse_id("occasion", occasion_id, path=("occasionId",))
        place, limit = read_cursor(REQUESTS, after, UUID), check_first(first) + 1
        async with info.context.read() as session:
            found = await requests.read_requests(
                session,
                viewer=info.context.viewer,
                occasion_id=wanted,
                status=status,
                before=place[0] if place else None,
                limit=limit,
            )
        stays_until_occasion_moves(info, wanted)
        page = GuestRequestConnection.page(
            found.requests,
            name=REQUESTS,
            first=first,
            after=after,
            place=lambda row: (row.id,),
            show=GuestRequest.of,
        )
        page.cursor = str(found.cursor)
        return page


@strawberry.type
class RequestMutations:
    """Mutations of what guests ask for."""

    @mutation(limit=Rate.MESSAGES)
    async def create_guest_request(
        self, info: Info, input: Annotated[inputs.CreateGuestRequestInput, WHAT]
    ) -> payloads.CreateGuestRequestPayload:
        """Ask those who plan the occasion for something. For guests, and by those who plan for a guest."""
        context = info.context
        row = await requests.create_request(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.CreateGuestRequestPayload(problems=[], guest_request=GuestRequest.of(row))

    @mutation(limit=Rate.MESSAGES)
    async def update_guest_request(
        self, info: Info, input: Annotated[inputs.UpdateGuestRequestInput, WHAT]
    ) -> payloads.UpdateGuestRequestPayload:
        """Work on a request and reply to it; its household may change or end it while nobody has taken it up."""
        context = info.context
        row = await requests.update_request(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.UpdateGuestRequestPayload(problems=[], guest_request=GuestRequest.of(row))
