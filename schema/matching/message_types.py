"""Messages, as those read them who take part in a hosted tee time."""

import datetime as dt
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.matching.chat import Said
from domain.matching.chat import find_message as find_said
from kit.ids import public_id
from models.matching.values import MessageStatus
from schema.describe import enum, output
from schema.nodes import Node, finds

enum(MessageStatus)


@output
class Message(Node):
    """What a golfer wrote to the others who take part in a hosted tee time."""

    tee_time_id: strawberry.ID
    """The hosted tee time."""
    number: int
    """Its number in the room, from 1 on, without gaps but for those who do not read all."""
    golfer_id: strawberry.ID
    """Who wrote it."""
    golfer_name: str
    """What they are called."""
    is_own: bool
    """Whether you wrote it."""
    text: str
    """What they wrote: plain text of several lines; empty where nobody reads it any more."""
    status: MessageStatus
    """Whether it can be read, or why not."""
    created_at: dt.datetime
    """When it was written, in UTC."""

    @classmethod
    def of(cls, said: Said) -> Self:
        """Show a message."""
        row = said.row
        return cls(
            id=strawberry.ID(public_id("message", row.id)),
            tee_time_id=strawberry.ID(public_id("hosted_tee_time", row.tee_time_id)),
            number=row.number,
            golfer_id=strawberry.ID(public_id("golfer", row.golfer_id)),
            golfer_name=said.golfer_name,
            is_own=said.is_own,
            text=row.text if row.status is MessageStatus.SHOWN else "",
            status=row.status,
            created_at=row.created_at,
        )


@finds("message")
async def find_message(session: AsyncSession, viewer: Viewer, value: UUID) -> Message:
    """Find a message."""
    return Message.of(await find_said(session, viewer=viewer, message_id=value))
