"""Facts about what guests ask for. They concern those who plan the occasion, and the guest's household."""

from dataclasses import dataclass
from datetime import datetime

from events.base import event
from events.guests.base import HouseholdFact
from events.seen import ForAll
from models.guests.values import RequestStatus


@dataclass(frozen=True, kw_only=True)
class GuestRequestState(HouseholdFact):
    """A request, as it is by now."""

    guest_request_id: ForAll[str]
    """The request."""
    guest_id: ForAll[str | None]
    """The guest, if one was named."""
    author_name: ForAll[str]
    """Who asks, by the name of that time."""
    text: ForAll[str]
    """What is asked for."""
    status: ForAll[RequestStatus]
    """How far it has come."""
    reply: ForAll[str]
    """What those who plan the occasion say to it; empty while they have said nothing."""
    created_at: ForAll[datetime]
    """When it was asked, in UTC."""


@event("guest-request.create")
class GuestRequestCreated(GuestRequestState):
    """A guest asks for something."""


@event("guest-request.update")
class GuestRequestUpdated(GuestRequestState):
    """A request was worked on, answered, changed, or is no longer needed."""


@event("guest-request.delete")
class GuestRequestDeleted(HouseholdFact):
    """A request is gone, with the guest who asked, and who was erased."""

    guest_request_id: ForAll[str]
    """The request."""
