"""Guests' codes for the door: whose a code is, and a new one for a guest whose code has got about."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.codes import MOST_ROTATIONS, CheckInCode
from auth.viewer import Viewer
from domain.guests.access import find_guest, known_as, no_such, refuse_closed, share_occasion
from domain.guests.facts import guest_state
from domain.guests.households.guests import entries_of
from domain.guests.places.attendances import places_of_guests
from domain.guests.places.parts import main_of, read_parts
from domain.guests.problems import CodeUnknown
from domain.guests.records import note_activity
from events.guests.households import GuestUpdated
from events.log import record
from kit.errors import InvalidInput
from models.guests.households import Guest
from models.guests.occasions import Occasion
from models.guests.values import ActivityKind

BY_NUMBER = select(Guest).where(
    Guest.occasion_id == bindparam("occasion_id", type_=Uuid),
    Guest.check_in_number == bindparam("number", type_=Integer),
)
LOCKED = (
    select(Guest)
    .where(Guest.id == bindparam("guest_id", type_=Uuid))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


def code_of(guest: Guest, occasion: Occasion) -> str:
    """Write a guest's code for the door."""
    return CheckInCode(guest.check_in_number, guest.check_in_rotation).written(bytes.fromhex(occasion.check_in_key))


async def guest_of_code(session: AsyncSession, occasion: Occasion, typed: str) -> Guest:
    """Find the guest whose code was scanned or typed. Raises CodeUnknown."""
    code = CheckInCode.read(typed, bytes.fromhex(occasion.check_in_key))
    if code is not None:
        asked = {"occasion_id": occasion.id, "number": code.number}
        found: Guest | None = await session.scalar(BY_NUMBER, asked)
        if found is not None and found.check_in_rotation == code.rotation:
            return found
    raise CodeUnknown(path=("input", "code"))


async def rotate_check_in_code(session: AsyncSession, *, viewer: Viewer, guest_id: UUID, now: datetime) -> Guest:
    """Give a guest another code for the door; the old one is unknown from then on. Arrivals stay.

    For those who plan the occasion, and for the guest's own household. Raises NotFound, OccasionNotOpen, InvalidInput
    where there is no further code.
    """
    found, _ = await find_guest(session, viewer=viewer, guest_id=guest_id)
    async with known_as("guest"):
        access = await share_occasion(session, viewer=viewer, occasion_id=found.occasion.id)
    occasion = access.occasion
    refuse_closed(occasion)
    parts = await read_parts(session, occasion.id)
    places = await places_of_guests(session, [guest_id])
    guest = await session.scalar(LOCKED, {"guest_id": guest_id})
    if guest is None:
        raise no_such("guest")
    if guest.check_in_rotation + 1 >= MOST_ROTATIONS:
        raise InvalidInput(message="This guest has had all codes there are; let the door find them by name.", path=())
    guest.check_in_rotation += 1
    guest.updated_at = now
    entry = entries_of(places, main_of(parts)).get(guest.id)
    told = guest_state(GuestUpdated, occasion, guest, entry=entry, before=entry, changes_code=True)
    record(session, told, now=now)
    note_activity(
        session,
        occasion,
        ActivityKind.CODE_ROTATED,
        viewer=viewer,
        by=access,
        household_id=guest.household_id,
        guest_ids=[guest.id],
        now=now,
    )
    return guest
