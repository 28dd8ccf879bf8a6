"""Checking guests in at the door of a part: by their code, or by the list; and taking that back.

A code is good once. Scanners without a network carry the list along, and tell later what they have scanned, and when:
of two that scanned the same guest the earlier one counts, whichever is heard of first.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.arrivals import AlreadyCheckedIn
from domain.guests.access import Access, find_guest, known_as, planned, refuse_closed, share_occasion
from domain.guests.door.codes import guest_of_code
from domain.guests.facts import Whose, full_name, of_occasion
from domain.guests.places.attendances import Place, places_of_households
from domain.guests.places.parts import chosen, lock_parts, read_parts
from domain.guests.places.queue import ask_places, move_up
from domain.guests.problems import NotArrived, NotComing, NotInvited
from domain.guests.records import note_activity
from events.guests.door import CheckInCorrected, CheckInUndone, GuestCheckedIn
from events.log import record
from kit.errors import InvalidInput
from kit.ids import public_id
from models.guests.households import Guest
from models.guests.occasions import Occasion, Part
from models.guests.values import ActivityKind, RsvpStatus

FAST_CLOCK = timedelta(minutes=5)
"""How far a scanner's clock may go ahead; what it tells of that time counts as now."""
EARLY = timedelta(hours=24)
"""How long before a part somebody may have been scanned: a clock that says less is wrong."""


@dataclass(frozen=True)
class Door:
    """The door of a locked part, behind which nothing else changes, and what has come to it."""

    session: AsyncSession
    occasion: Occasion
    part: Part
    viewer: Viewer
    at: datetime
    """When the guest came: now, or when the scanner says."""
    was_told_later: bool
    now: datetime

    def let_in(self, place: Place) -> bool:
        """Note an arrival, unless an earlier one is known."""
        before = place.attendance.arrived_at
        if not self.is_first(place):
            return False
        place.attendance.arrived_at, place.attendance.arrived_by = self.at, self.viewer.user_id
        whose = _whose(self.occasion, place)
        fact = (
            GuestCheckedIn(**whose, arrived_at=self.at, arrived_by=self.viewer.user_id)
            if before is None
            else CheckInCorrected(
                **whose, arrived_at=self.at, arrived_by=self.viewer.user_id, previous_arrived_at=before
            )
        )
        record(self.session, fact, now=self.now)
        return True

    def is_first(self, place: Place) -> bool:
        """Tell whether a guest has not come before, as far as is known until now."""
        before = place.attendance.arrived_at
        return before is None or (self.was_told_later and self.at < before)


class Arrival(Whose):
    """What each fact of an arrival names."""

    household_id: str
    part_id: str
    guest_id: str
    guest_name: str


def _whose(occasion: Occasion, place: Place) -> Arrival:
    return {
        **of_occasion(occasion),
        "household_id": public_id("household", place.attendance.household_id),
        "part_id": public_id("part", place.attendance.part_id),
        "guest_id": public_id("guest", place.guest.id),
        "guest_name": full_name(place.guest),
    }


async def check_in_guest(
    session: AsyncSession,
    *,
    viewer: Viewer,
    occasion_id: UUID,
    part_id: UUID | None = None,
    code: str | None = None,
    guest_id: UUID | None = None,
    whole_household: bool = False,
    may_accept: bool = False,
    scanned_at: datetime | None = None,
    now: datetime,
) -> list[Guest]:
    """Let a guest in, by code or by the list, and with `whole_household` all others of it who come; gives them.

    Where `may_accept`, a guest who has not accepted does so now, if there is a place. Raises NotFound, NotAllowed,
    InvalidInput, OccasionNotOpen, CodeUnknown, NotInvited, NotComing, CapacityReached, AlreadyCheckedIn.
    """
    occasion = planned(await share_occasion(session, viewer=viewer, occasion_id=occasion_id))
    refuse_closed(occasion)
    guest = await _who(session, viewer, occasion, code, guest_id)
    part, places = await _lock(session, occasion, part_id, guest.household_id)
    at = _moment(part, scanned_at, now)
    door = Door(session, occasion, part, viewer, at, scanned_at is not None, now)
    own = next((place for place in places if place.guest.id == guest.id), None)
    if own is None:
        raise NotInvited(
            message="The guest is not invited to this part; invite the household to it first.",
            part_id=public_id("part", part.id),
        )
    if own.attendance.arrived_at is not None and not door.is_first(own) and (code is not None or not whole_household):
        raise AlreadyCheckedIn(positions=[], checked_in_at=own.attendance.arrived_at)
    party = places if whole_household else [own]
    await _accept(door, own, party, places, may_accept=may_accept)
    arrived = [place.guest for place in party if place.status is RsvpStatus.ACCEPTED and door.let_in(place)]
    if not arrived:
        raise AlreadyCheckedIn(positions=[], checked_in_at=own.attendance.arrived_at)
    ids = [one.id for one in arrived]
    kind, home = ActivityKind.CHECKED_IN, guest.household_id
    note_activity(session, occasion, kind, viewer=viewer, household_id=home, guest_ids=ids, now=now)
    return arrived


