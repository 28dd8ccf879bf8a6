"""What guests ask for, as those who plan an occasion, and the household that asks, see it."""

import datetime as dt
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.requests import requests
from kit.ids import public_id
from models.guests import posts as tables
from models.guests.values import RequestStatus
from schema.connections import Connection
from schema.describe import enum, output
from schema.nodes import Node, finds

enum(RequestStatus)


@output
class GuestRequest(Node):
    """Something that a guest asks for."""

    occasion_id: strawberry.ID
    """The occasion."""
    household_id: strawberry.ID
    """The household."""
    guest_id: strawberry.ID | None
    """The guest, if one was named."""
    author_name: str
    """Who asks, by the name of that time."""
    text: str
    """What is asked for."""
    status: RequestStatus
    """How far it has come."""
    reply: str
    """What those who plan the occasion say to it; empty while they have said nothing."""
    created_at: dt.datetime
    """When it was asked, in UTC."""
    updated_at: dt.datetime
    """When it was changed or worked on last, in UTC."""

    @classmethod
    def of(cls, row: tables.GuestRequest) -> Self:
        """Show a request."""
        return cls(
            id=strawberry.ID(public_id("guest_request", row.id)),
            occasion_id=strawberry.ID(public_id("occasion", row.occasion_id)),
            household_id=strawberry.ID(public_id("household", row.household_id)),
            guest_id=strawberry.ID(public_id("guest", row.guest_id)) if row.guest_id else None,
            author_name=row.author_name,
            text=row.text,
            status=row.status,
            reply=row.reply,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


@output
class GuestRequestConnection(Connection[GuestRequest]):
    """A page of what guests ask for."""

    cursor: str = ""
    """The place in the occasion's stream up to which this answer shows everything: subscribe `after` it."""


@finds("guest_request")
async def find_request(session: AsyncSession, viewer: Viewer, value: UUID) -> GuestRequest:
    """Find a request."""
    return GuestRequest.of(await requests.find_request(session, viewer=viewer, request_id=value))
