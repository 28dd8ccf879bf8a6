"""Reading occasions, households and guests, many at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import CLUB_STAFF, Role, Viewer
from domain.clubs.access import find_club
from domain.guests.access import Access, find_planned, occasions_at
from domain.guests.places.parts import chosen, read_parts
from domain.rows import rows_by_id
from events.cursor import Cursor
from events.guests.base import occasion_room
from events.log import read_cursor
from kit.errors import NotAllowed
from kit.ids import public_id
from kit.text import clean_name
from models.guests.households import Attendance, Guest, Household
from models.guests.occasions import Activity, Occasion, OccasionPlanner
from models.guests.values import RsvpStatus

BY_HOUSEHOLD = select(Guest).where(Guest.household_id == any_(bindparam("ids", type_=ARRAY(Uuid)))).order_by(Guest.id)
BY_GUEST = (
    select(Attendance)
    .where(Attendance.guest_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(Attendance.part_id)
)
PLANNERS = (
    select(OccasionPlanner)
    .where(OccasionPlanner.occasion_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(OccasionPlanner.user_id)
)
QUEUES = (
    select(
        Attendance.part_id,
        Attendance.household_id,
        func.dense_rank()
        .over(partition_by=Attendance.part_id, order_by=(Attendance.queue_number, Attendance.household_id))
        .label("place"),
    )
    .where(
        Attendance.occasion_id == any_(bindparam("ids", type_=ARRAY(Uuid))),
        Attendance.status == RsvpStatus.WAITLISTED,
    )
    .distinct()
)
SEARCHED = (func.concat(Guest.first_name, " ", Guest.last_name), Household.name, Guest.group_name, Guest.email)
"""Where a search looks."""


async def cursor_of_occasion(session: AsyncSession, occasion_id: UUID) -> Cursor:
    """Give the place in the occasion's stream up to which the session's snapshot shows everything."""
    return await read_cursor(session, occasion_room(public_id("occasion", occasion_id)))


async def find_occasions(session: AsyncSession, *, viewer: Viewer, club_id: UUID) -> list[Access]:
    """List the occasions of a club that the viewer may know of, the newest first: for its staff, all that there are.

    Planners see those that name them. Raises NotFound, NotAllowed.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    if not viewer.has(Role.PLANNER, *CLUB_STAFF):
        raise NotAllowed(message="Only the club's staff and its planners may see its occasions.")
    return await occasions_at(session, viewer=viewer, club_id=club.id)


async def planners_of(session: AsyncSession, occasion_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Read who plans occasions."""
    found: dict[UUID, list[str]] = {occasion_id: [] for occasion_id in occasion_ids}
    for row in await session.scalars(PLANNERS, {"ids": list(found)}):
        found[row.occasion_id].append(row.user_id)
    return found


async def guests_of_households(session: AsyncSession, household_ids: Iterable[UUID]) -> dict[UUID, list[Guest]]:
    """Read the guests of households, in the order in which they were invited."""
    found: dict[UUID, list[Guest]] = {household_id: [] for household_id in household_ids}
    for guest in await session.scalars(BY_HOUSEHOLD, {"ids": list(found)}):
        found[guest.household_id].append(guest)
    return found


async def attendances_of(session: AsyncSession, guest_ids: Iterable[UUID]) -> dict[UUID, list[Attendance]]:
    """Read what guests answered, by part."""
    found: dict[UUID, list[Attendance]] = {guest_id: [] for guest_id in guest_ids}
    for row in await session.scalars(BY_GUEST, {"ids": list(found)}):
        found[row.guest_id].append(row)
    return found


async def queues_of(session: AsyncSession, occasion_ids: Iterable[UUID]) -> dict[UUID, dict[tuple[UUID, UUID], int]]:
    """Tell the places in the queue, from 1 on, of the households of occasions that wait, by part and household."""
    wanted = list(occasion_ids)
    rows = await session.execute(QUEUES.add_columns(Attendance.occasion_id), {"ids": wanted})
    found: dict[UUID, dict[tuple[UUID, UUID], int]] = {occasion_id: {} for occasion_id in wanted}
    for part_id, household_id, place, occasion_id in rows:
        found[occasion_id][part_id, household_id] = place
    return found


async def households_by_id(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Household | None]:
    """Read households by their ids; of one that is gone, there is None."""
    wanted = list(ids)
    found = await rows_by_id(session, Household, wanted)
    return {household_id: found.get(household_id) for household_id in wanted}


async def occasions_by_id(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Occasion]:
    """Read occasions by their ids."""
    return await rows_by_id(session, Occasion, ids)


@dataclass(frozen=True, kw_only=True)
class GuestList:
    """The guests of an occasion, as they were asked for."""

    occasion: Occasion
    guests: list[Guest]
    cursor: Cursor


async def read_guests(
    session: AsyncSession,
    *,
    viewer: Viewer,
    occasion_id: UUID,
    status: RsvpStatus | None = None,
    part_id: UUID | None = None,
    search: str | None = None,
) -> GuestList:
    """Read the master list, by household and in the order of invitation: all, or those with an answer to a part.

    `search` is looked for in names, households, groups and e-mail addresses. Raises NotFound, NotAllowed, InvalidInput.
    """
    occasion = await find_planned(session, viewer=viewer, occasion_id=occasion_id)
    found = select(Guest).join(Household, Household.id == Guest.household_id)
    found = found.where(Guest.occasion_id == occasion.id)
    if status is not None or part_id is not None:
        part = chosen(await read_parts(session, occasion.id), part_id)
        found = found.join(Attendance, (Attendance.guest_id == Guest.id) & (Attendance.part_id == part.id))
    if status is not None:
        found = found.where(Attendance.status == status)
    if search is not None:
        text = clean_name(search, path=("search",), empty=True)
        found = found.where(or_(*(where.icontains(text, autoescape=True) for where in SEARCHED)))
    rows = list(await session.scalars(found.order_by(Household.name, Household.id, Guest.id)))
    return GuestList(occasion=occasion, guests=rows, cursor=await cursor_of_occasion(session, occasion.id))


async def read_activity(
    session: AsyncSession, *, viewer: Viewer, occasion_id: UUID, before: UUID | None, limit: int
) -> list[Activity]:
    """Read the record of an occasion, newest first: at most `limit` entries, older than one of them if it is given.

    Raises NotFound, NotAllowed.
    """
    occasion = await find_planned(session, viewer=viewer, occasion_id=occasion_id)
    rows = select(Activity).where(Activity.occasion_id == occasion.id)
    if before is not None:
        rows = rows.where(Activity.id < before)
    return list(await session.scalars(rows.order_by(Activity.id.desc()).limit(limit)))


async def guests_by_id(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Guest | None]:
    """Read guests by their ids; of one who is gone, there is None."""
    wanted = list(ids)
    found = await rows_by_id(session, Guest, wanted)
    return {guest_id: found.get(guest_id) for guest_id in wanted}