async def _who(
    session: AsyncSession, viewer: Viewer, occasion: Occasion, code: str | None, guest_id: UUID | None
) -> Guest:
    """Find who is at the door. Raises InvalidInput, NotFound, CodeUnknown."""
    if code is not None and guest_id is None:
        return await guest_of_code(session, occasion, code)
    if code is not None or guest_id is None:
        raise InvalidInput(message="Give either the code or the guest.", path=("input", "code"))
    _, guest = await find_guest(session, viewer=viewer, guest_id=guest_id)
    if guest.occasion_id != occasion.id:
        raise InvalidInput(
            message="This guest is invited to another occasion; look there, or give another guest.",
            path=("input", "guestId"),
        )
    return guest


async def _lock(
    session: AsyncSession, occasion: Occasion, part_id: UUID | None, household_id: UUID
) -> tuple[Part, list[Place]]:
    """Lock a part, and read what a household's guests answered for it behind that."""
    wanted = chosen(await read_parts(session, occasion.id), part_id)
    locked = await lock_parts(session, occasion_id=occasion.id, part_ids=[wanted.id])
    places = await places_of_households(session, [household_id])
    return locked[wanted.id], [place for place in places if place.attendance.part_id == wanted.id]


def _moment(part: Part, scanned_at: datetime | None, now: datetime) -> datetime:
    """Tell when somebody came. Raises InvalidInput for what a wrong clock says."""
    if scanned_at is None:
        return now
    if scanned_at > now + FAST_CLOCK or scanned_at < part.starts_at - EARLY:
        raise InvalidInput(message="The scanner's clock is wrong; set it, and scan again.", path=("input", "scannedAt"))
    return min(scanned_at, now)


async def _accept(
    door: Door, own: Place, party: Collection[Place], places: Sequence[Place], *, may_accept: bool
) -> None:
    """Have the guest accept who has not, or all of the party who did not decline. Raises NotComing, CapacityReached."""
    if own.status is not RsvpStatus.ACCEPTED and not may_accept:
        raise NotComing(rsvp_status=own.status)
    if not may_accept:
        return
    coming = [place for place in party if place is own or place.status in {RsvpStatus.PENDING, RsvpStatus.WAITLISTED}]
    numbers = [place.attendance.queue_number for place in places if place.attendance.queue_number is not None]
    waited = any(place.status is RsvpStatus.WAITLISTED for place in places)
    await ask_places(
        door.session,
        door.occasion,
        door.part,
        coming,
        may_be_split=False,
        may_wait=False,
        number=min(numbers, default=None),
        now=door.now,
    )
    if waited and not any(place.status is RsvpStatus.WAITLISTED for place in places):
        await move_up(door.session, door.occasion, door.part, queue_moved=True, now=door.now)


async def undo_guest_check_in(
    session: AsyncSession, *, viewer: Viewer, guest_id: UUID, part_id: UUID | None = None, now: datetime
) -> Guest:
    """Take a check-in back; the guest's code is good again.

    Raises NotFound, NotAllowed, OccasionNotOpen, NotInvited, NotArrived.
    """
    access, guest = await find_guest(session, viewer=viewer, guest_id=guest_id)
    planned(access)
    occasion = await _shared(session, viewer, access)
    part, places = await _lock(session, occasion, part_id, guest.household_id)
    place = next((one for one in places if one.guest.id == guest_id), None)
    if place is None:
        raise NotInvited(
            message="The guest is not invited to this part; invite the household to it first.",
            part_id=public_id("part", part.id),
        )
    if place.attendance.arrived_at is None:
        raise NotArrived
    place.attendance.arrived_at = place.attendance.arrived_by = None
    record(session, CheckInUndone(**_whose(occasion, place)), now=now)
    kind, home = ActivityKind.CHECK_IN_UNDONE, guest.household_id
    note_activity(session, occasion, kind, viewer=viewer, household_id=home, guest_ids=[guest_id], now=now)
    return place.guest


async def _shared(session: AsyncSession, viewer: Viewer, access: Access) -> Occasion:
    async with known_as("guest"):
        occasion = planned(await share_occasion(session, viewer=viewer, occasion_id=access.occasion.id))
    refuse_closed(occasion)
    return occasion
