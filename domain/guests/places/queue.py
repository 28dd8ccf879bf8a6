"""The places of a part: who gets them, who waits, and who moves up when some come free.

All of it happens under the part's row lock. A household is one party: it gets places for all, or waits as a whole,
unless it said that it may be split; who is in already stays in. A party that does not fit is passed over, and keeps its
place in the queue.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import groupby

from sqlalchemy import Uuid, bindparam
from sqlalchemy.ext.asyncio import AsyncSession

from domain.clubs.arrivals import AlreadyCheckedIn
from domain.guests.facts import of_occasion
from domain.guests.letters import write_letters
from domain.guests.places.attendances import PLACES, Place, answered, moved_up, read_places
from domain.guests.places.seats import vacate
from domain.guests.problems import CapacityReached
from domain.guests.records import note_activity
from events.guests.households import QueueUpdated
from events.log import record
from kit.ids import public_id
from models.guests.households import Attendance, Guest
from models.guests.occasions import Occasion, Part
from models.guests.values import ActivityKind, LetterKind, OccasionStatus, RsvpStatus

ENDLESS = 1_000_000
QUEUE = PLACES.where(
    Attendance.part_id == bindparam("part_id", type_=Uuid), Attendance.status == RsvpStatus.WAITLISTED
).order_by(Attendance.queue_number, Attendance.household_id, Guest.id)


def free_places(part: Part) -> int:
    """Tell how many places of a part are free."""
    return ENDLESS if part.capacity is None else part.capacity - part.taken


def size_of(places: Iterable[Place]) -> int:
    """Tell how many places a party takes: an infant takes none, unless it was given one."""
    return sum(place.guest.takes_place for place in places)


async def let_go(
    session: AsyncSession,
    occasion: Occasion,
    part: Part,
    places: Collection[Place],
    status: RsvpStatus,
    *,
    now: datetime,
) -> None:
    """Let guests not come, or not have said so yet.

    Who declines loses the seat; who is undecided again keeps it. Raises AlreadyCheckedIn.
    """
    leaving = [place for place in places if place.status is not status]
    for place in leaving:
        refuse_arrived(place)
    part.taken -= sum(place.counts for place in leaving)
    if status is RsvpStatus.DECLINED:
        await vacate(session, occasion, leaving, now=now)
    for place in leaving:
        answered(session, occasion, part, place, status, now=now)


def refuse_arrived(place: Place) -> None:
    """Let those through who have not arrived. Raises AlreadyCheckedIn."""
    if place.attendance.arrived_at is not None:
        raise AlreadyCheckedIn(
            message="The guest has arrived; undo the check-in first.",
            positions=[],
            checked_in_at=place.attendance.arrived_at,
        )


async def ask_places(
    session: AsyncSession,
    occasion: Occasion,
    part: Part,
    party: Collection[Place],
    *,
    may_be_split: bool,
    may_wait: bool = True,
    number: int | None = None,
    now: datetime,
) -> None:
    """Give a household's guests places: all of them, as many as there are if it may be split, or they wait.

    `number` is the household's place in the queue, if it has one. Raises CapacityReached where they would have to wait
    and do not want to.
    """
    wanting = [place for place in party if place.status is not RsvpStatus.ACCEPTED]
    size, free = size_of(wanting), free_places(part)
    if size > free and not may_wait:
        raise CapacityReached(places_left=free)
    coming = wanting if size <= free else _first(wanting, free) if may_be_split else []
    for place in coming:
        answered(session, occasion, part, place, RsvpStatus.ACCEPTED, now=now)
    part.taken += size_of(coming)
    waiting = [place for place in wanting if place not in coming]
    await vacate(session, occasion, waiting, now=now)
    for place in waiting:
        if number is None:
            number, part.next_in_queue = part.next_in_queue, part.next_in_queue + 1
        place.attendance.queue_number, place.attendance.may_be_split = number, may_be_split
        if place.status is not RsvpStatus.WAITLISTED:
            answered(session, occasion, part, place, RsvpStatus.WAITLISTED, now=now)


def _first(party: list[Place], free: int) -> list[Place]:
    """Give those of a party who come where there are so many places; its infants come with them."""
    counted = [place for place in party if place.guest.takes_place][: max(free, 0)]
    return [place for place in party if place in counted or (counted and not place.guest.takes_place)]


async def move_up(
    session: AsyncSession, occasion: Occasion, part: Part, *, queue_moved: bool = False, now: datetime
) -> None:
    """Give free places to those who wait, first come, first served. Who does not fit is passed over, and stays.

    At an occasion that is closed nobody is told of a place: once it is published again, they are. Where others wait
    then than before, or where `queue_moved` says that it is so already, it is told who does.
    """
    has_places = occasion.status is not OccasionStatus.CLOSED and free_places(part) > 0
    if not (has_places or queue_moved):
        return
    waiting = []
    for household_id, group in groupby(
        await read_places(session, QUEUE, part_id=part.id), key=lambda place: place.attendance.household_id
    ):
        party = list(group)
        coming = _coming(part, party) if has_places else []
        if coming:
            _let_in(session, occasion, part, coming, now=now)
        if len(coming) < len(party):
            waiting.append(public_id("household", household_id))
        else:
            queue_moved = True
    if queue_moved:
        told = QueueUpdated(**of_occasion(occasion), part_id=public_id("part", part.id), waiting=tuple(waiting))
        record(session, told, now=now)


def _coming(part: Part, party: list[Place]) -> list[Place]:
    """Give those of a party for whom there is room: all, or as many as there are places if it may be split."""
    free = free_places(part)
    if size_of(party) <= free:
        return party
    return _first(party, free) if party[0].attendance.may_be_split else []


def _let_in(session: AsyncSession, occasion: Occasion, part: Part, coming: list[Place], *, now: datetime) -> None:
    household = coming[0].household
    part.taken += size_of(coming)
    for place in coming:
        moved_up(session, occasion, part, place, now=now)
    guest_ids = [place.guest.id for place in coming]
    kind = ActivityKind.MOVED_UP
    note_activity(session, occasion, kind, viewer=None, household_id=household.id, guest_ids=guest_ids, now=now)
    if household.email:
        write_letters(session, occasion, LetterKind.RSVP_ACCEPTED, [household.id], part_id=part.id, now=now)
