"""The directory: who comes to the main part and agreed to be listed; nobody agrees for another household."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import (
    Standing,
    find_guest,
    find_occasion,
    known_as,
    refuse_closed,
    share_occasion,
    still_there,
)
from domain.guests.facts import directory_entry, guest_state
from domain.guests.households.guests import entries_of
from domain.guests.places.attendances import places_of_guests
from domain.guests.places.parts import MAIN, lock_parts, main_of, read_parts
from domain.guests.reading import cursor_of_occasion
from domain.guests.records import note_activity
from events.cursor import Cursor
from events.guests.households import DirectoryEntry, GuestUpdated
from events.log import record
from kit.errors import NotAllowed
from models.guests.households import Attendance, Guest, Household
from models.guests.occasions import Occasion, Part
from models.guests.values import ActivityKind, RsvpStatus


async def set_guest_listing(
    session: AsyncSession, *, viewer: Viewer, guest_id: UUID, is_listed: bool, now: datetime
) -> Guest:
    """Put a guest of the viewer's own household into the directory, or take them out of it.

    Raises NotFound, NotAllowed for anybody else, OccasionNotOpen.
    """
    found, guest = await find_guest(session, viewer=viewer, guest_id=guest_id)
    if found.standing is not Standing.GUEST:
        raise NotAllowed(message="Only the guest's own household may say whether the guest is listed.")
    async with known_as("guest"):
        access = await share_occasion(session, viewer=viewer, occasion_id=guest.occasion_id)
    occasion = access.occasion
    refuse_closed(occasion)
    main = main_of(await read_parts(session, occasion.id))
    await lock_parts(session, occasion_id=occasion.id, part_ids=[main.id])
    places = await places_of_guests(session, [guest.id])
    await still_there(session, guest, "guest")
    if guest.is_listed == is_listed:
        return guest
    before = entries_of(places, main).get(guest.id)
    guest.is_listed, guest.updated_at = is_listed, now
    told = guest_state(GuestUpdated, occasion, guest, entry=entries_of(places, main).get(guest.id), before=before)
    record(session, told, now=now)
    kind = ActivityKind.LISTING_CHANGED
    note_activity(session, occasion, kind, viewer=viewer, by=access, guest_ids=[guest.id], now=now)
    return guest


@dataclass(frozen=True, kw_only=True)
class Listed:
    """Somebody in the directory."""

    guest_id: UUID
    entry: DirectoryEntry


@dataclass(frozen=True, kw_only=True)
class Directory:
    """Who comes, and agreed to be listed."""

    occasion: Occasion
    listed: list[Listed]
    cursor: Cursor


LISTED = (
    select(Guest, Household.name)
    .join(Household, Household.id == Guest.household_id)
    .join(Attendance, Attendance.guest_id == Guest.id)
    .join(Part, Part.id == Attendance.part_id)
    .where(Guest.is_listed, Part.position == MAIN, Attendance.status == RsvpStatus.ACCEPTED)
    .order_by(Guest.last_name, Guest.first_name, Guest.id)
)


async def read_directory(session: AsyncSession, *, viewer: Viewer, occasion_id: UUID) -> Directory:
    """Read the directory of an occasion: for its guests, and for those who plan it. Raises NotFound, NotAllowed."""
    access = await find_occasion(session, viewer=viewer, occasion_id=occasion_id)
    if access.standing is Standing.STAFF:
        raise NotAllowed(message="Only the occasion's guests, and those who plan it, may see its directory.")
    occasion = access.occasion
    rows = await session.execute(LISTED.where(Guest.occasion_id == occasion.id))
    found = [(guest.id, directory_entry(guest, name, RsvpStatus.ACCEPTED)) for guest, name in rows]
    listed = [Listed(guest_id=guest_id, entry=entry) for guest_id, entry in found if entry is not None]
    return Directory(occasion=occasion, listed=listed, cursor=await cursor_of_occasion(session, occasion.id))
