"""What guests ask for: asking, working on it, and reading what was asked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import Access, find_occasion, known_as, no_such, refuse_closed, share_occasion
from domain.guests.authors import author_at, is_own, refuse_staff
from domain.guests.facts import of_occasion
from domain.guests.reading import cursor_of_occasion
from domain.guests.records import note_activity
from domain.guests.requests.problems import RequestTaken, TooManyRequests
from events.cursor import Cursor
from events.guests.requests import GuestRequestCreated, GuestRequestDeleted, GuestRequestState, GuestRequestUpdated
from events.log import record
from kit.errors import InvalidInput, NotAllowed
from kit.ids import new_id, public_id
from kit.text import clean_text
from models.guests.occasions import Occasion
from models.guests.posts import GuestRequest
from models.guests.values import ActivityKind, RequestStatus

MOST_REQUESTS = 100
"""Requests of a household at an occasion, at the most."""
LONGEST_TEXT = 1_000

COUNT = select(func.count()).where(GuestRequest.household_id == bindparam("household_id", type_=Uuid))
DELETE = delete(GuestRequest).where(GuestRequest.id == bindparam("request_id", type_=Uuid))
LOCKED = (
    select(GuestRequest)
    .where(GuestRequest.id == bindparam("request_id", type_=Uuid))
    .with_for_update()
    .execution_options(populate_existing=True)
)


async def create_request(
    session: AsyncSession, *, viewer: Viewer, occasion_id: UUID, text: str, guest_id: UUID | None = None, now: datetime
) -> GuestRequest:
    """Ask for something: for one's own household, or by those who plan the occasion for a guest whom they name.

    Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen, TooManyRequests.
    """
    author = await author_at(session, viewer=viewer, occasion_id=occasion_id, guest_id=guest_id)
    if author.household is None:
        raise InvalidInput(message="Name the guest who asks.", path=("input", "guestId"))
    text = clean_text(text, path=("input", "text"), longest=LONGEST_TEXT)
    if not author.access.plans and (await session.scalar(COUNT, {"household_id": author.household.id}) or 0) >= (
        MOST_REQUESTS
    ):
        raise TooManyRequests(most=MOST_REQUESTS)
    request = GuestRequest(
        id=new_id(),
        tenant_id=author.occasion.tenant_id,
        occasion_id=author.occasion.id,
        household_id=author.household.id,
        guest_id=author.guest_id,
        author_name=author.name,
        text=text,
        status=RequestStatus.OPEN,
        reply="",
        created_at=now,
        updated_at=now,
    )
    session.add(request)
    _tell(session, GuestRequestCreated, author.access, request, viewer=viewer, now=now)
    return request


async def update_request(
    session: AsyncSession,
    *,
    viewer: Viewer,
    request_id: UUID,
    status: RequestStatus | None = None,
    reply: str | None = None,
    text: str | None = None,
    now: datetime,
) -> GuestRequest:
    """Work on a request, and reply to it; its household may change what it asks while nobody has taken it up.

    The household may say that it is DONE, too: no longer needed. What is left out stays. Raises NotFound, NotAllowed,
    InvalidInput, OccasionNotOpen, RequestTaken.
    """
    access, request = await _locked(session, viewer=viewer, request_id=request_id)
    refuse_closed(access.occasion)
    if not access.plans:
        _refuse_planning(request, status=status, reply=reply, text=text)
    if reply is not None:
        request.reply = clean_text(reply, path=("input", "reply"), longest=LONGEST_TEXT, empty=True)
    if text is not None:
        request.text = clean_text(text, path=("input", "text"), longest=LONGEST_TEXT)
    if status is not None:
        request.status = status
    request.updated_at = now
    _tell(session, GuestRequestUpdated, access, request, viewer=viewer, now=now)
    return request


def _refuse_planning(
    request: GuestRequest, *, status: RequestStatus | None, reply: str | None, text: str | None
) -> None:
    """Let a household do what is its own to do. Raises NotAllowed, RequestTaken."""
    if reply is not None or status not in {None, RequestStatus.DONE}:
        raise NotAllowed(message="Only those who plan the occasion may reply; you may say that it is DONE.")
    if text is not None and request.status is not RequestStatus.OPEN:
        raise RequestTaken(status=request.status)


async def _locked(session: AsyncSession, *, viewer: Viewer, request_id: UUID) -> tuple[Access, GuestRequest]:
    """Lock a request, behind its occasion, which nobody closes meanwhile."""
    found = await session.get(GuestRequest, request_id)
    if found is None:
        raise no_such("request")
    async with known_as("request"):
        access = await share_occasion(session, viewer=viewer, occasion_id=found.occasion_id)
    return access, _seen(access, await session.scalar(LOCKED, {"request_id": request_id}), viewer=viewer)


async def find_request(session: AsyncSession, *, viewer: Viewer, request_id: UUID) -> GuestRequest:
    """Find a request: for those who plan the occasion, and for its household. Raises NotFound, NotAllowed."""
    request = await session.get(GuestRequest, request_id)
    if request is None:
        raise no_such("request")
    async with known_as("request"):
        access = await find_occasion(session, viewer=viewer, occasion_id=request.occasion_id)
    return _seen(access, request, viewer=viewer)


def _seen(access: Access, request: GuestRequest | None, *, viewer: Viewer) -> GuestRequest:
    """Let those through who may know of a request, where it is still there."""
    refuse_staff(access)
    if request is None or not (access.plans or is_own(viewer, access, request.household_id)):
        raise no_such("request")
    return request


@dataclass(frozen=True, kw_only=True)
class RequestList:
    """Requests of an occasion, as they were asked for."""

    requests: list[GuestRequest]
    cursor: Cursor


async def read_requests(
    session: AsyncSession,
    *,
    viewer: Viewer,
    occasion_id: UUID,
    status: RequestStatus | None,
    before: UUID | None,
    limit: int,
) -> RequestList:
    """Read requests, newest first: to guests their household's own. Raises NotFound, NotAllowed."""
    access = await find_occasion(session, viewer=viewer, occasion_id=occasion_id)
    refuse_staff(access)
    found = select(GuestRequest).where(GuestRequest.occasion_id == access.occasion.id)
    if not access.plans:
        found = found.where(GuestRequest.household_id == viewer.household_id)
    if status is not None:
        found = found.where(GuestRequest.status == status)
    if before is not None:
        found = found.where(GuestRequest.id < before)
    rows = await session.scalars(found.order_by(GuestRequest.id.desc()).limit(limit))
    return RequestList(requests=list(rows), cursor=await cursor_of_occasion(session, access.occasion.id))


