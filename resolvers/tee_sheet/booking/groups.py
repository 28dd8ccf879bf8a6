"""Booking starts as a group, and looking at groups."""

from typing import Annotated
from uuid import UUID

import strawberry

from auth.limits import Rate
from domain.clubs.access import find_club
from domain.journeys import bookings
from domain.tee_sheet.booking import groups
from kit.ids import parse_id
from models.tee_sheet.groups import BookingGroup as GroupRow
from resolvers.edge import WHAT, mutation, session_of
from resolvers.polling import stays_until_clubs_move
from schema.connections import USUAL, After, Connection, First, Place, check_first, read_cursor
from schema.context import Info
from schema.describe import argument, field
from schema.tee_sheet.booking import payloads
from schema.tee_sheet.booking.group_inputs import BookGroupInput, CancelBookingGroupInput, UpdateBookingGroupInput
from schema.tee_sheet.booking.groups import BookingGroup
from schema.tee_sheet.booking.types import Booking

GROUPS = "bookingGroups"


def _place_of_group(row: GroupRow) -> Place:
    return (row.id,)


@strawberry.type
class GroupMutations:
    """Mutations of groups of bookings."""

    @mutation(limit=Rate.BOOKINGS)
    async def book_group(self, info: Info, input: Annotated[BookGroupInput, WHAT]) -> payloads.BookGroupPayload:
        """Book up to 20 starts as a group, with one organiser and one payer, all of them or none. For staff."""
        context = info.context
        row = await groups.book_group(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.BookGroupPayload(problems=[], booking_group=BookingGroup.of(row))

    @mutation(limit=Rate.BOOKINGS)
    async def update_booking_group(
        self, info: Info, input: Annotated[UpdateBookingGroupInput, WHAT]
    ) -> payloads.UpdateBookingGroupPayload:
        """Change a group's name, organiser or payer, or book more starts for it. For staff."""
        context = info.context
        row = await groups.update_group(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.UpdateBookingGroupPayload(problems=[], booking_group=BookingGroup.of(row))

    @mutation
    async def cancel_booking_group(
        self, info: Info, input: Annotated[CancelBookingGroupInput, WHAT]
    ) -> payloads.CancelBookingGroupPayload:
        """Cancel a group, or some of its bookings, and release the caddies and carts that wait for them. For staff."""
        context = info.context
        rows = await bookings.cancel_group(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.CancelBookingGroupPayload(problems=[], bookings=[Booking.of(row) for row in rows])


@strawberry.type
class GroupQueries:
    """Looking at groups of bookings."""

    @field
    async def booking_group(
        self, info: Info, id: Annotated[strawberry.ID, argument("Id of the group.")]
    ) -> BookingGroup:
        """A group of bookings by its id. For staff."""
        wanted = parse_id("booking_group", id, path=("id",))
        async with info.context.read() as session:
            row = await groups.find_group(session, viewer=info.context.viewer, group_id=wanted)
        stays_until_clubs_move(info, row.club_id)
        return BookingGroup.of(row)

    @field
    async def booking_groups(
        self,
        info: Info,
        *,
        club_id: Annotated[strawberry.ID, argument("Id of the club.")],
        first: First = USUAL,
        after: After = None,
    ) -> Connection[BookingGroup]:
        """The groups of bookings of a club, those made last first. For staff."""
        club_key = parse_id("club", club_id, path=("clubId",))
        place, limit = read_cursor(GROUPS, after, UUID), check_first(first) + 1
        async with info.context.read() as session:
            club = await find_club(session, viewer=info.context.viewer, club_id=club_key)
            before = place[0] if place else None
            rows = await groups.list_groups(
                session, viewer=info.context.viewer, club_id=club.id, before=before, limit=limit
            )
        stays_until_clubs_move(info, club.id)
        return Connection.page(rows, name=GROUPS, first=first, after=after, place=_place_of_group, show=BookingGroup.of)
