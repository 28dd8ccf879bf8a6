"""Hosted tee times, as golfers see them."""

import datetime as dt
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.matching import chat, ratings, rooms
from domain.matching.facts import hosted_id
from domain.matching.own import Own
from kit.errors import InvalidInput
from kit.ids import public_id
from models.matching.values import HostedStatus, PartStatus
from schema.connections import USUAL, After, Connection, First, check_first, read_cursor
from schema.context import Info
from schema.describe import enum, field, list_field, listed, output
from schema.matching.message_types import Message
from schema.matching.offered import OfferedTeeTime
from schema.matching.types import Golfer
from schema.nodes import Node, finds

for kind in (HostedStatus, PartStatus):
    enum(kind)
MESSAGES = "messages"
LONGEST_NUMBER = 9


@output
class HostedSlot:
    """A place of a hosted tee time."""

    slot_number: int
    """The host's is 0, the others count from 1."""
    is_open: bool
    """Whether somebody may take it."""
    golfer: Golfer | None
    """Who has taken it; none where nobody has, or where you may not know of them."""
    attended: bool | None = None
    """Whether they came to play, as far as the host has said so; for those who take part."""


@output
class FellowStars:
    """What you and a fellow player gave each other after a round."""

    golfer_id: strawberry.ID
    """The fellow player."""
    given: int | None
    """Your stars for them, from 1 to 5; none until you give some."""
    received: int | None
    """Their stars for you; none until both have given, or the fourteen days are over."""


@output
class JoinRequest:
    """A golfer's question whether they may join."""

    golfer: Golfer
    """Who asks."""
    created_at: dt.datetime
    """When, in UTC."""


@output
class HostedTeeTime(OfferedTeeTime, Node):
    """A tee time that a golfer hosts, with open places for others."""

    room: strawberry.Private[rooms.Room]
    booking_id: strawberry.ID | None
    """The booking behind it, for those who take part; it moves and ends with it."""
    status: HostedStatus
    """How it stands."""
    cancel_reason: str
    """Why it was cancelled; empty where nobody has said so."""
    my_status: PartStatus | None
    """How you stand to it: whether you take part, or have asked to."""
    slots: list[HostedSlot] = listed(entries=4)
    """Its places, the host's first."""
    requests: list[JoinRequest] | None = listed(entries=5, default=None)
    """Who asks to join; for the host."""

    @classmethod
    def of(cls, room: rooms.Room) -> Self:
        """Show a hosted tee time as one golfer sees it."""
        row = room.tee_time
        return cls(
            id=strawberry.ID(hosted_id(row)),
            room=room,
            booking_id=_booking_id(room),
            status=row.status,
            cancel_reason=row.cancel_reason,
            my_status=room.mine.row.status if room.mine else None,
            slots=_slots(room),
            requests=_requests(room),
            **cls.offered(row, room.host.known),
        )

    @list_field(entries=3)
    async def stars(self, info: Info) -> list[FellowStars]:
        """What you and each fellow player gave each other; empty where you take no part."""
        async with info.context.read() as session:
            found = await ratings.stars_of(session, self.room)
        return [
            FellowStars(
                golfer_id=strawberry.ID(public_id("golfer", one.golfer_id)), given=one.given, received=one.received
            )
            for one in found
        ]

    @field
    async def unread_messages(self, info: Info) -> int:
        """How many messages of others you have not read; none where you take no part."""
        async with info.context.read() as session:
            return await chat.count_unread(session, self.room)

    @field
    async def messages(self, info: Info, first: First = USUAL, after: After = None) -> Connection[Message] | None:
        """What those who take part wrote to each other, the newest first; none where you have never taken part.

        Who has left reads what was written until then, and nothing newer.
        """
        place, limit = read_cursor(MESSAGES, after, str), check_first(first) + 1
        async with info.context.read() as session:
            rows = await chat.read_messages(session, self.room, before=_number(place), limit=limit)
        if rows is None:
            return None
        return Connection[Message].page(
            rows, name=MESSAGES, first=first, after=after, place=lambda said: (str(said.row.number),), show=Message.of
        )

    @field
    async def cursor(self, info: Info) -> str:
        """The place in the tee time's stream up to which this answer shows everything: subscribe `after` it."""
        async with info.context.read() as session:
            return str(await rooms.cursor_of_room(session, self.room.tee_time))


@output
class MyTeeTime(OfferedTeeTime):
    """A hosted tee time in which you have a part; `hostedTeeTime` tells the rest of it."""

    tee_time_id: strawberry.ID
    """The hosted tee time."""
    booking_id: strawberry.ID | None
    """The booking behind it, once you take part; it moves and ends with it."""
    status: HostedStatus
    """How it stands."""
    cancel_reason: str
    """Why it was cancelled; empty where nobody has said so."""
    my_status: PartStatus
    """Whether you take part, or have asked to."""
    is_host: bool
    """Whether you host it."""
    unread_messages: int
    """How many messages of others you have not read; none until you take part."""

    @classmethod
    def of(cls, own: Own) -> Self:
        """Show a tee time of a golfer's own."""
        row, is_in = own.tee_time, own.part.status is PartStatus.JOINED
        booking_id = row.booking_id if is_in else None
        return cls(
            tee_time_id=strawberry.ID(hosted_id(row)),
            booking_id=strawberry.ID(public_id("booking", booking_id)) if booking_id else None,
            status=row.status,
            cancel_reason=row.cancel_reason,
            my_status=own.part.status,
            is_host=own.part.slot_number == 0,
            unread_messages=own.unread,
            **cls.offered(row, own.host),
        )


def _number(place: tuple[str] | None) -> int | None:
    if place is None:
        return None
    [number] = place
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        raise InvalidInput(message="This is no cursor of this list; take one from a page of it.", path=("after",))
    return int(number)


def _booking_id(room: rooms.Room) -> strawberry.ID | None:
    booking_id = room.tee_time.booking_id
    return strawberry.ID(public_id("booking", booking_id)) if booking_id and room.takes_part else None


def _slots(room: rooms.Room) -> list[HostedSlot]:
    taken = {part.row.slot_number: part for part in room.joined}
    free = [number for number in range(1, 4) if number not in taken][: room.tee_time.open_places]
    shown = [
        HostedSlot(
            slot_number=number or 0,
            is_open=False,
            golfer=Golfer.of(part.known) if part.is_known or room.takes_part else None,
            attended=part.row.attended if room.takes_part else None,
        )
        for number, part in taken.items()
    ]
    shown += [HostedSlot(slot_number=number, is_open=True, golfer=None) for number in free]
    return sorted(shown, key=lambda slot: slot.slot_number)


def _requests(room: rooms.Room) -> list[JoinRequest] | None:
    if not room.is_host:
        return None
    return [JoinRequest(golfer=Golfer.of(part.known), created_at=part.row.created_at) for part in room.requests]


@finds("hosted_tee_time")
async def find_hosted_tee_time(session: AsyncSession, viewer: Viewer, value: UUID) -> HostedTeeTime:
    """Find a hosted tee time."""
    return HostedTeeTime.of(await rooms.find_room(session, viewer=viewer, tee_time_id=value))