async def remove_request(session: AsyncSession, occasion: Occasion, request: GuestRequest, *, now: datetime) -> None:
    """Remove a locked request, and tell of it."""
    await session.execute(DELETE, {"request_id": request.id})
    session.expunge(request)
    told = GuestRequestDeleted(
        **of_occasion(occasion),
        household_id=public_id("household", request.household_id),
        guest_request_id=public_id("guest_request", request.id),
    )
    record(session, told, now=now)


def request_state(kind: type[GuestRequestState], occasion: Occasion, request: GuestRequest) -> GuestRequestState:
    """State how a request is by now."""
    return kind(
        **of_occasion(occasion),
        household_id=public_id("household", request.household_id),
        guest_request_id=public_id("guest_request", request.id),
        guest_id=public_id("guest", request.guest_id) if request.guest_id else None,
        author_name=request.author_name,
        text=request.text,
        status=request.status,
        reply=request.reply,
        created_at=request.created_at,
    )


def _tell(
    session: AsyncSession,
    kind: type[GuestRequestState],
    access: Access,
    request: GuestRequest,
    *,
    viewer: Viewer,
    now: datetime,
) -> None:
    record(session, request_state(kind, access.occasion, request), now=now)
    is_new = kind is GuestRequestCreated
    note_activity(
        session,
        access.occasion,
        ActivityKind.REQUEST_CREATED if is_new else ActivityKind.REQUEST_UPDATED,
        viewer=viewer,
        by=access,
        household_id=request.household_id,
        guest_ids=[request.guest_id] if request.guest_id else [],
        count=1,
        now=now,
    )
