"""Hosted tee times, as golfers see them."""

import datetime as dt
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.matching import rooms
from domain.matching.facts import hosted_id
from models.matching.values import HostedStatus, PartStatus
from schema.context import Info
from schema.describe import enum, field, listed, output
from schema.matching.offered import OfferedTeeTime
from schema.matching.types import Golfer
from schema.nodes import Node, finds

for kind in (HostedStatus, PartStatus):
    enum(kind)


@output
class HostedSlot:
    """A place of a hosted tee time."""

    slot_number: int
    """The host's is 0, the others count from 1."""
    is_open: bool
    """Whether somebody may take it."""
    golfer: Golfer | None
    """Who has taken it; none where nobody has, or where you may not know of them."""


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
            status=row.status,
            cancel_reason=row.cancel_reason,
            my_status=room.mine.row.status if room.mine else None,
            slots=_slots(room),
            requests=_requests(room),
            **cls.offered(row, room.host.known),
        )

    @field
    async def cursor(self, info: Info) -> str:
        """The place in the tee time's stream up to which this answer shows everything: subscribe `after` it."""
        async with info.context.read() as session:
            return str(await rooms.cursor_of_room(session, self.room.tee_time))


def _slots(room: rooms.Room) -> list[HostedSlot]:
    taken = {part.row.slot_number: part for part in room.joined}
    free = [number for number in range(1, 4) if number not in taken][: room.tee_time.open_places]
    shown = [
        HostedSlot(
            slot_number=number or 0,
            is_open=False,
            golfer=Golfer.of(part.known) if part.is_known or room.takes_part else None,
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
